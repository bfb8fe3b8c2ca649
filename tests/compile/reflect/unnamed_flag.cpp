// mcp: an enum of flags needs an enumerator for each of its bits
#include <mcp/reflect/flags.hpp>

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

constexpr auto count = mcp::reflect::flag_names<rights>.size();
