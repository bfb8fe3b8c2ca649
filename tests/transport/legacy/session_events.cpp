#include <mcp/transport/legacy/session_events.hpp>

#include <mcp/broker/memory_broker.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/transport/legacy/event_stream.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_events_test {

using mcp::legacy::event_stream;
using mcp::legacy::session_topics;

/// A broker in whose way something happens.
class crossing : public mcp::memory_broker {
public:
    void subscribe(std::string_view topic, std::shared_ptr<mcp::subscriber> who) {
        if (topic.starts_with("record:") && before)
            std::exchange(before, nullptr)();
        memory_broker::subscribe(topic, std::move(who));
    }
    std::function<void()> before{}; ///< the topic of a record is joined
};

class session_events : public testing::Test {
protected:
    session_events() {
        const mcp::detail::pool_source pool = [this] { return environment.pool(); };
        environment.topics = mcp::detail::any_broker(broker, pool, pool);
        environment.sessions = mcp::detail::any_session_store(store, pool);
        store->create(record(1, {}));
    }
    static mcp::session_record record(std::uint64_t version, std::vector<std::string> uris) {
        mcp::session_record made;
        made.id = "s";
        made.version = version;
        made.subscriptions = std::move(uris);
        return made;
    }
    void join() {
        asio::co_spawn(loop, topics->join(), asio::detached);
        loop.run();
        loop.restart();
    }
    void tell(const mcp::session_record& changed) {
        broker->publish("record:s", mcp::to_text(changed));
    }
    bool follows(const std::string& uri) { return broker->publish("resource:" + uri, "m") == 1; }

    asio::io_context loop;
    mcp::server_environment environment{mcp::server_info{.name = "s", .version = "1"}};
    std::shared_ptr<crossing> broker = std::make_shared<crossing>();
    std::shared_ptr<mcp::memory_sessions> store = std::make_shared<mcp::memory_sessions>();
    std::shared_ptr<event_stream> stream =
        std::make_shared<event_stream>(environment, loop.get_executor(), "s", 0, 0);
    std::shared_ptr<session_topics> topics =
        std::make_shared<session_topics>(environment, loop.get_executor(), "s", stream);
};

TEST_F(session_events, follows_what_is_on_record_and_what_changes) {
    store->update(record(2, {"a"}));
    join();
    EXPECT_TRUE(follows("a"));
    tell(record(3, {"b"}));
    EXPECT_FALSE(follows("a"));
    EXPECT_TRUE(follows("b"));
    EXPECT_EQ(broker->publish("session:s", "m"), 1u);
    EXPECT_EQ(broker->publish("tools/list_changed", "m"), 1u);
    topics->leave();
    EXPECT_FALSE(follows("b"));
    EXPECT_EQ(broker->publish("session:s", "m"), 0u);
    EXPECT_EQ(broker->publish("tools/list_changed", "m"), 0u);
    tell(record(4, {"c"}));
    topics->deliver("record:s", mcp::to_text(record(4, {"c"}))); // on its way when it left
    EXPECT_FALSE(follows("c"));
}

TEST_F(session_events, follows_what_is_subscribed_to_while_it_joins) {
    broker->before = [this] {
        store->update(record(2, {"a"}));
        tell(record(2, {"a"})); // nobody hears it
    };
    join();
    EXPECT_TRUE(follows("a"));
}

TEST_F(session_events, an_older_record_changes_nothing) {
    join();
    tell(record(3, {"a", "b"}));
    tell(record(2, {"a"}));
    EXPECT_TRUE(follows("b"));
    tell(record(4, {"a"}));
    EXPECT_FALSE(follows("b"));
}

TEST_F(session_events, what_comes_while_the_record_is_read_is_not_undone) {
    broker->before = [this] { topics->deliver("record:s", mcp::to_text(record(2, {"a"}))); };
    join(); // reads version 1
    EXPECT_TRUE(follows("a"));
}

TEST_F(session_events, records_of_unknown_version_are_all_followed) {
    join();
    tell(record(0, {"a"}));
    EXPECT_TRUE(follows("a"));
    tell(record(0, {"b"}));
    EXPECT_FALSE(follows("a"));
    EXPECT_TRUE(follows("b"));
}

TEST_F(session_events, reads_the_record_again_when_messages_may_have_been_lost) {
    join();
    store->update(record(2, {"a"}));
    topics->missed("record:s");
    loop.run();
    EXPECT_TRUE(follows("a"));
}

TEST_F(session_events, end_with_their_session) {
    join();
    EXPECT_FALSE(stream->reader()->closed());
    broker->publish("record:s", std::string(session_topics::ended));
    EXPECT_TRUE(stream->reader()->closed());
}

TEST_F(session_events, of_a_session_that_ends_while_it_joins_end) {
    broker->before = [this] { store->erase("s"); };
    join();
    EXPECT_TRUE(stream->reader()->closed());
}

TEST_F(session_events, can_be_asked_whether_anybody_listens) {
    const std::string question(session_topics::probe);
    EXPECT_EQ(broker->publish("record:s", question), 0u);
    join();
    EXPECT_EQ(broker->publish("record:s", question), 1u);
    stream->taken_over();
    EXPECT_EQ(broker->publish("record:s", question), 0u);
}

} // namespace session_events_test
