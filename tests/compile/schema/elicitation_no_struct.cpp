// mcp: an elicitation form must be an aggregate struct with one member for each field
//
// mistake: a form that is no struct
#include <mcp/schema/elicitation_schema_of.hpp>

#ifdef ACCEPT
struct answer {
    bool sure;
};
#else
using answer = bool;
#endif

constexpr auto text = mcp::elicitation_schema_of<answer>;
