#include <mcp/protocol/progress.hpp>

#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <limits>
#include <string>

namespace {

using mcp::progress_token;
using mcp::progress_update;

TEST(progress, message_came_with_2025_03_26) {
    const progress_token token{std::string_view{"t-1"}};
    wire::expect_each(
        {R"({"progressToken":"t-1","progress":50,"total":100})",
         R"({"progressToken":"t-1","progress":50,"total":100,"message":"half"})", nullptr, nullptr,
         nullptr},
        [&](mcp::revision r) { return wire::written(token, progress_update{50, 100, "half"}, r); });
}

TEST(progress, keeps_numbers_short_and_tokens_exact) {
    const auto text = [](double progress, const progress_token& token) {
        return wire::written(token, progress_update{progress}, mcp::latest);
    };
    EXPECT_EQ(text(0, progress_token{7}), R"({"progressToken":7,"progress":0})");
    EXPECT_EQ(text(0.25, progress_token{std::string_view{"7"}}),
              R"({"progressToken":"7","progress":0.25})");
    EXPECT_EQ(text(-3, progress_token{0}), R"({"progressToken":0,"progress":-3})");
    EXPECT_THROW(text(std::numeric_limits<double>::quiet_NaN(), progress_token{1}),
                 mcp::encode_error);
    EXPECT_THROW(text(std::numeric_limits<double>::infinity(), progress_token{1}),
                 mcp::encode_error);
}

TEST(progress, writes_the_notification) {
    std::string out;
    mcp::write_progress(out, progress_token{1}, progress_update{1, 2}, mcp::latest);
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/progress",)"
                   R"("params":{"progressToken":1,"progress":1,"total":2}})");
}

TEST(progress, round_trip) {
    const progress_token token{std::string_view{"t"}};
    const progress_update update{0.5, 2.5, "x"};
    const auto params = wire::parsed(wire::written(token, update, mcp::latest));
    const auto read = mcp::read_progress(params.if_object());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->first, token);
    EXPECT_EQ(read->second, update);
}

TEST(progress, refuses) {
    for (const char* bad :
         {"{}", R"({"progressToken":1})", R"({"progress":1})",
          R"({"progressToken":null,"progress":1})", R"({"progressToken":1.5,"progress":1})",
          R"({"progressToken":1,"progress":"1"})"}) {
        const auto params = wire::parsed(bad);
        EXPECT_FALSE(mcp::read_progress(params.if_object())) << bad;
    }
}

} // namespace
