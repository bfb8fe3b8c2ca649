// mcp: mcp::param names no parameter of this handler; the members of a struct are described by
// mcp::describe
//
// mistake: `mcp::param` with a wrong name
//
// and no other error
#include <mcp/server/server.hpp>

int forecast(int days) {
    return days;
}

void add(mcp::any_server& server) {
#ifdef ACCEPT
    server.tool<forecast, "days">("Forecast", mcp::param<"days">("How many"));
#else
    server.tool<forecast, "days">("Forecast", mcp::param<"Days">("How many"));
#endif
}
