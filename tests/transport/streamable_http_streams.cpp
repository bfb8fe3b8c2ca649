#include <mcp/async/mailbox.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <thread>
#include <vector>

// The endpoint behind real connections: streams, cancellation, sessions over several connections
// and threads, resumption.

namespace streamable_http_streams_test {

using namespace std::chrono_literals;
using wire::answer;
using wire::at;
using wire::call;
using wire::client;
using wire::in_session;
using wire::initialize;
using wire::legacy_tool;
using wire::modern;
using wire::modern_meta;
using wire::modern_tool;
using wire::request;

constexpr std::string_view with_progress = R"(,"_meta":{"progressToken":"p"})";

struct person {
    std::string name;
};

/// An MCP server with tools that wait for the test, over HTTP on a free port.
class test_server {
public:
    explicit test_server(wire::endpoint_options options = {}, unsigned threads = 1,
                         mcp::http::limits limits = {}) {
        add_tools();
        endpoint.emplace(server, wire::furnish(server, options));
        app.mount("/mcp", *endpoint);
        http.emplace(app, mcp::http::server_options{
                              .port = 0,
                              .threads = threads,
                              .limits = limits,
                              .on_error = [this](std::exception_ptr) { failures.happen(); },
                              .clock_interval = 20ms});
        http->start();
    }
    ~test_server() {
        http->stop();
        http->join();
    }

    client connect() { return client(http->port()); }
    /// Sends to a session's stream, and waits for what becomes of it.
    bool notify(std::string id, std::string message) {
        return asio::co_spawn(http->executor(0), server.notify(std::move(id), std::move(message)),
                              asio::use_future)
            .get();
    }
    answer ask(const request& q) { return connect().ask(q); }
    std::string session(std::string_view revision = "2025-11-25") {
        return ask(initialize(revision)).header("Mcp-Session-Id");
    }
    /// Whether the server has come to see that all connections but `n` are gone.
    bool left(std::size_t n) {
        client probe = connect();
        const auto patience = std::chrono::steady_clock::now() + 20s;
        do {
            probe.ask(modern_tool("add")); // the first makes sure that the probe itself is counted
        } while (http->connections() > n + 1 && std::chrono::steady_clock::now() < patience);
        return http->connections() <= n + 1;
    }
    /// Lets one tool that waits go on.
    void open_gate() {
        std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            ++open_;
            return;
        }
        waiting_.front()->push("go");
        waiting_.pop_front();
    }

private:
    // Before the server: its destructor ends tools that wait, which use these.
    std::mutex mutex_;
    std::deque<std::shared_ptr<mcp::mailbox>> waiting_;
    int open_ = 0;

public:
    mcp::server<> server{"weather", "1.0"};
    wire::happening entered;
    wire::happening cancelled;
    wire::happening failures;
    std::optional<mcp::streamable_http> endpoint;
    mcp::http::router app;
    std::optional<mcp::http::server> http;

private:
    /// Waits for the test, or to be cancelled.
    asio::awaitable<void> pass_gate() {
        const auto ticket = std::make_shared<mcp::mailbox>();
        {
            std::lock_guard lock(mutex_);
            if (open_ > 0) {
                --open_;
                ticket->push("go");
            } else {
                waiting_.push_back(ticket);
            }
        }
        entered.happen();
        try {
            co_await ticket->wait();
        } catch (...) {
            {
                std::lock_guard lock(mutex_);
                std::erase(waiting_, ticket);
            }
            cancelled.happen();
            throw;
        }
    }

    void add_tools() {
        server.tool<"add">("Adds",
                           [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return *a + *b; });
        server.tool<"hold">("Waits", [this](mcp::context&) -> asio::awaitable<std::string> {
            co_await pass_gate();
            co_return "held";
        });
        server.tool<"climb">("Progress, then waits, then more progress",
                             [this](mcp::context& ctx) -> asio::awaitable<std::string> {
                                 ctx.progress(1, 3.0);
                                 co_await pass_gate();
                                 ctx.progress(2, 3.0);
                                 ctx.progress(2, 3.0); // does not grow: is dropped
                                 ctx.progress(1, 3.0);
                                 ctx.info("almost");
                                 ctx.debug("hidden");
                                 ctx.progress(3, 3.0);
                                 co_return "top";
                             });
        server.tool<"ask">("Asks", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            auto who = co_await ctx.elicit<person>("Who?");
            co_return who ? who->name : "nobody";
        });
        server.tool<"leave">("Closes its stream, waits, answers",
                             [this](mcp::context& ctx) -> asio::awaitable<std::string> {
                                 ctx.close_stream();
                                 co_await pass_gate();
                                 ctx.progress(1);
                                 co_return "back";
                             });
        server.tool<"flood">(
            "Many messages",
            [](mcp::arg<"n", int> n, mcp::context& ctx) -> asio::awaitable<std::string> {
                asio::steady_timer turn(co_await asio::this_coro::executor);
                const std::string text(1000, 'x');
                for (int i = 0; i < *n; ++i) {
                    ctx.info(text);
                    turn.expires_after(0ms);
                    co_await turn.async_wait(asio::use_awaitable);
                }
                co_return "dry";
            });
        server.tool<"block">("Works on a thread of the pool", mcp::blocking([](mcp::context& ctx) {
                                 ctx.progress(1);
                                 return std::string("worked");
                             }));
    }
};

/// A modern call that wants progress.
request with_token(std::string_view tool) {
    request q = modern_tool(tool);
    q.body = call("tools/call", R"("name":")" + std::string(tool) +
                                    R"(","arguments":{},"_meta":{"progressToken":1,)" +
                                    std::string(modern_meta.substr(9)));
    return q;
}

std::string cancel(std::string_view id) {
    return call("notifications/cancelled", R"("requestId":)" + std::string(id), "");
}

// ---- one call, one stream

TEST(streamable_http_streams, progress_and_log_travel_on_the_stream_of_their_call) {
    test_server h;
    const std::string id = h.session();
    client c = h.connect();
    c.send(legacy_tool(id, "climb", "{}", "5", with_progress));
    const answer head = c.head();
    EXPECT_EQ(head.code, 200);
    EXPECT_EQ(head.type, "text/event-stream");
    EXPECT_EQ(head.header("X-Accel-Buffering"), "no");
    const auto first = c.event();
    ASSERT_TRUE(first);
    EXPECT_EQ(at(*first, "/method"), R"("notifications/progress")");
    EXPECT_EQ(at(*first, "/params/progressToken"), R"("p")");
    ASSERT_TRUE(h.entered.seen());
    h.open_gate();
    EXPECT_EQ(at(c.event().value_or(""), "/params/progress"), "2");
    EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("notifications/message")");
    EXPECT_EQ(at(c.event().value_or(""), "/params/progress"), "3");
    const std::string last = c.event().value_or("");
    EXPECT_EQ(at(last, "/id"), "5");
    EXPECT_EQ(at(last, "/result/content/0/text"), R"("top")");
    EXPECT_FALSE(c.event());
    EXPECT_TRUE(c.ended_well());
    EXPECT_EQ(c.ask(in_session(id, call("ping"))).code, 200); // the connection goes on
}

TEST(streamable_http_streams, a_call_that_says_nothing_gets_one_json_body) {
    test_server h;
    client c = h.connect();
    c.send(modern_tool("hold"));
    ASSERT_TRUE(h.entered.seen());
    h.open_gate();
    const answer a = c.whole();
    EXPECT_EQ(a.type, "application/json");
    EXPECT_EQ(a["/result/content/0/text"], R"("held")");
    EXPECT_EQ(h.ask(modern_tool("block")).type, "application/json"); // no token: no progress
}

/// A call that waits for the test, in each way to make one.
std::vector<request> silent_calls(test_server& h) {
    std::vector<request> all{modern_tool("hold")};
    for (const char* revision : {"2025-03-26", "2025-06-18", "2025-11-25"})
        all.push_back(legacy_tool(h.session(revision), "hold"));
    request batch = legacy_tool(h.session("2025-03-26"), "hold");
    batch.body = '[' + call("ping", "", "9") + ',' + batch.body + ']';
    all.push_back(batch);
    return all;
}

TEST(streamable_http_streams, a_silent_call_is_a_stream_before_its_handler_goes_on) {
    for (const unsigned log : {0u, 100u}) {
        test_server h({.replay_events = log, .stream_after = 1ms}, 1,
                      {.keep_alive_interval = 20ms});
        for (const request& q : silent_calls(h)) {
            SCOPED_TRACE(q.body);
            client c = h.connect();
            c.send(q);
            const answer head = c.head();
            EXPECT_EQ(head.code, 200);
            EXPECT_EQ(head.type, "text/event-stream");
            EXPECT_EQ(head.header("X-Accel-Buffering"), "no");
            EXPECT_TRUE(c.reads(":\n\n")) << "a keep-alive comment";
            h.open_gate();
            std::string last;
            while (auto event = c.event())
                last = *event;
            EXPECT_EQ(at(last, "/id"), "1");
            EXPECT_EQ(at(last, "/result/content/0/text"), R"("held")");
            EXPECT_TRUE(c.ended_well());
        }
    }
}

TEST(streamable_http_streams, an_answer_that_comes_soon_is_a_json_body) {
    for (const unsigned log : {0u, 100u}) {
        test_server h({.replay_events = log, .stream_after = 1h});
        int times = 0;
        for (const request& q : silent_calls(h)) {
            SCOPED_TRACE(q.body);
            client c = h.connect();
            c.send(q);
            ASSERT_TRUE(h.entered.seen(++times));
            h.open_gate();
            const answer a = c.whole();
            EXPECT_EQ(a.type, "application/json");
            EXPECT_EQ(at(a.messages().back(), "/result/content/0/text"), R"("held")");
        }
    }
}

TEST(streamable_http_streams, a_client_that_takes_json_only_gets_json) {
    for (const unsigned log : {0u, 100u}) {
        for (const bool always : {false, true}) {
            test_server h({.always_stream = always,
                           .replay_events = log,
                           .stream_after = 1ms,
                           .strict_accept = false});
            const std::string id = h.session();
            const std::string old = h.session("2025-03-26");
            const auto as_batch = [](request q) { return q.text('[' + q.body + ']'); };
            int times = 0;
            for (request q : {modern_tool("hold"), with_token("climb"), legacy_tool(id, "hold"),
                              legacy_tool(id, "climb", "{}", "1", with_progress),
                              as_batch(legacy_tool(old, "climb", "{}", "1", with_progress))}) {
                SCOPED_TRACE(q.body);
                q.set("Accept", "application/json");
                client c = h.connect();
                c.send(q);
                ASSERT_TRUE(h.entered.seen(++times));
                h.open_gate();
                const answer a = c.whole();
                EXPECT_EQ(a.code, 200);
                EXPECT_EQ(a.type, "application/json");
                ASSERT_EQ(a.messages().size(), 1u) << a.body;
                EXPECT_NE(at(a.messages()[0], "/result/content/0/text"), "") << a.body;
            }
            // What cannot be asked is not waited for.
            const answer asked = h.ask(legacy_tool(id, "ask").set("Accept", "application/json"));
            EXPECT_EQ(asked.type, "application/json");
            EXPECT_EQ(asked.error(), mcp::jsonrpc::errc::invalid_request) << asked.body;
            const answer round = h.ask(modern_tool("ask").set("Accept", "application/json"));
            EXPECT_EQ(round["/result/resultType"], R"("input_required")") << round.body;
            const answer listen = h.ask(modern("subscriptions/listen", R"("notifications":{})")
                                            .set("Accept", "application/json"));
            EXPECT_EQ(listen.code, 406) << listen.body;
        }
    }
}

TEST(streamable_http_streams, a_client_that_takes_events_only_gets_a_stream) {
    test_server h({.stream_after = 1h, .strict_accept = false});
    const std::string id = h.session();
    for (request q : {modern_tool("add", R"({"a":1,"b":2})"), modern_tool("block"),
                      legacy_tool(id, "add", R"({"a":1,"b":2})"), legacy_tool(id, "block")}) {
        SCOPED_TRACE(q.body);
        const answer a = h.ask(q.set("Accept", "text/event-stream"));
        EXPECT_EQ(a.type, "text/event-stream");
        ASSERT_FALSE(a.events().empty());
        EXPECT_EQ(at(a.events().back(), "/id"), "1");
    }
    const answer refused = h.ask(modern("no/method").set("Accept", "text/event-stream"));
    EXPECT_EQ(refused.type, "application/json");
}

TEST(streamable_http_streams, always_stream_starts_before_there_is_anything) {
    test_server h({.always_stream = true});
    client c = h.connect();
    c.send(modern_tool("hold"));
    EXPECT_EQ(c.head().type, "text/event-stream");
    ASSERT_TRUE(h.entered.seen());
    h.open_gate();
    EXPECT_EQ(at(c.event().value_or(""), "/result/content/0/text"), R"("held")");
    EXPECT_FALSE(c.event());
}

TEST(streamable_http_streams, messages_from_a_pool_thread) {
    test_server h;
    client c = h.connect();
    c.send(legacy_tool(h.session(), "block", "{}", "1", with_progress));
    EXPECT_EQ(c.head().type, "text/event-stream");
    EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("notifications/progress")");
    EXPECT_EQ(at(c.event().value_or(""), "/result/content/0/text"), R"("worked")");
}

TEST(streamable_http_streams, a_question_is_answered_on_another_connection) {
    test_server h({}, 4);
    const std::string id = h.session();
    for (int i = 0; i < 20; ++i) { // connections land on threads at random
        client c = h.connect();
        c.send(legacy_tool(id, "ask", "{}", std::to_string(100 + i)));
        EXPECT_EQ(c.head().type, "text/event-stream");
        const std::string question = c.event().value_or("");
        EXPECT_EQ(at(question, "/method"), R"("elicitation/create")");
        EXPECT_EQ(at(question, "/params/message"), R"("Who?")");
        const std::string number = at(question, "/id");
        const answer taken =
            h.ask(in_session(id, R"({"jsonrpc":"2.0","id":)" + number +
                                     R"(,"result":{"action":"accept","content":{"name":"Ada"}}})"));
        EXPECT_EQ(taken.code, 202);
        EXPECT_EQ(taken.body, "");
        EXPECT_EQ(at(c.event().value_or(""), "/result/content/0/text"), R"("Ada")");
        EXPECT_FALSE(c.event());
    }
}

TEST(streamable_http_streams, a_response_that_is_not_quite_right_ends_the_question) {
    test_server h;
    const std::string id = h.session();
    const struct {
        std::string members; ///< of the response, after its id
        int code;
        std::string answer; ///< of the tool, or a part of why it has none
    } table[] = {
        {R"(,"result":{"action":"decline","content":null},"error":null)", 202, "nobody"},
        {R"(,"result":null,"error":{"code":-1,"message":"not now"})", 202, "not now"},
        {R"(,"result":{},"error":{})", 400, "the response is malformed: a message must have"},
        {R"(,"error":"no")", 400, "the response is malformed: error must be an object"},
        {"", 400, "the response is malformed: a message must have"},
        {R"(,"result":{"a":1e400})", 400, "the response is malformed: Parse error"},
    };
    for (const auto& [members, code, answer] : table) {
        SCOPED_TRACE(members);
        client c = h.connect();
        c.send(legacy_tool(id, "ask"));
        c.head();
        const std::string number = at(c.event().value_or(""), "/id");
        EXPECT_EQ(h.ask(in_session(id, R"({"jsonrpc":"2.0","id":)" + number + members + '}')).code,
                  code);
        EXPECT_NE(c.event().value_or("").find(answer), std::string::npos);
    }
}

TEST(streamable_http_streams, a_stranger_cannot_answer) {
    test_server h;
    const std::string id = h.session();
    const std::string other = h.session();
    client c = h.connect();
    c.send(legacy_tool(id, "ask"));
    c.head();
    const std::string number = at(c.event().value_or(""), "/id");
    const std::string reply = R"({"jsonrpc":"2.0","id":)" + number;
    const std::string lie = R"(,"result":{"action":"accept","content":{"name":"Eve"}}})";
    EXPECT_EQ(h.ask(in_session(other, reply + lie)).code, 202); // goes nowhere
    EXPECT_EQ(h.ask(in_session(id, R"({"jsonrpc":"2.0","id":1)" + lie)).code, 202);
    EXPECT_EQ(h.ask(in_session(id, reply + R"(,"result":{"action":"decline"}})")).code, 202);
    EXPECT_EQ(at(c.event().value_or(""), "/result/content/0/text"), R"("nobody")");
}

// ---- cancellation

TEST(streamable_http_streams, legacy_cancellation_is_a_notification) {
    test_server h;
    const std::string id = h.session();
    client quiet = h.connect();
    quiet.send(legacy_tool(id, "hold", "{}", R"("a")"));
    client loud = h.connect();
    loud.send(legacy_tool(id, "climb", "{}", "7", with_progress));
    loud.head();
    loud.event();
    ASSERT_TRUE(h.entered.seen(2));

    EXPECT_EQ(h.ask(in_session(id, cancel(R"("7")"))).code, 202); // "7" is not 7
    EXPECT_EQ(h.ask(in_session(h.session(), cancel("7"))).code, 202);
    EXPECT_EQ(h.cancelled.count(), 0);

    EXPECT_EQ(h.ask(in_session(id, cancel(R"("a")"))).code, 202);
    ASSERT_TRUE(h.cancelled.seen(1));
    const answer none = quiet.whole();
    EXPECT_EQ(none.code, 202);
    EXPECT_EQ(none.body, "");
    EXPECT_EQ(none.type, "");

    EXPECT_EQ(h.ask(in_session(id, cancel("7"))).code, 202);
    ASSERT_TRUE(h.cancelled.seen(2));
    EXPECT_FALSE(loud.event()) << "a cancelled request gets no response";
    EXPECT_TRUE(loud.ended_well());
    EXPECT_EQ(h.ask(in_session(id, cancel("7"))).code, 202); // too late is no error
}

TEST(streamable_http_streams, a_session_has_so_many_calls_under_way) {
    test_server h({.calls = 2});
    const std::string id = h.session("2025-03-26");
    client one = h.connect();
    one.send(legacy_tool(id, "hold", "{}", "1"));
    client two = h.connect();
    two.send(legacy_tool(id, "hold", "{}", "2"));
    ASSERT_TRUE(h.entered.seen(2));

    const answer refused = h.ask(legacy_tool(id, "hold", "{}", "3"));
    EXPECT_EQ(refused.code, 429);
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_EQ(refused.error(), -31429);
    EXPECT_EQ(refused["/error/data/retryAfter"], "1");
    EXPECT_EQ(refused["/id"], "3");
    const answer member =
        h.ask(in_session(id, "[" + call("tools/call", R"("name":"hold")", "4") + "]"));
    EXPECT_EQ(member["/0/error/code"], "-31429");
    EXPECT_EQ(h.ask(legacy_tool(id, "add", R"({"a":1,"b":2})", "5")).code, 200)
        << "what is answered at once does not wait";

    h.open_gate();
    h.open_gate();
    EXPECT_EQ(one.whole()["/result/content/0/text"], R"("held")");
    EXPECT_EQ(two.whole()["/result/content/0/text"], R"("held")");
    h.open_gate();
    EXPECT_EQ(h.ask(legacy_tool(id, "hold", "{}", "3")).code, 200);
}

TEST(streamable_http_streams, an_id_that_is_under_way_is_not_taken_again) {
    test_server h({.calls = 3});
    const std::string id = h.session("2025-03-26");
    client one = h.connect();
    one.send(legacy_tool(id, "hold", "{}", "1"));
    ASSERT_TRUE(h.entered.seen(1));

    const answer refused = h.ask(legacy_tool(id, "hold", "{}", "1"));
    EXPECT_EQ(refused.code, 400);
    EXPECT_EQ(refused.error(), -32600);
    EXPECT_EQ(refused["/id"], "1");
    const std::string hold = call("tools/call", R"("name":"hold")", "1");
    EXPECT_EQ(h.ask(in_session(id, "[" + hold + "," + hold + "]"))["/1/error/code"], "-32600");
    const std::string other = call("tools/call", R"("name":"hold")", "\"1\"");
    client two = h.connect();
    two.send(in_session(id, "[" + other + "," + other + "]"));
    ASSERT_TRUE(h.entered.seen(2)) << "a text is another id than a number";
    h.open_gate();
    h.open_gate();
    EXPECT_EQ(one.whole()["/result/content/0/text"], R"("held")");
    EXPECT_EQ(h.entered.count(), 2) << "the second of the batch was refused";
}

TEST(streamable_http_streams, a_legacy_client_that_goes_does_not_cancel) {
    test_server h({.replay_events = 0});
    const std::string id = h.session();
    {
        client stream = h.connect();
        stream.send(legacy_tool(id, "climb", "{}", "7", with_progress));
        stream.head();
        stream.event();
        client waiting = h.connect();
        waiting.send(legacy_tool(id, "hold", "{}", "8"));
        ASSERT_TRUE(h.entered.seen(2));
    }
    ASSERT_TRUE(h.left(0));
    client probe = h.connect();
    EXPECT_EQ(h.cancelled.count(), 0);
    h.open_gate();
    h.open_gate();
    EXPECT_EQ(probe.ask(in_session(id, cancel("7"))).code, 202);
    EXPECT_EQ(probe.ask(in_session(id, call("ping"))).code, 200);
}

TEST(streamable_http_streams, a_modern_client_cancels_by_closing_the_stream) {
    test_server h;
    client d = h.connect();
    d.send(with_token("climb"));
    EXPECT_EQ(d.head().type, "text/event-stream");
    EXPECT_TRUE(d.event());
    ASSERT_TRUE(h.entered.seen());
    d.close();
    EXPECT_TRUE(h.cancelled.seen());
}

TEST(streamable_http_streams, a_modern_client_cancels_by_closing_the_connection) {
    test_server h;
    client c = h.connect();
    c.send(modern_tool("hold")); // no stream yet
    ASSERT_TRUE(h.entered.seen());
    c.close();
    EXPECT_TRUE(h.cancelled.seen());
}

TEST(streamable_http_streams, the_notification_does_not_cancel_a_modern_call) {
    test_server h;
    client c = h.connect();
    c.send(modern_tool("hold"));
    ASSERT_TRUE(h.entered.seen());
    request q = modern("notifications/cancelled");
    q.body = call("notifications/cancelled", R"("requestId":1,)" + std::string(modern_meta), "");
    EXPECT_EQ(h.ask(q).code, 202);
    h.open_gate();
    EXPECT_EQ(c.whole()["/result/content/0/text"], R"("held")");
    EXPECT_EQ(h.cancelled.count(), 0);
}

// ---- the GET stream

TEST(streamable_http_streams, a_new_get_takes_over) {
    test_server h({}, 4);
    const std::string id = h.session();
    client first = h.connect();
    first.send(wire::get(id));
    const answer head = first.head();
    EXPECT_EQ(head.code, 200);
    EXPECT_EQ(head.type, "text/event-stream");
    client second = h.connect();
    second.send(wire::get(id));
    EXPECT_EQ(second.head().code, 200);
    EXPECT_FALSE(first.event());
    EXPECT_TRUE(first.ended_well());
    EXPECT_EQ(first.ask(in_session(id, call("ping"))).code, 200);
    EXPECT_TRUE(h.notify(id, R"({"jsonrpc":"2.0","method":"x"})"));
    EXPECT_EQ(at(second.event().value_or(""), "/method"), R"("x")");
}

TEST(streamable_http_streams, what_happens_reaches_each_session_once) {
    test_server h({}, 4);
    const std::string a = h.session();
    const std::string b = h.session();
    client at_a = h.connect();
    at_a.send(wire::get(a));
    at_a.head();
    client at_b = h.connect();
    at_b.send(wire::get(b));
    at_b.head();
    client call_of_a = h.connect(); // a second stream of the session gets none of it
    call_of_a.send(legacy_tool(a, "climb", "{}", "1", with_progress));
    call_of_a.head();
    call_of_a.event();
    // Another spelling is the same resource.
    EXPECT_EQ(h.ask(in_session(a, call("resources/subscribe", R"("uri":"Note://%31")"))).code, 200);

    h.server.tool<"new">("New", [] { return 1; });
    h.server.notify_resource_updated("note://1");
    h.server.notify_resource_updated("note://2");
    EXPECT_TRUE(h.notify(b, R"({"jsonrpc":"2.0","method":"to/b"})"));
    EXPECT_TRUE(h.notify(a, R"({"jsonrpc":"2.0","method":"to/a"})"));
    EXPECT_FALSE(h.notify("nobody", "{}"));

    EXPECT_EQ(at(at_a.event().value_or(""), "/method"), R"("notifications/tools/list_changed")");
    const std::string updated = at_a.event().value_or("");
    EXPECT_EQ(at(updated, "/method"), R"("notifications/resources/updated")");
    EXPECT_EQ(at(updated, "/params/uri"), R"("note://1")");
    EXPECT_EQ(at(at_a.event().value_or(""), "/method"), R"("to/a")");
    EXPECT_EQ(at(at_b.event().value_or(""), "/method"), R"("notifications/tools/list_changed")");
    EXPECT_EQ(at(at_b.event().value_or(""), "/method"), R"("to/b")");
    h.open_gate();
    EXPECT_EQ(at(call_of_a.event().value_or(""), "/method"), R"("notifications/progress")");

    EXPECT_EQ(h.ask(in_session(a, call("resources/unsubscribe", R"("uri":"NOTE://1")"))).code, 200);
    h.server.notify_resource_updated("note://1");
}

TEST(streamable_http_streams, nobody_listens_is_not_taken) {
    test_server h;
    const std::string id = h.session();
    EXPECT_FALSE(h.notify(id, "{}"));
    {
        client c = h.connect();
        c.send(wire::get(id));
        c.head();
        EXPECT_TRUE(h.notify(id, R"({"jsonrpc":"2.0","method":"x"})"));
        c.event();
    }
    ASSERT_TRUE(h.left(0));
    EXPECT_FALSE(h.notify(id, "{}"));
}

TEST(streamable_http_streams, keep_alive_comments) {
    mcp::http::limits limits;
    EXPECT_LT(limits.keep_alive_interval, 30s) << "less than proxies wait by default";
    limits.keep_alive_interval = 1h;
    test_server h({.stream_after = 1ms}, 1, limits);
    client c = h.connect();
    c.send(wire::get(h.session()));
    c.head();
    client calling = h.connect();
    calling.send(modern_tool("hold"));
    calling.head();
    client listening = h.connect();
    listening.send(modern("subscriptions/listen", R"("notifications":{})"));
    listening.head();
    listening.event();
    h.http->advance_clock(2h);
    EXPECT_TRUE(c.reads(":\n\n"));
    EXPECT_TRUE(listening.reads(":\n\n"));
    EXPECT_TRUE(calling.reads(":\n\n"));
}

TEST(streamable_http_streams, delete_ends_everything) {
    test_server h({}, 4);
    const std::string id = h.session();
    const std::string other = h.session();
    client events = h.connect();
    events.send(wire::get(id));
    events.head();
    client running = h.connect();
    running.send(legacy_tool(id, "climb", "{}", "1", with_progress));
    running.head();
    running.event();
    client asking = h.connect();
    asking.send(legacy_tool(id, "ask", "{}", "2"));
    asking.head();
    asking.event();
    client others = h.connect();
    others.send(legacy_tool(other, "hold", "{}", "1"));
    ASSERT_TRUE(h.entered.seen(2));

    EXPECT_EQ(h.ask(wire::erase(id)).code, 200);
    EXPECT_FALSE(events.event());
    EXPECT_FALSE(running.event());
    EXPECT_FALSE(asking.event());
    EXPECT_TRUE(h.cancelled.seen(1));
    EXPECT_EQ(h.ask(in_session(id, call("ping"))).code, 404);
    EXPECT_FALSE(h.notify(id, "{}"));
    h.open_gate();
    EXPECT_EQ(others.whole()["/result/content/0/text"], R"("held")");
}

TEST(streamable_http_streams, an_open_stream_keeps_its_session_until_it_is_too_old) {
    auto now = std::make_shared<std::atomic<std::int64_t>>(1'000'000);
    wire::endpoint_options options;
    options.sessions.now = [now] {
        return std::chrono::steady_clock::time_point(std::chrono::seconds(now->load()));
    };
    mcp::http::limits limits;
    limits.keep_alive_interval = 1h;
    test_server h(options, 1, limits);
    const std::string id = h.session();
    client events = h.connect();
    events.send(wire::get(id));
    events.head();
    *now += 3000; // of 3600 s that a session may be idle
    h.http->advance_clock(2h);
    EXPECT_TRUE(events.reads(":\n\n"));
    *now += 3000;
    EXPECT_EQ(h.ask(in_session(id, call("ping"))).code, 200);
    *now += 8 * 24 * 3600; // a session may be 7 days old
    h.http->advance_clock(2h);
    EXPECT_FALSE(events.event());
    EXPECT_EQ(h.ask(in_session(id, call("ping"))).code, 404);
}

// ---- resumption

TEST(streamable_http_streams, priming_is_for_those_who_know_it) {
    test_server h({.replay_events = 100, .retry = 1234ms});
    for (const char* revision : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
        SCOPED_TRACE(revision);
        const bool primed = std::string_view(revision) == "2025-11-25";
        const std::string id = h.session(revision);
        client c = h.connect();
        c.send(legacy_tool(id, "climb", "{}", "1", with_progress));
        c.head();
        if (primed) {
            EXPECT_EQ(c.event(), "");
            EXPECT_EQ(c.retry(), 1234ms);
            EXPECT_NE(c.text().find("id: "), std::string::npos);
        }
        EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("notifications/progress")");
        EXPECT_EQ(c.retry().has_value(), primed);
        EXPECT_FALSE(c.last_event_id().empty());
        h.open_gate();
    }
    client c = h.connect(); // the modern wire knows neither ids nor coming back
    c.send(with_token("climb"));
    c.head();
    EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("notifications/progress")");
    EXPECT_EQ(c.text().find("id: "), std::string::npos);
    h.open_gate();
}

TEST(streamable_http_streams, a_closed_stream_is_resumed) {
    test_server h({.replay_events = 100, .retry = 1ms}, 4);
    const std::string id = h.session();
    client c = h.connect();
    c.send(legacy_tool(id, "leave", "{}", "9", with_progress));
    EXPECT_EQ(c.head().type, "text/event-stream");
    while (c.event()) {
    }
    EXPECT_TRUE(c.ended_well());
    ASSERT_FALSE(c.last_event_id().empty());
    ASSERT_TRUE(h.entered.seen());

    client back = h.connect();
    back.send(wire::get(id).add("Last-Event-ID", c.last_event_id()));
    EXPECT_EQ(back.head().code, 200);
    h.open_gate();
    std::vector<std::string> rest;
    while (auto event = back.event())
        if (!event->empty())
            rest.push_back(*event);
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(at(rest[0], "/method"), R"("notifications/progress")");
    EXPECT_EQ(at(rest[1], "/id"), "9");
    EXPECT_EQ(at(rest[1], "/result/content/0/text"), R"("back")");

    // Again, from the start: the same, from the log, though the call has ended.
    client again = h.connect();
    again.send(wire::get(id).add("Last-Event-ID", c.last_event_id()));
    again.head();
    std::size_t messages = 0;
    while (auto event = again.event())
        messages += !event->empty();
    EXPECT_EQ(messages, 2u);
}

TEST(streamable_http_streams, without_a_log_a_stream_is_not_closed_early) {
    test_server h;
    client c = h.connect();
    c.send(legacy_tool(h.session(), "leave"));
    ASSERT_TRUE(h.entered.seen());
    h.open_gate();
    EXPECT_EQ(c.whole()["/result/content/0/text"], R"("back")");
}

TEST(streamable_http_streams, who_knows_no_priming_is_not_cut_off) {
    test_server h({.replay_events = 100});
    client c = h.connect();
    c.send(legacy_tool(h.session("2025-06-18"), "leave"));
    c.head();
    ASSERT_TRUE(h.entered.seen());
    h.open_gate();
    EXPECT_EQ(at(c.event().value_or(""), "/result/content/0/text"), R"("back")");
}

TEST(streamable_http_streams, its_last_line_says_when_to_reconnect) {
    for (const char* revision : {"2025-03-26", "2025-11-25"}) {
        test_server h;
        const std::string id = h.session(revision);
        client c = h.connect();
        c.send(wire::get(id));
        c.head();
        h.http->stop();
        EXPECT_TRUE(c.reads("retry: 1000\n\n")) << c.text();
        EXPECT_FALSE(c.event());
        EXPECT_TRUE(c.ended_well());
    }
}

TEST(streamable_http_streams, what_the_get_stream_missed) {
    test_server h({.replay_events = 3});
    const std::string id = h.session();
    const auto publish = [&](int n) {
        return h.notify(id, R"({"jsonrpc":"2.0","method":"n)" + std::to_string(n) + "\"}");
    };
    client c = h.connect();
    c.send(wire::get(id));
    c.head();
    EXPECT_EQ(c.event(), "");
    publish(1);
    EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("n1")");
    const std::string last = c.last_event_id();
    c.close();
    publish(2);
    publish(3);

    client back = h.connect();
    back.send(wire::get(id).add("Last-Event-ID", last));
    back.head();
    EXPECT_EQ(back.event(), ""); // primed with where it is
    EXPECT_EQ(at(back.event().value_or(""), "/method"), R"("n2")");
    EXPECT_EQ(at(back.event().value_or(""), "/method"), R"("n3")");
    publish(4);
    EXPECT_EQ(at(back.event().value_or(""), "/method"), R"("n4")");
    EXPECT_EQ(back.text().find("lost"), std::string::npos);
    publish(5);
    publish(6);

    client late = h.connect();
    late.send(wire::get(id).add("Last-Event-ID", last));
    late.head();
    EXPECT_EQ(late.event(), "");
    const std::string told = late.event().value_or("");
    EXPECT_EQ(at(told, "/method"), R"("notifications/message")") << "a gap is told";
    EXPECT_EQ(at(told, "/params/data/lostEvents"), "2");
    EXPECT_EQ(at(late.event().value_or(""), "/method"), R"("n4")");
}

TEST(streamable_http_streams, event_ids_that_are_none) {
    test_server h({.replay_events = 10});
    const std::string id = h.session();
    const std::string other = h.session();
    for (const char* bad : {"", "x", "0", "0-", "-0", "0-0-0", "7-0", "0-99999999999999999999",
                            "+0-0", "99999999999999999999-0"}) {
        SCOPED_TRACE(bad);
        const answer a = h.ask(wire::get(id).add("Last-Event-ID", bad));
        EXPECT_EQ(a.code, 400) << a.body;
    }
}

TEST(streamable_http_streams, that_the_log_was_emptied_is_told) {
    test_server h({.replay_events = 10});
    const std::string id = h.session();
    for (const char* last : {"0-1", "0-6"}) { // of a process that is no more
        SCOPED_TRACE(last);
        client c = h.connect();
        c.send(wire::get(id).add("Last-Event-ID", last));
        EXPECT_EQ(c.head().code, 200);
        EXPECT_EQ(c.event(), "");
        EXPECT_EQ(at(c.event().value_or(""), "/params/data/lostEvents"), "null");
        h.notify(id, R"({"jsonrpc":"2.0","method":"n1"})");
        EXPECT_EQ(at(c.event().value_or(""), "/method"), R"("n1")");
        EXPECT_TRUE(h.server.environment().replay->forget(id).ready());
    }
}

TEST(streamable_http_streams, more_is_replayed_than_a_reader_may_queue) {
    test_server h({.replay_events = 5000});
    const std::string id = h.session();
    for (int i = 0; i < 4000; ++i)
        EXPECT_FALSE(h.notify(id, std::to_string(i))); // recorded; nobody took it
    client c = h.connect();
    c.send(wire::get(id).add("Last-Event-ID", "0-0"));
    c.head();
    EXPECT_EQ(c.event(), "");
    for (int i = 0; i < 4000; ++i)
        ASSERT_EQ(c.event(), std::to_string(i));
}

// ---- listen

request listen(std::string filter, std::string_view id = "1") {
    return modern("subscriptions/listen", R"("notifications":)" + filter, "", id);
}

constexpr std::string_view subscription = "/params/_meta/io.modelcontextprotocol~1subscriptionId";

TEST(streamable_http_streams, listen_acknowledges_and_then_sends_what_was_asked) {
    test_server h;
    client tools = h.connect();
    tools.send(listen(R"({"toolsListChanged":true,"taskIds":["t"]})", R"("7")"));
    const answer head = tools.head();
    EXPECT_EQ(head.type, "text/event-stream");
    EXPECT_EQ(head.header("X-Accel-Buffering"), "no");
    EXPECT_EQ(head.header("Mcp-Session-Id"), "");
    client note = h.connect();
    note.send(listen(R"({"resourceSubscriptions":["note://1","note://1"],)"
                     R"("promptsListChanged":false})",
                     "7"));
    note.head();

    std::string ack = tools.event().value_or("");
    EXPECT_EQ(at(ack, "/method"), R"("notifications/subscriptions/acknowledged")");
    EXPECT_EQ(at(ack, subscription), R"("7")");
    EXPECT_EQ(at(ack, "/params/notifications"), R"({"toolsListChanged":true})");
    ack = note.event().value_or("");
    EXPECT_EQ(at(ack, subscription), "7");
    EXPECT_EQ(at(ack, "/params/notifications/resourceSubscriptions/0"), R"("note://1")");

    h.server.prompt<"p">("P", [] { return std::string("p"); });
    h.server.resource<"a://b">("R", [] { return std::string("r"); });
    h.server.notify_resource_updated("note://2");
    h.server.notify_resource_updated("note://1");
    h.server.tool<"new">("New", [] { return 1; });

    const std::string changed = tools.event().value_or("");
    EXPECT_EQ(at(changed, "/method"), R"("notifications/tools/list_changed")");
    EXPECT_EQ(at(changed, subscription), R"("7")");
    const std::string updated = note.event().value_or("");
    EXPECT_EQ(at(updated, "/method"), R"("notifications/resources/updated")");
    EXPECT_EQ(at(updated, "/params/uri"), R"("note://1")");
    EXPECT_EQ(at(updated, subscription), "7");

    h.http->stop();
    const std::string bye = tools.event().value_or("");
    EXPECT_EQ(at(bye, "/id"), R"("7")");
    EXPECT_EQ(at(bye, "/result/resultType"), R"("complete")");
    EXPECT_FALSE(tools.event());
    EXPECT_TRUE(tools.ended_well());
    EXPECT_EQ(at(note.event().value_or(""), "/id"), "7");
    EXPECT_FALSE(note.event());
}

TEST(streamable_http_streams, many_listen_at_once) {
    test_server h({}, 4);
    constexpr int n = 200;
    std::list<client> all;
    for (int i = 0; i < n; ++i) {
        all.emplace_back(h.http->port());
        all.back().send(listen(R"({"toolsListChanged":true})", std::to_string(i)));
    }
    for (client& each : all) {
        each.head();
        EXPECT_TRUE(each.event());
    }
    h.server.notify_list_changed(mcp::list_kind::tools);
    int number = 0;
    for (client& each : all)
        EXPECT_EQ(at(each.event().value_or(""), subscription), std::to_string(number++));
    all.erase(std::next(all.begin()), all.end());
    ASSERT_TRUE(h.left(1));
    h.server.notify_list_changed(mcp::list_kind::tools);
    EXPECT_TRUE(all.front().event());
}

// ---- clients that misbehave

TEST(streamable_http_streams, a_slow_consumer_is_cut) {
    mcp::http::limits limits;
    limits.write_timeout = 1h;
    test_server h({}, 1, limits);
    const std::string id = h.session();
    client slow = h.connect();
    slow.send(wire::get(id)); // and reads nothing
    std::size_t taken = 0;
    const std::string large = R"({"jsonrpc":"2.0","method":")" + std::string(100'000, 'x') + "\"}";
    client probe = h.connect();
    while (probe.ask(in_session(id, call("ping"))).code == 200 && !h.notify(id, large)) {
    }
    while (h.notify(id, large))
        ASSERT_LT(++taken, 1000u) << "a queue has an end";
    EXPECT_EQ(probe.ask(in_session(id, call("ping"))).code, 200);
    client again = h.connect(); // the client may come back
    again.send(wire::get(id));
    again.head();
    EXPECT_TRUE(h.notify(id, R"({"jsonrpc":"2.0","method":"x"})"));
    EXPECT_EQ(at(again.event().value_or(""), "/method"), R"("x")");
}

TEST(streamable_http_streams, clients_that_go_in_the_middle) {
    test_server h({}, 4);
    const std::string id = h.session();
    for (int i = 0; i < 100; ++i) {
        client c = h.connect();
        switch (i % 4) {
        case 0:
            c.send(legacy_tool(id, "flood", R"({"n":50})", std::to_string(i)));
            break;
        case 1:
            c.send(modern_tool("hold"));
            break;
        case 2:
            c.send(listen(R"({"toolsListChanged":true})"));
            break;
        default:
            c.send(wire::get(id));
        }
        if (i % 8 < 4)
            c.close();
    }
    client probe = h.connect();
    do {
        h.open_gate();
        ASSERT_EQ(probe.ask(modern_tool("add", R"({"a":1,"b":2})")).code, 200);
    } while (h.http->connections() > 1);
    EXPECT_EQ(h.failures.count(), 0);
}

TEST(streamable_http_streams, ten_thousand_pipelined_calls_are_answered_in_order) {
    test_server h;
    constexpr int n = 10'000;
    const std::string id = h.session();
    for (const bool legacy : {false, true}) {
        SCOPED_TRACE(legacy);
        client c = h.connect();
        std::thread sender([&] {
            std::string bytes;
            for (int i = 0; i < n; ++i) {
                const std::string arguments = R"({"a":)" + std::to_string(i) + R"(,"b":1})";
                const std::string number = std::to_string(i);
                bytes += (legacy ? legacy_tool(id, "add", arguments, number)
                                 : modern_tool("add", arguments, number))
                             .bytes();
                if (bytes.size() > 1'000'000) {
                    c.send(bytes);
                    bytes.clear();
                }
            }
            c.send(bytes);
        });
        int right = 0;
        for (int i = 0; i < n; ++i) {
            const answer a = c.whole();
            right += a.code == 200 &&
                     a.body.find("\"id\":" + std::to_string(i) + ",") != std::string::npos &&
                     a.body.find("\"text\":\"" + std::to_string(i + 1) + "\"") != std::string::npos;
        }
        sender.join();
        EXPECT_EQ(right, n);
    }
}

// ---- a process with several

TEST(streamable_http_streams, several_servers_and_an_application_in_one_process) {
    mcp::server one{"one", "1"};
    one.tool<"who">("Who", [](mcp::context& ctx) {
        return ctx.path_param<std::string>("tenant").value_or("?") + "/" +
               std::to_string(ctx.path_param<int>("room").value_or(-1));
    });
    one.tool<"slow_who">("Who", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        asio::steady_timer soon(co_await asio::this_coro::executor, 1ms);
        co_await soon.async_wait(asio::use_awaitable);
        co_return ctx.path_param("tenant").value_or("?");
    });
    mcp::server two{"two", "2"};
    two.tool<"two">("Two", [] { return 2; });
    mcp::http::router app;
    app.mount("/one/{tenant}/{room:int}", mcp::streamable_http{one});
    app.mount("/two", mcp::streamable_http{two});
    app.fallback([](mcp::http::request& q, mcp::http::response& r) -> asio::awaitable<void> {
        r.content_type = "text/plain";
        r.body = "app " + std::string(q.path);
        co_return;
    });
    mcp::http::server http(app, {.port = 0});
    http.start();
    client c(http.port());
    const auto at_path = [](request q, std::string path) {
        q.path = std::move(path);
        return q;
    };
    EXPECT_EQ(c.ask(at_path(modern_tool("who"), "/one/caf%C3%A9/7"))["/result/content/0/text"],
              "\"café/7\"");
    EXPECT_EQ(c.ask(at_path(modern_tool("slow_who"), "/one/a%20b/7"))["/result/content/0/text"],
              R"("a b")");
    EXPECT_EQ(c.ask(at_path(modern_tool("two"), "/two"))["/result/content/0/text"], R"("2")");
    EXPECT_EQ(c.ask(at_path(modern_tool("two"), "/two/"))["/result/content/0/text"], R"("2")");
    EXPECT_EQ(c.ask(at_path(modern_tool("two"), "/one/a/7")).error(), -32602);
    EXPECT_EQ(c.ask(at_path(modern_tool("two"), "/two/deeper")).code, 404);
    EXPECT_EQ(c.ask(at_path(modern_tool("two"), "/twofold")).body, "app /twofold");
    EXPECT_EQ(c.ask(at_path(wire::get("x"), "/")).body, "app /");
    const std::string id = c.ask(at_path(initialize(), "/two")).header("Mcp-Session-Id");
    EXPECT_EQ(c.ask(at_path(in_session(id, call("ping")), "/two")).code, 200);
    EXPECT_EQ(c.ask(at_path(in_session(id, call("ping")), "/one/a/1")).code, 404);
    http.stop();
    http.join();
}

// ---- everything at once

TEST(streamable_http_streams, stress) {
    test_server h({.replay_events = 50}, 4);
    constexpr int workers = 6;
    const auto until = std::chrono::steady_clock::now() + 2s;
    std::atomic<int> wrong{0};
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int w = 0; w < workers; ++w) {
        threads.emplace_back([&, w] {
            while (std::chrono::steady_clock::now() < until) {
                const std::string id = h.session();
                client events = h.connect();
                events.send(wire::get(id));
                events.head();
                client c = h.connect();
                c.send(legacy_tool(id, "ask", "{}", "1"));
                c.head();
                std::string question = c.event().value_or("");
                while (question.empty())
                    question = c.event().value_or("gone");
                h.ask(in_session(id, R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
                                         R"(,"result":{"action":"accept",)"
                                         R"("content":{"name":"Ada"}}})"));
                wrong += at(c.event().value_or(""), "/result/content/0/text") != R"("Ada")";
                client running = h.connect();
                running.send(legacy_tool(id, "hold", "{}", "2"));
                running.head();
                if (w % 2)
                    running.close();
                else
                    h.ask(in_session(id, cancel("2")));
                client modern_one = h.connect();
                modern_one.send(modern_tool("hold"));
                if (w == 0)
                    h.server.notify_list_changed(mcp::list_kind::prompts);
                wrong += h.ask(modern_tool("add", R"({"a":1,"b":2})")).code != 200;
                h.notify(id, R"({"jsonrpc":"2.0","method":"x"})");
                wrong += h.ask(wire::erase(id)).code != 200;
                while (events.event()) {
                }
                ++done;
            }
        });
    }
    for (std::thread& each : threads)
        each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(done, 0);
}

} // namespace streamable_http_streams_test
