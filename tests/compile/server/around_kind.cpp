// mcp: this function around calls takes those of another kind of entry; its result says which:
// mcp::tool_result, prompt_result, resource_result, or call_result for all
//
// mistake: a function around the calls of another kind of entry
#include <mcp/server/server.hpp>

#ifdef ACCEPT
using result = mcp::prompt_result;
#else
using result = mcp::tool_result;
#endif

void use(mcp::server<>& server) {
    server.prompt<"greet">(
        "Greet", [] { return "Hello"; },
        mcp::around([](mcp::context&, const mcp::call_info&, result&) {}));
}
