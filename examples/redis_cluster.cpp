// Many processes, one server. Redis holds the sessions, the streams and the messages sent on them,
// so each request of a client may go to any process, and any process may crash or be replaced.
// Start several processes, and put a balancer in front; it needs no affinity for sessions:
//
//     redis-server --appendonly yes &
//     example_redis_cluster --transport http --port 8001 &
//     example_redis_cluster --transport http --port 8002 &
//
// REDIS_URL is the URL of Redis; the default is this machine.

#include <mcp.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>

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

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    const mcp::redis::connection redis(url != nullptr && *url != 0 ? url
                                                                   : "redis://127.0.0.1:6379");

    // With one connection for all, one script records and publishes a message.
    mcp::server server{mcp::server_info{"cluster", "1.0.0"}, mcp::redis_sessions(redis),
                       mcp::redis_broker(redis), mcp::redis_replay(redis)};
    server.tool<process>("Say which process answers", mcp::read_only);
    server.tool<greet>("Greet the user by name");
    return mcp::run(server, argc, argv);
}
