#include <mcp/http/client_certificate.hpp>

#include <mcp/http/limits.hpp>
#include <mcp/http/parse.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace client_certificate_test {

TEST(client_certificate, belongs_to_all_requests_of_a_connection) {
    const mcp::http::limits limit;
    mcp::http::request_parser parser(limit);
    EXPECT_EQ(parser.get().certificate, nullptr);
    const mcp::http::client_certificate ann{"CN=ann", "ann", {}, {}, {}, {}, {}};
    parser.get().certificate = &ann;
    constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < 2; ++i) {
        std::copy(request.begin(), request.end(), parser.prepare().data());
        parser.commit(request.size());
        ASSERT_EQ(parser.parse(), mcp::http::parse_state::complete);
        EXPECT_EQ(parser.get().certificate, &ann);
        parser.next();
    }
    parser.release();
    EXPECT_EQ(parser.get().certificate, &ann);
}

} // namespace client_certificate_test
