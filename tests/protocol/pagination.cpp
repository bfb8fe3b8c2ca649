#include <mcp/protocol/pagination.hpp>

#include <mcp/encoding/base64.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/resources.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

namespace {

TEST(pagination, cursors_come_back) {
    for (std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{50},
                               std::numeric_limits<std::size_t>::max()}) {
        EXPECT_EQ(mcp::decode_cursor(mcp::encode_cursor(offset)), offset);
    }
}

TEST(pagination, refuses_cursors_it_never_made) {
    const std::string own = mcp::encode_cursor(50);
    for (const std::string& bad :
         {std::string{}, std::string{"50"}, std::string{"invalid"}, own + "A", own + "=",
          own.substr(1), " " + own, mcp::to_base64url("at:"), mcp::to_base64url("at:-1"),
          mcp::to_base64url("at:01"), mcp::to_base64url("at:+1"), mcp::to_base64url("at:1 "),
          mcp::to_base64url("at:99999999999999999999999"), mcp::to_base64url("50"),
          std::string(100'000, 'A')}) {
        EXPECT_FALSE(mcp::decode_cursor(bad)) << bad;
    }
}

TEST(pagination, reads_the_cursor_of_a_request) {
    const auto read = [](const char* text) {
        const auto params = wire::parsed(text);
        return mcp::read_cursor(params.if_object());
    };
    EXPECT_EQ(read(R"({"cursor":"abc"})").value(), "abc");
    EXPECT_EQ(read(R"({"cursor":""})").value(), "");
    EXPECT_EQ(read("{}").value(), std::nullopt);
    EXPECT_EQ(mcp::read_cursor(nullptr).value(), std::nullopt);
    EXPECT_FALSE(read(R"({"cursor":5})"));
}

using resources = mcp::page<mcp::resource_definition>;

resources sample() {
    resources page{{{"x://1", "one"}}, "next"};
    page.caching = mcp::cache_policy{std::chrono::seconds{1}, mcp::cache_scope::public_};
    return page;
}

TEST(pagination, pages_by_revision) {
    wire::expect_each(
        {R"({"resources":[{"uri":"x://1","name":"one"}],"nextCursor":"next"})", nullptr, nullptr,
         nullptr,
         R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}},)"
         R"("resources":[{"uri":"x://1","name":"one"}],"nextCursor":"next",)"
         R"("ttlMs":1000,"cacheScope":"public"})"},
        [](mcp::revision r) {
            std::string out;
            mcp::json_writer w{out};
            write(w, "resources", sample(), r, R"({"name":"s"})");
            return out;
        });
}

TEST(pagination, an_empty_page_is_an_empty_list) {
    std::string out;
    mcp::json_writer w{out};
    write(w, "resources", resources{}, mcp::revision::v2025_11_25);
    EXPECT_EQ(out, R"({"resources":[]})");
}

TEST(pagination, pages_round_trip) {
    std::string out;
    mcp::json_writer w{out};
    write(w, "resources", sample(), mcp::latest);
    const auto read =
        mcp::read_page(wire::parsed(out), "resources", &mcp::read_resource_definition);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->items.size(), 1u);
    EXPECT_EQ(read->items[0].name, "one");
    EXPECT_EQ(read->next_cursor, "next");
    EXPECT_EQ(read->caching, sample().caching);

    const auto bad = mcp::read_page(wire::parsed(R"({"resources":[{"uri":"x"}]})"), "resources",
                                    &mcp::read_resource_definition);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().what(), "resources[0].name is missing");
}

} // namespace
