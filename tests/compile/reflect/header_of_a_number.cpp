// mcp: an attribute in describe<T> does not fit the type of its member
//
// mistake: a header for a number with a fraction
#include <mcp/schema/schema_of.hpp>

struct request {
#ifdef ACCEPT
    int weight;
#else
    double weight;
#endif
};

template <>
struct mcp::describe<request> {
    static constexpr auto members =
        mcp::members(mcp::member<"weight">("Weight", mcp::param_header{"Weight"}));
};

constexpr auto text = mcp::schema_of<request>;
