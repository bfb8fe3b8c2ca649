#include <mcp/transport/legacy/event_stream.hpp>

#include <mcp/replay/memory_log.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace event_stream_test {

using mcp::legacy::envelope;
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
    stream->deliver({}, envelope::write(3, ".m3"));
    stream->deliver({}, envelope::write(1, ".m1"));
    turn(); // the second is in the log
    stream->deliver({}, envelope::write(2, ".m2"));
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
    EXPECT_TRUE(late->deliver({}, envelope::write(4, ".m4")));
    late->begin({});
    EXPECT_TRUE(late->deliver({}, envelope::write(4, ".m4")));
    EXPECT_TRUE(late->deliver({}, envelope::write(3, ".m3")));
    EXPECT_TRUE(late->deliver({}, envelope::write(5, ".m5")));
    EXPECT_EQ(heard(), "event: message\nid: 0-4\ndata: m4\n\nevent: message\nid: 0-3\ndata: m3\n\n"
                       "event: message\nid: 0-5\ndata: m5\n\n");
}

} // namespace event_stream_test
