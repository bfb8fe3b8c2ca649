// mcp: the predicate of allow_if takes const mcp::principal&, and optionally const
// mcp::json_object&, the parameters of the request
//
// mistake: a predicate of `allow_if` with other parameters
//
// and no other error
#include <mcp/server/permission.hpp>

#ifdef ACCEPT
bool may(const mcp::principal&, const mcp::json_object&);
#else
bool may(int);
#endif

const mcp::permission needed = mcp::allow_if(may);
