// mcp: a key of a multimap may occur several times, but not the name of a member in JSON; use a map of
// vectors
#include <mcp/server/server.hpp>

#include <map>
#include <string>
#include <vector>

#ifdef ACCEPT
using table = std::map<std::string, std::vector<int>>;
#else
using table = std::multimap<std::string, int>;
#endif

struct answer {
    table rows;
};

void use(mcp::server<>& server) {
    server.tool<"t">("T", [] { return answer(); });
}
