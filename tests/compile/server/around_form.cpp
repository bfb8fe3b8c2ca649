// mcp: a function around calls takes mcp::context&, const mcp::call_info& and perhaps a third
// parameter. Without one it returns nothing or std::optional<mcp::tool_result>; with
// mcp::tool_result& it returns nothing; with `auto next` it returns
// asio::awaitable<mcp::tool_result>.
//
// mistake: a function around calls with other parameters
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.around([](mcp::context&, const mcp::call_info&) {});
#else
    server.around([](const mcp::call_info&) {});
#endif
}
