// mcp: the object of a member function must outlive the server: pass a variable or a
// std::shared_ptr, not a temporary
//
// mistake: a member function with a temporary object
//
// and no other error
#include <mcp/server/server.hpp>

#include <memory>
#include <string>

struct notebook {
    std::string read(std::string id) const;
};

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"notes://{id}", &notebook::read>("A note", std::make_shared<notebook>());
#else
    server.resource<"notes://{id}", &notebook::read>("A note", notebook());
#endif
}
