// mcp: the keys of a map must be strings or enums
//
// mistake: a map with numbers as keys
#include <mcp/json/encode.hpp>

#include <map>
#include <string>

#ifdef ACCEPT
using key = std::string;
#else
using key = int;
#endif

std::string text_of(const std::map<key, bool>& m) {
    return mcp::encode(m);
}
