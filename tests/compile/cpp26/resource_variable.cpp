// mcp: the parameters of this function must have the names of the variables of its URI template, in
// the same order
#include <mcp/server/server.hpp>

#include <string>

#ifdef ACCEPT
[[=mcp::uri("notes://{id}")]] std::string note(std::string id) {
    return id;
}
#else
[[=mcp::uri("notes://{id}")]] std::string note(std::string name) {
    return name;
}
#endif

void use(mcp::server<>& server) {
    server.resource<^^note>();
}
