// mcp: the handler of a raw tool takes const mcp::json&, and optionally mcp::context&
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

struct search {
    int limit;
};

void use(mcp::server<>& server) {
    mcp::tool_definition definition("count", "Count", R"({"type":"object"})");
#ifdef ACCEPT
    server.tool(definition, [](const mcp::json&, mcp::context&) { return 1; });
#else
    server.tool(definition, [](const search&) { return 1; });
#endif
}
