#include <mcp/async/ip_address.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ip_address_test {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

static_assert(mcp::schema_of<address> ==
              R"({"type":"string","description":"IPv4 or IPv6 address"})");
static_assert(mcp::schema_of<address_v4> == R"({"type":"string","format":"ipv4"})");
static_assert(mcp::schema_of<address_v6> == R"({"type":"string","format":"ipv6"})");

template <class T>
std::string read(std::string_view text) {
    const auto got = mcp::decode<T>(*mcp::parse_json(text));
    return got ? mcp::encode(*got) : got.error().message;
}

TEST(ip_address, texts) {
    const struct {
        std::string (*read)(std::string_view);
        std::string_view json;
        std::string_view result;
    } rows[] = {
        {read<address>, R"("192.0.2.1")", R"("192.0.2.1")"},
        {read<address>, R"("2001:DB8:0::1")", R"("2001:db8::1")"},
        {read<address>, R"("::ffff:192.0.2.1")", R"("::ffff:192.0.2.1")"},
        {read<address>, R"("localhost")",
         R"(expected IP address such as "192.0.2.1" or "2001:db8::1", got "localhost")"},
        {read<address>, R"("fe80::1%lo")",
         R"(expected IP address such as "192.0.2.1" or "2001:db8::1", got "fe80::1%lo")"},
        {read<address>, R"("192.0.2.1\u0000")",
         R"(expected IP address such as "192.0.2.1" or "2001:db8::1", got "192.0.2.1?")"},
        {read<address_v4>, R"("192.0.2.256")",
         R"(expected IPv4 address such as "192.0.2.1", got "192.0.2.256")"},
        {read<address_v4>, R"("::1")", R"(expected IPv4 address such as "192.0.2.1", got "::1")"},
        {read<address_v4>, "3221225985",
         R"(expected IPv4 address such as "192.0.2.1", got number)"},
        {read<address_v6>, R"("::1")", R"("::1")"},
        {read<address_v6>, R"("1.2.3.4")",
         R"(expected IPv6 address such as "2001:db8::1", got "1.2.3.4")"},
    };
    for (const auto& each : rows) {
        EXPECT_EQ(each.read(each.json), each.result) << each.json;
    }
}

} // namespace ip_address_test
