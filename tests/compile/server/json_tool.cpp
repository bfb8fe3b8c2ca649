// mcp: a tool that takes any JSON needs an explicit schema: tool(mcp::tool_definition(name,
// description, schema), handler)
//
// mistake: a tool that takes `mcp::json` without a schema
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

int count(const mcp::json& arguments);

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool(mcp::tool_definition("count", "Count", R"({"type":"object"})"), count);
#else
    server.tool<"count">("Count", [](const mcp::json& arguments) { return count(arguments); });
#endif
}
