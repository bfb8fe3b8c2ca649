// mcp: a struct may not hold bit-fields, because no reference binds to them; use whole integers
//
// and no other error
#include <mcp/schema/schema_of.hpp>

#include <cstdint>

struct mode {
#ifdef ACCEPT
    std::uint8_t owner;
    std::uint8_t group;
#else
    std::uint8_t owner : 3;
    std::uint8_t group : 3;
#endif
};

constexpr auto schema = mcp::schema_of<mode>;
