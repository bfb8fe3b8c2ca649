// mcp: the keys of a map must be strings or enums
//
// mistake: a map with numbers as keys
#include <mcp/schema/schema_of.hpp>

#include <map>
#include <string>

#ifdef ACCEPT
using key = std::string;
#else
using key = int;
#endif

constexpr auto text = mcp::schema_of<std::map<key, bool>>;
