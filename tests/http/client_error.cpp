#include <mcp/http/client_error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace client_error_test {

using mcp::http::client_error;
using mcp::http::client_failure;

TEST(client_error, names_the_host_and_what_happened) {
    const client_error failure(client_failure::timeout, "a:8080", "timed out while connecting");
    EXPECT_STREQ(failure.what(), "a:8080: timed out while connecting");
    EXPECT_EQ(failure.why(), client_failure::timeout);
    EXPECT_EQ(failure.host(), "a:8080");
}

TEST(client_error, says_who_speaks_if_there_is_no_host) {
    const client_error failure(client_failure::bad_request, "", "the URL is not well formed");
    EXPECT_STREQ(failure.what(), "HTTP client: the URL is not well formed");
    EXPECT_EQ(failure.host(), "");
}

} // namespace client_error_test
