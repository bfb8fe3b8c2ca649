#include <mcp/protocol/cancellation.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>

namespace {

TEST(cancellation, writes_the_notification) {
    std::string out;
    mcp::write_cancelled(out, mcp::cancellation{mcp::jsonrpc::id{std::string_view{"123"}},
                                                "User requested cancellation"});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":)"
                   R"({"requestId":"123","reason":"User requested cancellation"}})");
    out.clear();
    mcp::write_cancelled(out, mcp::cancellation{mcp::jsonrpc::id{5}});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                   R"("params":{"requestId":5}})");
}

TEST(cancellation, reads_it) {
    const auto params = wire::parsed(R"({"requestId":5,"reason":"r","_meta":{}})");
    EXPECT_EQ(mcp::read_cancelled(params.if_object()).value(),
              (mcp::cancellation{mcp::jsonrpc::id{5}, "r"}));
    for (const char* bad : {"{}", R"({"requestId":null})", R"({"requestId":1,"reason":2})"}) {
        const auto value = wire::parsed(bad);
        EXPECT_FALSE(mcp::read_cancelled(value.if_object())) << bad;
    }
    EXPECT_FALSE(mcp::read_cancelled(nullptr));
}

} // namespace
