#include <mcp/encoding/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace {

TEST(random, fills_everything) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{255},
                                   std::size_t{257}, std::size_t{100'000}}) {
        std::vector<std::uint8_t> bytes(size);
        mcp::fill_random(bytes);
        // Each of the 256 values is missing from 100'000 bytes with probability 1e-170.
        if (size == 100'000) {
            EXPECT_EQ(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 256u);
        }
    }
}

TEST(random, makes_tokens_for_urls) {
    const std::string token = mcp::random_token(16);
    EXPECT_EQ(token.size(), 22u);
    EXPECT_EQ(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos);
    EXPECT_NE(token, mcp::random_token(16));
    EXPECT_EQ(mcp::random_token(0), "");
}

} // namespace
