#include <mcp/transport/legacy/event_stream.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/server/environment.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <support/heap_bytes.hpp>
#include <utility>

namespace event_stream_test {

using mcp::detail::event_envelope;
using mcp::legacy::event_stream;

class event_stream_of_a_session : public testing::Test {
protected:
    event_stream_of_a_session() {
        environment.replay.emplace(log, [this] { return environment.pool(); });
    }
    void turn() {
        loop.restart();
        loop.run();
    }
    std::string heard() {
        std::string all;
        std::string some;
        while (stream->reader()->try_pop(some))
            all += some;
        return all;
    }
    std::size_t recorded() { return log->after("s", 0, 0).events.size(); }

    asio::io_context loop;
    mcp::server_environment environment{mcp::server_info{.name = "s", .version = "1"}};
    std::shared_ptr<mcp::memory_log> log = std::make_shared<mcp::memory_log>();
    std::shared_ptr<event_stream> stream =
        std::make_shared<event_stream>(environment, loop.get_executor(), "s", 0, 0);
};

TEST_F(event_stream_of_a_session, records_what_is_no_event_yet) {
    stream->begin({});
    EXPECT_TRUE(stream->deliver("tools/list_changed", "changed"));
    turn();
    EXPECT_EQ(recorded(), 1u);
    EXPECT_EQ(heard(), "event: message\nid: 0-1\ndata: changed\n\n");
}

TEST_F(event_stream_of_a_session, that_was_displaced_records_no_more) {
    stream->begin({});
    EXPECT_TRUE(stream->deliver("tools/list_changed", "one"));
    stream->taken_over(); // before the first could be recorded
    EXPECT_FALSE(stream->deliver("tools/list_changed", "two"));
    turn();
    EXPECT_EQ(recorded(), 0u);
    EXPECT_EQ(heard(), "");
}

TEST_F(event_stream_of_a_session, that_was_displaced_passes_nothing_on_without_a_log_either) {
    environment.replay.reset();
    stream->begin({});
    EXPECT_TRUE(stream->deliver("tools/list_changed", "one"));
    EXPECT_NE(heard(), "");
    stream->taken_over();
    EXPECT_FALSE(stream->deliver("tools/list_changed", "two"));
    EXPECT_EQ(heard(), "");
}

TEST_F(event_stream_of_a_session, gives_each_event_once_and_in_order) {
    stream->begin({});
    for (int i = 1; i <= 3; ++i)
        log->append("s", 0, ".m" + std::to_string(i));
    stream->deliver({}, event_envelope::write(3, ".m3"));
    stream->deliver({}, event_envelope::write(1, ".m1"));
    turn(); // the second is in the log
    stream->deliver({}, event_envelope::write(2, ".m2"));
    turn();
    const std::string all = heard();
    std::size_t at = 0;
    for (int i = 1; i <= 3; ++i) {
        const std::string one = "data: m" + std::to_string(i) + "\n";
        const auto found = all.find(one, at);
        ASSERT_NE(found, all.npos) << one << all;
        EXPECT_EQ(all.find(one, found + 1), all.npos) << all;
        at = found;
    }
}

TEST_F(event_stream_of_a_session, gives_what_was_recorded_before_it_began_and_published_after) {
    const auto late = std::make_shared<event_stream>(environment, loop.get_executor(), "s", 0, 4);
    late->take_late();
    stream = late;
    EXPECT_TRUE(late->deliver({}, event_envelope::write(4, ".m4")));
    late->begin({});
    EXPECT_TRUE(late->deliver({}, event_envelope::write(4, ".m4")));
    EXPECT_TRUE(late->deliver({}, event_envelope::write(3, ".m3")));
    EXPECT_TRUE(late->deliver({}, event_envelope::write(5, ".m5")));
    EXPECT_EQ(heard(), "event: message\nid: 0-4\ndata: m4\n\nevent: message\nid: 0-3\ndata: m3\n\n"
                       "event: message\nid: 0-5\ndata: m5\n\n");
}

TEST_F(event_stream_of_a_session, a_backlog_of_any_size_is_given) {
    environment.options.stream_bytes = 1'000;
    stream->prime(std::chrono::seconds(1));
    mcp::replayed missed;
    for (std::uint64_t i = 1; i <= 50; ++i)
        missed.events.push_back({log->append("s", 0, "." + std::string(100, 'x')), ""});
    stream->begin(log->after("s", 0, 0));
    EXPECT_NE(heard().find("id: 0-50\n"), std::string::npos);
    EXPECT_FALSE(stream->reader()->closed());
}

TEST_F(event_stream_of_a_session, what_comes_early_is_bounded_and_read_from_the_log) {
    environment.options.stream_bytes = 1'000;
    std::vector<std::string> messages;
    for (std::uint64_t i = 1; i <= 100; ++i) {
        const std::string message = ".m" + std::to_string(i) + std::string(100, 'x');
        log->append("s", 0, message);
        messages.push_back(event_envelope::write(i, message));
    }
    const test::heap_growth growth;
    for (int round = 0; round < 1'000; ++round)
        for (const std::string& each : messages)
            EXPECT_TRUE(stream->deliver({}, each));
    EXPECT_LT(growth.bytes(), 100'000U);
    stream->begin({});
    std::string all;
    for (int i = 0; i < 100 && all.find("id: 0-100\n") == all.npos; ++i) {
        turn();
        all += heard();
    }
    for (int i = 1; i <= 100; ++i)
        EXPECT_NE(all.find("id: 0-" + std::to_string(i) + "\n"), all.npos) << i;
}

} // namespace event_stream_test
