#include <mcp/encoding/base64.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

struct pair {
    std::string_view data;
    std::string_view standard;
    std::string_view url;
};

constexpr pair pairs[] = {
    // [RFC 4648 §10]
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\0"sv, "AA==", "AA"},
    {"\xFB\xFF\xBF", "+/+/", "-_-_"},
    {"\xFF\xFE", "//4=", "__4"},
};

TEST(base64, goes_both_ways) {
    for (const auto& [data, standard, url] : pairs) {
        EXPECT_EQ(mcp::to_base64(data), standard);
        EXPECT_EQ(mcp::to_base64url(data), url);
        EXPECT_EQ(mcp::from_base64(standard), data);
        EXPECT_EQ(mcp::from_base64url(url), data);
    }
}

TEST(base64, keeps_every_byte) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all.push_back(static_cast<char>(byte));
        EXPECT_EQ(mcp::from_base64(mcp::to_base64(all)), all);
        EXPECT_EQ(mcp::from_base64url(mcp::to_base64url(all)), all);
    }
}

TEST(base64, appends) {
    std::string out = "x:";
    mcp::append_base64(out, "foo");
    EXPECT_EQ(out, "x:Zm9v");
}

TEST(base64, refuses_all_but_one_text_per_value) {
    for (const std::string_view bad :
         {"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm9v=", "====", "=", "Z===", "Zh==", "Zm9=", "Zm 9v",
          "Zm9v\n", "Zm-v", "Zm_v", "Zg==Zg==", "Z=g=", "\xC3\xA4==", "Zm9\0"}) {
        EXPECT_EQ(mcp::from_base64(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(mcp::from_base64("Zm9\0"sv), std::nullopt);
    for (const std::string_view bad : {"Z", "Zg==", "Zh", "Zm9v=", "+/+/", "Zm9vZ", " "}) {
        EXPECT_EQ(mcp::from_base64url(bad), std::nullopt) << bad;
    }
}

} // namespace
