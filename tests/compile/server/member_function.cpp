// mcp: a member function has no object here; name it in the template arguments and pass its object,
// as in server.tool<&notebook::write, "note">("Write a note", notes)
//
// mistake: a member function as a handler, in place of a template argument
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
