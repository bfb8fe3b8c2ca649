// mcp: two tools of this toolset have the same name
//
// mistake: two tools of a toolset with one name
#include <mcp/server/server.hpp>

namespace one {
int add(int a, int b) {
    return a + b;
}
} // namespace one

namespace other {
#ifdef ACCEPT
int subtract(int a, int b) {
    return a - b;
}
constexpr auto second = mcp::tool<subtract, "a", "b">("Subtract");
#else
int add(int a, int b) {
    return a + b;
}
constexpr auto second = mcp::tool<add, "a", "b">("Add again");
#endif
} // namespace other

constexpr auto tools = mcp::toolset(mcp::tool<one::add, "a", "b">("Add"), other::second);
