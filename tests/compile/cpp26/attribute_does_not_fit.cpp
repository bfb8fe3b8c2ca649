// mcp: an attribute in describe<T> does not fit the type of its member
#include <mcp/server/server.hpp>

#include <string>

#ifdef ACCEPT
[[=mcp::doc("Find")]] int find([[=mcp::min_length(1)]] std::string words) {
    return static_cast<int>(words.size());
}
#else
[[=mcp::doc("Find")]] int find([[=mcp::minimum(1)]] std::string words) {
    return static_cast<int>(words.size());
}
#endif

void use(mcp::server<>& server) {
    server.tool<^^find>();
}
