// mcp: an argument of a prompt that may be absent is a std::optional
#include <mcp/server/server.hpp>

#include <optional>
#include <string>

#ifdef ACCEPT
[[=mcp::doc("Review")]] std::string review(std::optional<std::string> code) {
    return code.value_or("");
}
#else
[[=mcp::doc("Review")]] std::string review(std::string code = "") {
    return code;
}
#endif

void use(mcp::server<>& server) {
    server.prompt<^^review>();
}
