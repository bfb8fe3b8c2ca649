// mcp: a function that awaits the next one cannot be mcp::blocking
//
// mistake: a blocking function that awaits the next one
#include <mcp/server/server.hpp>

asio::awaitable<mcp::tool_result> pass(mcp::context&, const mcp::call_info&,
                                       mcp::next_call<mcp::tool_result> next);

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.around(pass);
#else
    server.around(mcp::blocking(pass));
#endif
}
