// The server that every process of the cluster runs.

#include <mcp.hpp>
#include <mcp/auth/static_tokens.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>

#include <asio/use_awaitable.hpp>

#include <chrono>
#include <cluster/process.hpp>
#include <cstdio>
#include <string>

namespace {

struct person {
    std::string name;
};

/// Returns a message for the stream of a session, with its publisher and number.
std::string numbered(int who, int number) {
    return R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info",)"
           R"("logger":"publisher","data":{"who":)" +
           std::to_string(who) + R"(,"n":)" + std::to_string(number) + "}}}";
}

asio::awaitable<void> wait_for_the_end() {
    asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await never.async_wait(asio::use_awaitable);
}

void add_tools(mcp::any_server& server) {
    server.tool<"add">("Adds", [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return *a + *b; });
    // Sends one message after the other, and stops at an exception.
    server.tool<"publish">(
        "Sends numbered messages to the stream of a session; how many a subscriber took",
        [&server](mcp::arg<"session", std::string> session, mcp::arg<"who", int> who,
                  mcp::arg<"from", int> from,
                  mcp::arg<"count", int> count) -> asio::awaitable<int> {
            int taken = 0;
            for (int n = *from; n < *from + *count; ++n) {
                const std::string message = numbered(*who, n);
                const bool one = co_await server.notify(*session, message);
                taken += one ? 1 : 0;
            }
            co_return taken;
        });
    server.tool<"ask">("Asks", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_return who ? who->name : "nobody";
    });
    server.tool<"hold">("Says that it runs, and waits",
                        [](mcp::context& ctx) -> asio::awaitable<std::string> {
                            ctx.info("holding");
                            co_await wait_for_the_end();
                            co_return "held";
                        });
    server.tool<"leave">("Closes its stream, asks on, answers",
                         [](mcp::context& ctx) -> asio::awaitable<std::string> {
                             ctx.close_stream();
                             auto who = co_await ctx.elicit<person>("Who?");
                             co_return who ? who->name : "nobody";
                         });
    server.tool<"touch">("Changes a resource", [&server](mcp::arg<"uri", std::string> uri) {
        server.notify_resource_updated(*uri);
        return "touched";
    });
    server.resource<"note://{name}">("A note", [](std::string name) { return name; });
}

} // namespace

int cluster::serve(const std::string& redis_url) {
    auto where = mcp::redis::parse_url(redis_url);
    where.command_timeout = where.connect_timeout = std::chrono::milliseconds(1'000);
    where.backoff_min = std::chrono::milliseconds(10);
    where.backoff_max = std::chrono::milliseconds(50);
    const mcp::redis::connection redis(where);

    mcp::redis_replay_options replay;
    replay.events = kept_events;
    mcp::static_tokens tokens;
    for (const char* name : {"ann", "eve"}) {
        mcp::principal who;
        who.subject = name;
        tokens.add(std::string(name) + "-token", who);
    }
    mcp::server server{mcp::server_info{"cluster", "1"}, std::move(tokens),
                       mcp::redis_sessions(redis), mcp::redis_broker(redis),
                       mcp::redis_replay(redis, replay)};
    server.options().level = mcp::log_level::emergency; // the tests stop Redis
    add_tools(server);

    mcp::http::router app;
    // The tests reconnect often and at once, so there is no limit of take-overs.
    app.mount("/mcp",
              mcp::streamable_http(server, {.take_over_pause = std::chrono::milliseconds::zero()}));
    mcp::http::server http(app, {.port = 0, .threads = 2, .signals = true});
    http.listen();
    std::printf("%u\n", static_cast<unsigned>(http.port()));
    std::fflush(stdout);
    http.run();
    return 0;
}
