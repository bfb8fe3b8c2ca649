#include <mcp/encoding/sha256.hpp>

#include <mcp/encoding/hex.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

std::string hex(std::string_view data) {
    const mcp::sha256_digest digest = mcp::sha256(data);
    return mcp::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(sha256, gives_the_digests_of_the_standard) {
    const struct {
        std::string data;
        const char* digest;
    } rows[] = {
        // [NIST CSRC, examples for SHA-256; FIPS 180-2 Appendix B]
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
        // [NIST CAVP, SHA256ShortMsg and SHA256LongMsg]
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
        {"\xb4\x19\x0e", "dff2e73091f6c05e528896c4c831b9448653dc2ff043528f6769437bc7b975c2"},
        // Lengths around the end of a block, by coreutils' sha256sum.
        {std::string(55, 'x'), "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
        {std::string(56, 'x'), "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
        {std::string(63, 'x'), "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
        {std::string(64, 'x'), "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
        {std::string(65, 'x'), "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
        {std::string(119, 'x'), "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c"},
        {std::string(120, 'x'), "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98"},
        {std::string(128, 'x'), "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464"},
    };
    for (const auto& each : rows)
        EXPECT_EQ(hex(each.data), each.digest) << each.data.size();
}

TEST(sha256, is_known_at_compile_time) {
    constexpr mcp::sha256_digest abc = mcp::sha256("abc");
    static_assert(abc[0] == 0xba && abc[31] == 0xad);
    static_assert(mcp::same_digest(abc, mcp::sha256("abc")));
    static_assert(!mcp::same_digest(abc, mcp::sha256("abd")));
}

TEST(sha256, digests_are_compared_to_their_end) {
    const mcp::sha256_digest one = mcp::sha256("one");
    EXPECT_TRUE(mcp::same_digest(one, one));
    for (std::size_t i = 0; i < one.size(); ++i) {
        mcp::sha256_digest other = one;
        other[i] ^= 0x80;
        EXPECT_FALSE(mcp::same_digest(one, other)) << i;
    }
}

} // namespace
