// mcp: a collaborator of mcp::server must fit one of its concepts
//
// mistake: an object that is no collaborator
//
// and no other error
#include <mcp/server/server.hpp>

struct nothing_of_ours {
    int size() const;
};

void use() {
#ifdef ACCEPT
    mcp::server server{"test", "1", mcp::allow_any{}};
#else
    mcp::server server{"test", "1", nothing_of_ours{}};
#endif
}
