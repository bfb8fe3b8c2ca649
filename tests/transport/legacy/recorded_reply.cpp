#include <mcp/transport/legacy/recorded_reply.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/server/environment.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorded_reply_test {

using mcp::legacy::recorded_reply;

class recorded_reply_of_a_call : public testing::Test {
protected:
    recorded_reply_of_a_call() {
        environment.replay.emplace(log, [this] { return environment.pool(); });
    }
    std::shared_ptr<recorded_reply>
    make(std::optional<std::chrono::milliseconds> retry = std::nullopt) {
        const mcp::mailbox_limits few{.messages = 4, .bytes = 1000};
        auto made = std::make_shared<recorded_reply>(environment, "s", 7, retry, few);
        made->start(loop.get_executor());
        return made;
    }
    /// What the connection of the call was given.
    std::string given() {
        std::string all;
        std::string text;
        while (reply->reader()->try_pop(text))
            all += text;
        return all;
    }
    /// The messages in the log, each with its mark, the one that opens the stream left out.
    std::vector<std::string> recorded() {
        std::vector<std::string> all;
        for (const mcp::replay_event& each : log->after("s", 7, 1).events)
            all.push_back(each.message);
        return all;
    }

    asio::io_context loop;
    mcp::server_environment environment{mcp::server_info{.name = "s", .version = "1"}};
    std::shared_ptr<mcp::memory_log> log = std::make_shared<mcp::memory_log>();
    std::shared_ptr<recorded_reply> reply;
};

TEST_F(recorded_reply_of_a_call, records_and_gives_all_in_order) {
    reply = make();
    reply->send("a");
    reply->send("b");
    reply->finish("c", mcp::reply_status::ok);
    loop.run();
    EXPECT_EQ(recorded(), (std::vector<std::string>{".a", ".b", "!c"}));
    EXPECT_TRUE(reply->reader()->closed());
    EXPECT_NE(given().find("data: c\n"), std::string::npos);
}

/// How many messages a log message tells to be lost; 0 if it is none.
std::int64_t lost(const std::string& marked) {
    const auto parsed = mcp::parse_json(std::string_view(marked).substr(1));
    boost::system::error_code failed;
    const mcp::json* found =
        parsed ? parsed->find_pointer("/params/data/lostEvents", failed) : nullptr;
    return found && found->is_int64() ? found->get_int64() : 0;
}

TEST_F(recorded_reply_of_a_call, that_says_too_much_at_once_tells_what_was_lost_and_ends) {
    reply = make();
    for (int i = 0; i < 7; ++i) // of 4 that may wait, the first opens the stream
        reply->send("m" + std::to_string(i));
    reply->finish("c", mcp::reply_status::ok);
    loop.run();
    const auto all = recorded();
    ASSERT_EQ(all.size(), 5u);
    EXPECT_EQ(all[0], ".m0");
    EXPECT_EQ(all[2], ".m2");
    EXPECT_EQ(lost(all[3]), 4);
    EXPECT_EQ(all[4], "!c");
    EXPECT_NE(given().find("data: c\n"), std::string::npos);
}

TEST_F(recorded_reply_of_a_call, tells_a_loss_where_it_happened) {
    reply = make();
    for (int i = 0; i < 5; ++i)
        reply->send("m" + std::to_string(i));
    loop.poll(); // what fitted is recorded
    reply->send("n");
    reply->finish("c", mcp::reply_status::ok);
    loop.run();
    const auto all = recorded();
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all[2], ".m2");
    EXPECT_EQ(lost(all[3]), 2);
    EXPECT_EQ(all[4], ".n");
    EXPECT_EQ(all[5], "!c");
}

TEST_F(recorded_reply_of_a_call, an_answer_of_any_size_gets_in) {
    reply = make();
    const std::string large(2000, 'x'); // of 1000 bytes that may wait
    reply->send("m");
    reply->finish(large, mcp::reply_status::ok);
    loop.run();
    EXPECT_EQ(recorded(), (std::vector<std::string>{".m", '!' + large}));
}

TEST_F(recorded_reply_of_a_call, is_closed_for_now_even_when_it_is_full) {
    reply = make(std::chrono::milliseconds(1));
    for (int i = 0; i < 7; ++i)
        reply->send("m");
    reply->close_stream();
    EXPECT_TRUE(reply->reader()->closed());
    reply->finish("c", mcp::reply_status::ok);
    loop.run();
    EXPECT_EQ(recorded().back(), "!c");
}

} // namespace recorded_reply_test
