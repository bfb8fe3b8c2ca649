// mcp: annotate this function with the URI of its resource: [[=mcp::uri("notes://{id}")]]
#include <mcp/server/server.hpp>

#include <string>

#ifdef ACCEPT
[[=mcp::uri("notes://{id}")]]
#endif
[[=mcp::doc("A note")]] std::string note(std::string id) {
    return id;
}

void use(mcp::server<>& server) {
    server.resource<^^note>();
}
