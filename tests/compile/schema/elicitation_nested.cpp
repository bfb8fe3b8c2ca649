// mcp: an elicitation form holds only bool, numbers, strings, enums, time points and lists of enums
//
// mistake: a form with a struct in it
#include <mcp/schema/elicitation_schema_of.hpp>

struct point {
    int x, y;
};

struct question {
    bool sure;
#ifdef REJECT
    point where;
#endif
};

constexpr auto text = mcp::elicitation_schema_of<question>;
