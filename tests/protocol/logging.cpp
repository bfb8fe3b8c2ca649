#include <mcp/protocol/logging.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

using mcp::log_level;

TEST(logging, names_eight_levels_by_gravity) {
    const char* const names[] = {"debug", "info",     "notice", "warning",
                                 "error", "critical", "alert",  "emergency"};
    int at = 0;
    for (const char* name : names) {
        const auto level = mcp::parse_log_level(name);
        ASSERT_TRUE(level) << name;
        EXPECT_EQ(static_cast<int>(*level), at++);
        EXPECT_EQ(mcp::to_string(*level), name);
    }
    EXPECT_LT(log_level::debug, log_level::emergency);
    for (const char* bad : {"", "Debug", "warn", "fatal", "info "}) {
        EXPECT_FALSE(mcp::parse_log_level(bad)) << bad;
    }
}

TEST(logging, writes_the_notification) {
    std::string out;
    mcp::write_log(out, {log_level::error, R"({"host":"localhost"})", "database"});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                   R"({"level":"error","logger":"database","data":{"host":"localhost"}}})");
    out.clear();
    mcp::write_log(out, mcp::log_message{});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                   R"({"level":"info","data":null}})");
}

TEST(logging, reads_set_level) {
    const auto good = wire::parsed(R"({"level":"warning"})");
    EXPECT_EQ(mcp::read_set_level(good.if_object()).value(), log_level::warning);
    for (const char* bad : {"{}", R"({"level":"loud"})", R"({"level":3})", R"({"level":null})"}) {
        const auto params = wire::parsed(bad);
        EXPECT_FALSE(mcp::read_set_level(params.if_object())) << bad;
    }
    EXPECT_FALSE(mcp::read_set_level(nullptr));
}

TEST(logging, round_trip) {
    const mcp::log_message message{log_level::notice, R"(["a",1])", "l"};
    const auto params = wire::parsed(wire::written(message));
    EXPECT_EQ(mcp::read_log_message(params.if_object()).value(), message);
    const auto no_data = wire::parsed(R"({"level":"info"})");
    EXPECT_FALSE(mcp::read_log_message(no_data.if_object()));
}

} // namespace
