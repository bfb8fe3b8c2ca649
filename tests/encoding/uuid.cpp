#include <mcp/encoding/uuid.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace {

TEST(uuid, is_recognised) {
    for (const std::string_view good :
         {"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
          "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"}) {
        EXPECT_TRUE(mcp::is_uuid(good)) << good;
    }
    for (const std::string_view bad :
         {"", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
          "123e4567-e89b-12d3-a456-4266141740000", "{23e4567-e89b-12d3-a456-42661417400}",
          "123e4567-e89b-12d3-a456-42661417400g", "123e4567-e89b-12d3-a4565-26614174000",
          "123e4567_e89b_12d3_a456_426614174000", "../../../../../etc/passwd/0000000000"}) {
        EXPECT_FALSE(mcp::is_uuid(bad)) << bad;
    }
}

TEST(uuid, bytes) {
    constexpr auto id = mcp::uuid::parse("00112233-4455-6677-8899-AABBccddeeff");
    static_assert(id && id->bytes()[0] == 0 && id->bytes()[9] == 0x99 && id->bytes()[15] == 0xff);
    static_assert(!mcp::uuid::parse("00112233-4455-6677-8899-AABBccddeef"));
    static_assert(mcp::uuid{} < *id && *id == mcp::uuid{id->bytes()});
    EXPECT_EQ(id->to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    EXPECT_EQ(mcp::uuid{}.to_string(), "00000000-0000-0000-0000-000000000000");
}

TEST(uuid, is_random_version_4) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = mcp::random_uuid();
        ASSERT_TRUE(mcp::is_uuid(uuid)) << uuid;
        EXPECT_EQ(uuid[14], '4');
        EXPECT_NE(std::string_view{"89ab"}.find(uuid[19]), std::string_view::npos);
        EXPECT_TRUE(seen.insert(uuid).second);
    }
}

} // namespace
