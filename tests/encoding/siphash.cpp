#include <mcp/encoding/siphash.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace siphash_test {

using mcp::detail::siphash;

constexpr mcp::detail::siphash_key key{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// The vectors of the reference implementation: bytes 0, 1, 2 and so on. They agree with
// `openssl mac -macopt hexkey:000102…0f -macopt size:16 SipHash`.
TEST(siphash, gives_the_tags_of_the_reference) {
    const struct {
        std::size_t size;
        mcp::detail::siphash_tag tag;
    } rows[] = {
        {0, {0xe6a825ba047f81a3, 0x930255c71472f66d}},
        {1, {0x44af996bd8c187da, 0x45fc229b11597634}},
        {7, {0x53c1dbd8beebf1a1, 0x3982f01fa64ab8c0}},
        {8, {0x61f55862baa9623b, 0xb49714f364e2830f}},
        {9, {0xabbad90a06994426, 0xed716dbb028b7fc4}},
        {15, {0x11a8b03399e99354, 0xd9c3cf970fec087e}},
        {16, {0xbb54b067caa4e26e, 0x77052385bf1533fd}},
        {63, {0x4a83502f77d15051, 0x7cbd3f979a063e50}},
    };
    for (const auto& each : rows) {
        std::string data;
        while (data.size() < each.size)
            data += static_cast<char>(data.size());
        EXPECT_EQ(siphash(key, data), each.tag) << each.size;
    }
}

TEST(siphash, depends_on_the_key_and_on_each_byte) {
    mcp::detail::siphash_key other = key;
    other.back() ^= 1;
    EXPECT_NE(siphash(key, "token"), siphash(other, "token"));
    EXPECT_NE(siphash(key, "token"), siphash(key, "tokeo"));
    EXPECT_NE(siphash(key, std::string(1, '\0')), siphash(key, std::string(2, '\0')));
    EXPECT_EQ(siphash(key, "\xff"), siphash(key, "\xff"));
    static_assert(siphash(key, "token") == siphash(key, "token"));
}

} // namespace siphash_test
