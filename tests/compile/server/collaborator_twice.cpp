// mcp: give mcp::server one collaborator of each kind, not several
//
// mistake: two collaborators of one kind
//
// and no other error
#include <mcp/broker/memory_broker.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/memory_sessions.hpp>

void use() {
#ifdef ACCEPT
    mcp::server server{"test", "1", mcp::memory_sessions{}, mcp::memory_broker{}};
#else
    mcp::server server{"test", "1", mcp::memory_sessions{}, mcp::memory_sessions{}};
#endif
}
