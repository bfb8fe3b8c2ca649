#include <mcp/jsonrpc/error.hpp>

#include <mcp/result.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

namespace errc = mcp::jsonrpc::errc;
using mcp::jsonrpc::error;

TEST(error, has_the_codes_of_the_specification) {
    EXPECT_EQ(errc::parse_error, -32700);
    EXPECT_EQ(errc::invalid_request, -32600);
    EXPECT_EQ(errc::method_not_found, -32601);
    EXPECT_EQ(errc::invalid_params, -32602);
    EXPECT_EQ(errc::internal_error, -32603);
}

TEST(error, compares_by_all_it_says) {
    EXPECT_EQ((error{-1, "a"}), (error{-1, "a", ""}));
    EXPECT_NE((error{-1, "a"}), (error{-2, "a"}));
    EXPECT_NE((error{-1, "a"}), (error{-1, "b"}));
    EXPECT_NE((error{-1, "a"}), (error{-1, "a", "{}"}));
    EXPECT_EQ(error{}.code, errc::internal_error);
}

TEST(error, is_thrown_by_value) {
    const mcp::result<int, error> refused = error(errc::invalid_request, "params is missing");
    try {
        refused.value();
        FAIL() << "nothing was thrown";
    } catch (const std::invalid_argument& thrown) {
        EXPECT_STREQ(thrown.what(), "params is missing");
    }
}

} // namespace
