// A server with all features that the official conformance suite and the interop tests use. It is
// also the broadest example of the library: each fixture is a small function.

#include <mcp.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/http/compression.hpp>
#include <mcp/http/tls_server.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/transport/legacy/http_sse.hpp>

#include "fixtures/content.hpp"
#include "fixtures/elicitation.hpp"
#include "fixtures/input.hpp"
#include "fixtures/prompts.hpp"
#include "fixtures/resources.hpp"
#include "fixtures/running.hpp"
#include <cstdlib>
#include <string>

namespace {

/// Adds tools that change the lists of tools and prompts, so that clients get notifications.
/// [SEP-2575]
inline void add_changes(mcp::any_server& server) {
    server.tool<"test_trigger_tool_change">("Adds a tool and removes it", [&server] {
        server.tool<"test_passing">("Here for a moment", [] { return "gone"; });
        server.remove_tool("test_passing");
    });
    server.tool<"test_trigger_prompt_change">("Adds a prompt and removes it", [&server] {
        server.prompt<"test_passing">("Here for a moment", [] { return "gone"; });
        server.remove_prompt("test_passing");
    });
}

int serve(mcp::any_server& server, int argc, char** argv) {
    fixtures::add_content_tools(server);
    fixtures::add_running_tools(server);
    fixtures::add_elicitation_tools(server);
    fixtures::add_input_tools(server);
    fixtures::add_resources(server);
    fixtures::add_prompts(server);
    add_changes(server);
    return mcp::run(server, argc, argv);
}

} // namespace

/// With `REDIS_URL` the server keeps sessions, streams and logs in Redis, and none in the process.
int main(int argc, char** argv) {
    mcp::server_info info{"everything", "1.0.0"};
    info.instructions = "A fixture for conformance tests: every tool does what its name says.";
    if (const char* url = std::getenv("REDIS_URL"); url != nullptr && *url != 0) {
        const mcp::redis::connection redis(url);
        mcp::server server{info, mcp::redis_sessions(redis), mcp::redis_broker(redis),
                           mcp::redis_replay(redis)};
        return serve(server, argc, argv);
    }
    mcp::server server{info, mcp::memory_log{}}; // streams that end early can be resumed
    return serve(server, argc, argv);
}
