// mcp: a member function needs its object
#include <mcp/server/server.hpp>

struct counter {
    [[=mcp::doc("Add")]] int add(int n) { return total += n; }
    int total = 0;
};

void use(mcp::server<>& server, counter& numbers) {
#ifdef ACCEPT
    server.tool<^^counter::add>(numbers);
#else
    (void)numbers;
    server.tool<^^counter::add>();
#endif
}
