// mcp: the predicate of allow_if returns bool or asio::awaitable<bool>
//
// mistake: a predicate of `allow_if` with another result
#include <mcp/server/permission.hpp>

#ifdef ACCEPT
asio::awaitable<bool> may(const mcp::principal&);
#else
const char* may(const mcp::principal&);
#endif

const mcp::permission needed = mcp::allow_if(may);
