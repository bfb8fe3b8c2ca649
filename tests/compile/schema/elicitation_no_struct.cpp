// mcp: what elicitation asks for must be an aggregate struct, one member for each field of the form
#include <mcp/schema/elicitation_schema_of.hpp>

#ifdef ACCEPT
struct answer {
    bool sure;
};
#else
using answer = bool;
#endif

constexpr auto text = mcp::elicitation_schema_of<answer>;
