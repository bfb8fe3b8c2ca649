#include <mcp/protocol/caching.hpp>

#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
using mcp::cache_policy;
using mcp::cache_scope;

std::string members(const cache_policy& policy, mcp::revision r) {
    std::string out;
    mcp::json_writer w{out};
    w.begin_object();
    write_members(w, policy, r);
    w.end_object();
    return out;
}

TEST(caching, only_modern_peers_get_it) {
    wire::expect_each({"{}", "{}", "{}", "{}", R"({"ttlMs":0,"cacheScope":"private"})"},
                      [](mcp::revision r) { return members({}, r); });
}

TEST(caching, writes_milliseconds_and_scope) {
    EXPECT_EQ(members(cache_policy{1h, cache_scope::public_}, mcp::latest),
              R"({"ttlMs":3600000,"cacheScope":"public"})");
    EXPECT_EQ(members(cache_policy{-5ms}, mcp::latest), R"({"ttlMs":0,"cacheScope":"private"})");
}

TEST(caching, reads_with_caution) {
    const auto read = [](const char* text) { return mcp::read_cache_policy(wire::parsed(text)); };
    EXPECT_EQ(read(R"({"ttlMs":5,"cacheScope":"public"})"),
              (cache_policy{5ms, cache_scope::public_}));
    for (const char* nothing :
         {"{}", "[]", R"({"ttlMs":-1,"cacheScope":"private"})", R"({"ttlMs":"5"})",
          R"({"ttlMs":1.5,"cacheScope":"everyone"})", R"({"cacheScope":true})"}) {
        EXPECT_EQ(read(nothing), cache_policy{}) << nothing;
    }
}

} // namespace
