// mcp: for a tool with a schema that is known only at run time, write #include
// <mcp/server/raw_tool.hpp>
//
// mistake: a raw tool without its header
#include <mcp/server/any_server.hpp>

#ifdef ACCEPT
#include <mcp/server/raw_tool.hpp>
#endif

void add_tools(mcp::any_server& server) {
    server.tool(mcp::tool_definition("count", "Count", R"({"type":"object"})"),
                [](const mcp::json&) { return 1; });
}
