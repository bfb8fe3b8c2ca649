#include <mcp/encoding/hex.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

TEST(hex, goes_both_ways) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all.push_back(static_cast<char>(byte));
    }
    EXPECT_EQ(mcp::from_hex(mcp::to_hex(all)), all);
    EXPECT_EQ(mcp::to_hex("\x01\xAB\xFF"), "01abff");
    EXPECT_EQ(mcp::from_hex("01ABff"), "\x01\xAB\xFF");
    EXPECT_EQ(mcp::from_hex(""), "");
}

TEST(hex, refuses_what_is_not_pairs_of_digits) {
    for (const std::string_view bad : {"0", "0g", "g0", "0x00", " 00", "00 ", "/0", ":0", "@0"}) {
        EXPECT_EQ(mcp::from_hex(bad), std::nullopt) << bad;
    }
}

TEST(hex, appends) {
    std::string out = "#";
    mcp::append_hex(out, "\xC0\x0A");
    EXPECT_EQ(out, "#c00a");
}

} // namespace
