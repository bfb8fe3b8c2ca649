#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace {

TEST(re2, is_the_engine_of_the_program) {
    ASSERT_NE(mcp::reflect::engine.load(), nullptr);
    const auto made = mcp::reflect::engine.load()("^a+$");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE((*made)->matches("aa"));
    EXPECT_FALSE((*made)->matches("ab"));
}

TEST(re2, says_what_it_does_not_take) {
    const auto made = mcp::reflect::engine.load()("(");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "missing ): (");
}

TEST(re2, text_may_hold_any_byte) {
    const auto made = mcp::reflect::engine.load()("^.\\x00.$");
    ASSERT_TRUE(made);
    EXPECT_TRUE((*made)->matches(std::string("a\0b", 3)));
    EXPECT_FALSE((*made)->matches(std::string("a\0", 2)));
}

TEST(re2, one_expression_serves_several_threads) {
    const auto made = mcp::reflect::regex::compile("^([a-z]{1,30} ?){1,30}!$");
    ASSERT_TRUE(made);
    std::vector<std::thread> threads;
    std::vector<int> matches(4);
    for (int& count : matches)
        threads.emplace_back([&made, &count] {
            for (int i = 0; i < 100; ++i)
                count += made->matches(std::string(std::size_t(i), 'a') + "!") ? 1 : 0;
        });
    for (std::thread& each : threads)
        each.join();
    for (const int count : matches)
        EXPECT_EQ(count, 99);
}

} // namespace
