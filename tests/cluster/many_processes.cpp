#include <mcp/redis/connection.hpp>
#include <mcp/session/session_record.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cluster/three_servers.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// Three processes on one Redis behave as one server, also for a client that sends each request to
// another process.

namespace {

using cluster::as;
using cluster::number_of;
using wire::answer;
using wire::at;
using wire::client;
using wire::in_session;

class cluster_of_processes : public ::testing::Test {
protected:
    void SetUp() override {
        if (!test::redis_server::installed())
            GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
        all.emplace();
    }

    /// Starts a call whose response is a stream, and reads its priming event.
    client begin(std::size_t server, std::string_view session, std::string_view tool,
                 std::string_view id = "1") {
        client c = all->at(server);
        c.send(as(wire::legacy_tool(session, tool, "{}", id)));
        EXPECT_EQ(c.head().type, "text/event-stream");
        EXPECT_EQ(c.event(), "");
        return c;
    }

    /// Sends a response to a request of a tool. Returns the HTTP status.
    int reply(std::size_t server, std::string_view session, std::string_view question,
              std::string_view who = "ann") {
        const std::string answer = R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
                                   R"(,"result":{"action":"accept","content":{"name":"Ada"}}})";
        return all->at(server).ask(as(in_session(session, answer), who)).code;
    }

    std::optional<cluster::three_servers> all;
};

TEST_F(cluster_of_processes, each_request_may_go_to_another) {
    const std::string id = all->session(0);
    EXPECT_EQ(all->call(1, id, "add", R"({"a":2,"b":3})"), R"("5")");
    client events = all->events(2, id);
    EXPECT_TRUE(all->publish(0, id, 7));
    EXPECT_EQ(number_of(events.event()), "7");
    EXPECT_TRUE(all->publish(1, id, 8));
    EXPECT_EQ(number_of(events.event()), "8");
    EXPECT_FALSE(all->publish(1, "nobody", 9));
}

TEST_F(cluster_of_processes, a_question_may_be_answered_anywhere) {
    const std::string id = all->session(0);
    for (std::size_t i = 0; i < 9; ++i) {
        client call = begin(i % 3, id, "ask", std::to_string(i));
        const std::string question = call.event().value_or("");
        EXPECT_EQ(at(question, "/method"), R"("elicitation/create")");
        EXPECT_EQ(reply((i + 1) % 3, id, question, "eve"), 404);
        EXPECT_EQ(reply((i + 1 + i / 3) % 3, id, question), 202);
        EXPECT_EQ(at(call.event().value_or(""), "/result/content/0/text"), R"("Ada")");
    }
}

TEST_F(cluster_of_processes, a_new_stream_takes_over_wherever_the_old_one_is) {
    const std::string id = all->session(0);
    std::optional<client> old(all->events(0, id));
    for (int i = 1; i < 12; ++i) {
        client next = all->events(static_cast<std::size_t>(i % 5) % 3, id);
        EXPECT_FALSE(old->event());
        EXPECT_TRUE(old->ended_well());
        EXPECT_TRUE(all->publish(static_cast<std::size_t>(i) % 3, id, i));
        EXPECT_EQ(number_of(next.event()), std::to_string(i));
        old.emplace(std::move(next));
    }
}

TEST_F(cluster_of_processes, somebody_else_finds_no_session) {
    const std::string id = all->session(0);
    client events = all->events(0, id);
    for (std::size_t i = 0; i < cluster::three_servers::size; ++i) {
        for (const wire::request& q :
             {in_session(id, wire::call("ping")), wire::get(id), wire::erase(id)}) {
            EXPECT_EQ(all->at(i).ask(as(q, "eve")).code, 404);
            EXPECT_EQ(all->at(i).ask(q).code, 401);
        }
        EXPECT_EQ(all->ask(i, in_session(id, wire::call("ping"))).code, 200);
    }
    EXPECT_TRUE(all->publish(1, id, 1));
    EXPECT_EQ(number_of(events.event()), "1");
}

TEST_F(cluster_of_processes, what_a_session_subscribes_to_comes_to_its_stream) {
    const std::string id = all->session(0);
    client events = all->events(2, id);
    EXPECT_EQ(
        all->ask(0, in_session(id, wire::call("resources/subscribe", R"("uri":"note://a")"))).code,
        200);
    // Only an update shows that the other process knows of the subscription.
    std::atomic<bool> seen{false};
    std::thread toucher([&] {
        while (!seen)
            all->call(1, id, "touch", R"({"uri":"note://a"})");
    });
    const std::string updated = events.event().value_or("");
    seen = true;
    toucher.join();
    EXPECT_EQ(at(updated, "/method"), R"("notifications/resources/updated")");
    EXPECT_EQ(at(updated, "/params/uri"), R"("note://a")");
}

TEST_F(cluster_of_processes, changes_at_several_of_them_at_once_are_all_kept) {
    const std::string id = all->session(0);
    constexpr int each = 20;
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < cluster::three_servers::size; ++i)
        clients.emplace_back([&, i] {
            for (int n = 0; n < each; ++n) {
                const std::string uri = std::to_string(i) + "-" + std::to_string(n);
                const std::string subscribe =
                    wire::call("resources/subscribe", R"("uri":"note://)" + uri + "\"");
                EXPECT_EQ(all->ask(i, in_session(id, subscribe)).code, 200);
            }
        });
    for (std::thread& client : clients)
        client.join();
    const mcp::redis::connection redis(all->redis.url());
    const auto kept = test::await(redis.command("GET", "mcp:session:" + id));
    const auto record = mcp::session_from_text(kept.text());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->subscriptions.size(), each * cluster::three_servers::size);
}

TEST_F(cluster_of_processes, a_call_may_be_cancelled_anywhere) {
    const std::string id = all->session(0);
    client call = begin(0, id, "hold", "5");
    EXPECT_EQ(at(call.event().value_or(""), "/params/data"), R"("holding")");
    const std::string cancel = wire::call("notifications/cancelled", R"("requestId":5)", "");
    EXPECT_EQ(all->ask(1, in_session(id, cancel)).code, 202);
    EXPECT_FALSE(call.event());
    EXPECT_TRUE(call.ended_well());
}

TEST_F(cluster_of_processes, a_response_may_be_fetched_anywhere) {
    const std::string id = all->session(0);
    client call = begin(0, id, "leave");
    while (call.event()) {
    }
    EXPECT_TRUE(call.ended_well());
    client rest = all->events(1, id, call.last_event_id());
    const std::string question = rest.event().value_or("");
    EXPECT_EQ(at(question, "/method"), R"("elicitation/create")");
    EXPECT_EQ(reply(2, id, question), 202);
    EXPECT_EQ(at(rest.event().value_or(""), "/result/content/0/text"), R"("Ada")");
    EXPECT_FALSE(rest.event());
}

TEST_F(cluster_of_processes, delete_ends_everything_everywhere) {
    const std::string id = all->session(0);
    const std::string other = all->session(1);
    client events = all->events(0, id);
    client held = begin(1, id, "hold");
    held.event();
    client asking = begin(2, id, "ask", "2");
    asking.event();
    client others = all->events(0, other);
    EXPECT_EQ(all->ask(1, wire::erase(id)).code, 200);
    EXPECT_FALSE(events.event());
    EXPECT_FALSE(held.event());
    EXPECT_FALSE(asking.event());
    for (std::size_t i = 0; i < cluster::three_servers::size; ++i)
        EXPECT_EQ(all->ask(i, in_session(id, wire::call("ping"))).code, 404);
    EXPECT_TRUE(all->publish(2, other, 1));
    EXPECT_EQ(number_of(others.event()), "1");
}

TEST_F(cluster_of_processes, a_crash_of_one_is_no_loss) {
    const std::string id = all->session(0);
    client events = all->events(0, id);
    EXPECT_TRUE(all->publish(1, id, 1));
    EXPECT_EQ(number_of(events.event()), "1");
    const std::string last = events.last_event_id();
    all->servers[0].kill();
    EXPECT_FALSE(events.event());
    EXPECT_FALSE(events.ended_well());
    all->publish(1, id, 2); // there may be no subscriber; the log keeps the message
    client back = all->events(2, id, last);
    EXPECT_EQ(number_of(back.event()), "2");
    all->servers[0].start();
    EXPECT_TRUE(all->publish(0, id, 3));
    EXPECT_EQ(number_of(back.event()), "3");
}

TEST_F(cluster_of_processes, what_the_log_has_dropped_is_told) {
    const std::string id = all->session(0);
    const int kept = static_cast<int>(cluster::kept_events);
    all->publish(1, id, 1, kept + 10);
    client late = all->events(2, id, "0-3");
    const std::string told = late.event().value_or("");
    EXPECT_EQ(at(told, "/params/logger"), R"("replay")");
    // The stream of the call itself takes places in the log, if the call is slow enough to have one.
    const int lost = std::stoi(at(told, "/params/data/lostEvents"));
    EXPECT_GE(lost, 7);
    EXPECT_LE(lost, 9);
    EXPECT_EQ(number_of(late.event()), std::to_string(lost + 4));
    EXPECT_EQ(number_of(late.event()), std::to_string(lost + 5));
}

TEST_F(cluster_of_processes, that_the_log_itself_was_lost_is_told) {
    const std::string id = all->session(0);
    client events = all->events(0, id);
    EXPECT_TRUE(all->publish(1, id, 1, 3));
    for (const char* number : {"1", "2", "3"})
        EXPECT_EQ(number_of(events.event()), number);
    const mcp::redis::connection redis(all->redis.url());
    const std::string log = "mcp:replay:{" + id + "}";
    test::await(redis.command("DEL", log, log + ":0"));
    EXPECT_TRUE(all->publish(2, id, 4)); // with a number that the stream has already used
    const std::string told = events.event().value_or("");
    EXPECT_EQ(at(told, "/params/logger"), R"("replay")");
    EXPECT_EQ(at(told, "/params/data/lostEvents"), "null");
    EXPECT_TRUE(all->publish(2, id, 5));
    EXPECT_EQ(number_of(events.event()), "5");
}

TEST_F(cluster_of_processes, while_redis_is_away_they_say_so_and_all_recovers_by_itself) {
    const std::string id = all->session(0);
    client events = all->events(0, id);
    EXPECT_TRUE(all->publish(1, id, 1));
    EXPECT_EQ(number_of(events.event()), "1");
    for (const bool crash : {true, false}) {
        SCOPED_TRACE(crash ? "killed" : "paused");
        crash ? all->redis.kill() : all->redis.pause();
        for (std::size_t i = 0; i < cluster::three_servers::size; ++i) {
            const answer away = all->ask(i, in_session(id, wire::call("ping")));
            EXPECT_EQ(away.code, 503);
            EXPECT_EQ(away.header("Retry-After"), "1");
            EXPECT_EQ(all->ask(i, wire::get(id)).code, 503);
            EXPECT_EQ(all->ask(i, wire::initialize()).code, 503);
        }
        if (crash) {
            all->servers[1].kill(); // a process that starts without Redis joins the others later
            all->servers[1].start();
            ASSERT_TRUE(all->redis.start());
        } else {
            all->redis.resume();
        }
        for (std::size_t i = 0; i < cluster::three_servers::size; ++i)
            ASSERT_TRUE(test::eventually(
                [&] { return all->ask(i, in_session(id, wire::call("ping"))).code == 200; }));
        // The stream is still open, and gets the messages recorded from now on. A process accepts
        // calls again when the others can reach it.
        const std::string one = R"({"session":")" + id + R"(","who":1,"from":)" +
                                (crash ? "2" : "3") + R"(,"count":1})";
        ASSERT_TRUE(test::eventually([&] {
            const std::string taken = all->call(1, id, "publish", one);
            return taken == R"("0")" || taken == R"("1")";
        }));
        EXPECT_EQ(number_of(events.event()), crash ? "2" : "3");
        client call = begin(1, id, "ask");
        EXPECT_EQ(reply(2, id, call.event().value_or("")), 202);
        EXPECT_EQ(at(call.event().value_or(""), "/result/content/0/text"), R"("Ada")");
    }
}

TEST_F(cluster_of_processes, they_end_well) {
    const std::string id = all->session(0);
    client events = all->events(0, id);
    for (cluster::process& each : all->servers)
        EXPECT_EQ(each.stop(), 0);
    EXPECT_FALSE(events.event());
    EXPECT_TRUE(events.ended_well());
}

} // namespace
