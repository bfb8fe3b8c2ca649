// mcp: two parameters have the same name; give each its own
#include <mcp/schema/schema_of.hpp>

#ifdef ACCEPT
constexpr auto text = mcp::schema_of<mcp::arguments<mcp::arg<"a", bool>, mcp::arg<"b", bool>>>;
#else
constexpr auto text = mcp::schema_of<mcp::arguments<mcp::arg<"a", bool>, mcp::arg<"a", bool>>>;
#endif
