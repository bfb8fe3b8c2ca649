// mcp: mcp::param names no parameter of this handler; the members of a struct are described by
// mcp::describe
//
// mistake: `mcp::param` with a name that the URI template does not have
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

std::string read_note(std::string id) {
    return id;
}

void add(mcp::any_server& server) {
#ifdef ACCEPT
    server.resource<"notes://{id}", read_note>("A note", mcp::param<"id">("Its number"));
#else
    server.resource<"notes://{id}", read_note>("A note", mcp::param<"number">("Its number"));
#endif
}
