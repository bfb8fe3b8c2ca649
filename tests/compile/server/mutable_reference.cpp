// mcp: take parameters by value or by const reference
//
// mistake: a parameter by reference that is not `const`
#include <mcp/server/server.hpp>

#include <string>

#ifdef ACCEPT
std::string shout(const std::string& text);
#else
std::string shout(std::string& text);
#endif

void use(mcp::server<>& server) {
    server.tool<shout, "text">("Shout");
}
