// Many processes, one server: sessions, streams and what was sent on them are in Redis, so each
// request of a client may go to another process, and any process may crash or be replaced. Start as
// many as you like, and put a balancer before them that need not know of sessions:
//
//     redis-server --appendonly yes &
//     example_redis_cluster --transport http --port 8001 &
//     example_redis_cluster --transport http --port 8002 &
//
// Redis is looked for at REDIS_URL, or else on this machine.

#include <mcp.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>

#include <cstdlib>
#include <string>
#include <unistd.h>

// Another number with each call, if the balancer does its work.
int process() { return static_cast<int>(::getpid()); }

struct visitor {
    std::string name;
};

// The user's answer may come to another process than the one that waits for it here.
asio::awaitable<std::string> greet(mcp::context& ctx) {
    const auto who = co_await ctx.elicit<visitor>("Who are you?");
    co_return who ? "Hello, " + who->name : "Hello, stranger";
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    const mcp::redis::connection redis(url != nullptr && *url != 0 ? url
                                                                   : "redis://127.0.0.1:6379");

    // With one connection in all of them, a message is recorded and published in one step.
    mcp::server server{mcp::server_info{"cluster", "1.0.0"}, mcp::redis_sessions(redis),
                       mcp::redis_broker(redis), mcp::redis_replay(redis)};
    server.tool<process>("Say which process answers", mcp::read_only);
    server.tool<greet>("Greet the user by name");
    return mcp::run(server, argc, argv);
}
