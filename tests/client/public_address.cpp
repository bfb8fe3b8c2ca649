// SPDX-License-Identifier: MIT
#include <mcp/client/public_address.hpp>

#include <asio/ip/address.hpp>
#include <gtest/gtest.h>

namespace {

TEST(public_address, is_public) {
    for (const char* each :
         {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1",
          "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
          "2a00:1450::1", "2002:808:808::1", "64:ff9b::808:808", "2001:4860::8888"})
        EXPECT_TRUE(mcp::detail::is_public(asio::ip::make_address(each))) << each;
    for (const char* each : {"0.0.0.0",
                             "10.0.0.1",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.255",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "192.0.0.8",
                             "198.18.0.1",
                             "198.19.255.1",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:8.8.8.8",
                             "2002:7f00:1::",
                             "2002:a00:1::1",
                             "64:ff9b::10.0.0.1",
                             "64:ff9b:1::1",
                             "2001::1",
                             "2001:db8::1"})
        EXPECT_FALSE(mcp::detail::is_public(asio::ip::make_address(each))) << each;
}

} // namespace
