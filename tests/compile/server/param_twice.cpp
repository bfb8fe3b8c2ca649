// mcp: two mcp::param describe the same parameter
//
// mistake: a parameter that is described twice
//
// and no other error
#include <mcp/server/server.hpp>

int forecast(int days) {
    return days;
}

void add(mcp::any_server& server) {
#ifdef ACCEPT
    server.tool<forecast, "days">("Forecast", mcp::param<"days">("How many", mcp::minimum{1}));
#else
    server.tool<forecast, "days">("Forecast", mcp::param<"days">("How many"),
                                  mcp::param<"days">(mcp::minimum{1}));
#endif
}
