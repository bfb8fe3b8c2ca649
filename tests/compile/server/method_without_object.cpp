// mcp: a member function needs its object: pass it after the description
//
// mistake: a member function without its object
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

struct notebook {
    void write(std::string note);
};

void use(mcp::server<>& server, [[maybe_unused]] notebook& notes) {
#ifdef ACCEPT
    server.tool<&notebook::write, "note">("Write a note", notes);
#else
    server.tool<&notebook::write, "note">("Write a note");
#endif
}
