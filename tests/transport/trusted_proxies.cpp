#include <mcp/transport/trusted_proxies.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trusted_proxies_test {

struct sight {
    std::size_t proxies;
    std::vector<std::string_view> fields;
    std::string_view client;
};

TEST(trusted_proxies, tell_who_called_the_farthest_of_them) {
    const std::vector<sight> sights{
        {0, {}, "10.0.0.9"},
        {0, {"1.1.1.1"}, "10.0.0.9"}, // anybody can write that
        {1, {}, "10.0.0.9"},
        {1, {""}, "10.0.0.9"},
        {1, {"1.1.1.1"}, "1.1.1.1"},
        {1, {"6.6.6.6, 1.1.1.1"}, "1.1.1.1"}, // what the client itself has written
        {1, {"6.6.6.6", "1.1.1.1"}, "1.1.1.1"},
        {2, {"6.6.6.6, 1.1.1.1, 10.0.0.1"}, "1.1.1.1"},
        {2, {"6.6.6.6, 1.1.1.1", "10.0.0.1"}, "1.1.1.1"},
        {3, {"1.1.1.1,10.0.0.1"}, "1.1.1.1"},
        {2, {"unknown, 10.0.0.1"}, "10.0.0.1"},
        {1, {"1.1.1.1, unknown"}, "10.0.0.9"},
        {1, {"1.1.1.1,"}, "10.0.0.9"},
        {1, {" \t1.1.1.1:8080\t "}, "1.1.1.1"},
        {1, {"2001:db8::1"}, "2001:db8::1"},
        {1, {"[2001:db8::1]:443"}, "2001:db8::1"},
        {1, {"[2001:db8::1]"}, "2001:db8::1"},
        {1, {"[2001:db8::1]evil"}, "10.0.0.9"},
        {1, {"[2001:db8::1"}, "10.0.0.9"},
        {1, {"1.1.1.1:abc"}, "10.0.0.9"},
        {1, {"1.1.1.1:"}, "10.0.0.9"},
        {1, {"1.1.1.1:80@evil"}, "10.0.0.9"},
        {1, {"["}, "10.0.0.9"},
        {1, {"]["}, "10.0.0.9"},
        {1, {":"}, "10.0.0.9"},
    };
    for (const sight& each : sights) {
        SCOPED_TRACE(::testing::PrintToString(each.fields));
        mcp::http::request q;
        q.remote = asio::ip::make_address("10.0.0.9");
        for (const auto value : each.fields)
            q.headers.add("x-forwarded-FOR", value);
        const auto client = mcp::client_address({.count = each.proxies}, q);
        EXPECT_EQ(client.to_string(), each.client);
    }
}

TEST(trusted_proxies, may_use_another_header) {
    mcp::http::request q;
    q.remote = asio::ip::make_address("10.0.0.9");
    q.headers.add("X-Forwarded-For", "6.6.6.6");
    q.headers.add("X-Real-IP", "1.1.1.1");
    const mcp::trusted_proxies proxies{.count = 1, .header = "x-real-ip"};
    EXPECT_EQ(mcp::client_address(proxies, q).to_string(), "1.1.1.1");
}

TEST(trusted_proxies, callers_are_addresses_or_networks_of_ipv6) {
    const auto caller = [](const char* text) {
        return mcp::caller_of(asio::ip::make_address(text));
    };
    EXPECT_EQ(caller("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(caller("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(caller("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(caller("2001:db8:1:2::1"), "2001:db8:1:2::/64");
    EXPECT_EQ(caller("2001:db8:1:3::1"), "2001:db8:1:3::/64");
    EXPECT_EQ(caller("fe80::1%1"), "fe80::/64");
}

} // namespace trusted_proxies_test
