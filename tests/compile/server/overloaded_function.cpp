// mistake: a function with overloads, or a function template without its arguments
//
// compiler: no matching member function for call to | no matching function for call to
//
// lines: 45
//
// because: no parameter of a template can take a set of overloads, so each form of `tool` is listed
//
// instead: choose one by `static_cast<int (*)(int, int)>(add)`, or `add<int>` of a template
#include <mcp/server/server.hpp>

int add(int a, int b);
double add(double a, double b);

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<static_cast<int (*)(int, int)>(add), "a", "b">("Add");
#else
    server.tool<add, "a", "b">("Add");
#endif
}
