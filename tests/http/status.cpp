#include <mcp/http/status.hpp>

#include <gtest/gtest.h>

namespace status_test {

using mcp::http::reason;
using mcp::http::status;

TEST(status, reasons) {
    EXPECT_EQ(reason(status::ok), "OK");
    EXPECT_EQ(reason(status::payload_too_large), "Content Too Large"); // renamed by RFC 9110
    EXPECT_EQ(reason(status::request_header_fields_too_large), "Request Header Fields Too Large");
    EXPECT_EQ(reason(static_cast<status>(299)), "Status");
}

} // namespace status_test
