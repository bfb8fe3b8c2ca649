// mcp: mcp::matching takes an ECMAScript regular expression that RE2 can match: no look-around, no
// back-references, no more than 1000 repetitions
//
// mistake: a pattern with a back-reference in `mcp::matching`
#include <mcp/reflect/pattern.hpp>

#ifdef ACCEPT
mcp::matching<"^(['\"]).*['\"]$"> quoted;
#else
mcp::matching<"^(['\"]).*\\1$"> quoted;
#endif
