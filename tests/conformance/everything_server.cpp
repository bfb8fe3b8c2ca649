// A server with all that the official conformance suite asks for, and what the interop tests need
// besides. Also the widest example of the library's use: each fixture is a small function.

#include <mcp.hpp>
#include <mcp/broker/redis_broker.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/session/redis_sessions.hpp>

#include "fixtures/content.hpp"
#include "fixtures/elicitation.hpp"
#include "fixtures/input.hpp"
#include "fixtures/prompts.hpp"
#include "fixtures/resources.hpp"
#include "fixtures/running.hpp"
#include <cstdlib>
#include <string>

namespace {

/// Tools and prompts that come and go, so that clients are told of a changed list. [SEP-2575]
inline void add_changes(mcp::registration& server) {
    server.tool<"test_trigger_tool_change">("Adds a tool and removes it", [&server] {
        server.tool<"test_passing">("Here for a moment", [] { return "gone"; });
        server.remove_tool("test_passing");
    });
    server.tool<"test_trigger_prompt_change">("Adds a prompt and removes it", [&server] {
        server.prompt<"test_passing">("Here for a moment", [] { return "gone"; });
        server.remove_prompt("test_passing");
    });
}

int serve(mcp::registration& server, int argc, char** argv) {
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

/// With `REDIS_URL` the server remembers nothing itself: sessions, streams and logs are in Redis.
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
