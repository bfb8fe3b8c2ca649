#include <mcp/async/mailbox.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/memory_log.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/testing/manual_clock.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>
#include <string_view>
#include <support/heap_bytes.hpp>
#include <support/mcp_http.hpp>
#include <utility>

// What the endpoint bounds, and that requests that come at once do not pass the bound.

namespace streamable_http_limits_test {

using wire::call;
using wire::in_session;
using wire::legacy_tool;

/// A broker that answers later, as one in Redis does.
class later_broker : public mcp::memory_broker {
public:
    asio::awaitable<void> subscribe(std::string topic, std::shared_ptr<mcp::subscriber> who) {
        co_await asio::post(asio::use_awaitable);
        memory_broker::subscribe(topic, std::move(who));
    }
};

/// A request that is under way on a loop; destroyed only when it has ended.
struct request_under_way : wire::spoken {
    request_under_way(asio::io_context& loop, mcp::streamable_http& endpoint, wire::request what)
        : spoken(std::move(what)) {
        auto ended = [this](std::exception_ptr) { done = true; };
        asio::co_spawn(loop, endpoint(q, r), asio::bind_cancellation_slot(gone.slot(), ended));
    }
    /// As the server does when the peer has gone.
    void leave() {
        if (r.stream)
            r.stream->close();
        else
            gone.emit(asio::cancellation_type::terminal);
    }
    int code() const { return static_cast<int>(r.code); }

    asio::cancellation_signal gone;
    bool done = false;
};

/// A loop with requests on it, and a server with a tool that waits.
template <class... Collaborators>
class test_server {
public:
    explicit test_server(mcp::streamable_http_options options, Collaborators... collaborators)
        : server("weather", "1", std::move(collaborators)...)
        , endpoint((offer(), server), std::move(options)) {}
    ~test_server() {
        for (const auto& each : waiting)
            each->close();
        runs_until([&] { return running == 0; });
    }

    request_under_way& send(wire::request what) {
        return requests.emplace_back(loop, endpoint, std::move(what));
    }
    /// Runs the loop until `happened`, within a patience that only failing tests need.
    bool runs_until(const std::function<bool()>& happened) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!happened() && std::chrono::steady_clock::now() < patience)
            loop.run_one_for(std::chrono::milliseconds(100));
        return happened();
    }
    std::size_t ended() const {
        std::size_t n = 0;
        for (const request_under_way& each : requests)
            n += each.done ? 1 : 0;
        return n;
    }
    /// Of the requests that have ended, how many have this code.
    std::size_t count(int code) const {
        std::size_t n = 0;
        for (const request_under_way& each : requests)
            n += each.done && each.code() == code ? 1 : 0;
        return n;
    }

    asio::io_context loop;
    asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
    std::size_t entered = 0;
    std::size_t running = 0;
    std::list<std::shared_ptr<mcp::mailbox>> waiting;
    mcp::server<Collaborators...> server;
    mcp::streamable_http endpoint;
    std::list<request_under_way> requests;

private:
    void offer() {
        server.template tool<"hold">("Waits", [this]() -> asio::awaitable<std::string> {
            ++entered;
            ++running;
            const auto ticket = waiting.emplace_back(std::make_shared<mcp::mailbox>());
            std::exception_ptr cancelled;
            try {
                co_await ticket->wait();
            } catch (...) {
                cancelled = std::current_exception();
            }
            --running;
            if (cancelled)
                std::rethrow_exception(cancelled);
            co_return "held";
        });
    }
};

template <class House>
void calls_are_capped(House& h) {
    const std::string id = wire::open_session(h.endpoint);
    for (int i = 0; i < 12; ++i)
        h.send(legacy_tool(id, "hold", "{}", std::to_string(i)));
    ASSERT_TRUE(h.runs_until([&] { return h.entered == 4 && h.ended() == 8; }))
        << h.entered << ' ' << h.ended();
    EXPECT_EQ(h.count(429), 8U);
}

template <class House>
void ids_are_taken_once(House& h) {
    const std::string id = wire::open_session(h.endpoint);
    for (int i = 0; i < 12; ++i)
        h.send(legacy_tool(id, "hold", "{}", "7"));
    ASSERT_TRUE(h.runs_until([&] { return h.entered == 1 && h.ended() == 11; }))
        << h.entered << ' ' << h.ended();
    EXPECT_EQ(h.count(400), 11U);
}

/// Batches that come at once, each of two calls.
template <class House>
void batches_are_capped(House& h) {
    const std::string id = wire::open_session(h.endpoint, "2025-03-26");
    for (int i = 0; i < 12; i += 2)
        h.send(in_session(id,
                          "[" + call("tools/call", R"("name":"hold")", std::to_string(i)) + "," +
                              call("tools/call", R"("name":"hold")", std::to_string(i + 1)) + "]"));
    ASSERT_TRUE(h.runs_until([&] { return h.ended() == 6; }));
    EXPECT_EQ(h.entered, 4U);
}

template <class House, class... Collaborators>
void checks(Collaborators... collaborators) {
    const mcp::streamable_http_options options{.calls = 4};
    {
        House h(options, collaborators...);
        calls_are_capped(h);
    }
    {
        House h(options, collaborators...);
        ids_are_taken_once(h);
    }
    {
        House h(options, collaborators...);
        batches_are_capped(h);
    }
}

TEST(streamable_http_limits, calls_that_come_at_once_do_not_pass_the_cap) {
    checks<test_server<>>();
    const mcp::streamable_http_options options{.calls = 4};
    { // a broker is not copied
        test_server<later_broker> h(options, later_broker());
        calls_are_capped(h);
    }
    {
        test_server<later_broker> h(options, later_broker());
        ids_are_taken_once(h);
    }
    {
        test_server<later_broker> h(options, later_broker());
        batches_are_capped(h);
    }
}

class streamable_http_limits_redis : public test::with_redis {};

TEST_F(streamable_http_limits_redis, calls_that_come_at_once_do_not_pass_the_cap) {
    const mcp::redis::connection redis(server->settings());
    checks<test_server<mcp::redis_sessions, mcp::redis_broker>>(mcp::redis_sessions(redis),
                                                                mcp::redis_broker(redis));
}

TEST(streamable_http_limits, calls_whose_connection_has_gone_leave_their_place) {
    for (const bool stream : {false, true}) {
        test_server<> h({.calls = 2, .always_stream = stream});
        const std::string id = wire::open_session(h.endpoint);
        int number = 0;
        const auto next = [&]() -> request_under_way& {
            return h.send(legacy_tool(id, "hold", "{}", std::to_string(number++)));
        };
        request_under_way* const first[] = {&next(), &next()};
        ASSERT_TRUE(h.runs_until([&] { return h.entered == 2 && (!stream || h.ended() == 2); }));
        request_under_way& refused = next();
        ASSERT_TRUE(h.runs_until([&] { return refused.done; }));
        EXPECT_EQ(refused.code(), 429);

        for (request_under_way* each : first)
            each->leave();
        ASSERT_TRUE(h.runs_until([&] { return h.ended() == 3; }));
        EXPECT_EQ(h.running, 2U) << "to go is not to cancel";
        request_under_way& third = next();
        ASSERT_TRUE(h.runs_until([&] { return h.entered == 3; }));
        ASSERT_TRUE(h.runs_until([&] { return h.running == 2; })) << "the oldest gives way";
        third.leave();
    }
}

TEST(streamable_http_limits,
     what_calls_keep_whose_connection_has_gone_is_bounded_over_all_sessions) {
    test_server<> h({});
    h.server.options().all_stream_bytes = 100'000;
    const std::string large =
        R"("name":"hold","_meta":{"x":")" + std::string(30'000, 'x') + R"("})";
    for (int session = 0; session < 6; ++session) {
        const std::string id = wire::open_session(h.endpoint);
        request_under_way& sent = h.send(in_session(id, call("tools/call", large)));
        ASSERT_TRUE(h.runs_until([&] { return h.entered == h.requests.size(); }));
        sent.leave();
        ASSERT_TRUE(h.runs_until([&] { return sent.done; }));
    }
    ASSERT_TRUE(h.runs_until([&] { return h.running <= 2; })) << h.running;
    EXPECT_EQ(h.running, 2U) << "those that had room go on";
    h.waiting.front()->close(); // the first ends, and makes room for one
    ASSERT_TRUE(h.runs_until([&] { return h.running == 1; }));
    request_under_way& next =
        h.send(in_session(wire::open_session(h.endpoint), call("tools/call", large)));
    ASSERT_TRUE(h.runs_until([&] { return h.entered == 7; }));
    next.leave();
    ASSERT_TRUE(h.runs_until([&] { return next.done; }));
    h.loop.poll();
    EXPECT_EQ(h.running, 2U);
}

/// A stream gives the memory of the request back to the connection, but the call keeps its part.
TEST(streamable_http_limits, what_calls_keep_while_they_stream_is_bounded) {
    const std::string pad = R"("x":")" + std::string(30'000, 'x') + '"';
    const std::string one = R"("name":"hold","_meta":{)" + pad + "}";
    for (const std::string_view era : {"modern", "session", "batch"}) {
        test_server<> h({.always_stream = true});
        h.server.options().all_stream_bytes = 100'000;
        for (int i = 0; i < 6; ++i) {
            if (era == "modern")
                h.send(wire::modern_tool("hold", "{}")
                           .text(call("tools/call", R"("name":"hold","arguments":{},"_meta":{)" +
                                                        pad + "," +
                                                        std::string(wire::modern_meta.substr(9)))));
            else if (era == "session")
                h.send(in_session(wire::open_session(h.endpoint), call("tools/call", one)));
            else
                h.send(in_session(wire::open_session(h.endpoint, "2025-03-26"),
                                  "[" + call("tools/call", one) + "]"));
            ASSERT_TRUE(h.runs_until([&] { return h.requests.back().done; })) << era;
        }
        EXPECT_EQ(h.count(200), 2U) << era;
        EXPECT_EQ(h.count(503), 4U) << era;
        EXPECT_TRUE(h.runs_until([&] { return h.running == 2; })) << era << h.running;
        h.waiting.front()->close(); // the first ends, and makes room for one
        ASSERT_TRUE(h.runs_until([&] { return h.running == 1; }));
        h.requests.front().r.stream.reset();
        h.loop.poll();
        h.send(in_session(wire::open_session(h.endpoint), call("tools/call", one)));
        ASSERT_TRUE(h.runs_until([&] { return h.requests.back().done; }));
        EXPECT_EQ(h.requests.back().code(), 200) << era;
    }
}

/// JSON of about a megabyte that costs much more as values.
std::string hostile(std::string_view part) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[)";
    while (text.size() < 1024 * 1024)
        text.append(part).append(",");
    return text + "1]}}";
}

TEST(streamable_http_limits, large_messages_leave_nothing_behind) {
    mcp::server<> server{"weather", "1"};
    mcp::streamable_http endpoint(server);
    const std::string id = wire::open_session(endpoint);
    const std::string texts[] = {hostile("1"), hostile("{}"), hostile(R"({"k":"v"})"),
                                 hostile("1") + "]"};
    EXPECT_EQ(wire::ask(endpoint, in_session(id, call("ping"))).code, 200);
    const test::heap_growth growth;
    for (const std::string& text : texts) {
        wire::ask(endpoint, in_session(id, text));
        wire::ask(endpoint, wire::modern("ping").text(text));
        EXPECT_LT(growth.bytes(), 300'000U);
    }
}

/// Most clients never end their sessions. [demand 1]
TEST(streamable_http_limits, sessions_that_clients_abandon_leave_nothing_behind) {
    const mcp::testing::manual_clock clock;
    mcp::server server{"weather", "1",
                       mcp::memory_sessions({.idle = std::chrono::minutes(10), .now = clock})};
    server.options().log = [](mcp::log_level, std::string_view) {};
    mcp::streamable_http endpoint(server);
    const auto abandon = [&] {
        for (int i = 0; i < 1'000; ++i)
            wire::open_session(endpoint);
        clock.advance(std::chrono::minutes(11));
    };
    const wire::request refused[] = {
        wire::post("{"),
        in_session("unknown", call("ping")),
        wire::get("unknown"),
        wire::erase("unknown"),
        wire::post(call("initialize", R"("protocolVersion":7)")),
        wire::initialize().set("Host", "evil.example"),
    };
    abandon();
    abandon(); // the store has its size
    const test::heap_growth growth;
    for (int i = 0; i < 5; ++i)
        abandon();
    EXPECT_LT(growth.bytes(), 100'000U);
    for (int i = 0; i < 200; ++i)
        for (const wire::request& each : refused)
            EXPECT_EQ(wire::ask(endpoint, each).header("Mcp-Session-Id"), "");
    EXPECT_LT(growth.bytes(), 100'000U);
}

wire::request subscribe(std::string_view session, std::string_view uri) {
    return in_session(session, call("resources/subscribe", R"("uri":")" + std::string(uri) + '"'));
}

TEST(streamable_http_limits, what_a_client_has_kept_is_bounded) {
    mcp::server<> server{"weather", "1"};
    server.resource<"r://{n}">("", [](std::string n) { return n; });
    server.options().client_bytes = 1'000;
    server.options().subscriptions = {.count = 2, .uri_bytes = 100, .bytes = 1'000};
    mcp::streamable_http endpoint(server);
    const std::string name(1'000, 'x');
    const wire::answer refused =
        wire::ask(endpoint, wire::initialize("2025-11-25",
                                             R"({"experimental":{"a":{"b":")" + name + R"("}}})"));
    EXPECT_EQ(refused.code, 200);
    EXPECT_EQ(refused.error(), -32602);
    EXPECT_EQ(refused.header("Mcp-Session-Id"), "");

    const std::string id = wire::open_session(endpoint, "2025-03-26");
    EXPECT_EQ(wire::ask(endpoint, subscribe(id, "r://" + name))["/error/message"],
              R"("params.uri has 1004 bytes; at most 100 are allowed")");
    const std::string two = "[" + call("resources/subscribe", R"("uri":"r://1")", "1") + "," +
                            call("resources/subscribe", R"("uri":"r://2")", "2") + "," +
                            call("resources/subscribe", R"("uri":"r://3")", "3") + "]";
    const wire::answer batch = wire::ask(endpoint, in_session(id, two));
    EXPECT_EQ(batch["/1/result"], "{}");
    EXPECT_EQ(batch["/2/error/code"], "-32602") << "one that came with it counts";
    EXPECT_EQ(wire::ask(endpoint, subscribe(id, "r://1")).error(), 0) << "is there already";
    EXPECT_EQ(wire::ask(endpoint, subscribe(id, "r://3"))["/error/message"],
              R"("At most 2 resources may be subscribed to at once")");

    const wire::answer listen = wire::ask(
        endpoint, wire::modern("subscriptions/listen",
                               R"("notifications":{"resourceSubscriptions":["a:","b:","c:"]})"));
    EXPECT_EQ(listen.code, 200);
    EXPECT_EQ(listen["/error/message"], R"("At most 2 resources may be subscribed to at once")");
}

/// A store that answers later, so that requests come between.
class later_sessions : public mcp::memory_sessions {
public:
    asio::awaitable<bool> replace(mcp::session_record before, mcp::session_record after) {
        co_await asio::post(asio::use_awaitable);
        co_return memory_sessions::replace(before, after);
    }
};

TEST(streamable_http_limits, subscriptions_that_come_at_once_do_not_pass_the_limit) {
    test_server<later_sessions> h({}, later_sessions());
    h.server.options().subscriptions.count = 4;
    const std::string id = wire::open_session(h.endpoint);
    for (int i = 0; i < 12; ++i)
        h.send(subscribe(id, "r://" + std::to_string(i)));
    ASSERT_TRUE(h.runs_until([&] { return h.ended() == 12; }));
    std::size_t taken = 0;
    for (const request_under_way& each : h.requests) {
        EXPECT_EQ(each.code(), 200);
        taken += wire::at(each.r.body, "/result").empty() ? 0 : 1;
        EXPECT_EQ(wire::at(each.r.body, "/id"), "1");
    }
    EXPECT_EQ(taken, 4U);
    EXPECT_EQ(wire::ask(h.endpoint, subscribe(id, "r://x")).error(), -32602);
}

/// A server with a tool that sends much before it ends.
class talkative {
public:
    explicit talkative(mcp::streamable_http_options options = {}) : endpoint(server, options) {
        server.tool<"talk">(
            "", [](mcp::arg<"messages", int> n, mcp::context& ctx) -> asio::awaitable<std::string> {
                co_await asio::post(asio::use_awaitable);
                for (int i = 0; i < *n; ++i)
                    ctx.log(mcp::log_level::error, mcp::json(std::string(20'000, 'x')));
                co_return std::string(100'000, 'y');
            });
    }
    void send(wire::request what) { requests.emplace_back(loop, endpoint, std::move(what)); }
    /// The stream of the last request, to its end.
    std::string read() {
        std::string text;
        auto all = [this, &text]() -> asio::awaitable<void> {
            bool more = true;
            while (more)
                more = co_await requests.back().r.stream->read(text);
        };
        asio::co_spawn(loop, all(), [](std::exception_ptr) {});
        settle();
        return text;
    }
    void settle() {
        loop.restart();
        loop.run();
    }

    asio::io_context loop;
    mcp::server<> server{"talkative", "1"};
    mcp::streamable_http endpoint;
    std::list<request_under_way> requests;
};

TEST(streamable_http_limits, unread_streams_are_bounded_in_bytes_and_leave_room_for_others) {
    for (const bool legacy : {false, true}) {
        for (const bool log : {false, true}) {
            talkative t({.stream_after = std::chrono::milliseconds(0)});
            auto& shared = t.server.environment();
            t.server.options().all_stream_bytes = 4'000'000;
            t.server.options().log = [](mcp::log_level, std::string_view) {};
            if (log)
                shared.replay.emplace(
                    std::make_shared<mcp::memory_log>(mcp::memory_log_options{.bytes = 1'000'000}),
                    shared.collaborators());
            const std::string id = wire::open_session(t.endpoint);
            const auto call = [&](int messages, int number) {
                const std::string arguments = R"({"messages":)" + std::to_string(messages) + "}";
                const std::string name = std::to_string(number);
                if (legacy)
                    return legacy_tool(id, "talk", arguments, name);
                auto q = wire::modern_tool("talk", arguments, name);
                q.body.insert(q.body.find("\"io.modelcontextprotocol/protocolVersion"),
                              R"("io.modelcontextprotocol/logLevel":"error",)");
                return q;
            };
            for (int i = 0; i < 60; ++i) {
                t.send(call(15, i));
                t.settle();
                ASSERT_LE(shared.stream_budget()->used(), shared.stream_budget()->limit());
            }
            EXPECT_GE(shared.stream_budget()->used(), 1'000'000U);
            t.send(call(0, 1'000));
            t.settle();
            const auto& small = t.requests.back();
            EXPECT_EQ(small.code(), 200);
            EXPECT_NE((small.r.stream ? t.read() : small.r.body).find("yyyy"), std::string::npos)
                << "legacy " << legacy << ", log " << log;
            t.requests.clear();
            EXPECT_EQ(shared.stream_budget()->used(), 0U) << "legacy " << legacy << ", log " << log;
        }
    }
}

TEST(streamable_http_limits, a_listen_that_does_not_fit_is_refused_for_now) {
    talkative t;
    t.server.options().all_stream_bytes = 100'000;
    t.server.options().log = [](mcp::log_level, std::string_view) {};
    std::string uris;
    for (int i = 0; i < 10; ++i)
        uris += (i ? ",\"r:" : "\"r:") + std::string(1'000, 'x') + std::to_string(i) + '"';
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
        t.send(wire::modern("subscriptions/listen",
                            R"("notifications":{"resourceSubscriptions":[)" + uris + "]}"));
        t.settle();
        const auto& last = t.requests.back();
        ASSERT_TRUE(last.done);
        refused += last.code() == 503 && last.r.headers.find("Retry-After") != std::string::npos;
        EXPECT_LE(t.server.environment().stream_budget()->used(), 100'000U);
    }
    EXPECT_GE(refused, 1);
    EXPECT_LT(refused, 10);
}

TEST(streamable_http_limits, the_listen_streams_of_a_caller_are_capped) {
    test_server<> h({.listen_streams = 2});
    const auto listen = [&](std::string_view from) -> request_under_way& {
        wire::request q =
            wire::modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true})");
        q.remote = from;
        request_under_way& sent = h.send(std::move(q));
        h.runs_until([&] { return sent.done; });
        return sent;
    };
    request_under_way& first = listen("10.0.0.1");
    EXPECT_EQ(listen("10.0.0.1").code(), 200);
    const request_under_way& third = listen("10.0.0.1");
    EXPECT_EQ(third.code(), 429);
    EXPECT_NE(third.r.headers.find("Retry-After: 1"), std::string::npos) << third.r.headers;
    EXPECT_EQ(wire::at(third.r.body, "/error/code"), "-31429");
    EXPECT_EQ(wire::at(third.r.body, "/error/message"),
              R"("At most 2 listen streams may be open at once")");
    EXPECT_EQ(listen("10.0.0.2").code(), 200) << "another caller";
    first.r.stream.reset();
    EXPECT_EQ(listen("10.0.0.1").code(), 200);
}

TEST(streamable_http_limits, a_call_that_times_out_is_an_error_of_its_request) {
    test_server<> h({});
    h.server.options().call_timeout = std::chrono::milliseconds(5);
    const auto with_events = [&](wire::request q) { return q.set("Accept", "text/event-stream"); };
    const std::string id = wire::open_session(h.endpoint);
    const std::string old_id = wire::open_session(h.endpoint, "2025-03-26");
    const std::string hold = call("tools/call", R"("name":"hold")");
    const struct {
        std::string_view name;
        wire::request q;
        std::string code;
        std::string_view type = "application/json";
    } rows[] = {
        {"modern", wire::modern_tool("hold"), "-31504"},
        {"in a session", legacy_tool(id, "hold"), "-32001"},
        {"without a session", wire::post(hold), "-32001"},
        {"a batch", in_session(old_id, "[" + hold + "]"), "-32001"},
        {"modern stream", with_events(wire::modern_tool("hold")), "-31504", "text/event-stream"},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(each.name);
        const wire::answer got = wire::ask(h.endpoint, each.q);
        EXPECT_EQ(got.code, 200);
        EXPECT_EQ(got.type, each.type);
        ASSERT_EQ(got.messages().size(), 1U) << got.body;
        EXPECT_EQ(wire::at(got.messages()[0], "/error/code"), each.code) << got.body;
        EXPECT_EQ(wire::at(got.messages()[0], "/error/data/timeout"), "5");
        EXPECT_EQ(wire::at(got.messages()[0], "/id"), "1");
    }
    EXPECT_EQ(h.running, 0U) << "all handlers were cancelled";
}

TEST(streamable_http_limits, a_tool_beyond_its_concurrency_is_refused_for_now) {
    test_server<> h({});
    const auto wait = [ticket = h.waiting.emplace_back(std::make_shared<mcp::mailbox>())] {
        return ticket->wait();
    };
    h.server.tool<"one">("", wait, mcp::concurrency{1});
    const std::string id = wire::open_session(h.endpoint);
    h.send(legacy_tool(id, "one"));
    h.loop.poll();
    const wire::request rows[] = {
        wire::modern_tool("one"),
        wire::modern_tool("one").set("Accept", "text/event-stream"),
        legacy_tool(id, "one", "{}", "2"),
        wire::post(call("tools/call", R"("name":"one")")),
    };
    for (const wire::request& each : rows) {
        const wire::answer got = wire::ask(h.endpoint, each);
        EXPECT_EQ(got.code, 429);
        EXPECT_EQ(got.header("Retry-After"), "1");
        EXPECT_EQ(got.error(), -31429) << got.body;
    }
    h.waiting.back()->close();
    ASSERT_TRUE(h.runs_until([&] { return h.ended() == 1; }));
    EXPECT_EQ(h.count(200), 1U);
}

} // namespace streamable_http_limits_test
