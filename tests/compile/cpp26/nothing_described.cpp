// mcp: server.tools adds the functions that are annotated with mcp::doc
#include <mcp/server/server.hpp>

namespace numbers {

#ifdef ACCEPT
[[=mcp::doc("Twice")]]
#endif
int twice(int n) {
    return 2 * n;
}

} // namespace numbers

void use(mcp::server<>& server) {
    server.tools<^^numbers>();
}
