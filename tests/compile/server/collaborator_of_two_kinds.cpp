// mcp: a collaborator of mcp::server fits several concepts; use one object for each
//
// mistake: one object as two collaborators
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

struct guard {
    mcp::auth_result authenticate(const mcp::http::request&);
#ifdef REJECT
    mcp::rate_decision acquire(std::string key);
#endif
};

void use() {
    mcp::server server{"test", "1", guard{}};
}
