#include <mcp/auth/jwt_cache.hpp>

#include <mcp/auth/principal.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace jwt_cache_test {

mcp::detail::principal_ptr someone(const std::string& name) {
    return std::make_shared<const mcp::principal>(mcp::principal{name});
}

const mcp::jwks keys = mcp::jwks::secret(std::string(32, 'a'));
const mcp::jwks others = mcp::jwks::secret(std::string(32, 'a'));

TEST(jwt_cache, finds_tokens_of_the_same_keys_only) {
    mcp::detail::jwt_cache cache(10);
    EXPECT_EQ(cache.find(keys, "t"), nullptr);
    cache.keep(keys, "t", someone("ann"));
    ASSERT_NE(cache.find(keys, "t"), nullptr);
    EXPECT_EQ(cache.find(keys, "t")->subject, "ann");
    EXPECT_EQ(cache.find(keys, "T"), nullptr);
    EXPECT_EQ(cache.find(others, "t"), nullptr);
    cache.keep(others, "u", someone("bob"));
    EXPECT_EQ(cache.find(keys, "t"), nullptr) << "with other keys all begins anew";
    EXPECT_NE(cache.find(others, "u"), nullptr);
    EXPECT_EQ(cache.size(), 1u);
}

TEST(jwt_cache, drops_the_least_recently_used) {
    mcp::detail::jwt_cache cache(100);
    cache.keep(keys, "often", someone("ann"));
    cache.keep(keys, "once", someone("bob"));
    for (int i = 0; i < 1000; ++i) {
        cache.keep(keys, std::to_string(i), someone("eve"));
        ASSERT_LE(cache.size(), 100u);
        ASSERT_NE(cache.find(keys, "often"), nullptr) << i;
        ASSERT_NE(cache.find(keys, std::to_string(i)), nullptr) << i;
    }
    EXPECT_EQ(cache.find(keys, "once"), nullptr);
    EXPECT_NE(cache.find(keys, "990"), nullptr);
}

TEST(jwt_cache, without_capacity_keeps_nothing) {
    mcp::detail::jwt_cache cache(0);
    cache.keep(keys, "t", someone("ann"));
    EXPECT_EQ(cache.find(keys, "t"), nullptr);
    EXPECT_EQ(cache.size(), 0u);
    mcp::detail::jwt_cache one(1);
    one.keep(keys, "t", someone("ann"));
    EXPECT_NE(one.find(keys, "t"), nullptr);
}

TEST(jwt_cache, may_be_used_from_many_threads_at_once) {
    mcp::detail::jwt_cache cache(16);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                const std::string name = std::to_string((i * 7 + t) % 40);
                const auto& with = i % 50 == 0 ? others : keys;
                cache.keep(with, name, someone(name));
                const auto found = cache.find(with, name);
                if (found) {
                    EXPECT_EQ(found->subject, name);
                }
            }
        });
    for (auto& each : threads)
        each.join();
}

} // namespace jwt_cache_test
