// mcp: a member function has no object here
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

struct object {
    int f();
};

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", []() { return 1; });
#else
    server.tool<"f">("F", &object::f);
#endif
}
