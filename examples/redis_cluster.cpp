// Many processes, one server. Redis holds the sessions, the streams and the messages sent on them,
// so each request of a client may go to any process, and any process may crash or be replaced.
// Start several processes, and put a balancer in front; it needs no affinity for sessions, and asks
// each process at /ready. docs/deploying.md shows nginx and HAProxy:
//
//     redis-server --appendonly yes &
//     example_redis_cluster --transport http --port 8001 &
//     example_redis_cluster --transport http --port 8002 &
//
// REDIS_URL is the URL of Redis; the default is this machine.

#include <mcp.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/server/metrics.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/transport/operations.hpp>

#include <cstdlib>
#include <string>
#include <unistd.h>

// The number changes from call to call if the balancer distributes them.
int process() { return static_cast<int>(::getpid()); }

struct visitor {
    std::string name;
};

// The client's response may arrive at another process than the one that waits for it here.
asio::awaitable<std::string> greet(mcp::context& ctx) {
    const auto who = co_await ctx.elicit<visitor>("Who are you?");
    co_return who ? "Hello, " + who->name : "Hello, stranger";
}

// Sends numbered messages to the stream of the client, whichever process has it.
void add_announce(mcp::any_server& server) {
    server.tool<"announce">("Send numbered messages to the stream of the session",
                            [&server](mcp::arg<"from", int> from, mcp::arg<"count", int> count,
                                      mcp::context& ctx) -> asio::awaitable<int> {
                                const std::string session(ctx.session_id());
                                int taken = 0; // by open streams; others get them when they return
                                for (int n = *from; n < *from + *count; ++n) {
                                    const mcp::json_object params{{"level", "info"}, {"data", n}};
                                    const bool one = co_await server.notify(
                                        session, "notifications/message", params);
                                    taken += one ? 1 : 0;
                                }
                                co_return taken;
                            });
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    const mcp::redis::connection redis(url != nullptr && *url != 0 ? url
                                                                   : "redis://127.0.0.1:6379");

    // With one connection for all, one script records and publishes a message.
    mcp::metrics metrics;
    mcp::server server{mcp::server_info{"cluster", "1.0.0"}, mcp::redis_sessions(redis),
                       mcp::redis_broker(redis), mcp::redis_replay(redis), metrics};
    server.tool<process>("Say which process answers", mcp::read_only);
    server.tool<greet>("Greet the user by name");
    add_announce(server);

    mcp::http::router checks; // the balancer does not pass these on
    checks.add(mcp::http::verb::get, "/health", mcp::health_handler(server));
    checks.add(mcp::http::verb::get, "/ready", mcp::readiness_handler(server));
    checks.add(mcp::http::verb::get, "/metrics", metrics.handler());
    return mcp::run(server, checks, argc, argv);
}
