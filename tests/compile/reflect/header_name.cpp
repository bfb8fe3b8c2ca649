// mcp: param_header takes the name of an HTTP header: letters, digits and !#$%&'*+-.^_`|~
//
// mistake: a header with a space in its name
#include <mcp/schema/schema_of.hpp>

struct request {
    int region;
};

template <>
struct mcp::describe<request> {
#ifdef ACCEPT
    static constexpr auto members =
        mcp::members(mcp::member<"region">("Where", mcp::param_header{"My-Region"}));
#else
    static constexpr auto members =
        mcp::members(mcp::member<"region">("Where", mcp::param_header{"My Region"}));
#endif
};

constexpr auto text = mcp::schema_of<request>;
