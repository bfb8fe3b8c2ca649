// mcp: an enum of flags needs an enumerator for each of its bits
//
// mistake: flags without a name for each bit
#include <mcp/schema/schema_of.hpp>

enum class rights {
    read = 1,
#ifdef ACCEPT
    write = 2,
#endif
    both = 3
};

template <>
struct mcp::describe<rights> {
    static constexpr bool flags = true;
};

constexpr auto text = mcp::schema_of<rights>;
