#include <mcp/async/mailbox.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/transport/memory.hpp>
#include <mcp/transport/stdio.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <redis/redis_server.hpp>
#include <string>
#include <string_view>
#include <support/leaks.hpp>
#include <support/mcp_http.hpp>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

// The server is stopped in every state that a client can bring it into, in each way that it can be
// stopped. What is wrong then the sanitizers tell: uses of what is gone, leaks, races.

namespace stops_test {

using namespace std::chrono_literals;
using wire::call;
using wire::client;
using wire::in_session;
using wire::legacy_tool;
using wire::modern;
using wire::modern_meta;
using wire::modern_tool;

struct person {
    std::string name;
};

/// What blocking handlers wait for.
class gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

/// Tools that do not end by themselves.
struct tools {
    wire::happening entered;
    gate blocked;

    void add_to(mcp::server<>& server) {
        server.tool<"hold">("Waits", [this](mcp::context&) -> asio::awaitable<void> {
            const auto never = std::make_shared<mcp::mailbox>();
            entered.happen();
            co_await never->wait();
        });
        server.tool<"climb">("Sends progress, and waits",
                             [this](mcp::context& ctx) -> asio::awaitable<void> {
                                 asio::steady_timer never(co_await asio::this_coro::executor, 24h);
                                 ctx.progress(1);
                                 entered.happen();
                                 co_await never.async_wait(asio::use_awaitable);
                             });
        server.tool<"deaf">("Takes no notice of being cancelled",
                            [this](mcp::context& ctx) -> asio::awaitable<void> {
                                co_await asio::this_coro::reset_cancellation_state(
                                    asio::disable_cancellation());
                                asio::steady_timer never(co_await asio::this_coro::executor, 24h);
                                ctx.progress(1);
                                entered.happen();
                                co_await never.async_wait(asio::use_awaitable);
                            });
        server.tool<"leave">("Closes its stream, and waits",
                             [this](mcp::context& ctx) -> asio::awaitable<void> {
                                 asio::steady_timer never(co_await asio::this_coro::executor, 24h);
                                 ctx.progress(1);
                                 ctx.close_stream();
                                 entered.happen();
                                 co_await never.async_wait(asio::use_awaitable);
                             });
        server.tool<"ask">("Asks", [this](mcp::context& ctx) -> asio::awaitable<void> {
            entered.happen();
            co_await ctx.elicit<person>("Who?");
        });
        server.tool<"block">("Blocks", mcp::blocking([this](mcp::context& ctx) {
                                 ctx.progress(1);
                                 entered.happen();
                                 blocked.pass();
                                 ctx.progress(2);
                                 return std::string("worked");
                             }));
    }
};

// ---- HTTP

constexpr std::string_view with_progress = R"(,"_meta":{"progressToken":"p"})";

std::string legacy_call(std::string_view tool, std::string_view id = "1") {
    return call(
        "tools/call",
        R"("name":")" + std::string(tool) + R"(","arguments":{})" + std::string(with_progress), id);
}
std::string with_token(std::string_view tool) {
    return call("tools/call", R"("name":")" + std::string(tool) +
                                  R"(","arguments":{},"_meta":{"progressToken":1,)" +
                                  std::string(modern_meta.substr(9)));
}

/// A server in the middle of things.
class scene {
public:
    enum class kept { nothing, events, all_in_redis };

    scene(kept what, const test::redis_server* redis) {
        offered.add_to(server);
        auto settings = wire::furnish(server, {.replay_events = what == kept::events ? 1000u : 0u});
        if (what == kept::all_in_redis) {
            const mcp::redis::connection to(redis->settings());
            auto& shared = server.environment();
            const mcp::detail::pool_source pool = shared.collaborators();
            shared.sessions =
                mcp::detail::any_session_store(std::make_shared<mcp::redis_sessions>(to), pool);
            shared.topics = mcp::detail::any_broker(std::make_shared<mcp::redis_broker>(to), pool,
                                                    shared.broker_queue());
            shared.replay.emplace(std::make_shared<mcp::redis_replay>(to), pool);
        }
        endpoint.emplace(server, std::move(settings));
        mcp::http::router app;
        app.mount("/mcp", *endpoint);
        mcp::http::limits limits;
        limits.shutdown_timeout = 30ms;
        http.emplace(app, mcp::http::server_options{
                              .port = 0, .threads = 2, .limits = limits, .clock_interval = 10ms});
        http->start();
    }

    client& connect() { return clients.emplace_back(http->port()); }
    std::string session(std::string_view revision = "2025-11-25") {
        return connect().ask(wire::initialize(revision)).header("Mcp-Session-Id");
    }

    tools offered;
    mcp::server<> server{"scene", "1.0"};
    std::optional<mcp::streamable_http> endpoint;
    std::optional<mcp::http::server> http;
    std::list<client> clients;
    bool blocks = false;
};

/// Calls a tool that reports progress, and waits until its stream has begun.
client& streaming(scene& s, const std::string& session, std::string_view tool) {
    client& c = s.connect();
    c.send(legacy_tool(session, tool, "{}", "1", with_progress));
    c.head();
    EXPECT_TRUE(c.reads("progress"));
    return c;
}

struct http_state {
    const char* name;
    void (*enter)(scene&);
};

const http_state http_states[] = {
    {"nobody has come", [](scene&) {}},
    {"a connection without a request", [](scene& s) { s.connect(); }},
    {"half a head", [](scene& s) { s.connect().send("POST /mcp HTTP/1.1\r\nHost: lo"); }},
    {"half a body",
     [](scene& s) {
         const std::string whole = wire::initialize().bytes();
         s.connect().send(std::string_view(whole).substr(0, whole.size() - 10));
     }},
    {"a session", [](scene& s) { s.session(); }},
    {"a legacy call",
     [](scene& s) {
         const std::string id = s.session();
         s.connect().send(legacy_tool(id, "hold"));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"a legacy call with a stream", [](scene& s) { streaming(s, s.session(), "climb"); }},
    {"a legacy call whose client has gone",
     [](scene& s) { streaming(s, s.session(), "climb").close(); }},
    {"a legacy call that cannot be cancelled", [](scene& s) { streaming(s, s.session(), "deaf"); }},
    {"a legacy call that has closed its stream",
     [](scene& s) {
         const std::string id = s.session();
         s.connect().send(legacy_tool(id, "leave", "{}", "1", with_progress));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"a stream that is resumed",
     [](scene& s) {
         const std::string id = s.session();
         client& c = streaming(s, id, "climb");
         const std::string last = c.last_event_id();
         c.close();
         client& again = s.connect();
         again.send(wire::get(id).add("Last-Event-ID", last));
         again.head();
     }},
    {"a question",
     [](scene& s) {
         const std::string id = s.session();
         client& c = s.connect();
         c.send(legacy_tool(id, "ask"));
         c.head();
         EXPECT_TRUE(c.reads("Who?"));
     }},
    {"a question whose client has gone",
     [](scene& s) {
         const std::string id = s.session();
         client& c = s.connect();
         c.send(legacy_tool(id, "ask"));
         c.head();
         EXPECT_TRUE(c.reads("Who?"));
         c.close();
     }},
    {"a stream of a session",
     [](scene& s) {
         const std::string id = s.session();
         client& c = s.connect();
         c.send(wire::get(id));
         EXPECT_EQ(c.head().code, 200);
     }},
    {"a stream that has taken the place of another",
     [](scene& s) {
         const std::string id = s.session();
         for (int i = 0; i < 2; ++i) {
             client& c = s.connect();
             c.send(wire::get(id));
             EXPECT_EQ(c.head().code, 200);
         }
     }},
    {"a batch",
     [](scene& s) {
         const std::string id = s.session("2025-03-26");
         client& c = s.connect();
         c.send(in_session(id, '[' + legacy_call("hold", "1") + ',' + call("ping", "", "2") + ',' +
                                   legacy_call("climb", "3") + ']'));
         c.head();
         EXPECT_TRUE(c.reads("progress"));
     }},
    {"a session that has been deleted",
     [](scene& s) {
         const std::string id = s.session();
         client& c = s.connect();
         c.send(legacy_tool(id, "ask"));
         c.head();
         EXPECT_TRUE(c.reads("Who?"));
         EXPECT_EQ(s.connect().ask(wire::erase(id)).code, 200);
     }},
    {"a modern call",
     [](scene& s) {
         s.connect().send(modern_tool("hold"));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"a modern call with a stream",
     [](scene& s) {
         client& c = s.connect();
         c.send(modern_tool("climb").text(with_token("climb")));
         c.head();
         EXPECT_TRUE(c.reads("progress"));
     }},
    {"a modern call that cannot be cancelled",
     [](scene& s) {
         client& c = s.connect();
         c.send(modern_tool("deaf").text(with_token("deaf")));
         c.head();
         EXPECT_TRUE(c.reads("progress"));
     }},
    {"a modern round", [](scene& s) { EXPECT_EQ(s.connect().ask(modern_tool("ask")).code, 200); }},
    {"a modern question on its way",
     [](scene& s) {
         s.connect().send(modern_tool("ask"));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"subscriptions",
     [](scene& s) {
         client& c = s.connect();
         c.send(modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true,)"
                                               R"("resourceSubscriptions":["a://1","a://2"]})"));
         EXPECT_EQ(c.head().code, 200);
     }},
    {"a legacy call that blocks",
     [](scene& s) {
         s.blocks = true;
         const std::string id = s.session();
         s.connect().send(legacy_tool(id, "block", "{}", "1", with_progress));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"a modern call that blocks",
     [](scene& s) {
         s.blocks = true;
         s.connect().send(modern_tool("block"));
         EXPECT_TRUE(s.offered.entered.seen());
     }},
    {"more blocking calls than threads",
     [](scene& s) {
         s.blocks = true;
         const std::string id = s.session();
         for (int i = 0; i < 6; ++i)
             s.connect().send(legacy_tool(id, "block", "{}", std::to_string(i)));
         EXPECT_TRUE(s.offered.entered.seen(4));
     }},
    {"all at once",
     [](scene& s) {
         const std::string id = s.session();
         for (const char* tool : {"hold", "climb", "leave", "ask", "deaf"}) {
             s.connect().send(legacy_tool(id, tool, "{}", '"' + std::string(tool) + '"'));
             s.connect().send(modern_tool(tool));
         }
         s.connect().send(wire::get(id));
         EXPECT_TRUE(s.offered.entered.seen(10));
     }},
};

/// How the server goes; all but the last leave the endpoint and the collaborators behind.
enum class ending { stopped, stopped_and_joined_pool, destroyed, destroyed_with_the_endpoint };

void stop_in_every_state(scene::kept what, const test::redis_server* redis = nullptr) {
    for (const http_state& state : http_states) {
        for (const ending how : {ending::stopped, ending::stopped_and_joined_pool,
                                 ending::destroyed, ending::destroyed_with_the_endpoint}) {
            SCOPED_TRACE(std::string(state.name) + ", " + std::to_string(static_cast<int>(how)));
            scene s(what, redis);
            state.enter(s);
            std::optional<std::thread> other; // lets go what blocks while the server ends
            if (s.blocks)
                other.emplace([&] { s.offered.blocked.open(); });
            if (how == ending::destroyed_with_the_endpoint)
                s.endpoint.reset(); // the server has the last copy
            if (how == ending::stopped || how == ending::stopped_and_joined_pool) {
                s.http->stop();
                s.http->join();
            }
            if (how == ending::stopped_and_joined_pool)
                s.server.environment().join_pool();
            s.http.reset();
            if (other)
                other->join();
            // Who is left at the topics would be told on an event loop that is gone.
            s.server.environment().topics.post("tools/list_changed", "{}");
            s.server.environment().topics.post("resource:a://1", "{}");
        }
    }
}

TEST(stops, http_without_a_log) {
    stop_in_every_state(scene::kept::nothing);
}

TEST(stops, http_with_a_log) {
    stop_in_every_state(scene::kept::events);
}

TEST(stops, http_with_all_in_redis) {
    if (!test::redis_server::installed())
        GTEST_SKIP() << "redis-server is not installed (Debian: apt install redis-server)";
    const test::redis_server redis;
    stop_in_every_state(scene::kept::all_in_redis, &redis);
}

// ---- One client on a channel: in the process, and on standard input and output

struct channel_state {
    const char* name;
    std::vector<std::string> sent; ///< lines
    std::string_view heard = {};   ///< is in what the server says when it is in that state
    bool blocks = false;
};

std::string start(std::string_view revision = "2025-11-25") {
    return wire::initialize(revision).body;
}
std::string modern_call(std::string_view tool) {
    return with_token(tool);
}

const std::vector<channel_state>& channel_states() {
    constexpr std::string_view pong = R"("id":9,"result":{})";
    const std::string ping = call("ping", "", "9");
    static const std::vector<channel_state> all = {
        {"before initialize", {}},
        {"half a message", {R"({"jsonrpc":)"}},
        {"a session", {start()}, "serverInfo"},
        {"a session with subscriptions",
         {start(), call("resources/subscribe", R"("uri":"a://1")"), ping},
         pong},
        {"a legacy call", {start(), legacy_call("hold"), ping}, pong},
        {"a legacy call that has sent something", {start(), legacy_call("climb")}, "progress"},
        {"a legacy call that cannot close its stream", {start(), legacy_call("leave")}, "progress"},
        {"a question", {start(), legacy_call("ask")}, "Who?"},
        {"a legacy call that blocks", {start(), legacy_call("block")}, "progress", true},
        {"a batch",
         {start("2025-03-26"),
          '[' + legacy_call("hold", "1") + ',' + legacy_call("climb", "2") + ']'},
         "progress"},
        {"a modern call", {modern_call("hold"), ping}, pong},
        {"a modern call that has sent something", {modern_call("climb")}, "progress"},
        {"a modern round", {modern_call("ask")}, "Who?"},
        {"a modern call that blocks", {modern_call("block")}, "progress", true},
        {"subscriptions",
         {modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true,)"
                                         R"("resourceSubscriptions":["a://1"]})")
              .body},
         "acknowledged"},
        {"both eras at once",
         {start(), modern_call("climb"), legacy_call("ask", "2"), legacy_call("hold", "3"),
          modern_call("ask")},
         "Who?"},
    };
    return all;
}

/// Receives until a message holds `part`.
asio::awaitable<void> hear(mcp::memory_end& client, std::string_view part, bool& heard) {
    while (!heard) {
        const std::string message = co_await client.receive();
        heard = message.find(part) != message.npos;
    }
}

TEST(stops, memory) {
    enum class channel_ending { client_closed, loop_destroyed, loop_destroyed_last };
    for (const channel_state& state : channel_states()) {
        for (const channel_ending how :
             {channel_ending::client_closed, channel_ending::loop_destroyed,
              channel_ending::loop_destroyed_last}) {
            SCOPED_TRACE(std::string(state.name) + ", " + std::to_string(static_cast<int>(how)));
            tools offered;
            mcp::server<> server{"scene", "1.0"};
            offered.add_to(server);
            auto loop = std::make_unique<asio::io_context>();
            std::optional<mcp::memory_end> client(
                mcp::connect(server, loop->get_executor(), {.drain = 1ms}));
            for (const std::string& each : state.sent)
                client->send(each);
            bool heard = state.heard.empty();
            asio::co_spawn(*loop, hear(*client, state.heard, heard),
                           [](std::exception_ptr e) { EXPECT_FALSE(e) << "it has ended before"; });
            while (!heard && loop->run_one_for(20s) != 0) {
            }
            EXPECT_TRUE(heard);
            std::optional<std::thread> other;
            if (state.blocks)
                other.emplace([&] { offered.blocked.open(); });
            if (how == channel_ending::client_closed) {
                client->close();
                loop->run();
            }
            if (how == channel_ending::loop_destroyed_last)
                client.reset();
            loop.reset();
            if (other)
                other->join();
            server.environment().topics.post("tools/list_changed", "{}");
            server.environment().topics.post("resource:a://1", "{}");
        }
    }
}

/// A server on standard input and output in a process of its own, which tells if it has leaked.
class child {
public:
    child() {
        int in[2];
        int out[2];
        if (::pipe(in) != 0 || ::pipe(out) != 0)
            std::abort();
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            for (const int end : {in[0], in[1], out[0], out[1]})
                ::close(end);
            ::alarm(60);
            const int status = serve();
            ::_exit(test::unless_leaked(status));
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = out[0];
    }
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child() {
        close_input();
        ::close(out_);
        if (id_ > 0) {
            ::kill(id_, SIGKILL);
            wait();
        }
    }

    void say(const std::string& text) const {
        EXPECT_EQ(::write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    bool hears(std::string_view part) {
        std::string all;
        char bytes[4096];
        while (all.find(part) == all.npos) {
            const auto got = ::read(out_, bytes, sizeof bytes);
            if (got <= 0)
                return false;
            all.append(bytes, static_cast<std::size_t>(got));
        }
        return true;
    }
    void close_input() {
        if (in_ >= 0)
            ::close(std::exchange(in_, -1));
    }
    void close_output() { ::close(std::exchange(out_, -1)); }
    void signal(int number) const { ::kill(id_, number); }
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(id_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    static int serve() {
        tools offered;
        mcp::server<> server{"scene", "1.0"};
        offered.add_to(server);
        mcp::stdio_options options;
        options.peer.drain = 1ms;
        offered.blocked.open(); // nobody could from outside: what blocks is soon over
        const int status = mcp::serve_stdio(server, options);
        server.environment().topics.post("tools/list_changed", "{}");
        return status;
    }

    pid_t id_ = 0;
    int in_ = -1;
    int out_ = -1;
};

TEST(stops, stdio) {
    enum class process_ending { input_ended, told_to, client_gone };
    for (const channel_state& state : channel_states()) {
        for (const process_ending how :
             {process_ending::input_ended, process_ending::told_to, process_ending::client_gone}) {
            SCOPED_TRACE(std::string(state.name) + ", " + std::to_string(static_cast<int>(how)));
            child server;
            for (const std::string& each : state.sent)
                server.say(each + '\n');
            if (state.heard.empty()) // it is there as soon as it answers
                server.say(call("ping") + '\n');
            EXPECT_TRUE(server.hears(state.heard.empty() ? "jsonrpc" : state.heard));
            if (how == process_ending::told_to)
                server.signal(SIGTERM);
            if (how == process_ending::client_gone)
                server.close_output();
            if (how != process_ending::told_to)
                server.close_input();
            EXPECT_EQ(server.wait(), 0);
        }
    }
}

} // namespace stops_test
