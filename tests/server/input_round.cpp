#include <mcp/server/input_round.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace input_round_test {

mcp::json_object object(std::string_view text) {
    return mcp::parse_json(text)->get_object();
}

TEST(input_round, keeps_what_was_asked_and_done) {
    mcp::input_round first([] {});
    first.add(object(R"({"a":{"x":1},"junk":{"y":2}})"));
    EXPECT_EQ(first.answer("none"), nullptr);
    ASSERT_NE(first.answer("a"), nullptr);
    first.remember("paid", mcp::json(7));
    EXPECT_EQ(first.payload(), R"({"answers":{"a":{"x":1}},"once":{"paid":7}})")
        << "what nobody asked for is not kept";

    mcp::input_round second([] {});
    ASSERT_TRUE(second.restore(first.payload()));
    second.add(object(R"({"a":{"x":9},"b":{}})"));
    EXPECT_EQ(mcp::encode(*second.answer("a")), R"({"x":1})") << "an answer stays as it was";
    EXPECT_EQ(*second.remembered("paid"), 7);
    EXPECT_EQ(second.remembered("b"), nullptr) << "answers are no results";
}

TEST(input_round, a_malformed_payload_is_refused) {
    for (const std::string_view wrong :
         {"", "7", "[]", "{}", R"({"answers":{}})", R"({"answers":[],"once":{}})",
          R"({"answers":{},"once":7})", R"({"answers":{},"once":{})"}) {
        mcp::input_round round([] {});
        EXPECT_FALSE(round.restore(wrong)) << wrong;
    }
}

/// The handler waits for good: it is told once, and destroyed with the round.
TEST(input_round, a_question_parks_the_handler) {
    asio::io_context loop;
    int ended = 0;
    auto alive = std::make_shared<int>(1);
    mcp::input_round round([&] { ++ended; });
    const auto ask = [](mcp::input_round& r, std::shared_ptr<int> held) -> asio::awaitable<void> {
        std::vector<mcp::input_request> questions{mcp::input_request("a", "roots/list")};
        co_await r.wait_for(std::move(questions));
        *held = 2;
    };
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(loop, ask(round, alive), asio::detached);
    loop.poll();
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(round.missing().size(), 2U);
    EXPECT_GT(alive.use_count(), 1);
    round.drop();
    loop.poll();
    EXPECT_EQ(alive.use_count(), 1);
    EXPECT_EQ(*alive, 1);
}

} // namespace input_round_test
