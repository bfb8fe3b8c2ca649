// mcp: this object does not have the member function: pass an object of its class or a
// std::shared_ptr to one, not const unless the function is const
//
// mistake: a member function with a `const` object
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

struct notebook {
    std::string review(std::string topic);
};

void use(mcp::server<>& server, [[maybe_unused]] notebook& notes,
         [[maybe_unused]] const notebook& fixed) {
#ifdef ACCEPT
    server.prompt<&notebook::review, "topic">("Review", notes);
#else
    server.prompt<&notebook::review, "topic">("Review", fixed);
#endif
}
