// mcp: take parameters by value or by const reference
#include <mcp/server/server.hpp>

#include <string>

#ifdef ACCEPT
[[=mcp::doc("Shout")]] std::string shout(const std::string& text) {
    return text + "!";
}
#else
[[=mcp::doc("Shout")]] std::string shout(std::string& text) {
    return text + "!";
}
#endif

void use(mcp::server<>& server) {
    server.tool<^^shout>();
}
