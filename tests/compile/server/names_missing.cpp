// mcp: the parameters of the handler have no names; write tool<f, "a", "b">, or take one struct, or
// parameters of type mcp::arg<"name", T>
//
// mistake: parameters without names
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"add">("Add", [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return *a + *b; });
#else
    server.tool<"add">("Add", [](int a, int b) { return a + b; });
#endif
}
