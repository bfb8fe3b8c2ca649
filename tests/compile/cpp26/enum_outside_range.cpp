// mcp: an enum has a value outside its enum_range, which C++20 does not find; specialise
// mcp::enum_range for it
//
// and no other error
#include <mcp/schema/schema_of.hpp>

enum class status { ok = 200, busy = 1200 };

#ifdef ACCEPT
template <>
struct mcp::enum_range<status> {
    static constexpr int min = 0, max = 1999;
};
#endif

constexpr auto schema = mcp::schema_of<status>;
