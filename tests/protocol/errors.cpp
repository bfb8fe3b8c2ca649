#include <mcp/protocol/errors.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <chrono>
#include <string>

namespace {

using mcp::revision;

TEST(errors, unsupported_version_lists_the_modern_ones) {
    const auto error = mcp::unsupported_protocol_version("1900-01-01");
    EXPECT_EQ(error.code, -32022);
    EXPECT_EQ(error.data, R"({"supported":["2026-07-28"],"requested":"1900-01-01"})");
}

TEST(errors, unsupported_version_lists_only_what_is_served) {
    const revision legacy[] = {revision::v2025_11_25};
    EXPECT_EQ(mcp::unsupported_protocol_version("\"", legacy).data,
              R"({"supported":[],"requested":"\""})");
}

TEST(errors, resource_not_found_changed_its_code) {
    const int expected[] = {-32002, -32002, -32002, -32002, -32602};
    for (revision r : mcp::all_revisions) {
        const auto error = mcp::resource_not_found("x://y", r);
        EXPECT_EQ(error.code, expected[static_cast<std::size_t>(r)]) << mcp::to_string(r);
        EXPECT_EQ(error.data, R"({"uri":"x://y"})");
    }
}

TEST(errors, have_the_words_of_the_specification) {
    EXPECT_EQ(mcp::unknown_tool("invalid_tool_name"),
              (mcp::jsonrpc::error{-32602, "Unknown tool: invalid_tool_name"}));
    EXPECT_EQ(mcp::unknown_prompt("p"), (mcp::jsonrpc::error{-32602, "Unknown prompt: p"}));
    EXPECT_EQ(mcp::invalid_cursor(), (mcp::jsonrpc::error{-32602, "Invalid cursor"}));
    EXPECT_EQ(mcp::header_mismatch("x").code, -32020);
    EXPECT_EQ(mcp::method_not_found("a/b").code, -32601);
    EXPECT_EQ(mcp::invalid_request("x").code, -32600);
    EXPECT_EQ(mcp::internal_error(), (mcp::jsonrpc::error{-32603, "Internal error"}));
}

TEST(errors, limits_say_when_to_try_again) {
    const int expected[] = {-32001, -32001, -32001, -32001, -31504};
    for (revision r : mcp::all_revisions)
        EXPECT_EQ(
            mcp::request_timed_out(std::chrono::seconds(30), r),
            (mcp::jsonrpc::error{expected[static_cast<std::size_t>(r)],
                                 "Request timed out: the server allows 30000 ms for this call",
                                 R"({"timeout":30000})"}));
    EXPECT_EQ(mcp::too_many_requests("Wait", std::chrono::seconds(2)),
              (mcp::jsonrpc::error{-31429, "Wait", R"({"retryAfter":2})"}));
}

TEST(errors, three_are_always_bad_requests) {
    EXPECT_TRUE(mcp::is_bad_request(-32020));
    EXPECT_TRUE(mcp::is_bad_request(-32021));
    EXPECT_TRUE(mcp::is_bad_request(-32022));
    for (int other : {-32700, -32600, -32601, -32602, -32603, -32002, -32042, 0, 1}) {
        EXPECT_FALSE(mcp::is_bad_request(other)) << other;
    }
}

TEST(errors, can_be_thrown) {
    try {
        throw mcp::protocol_error{mcp::invalid_params("no such region")};
    } catch (const std::exception& e) {
        EXPECT_STREQ(e.what(), "no such region");
    }
    const mcp::protocol_error with_data{7, "words", "{}"};
    EXPECT_EQ(with_data.error(), (mcp::jsonrpc::error{7, "words", "{}"}));
}

} // namespace
