// mcp: a character has no JSON form; take std::string for text, or std::int8_t or std::uint8_t for
// a number
//
// mistake: `char` as a parameter
#include <mcp/schema/schema_of.hpp>

#include <cstdint>

#ifdef ACCEPT
constexpr auto schema = mcp::schema_of<std::int8_t>;
#else
constexpr auto schema = mcp::schema_of<char>;
#endif
