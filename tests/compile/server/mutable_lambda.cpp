// mcp: several event loops call a handler at once, so its operator() is const; remove mutable, and
// keep what changes in a std::atomic or behind a mutex, in a captured std::shared_ptr
#include <mcp/server/server.hpp>

#include <atomic>
#include <memory>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"count">("Count", [n = std::make_shared<std::atomic<int>>(0)] { return ++*n; });
#else
    server.tool<"count">("Count", [n = 0]() mutable { return ++n; });
#endif
}
