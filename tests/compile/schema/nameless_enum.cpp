// mcp: an enum without named values in its enum_range has no JSON form
//
// mistake: an enum without names
#include <mcp/schema/schema_of.hpp>

enum class status { fine = 1000 };

#ifdef ACCEPT
template <>
struct mcp::enum_range<status> {
    static constexpr int min = 1000;
    static constexpr int max = 1000;
};
#endif

constexpr auto text = mcp::schema_of<status>;
