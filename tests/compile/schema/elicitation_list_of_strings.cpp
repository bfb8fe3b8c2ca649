// mcp: an elicitation form holds only bool, numbers, strings, enums, time points and lists of enums
//
// mistake: a form with a list of strings
#include <mcp/schema/elicitation_schema_of.hpp>

#include <string>
#include <vector>

enum class fruit { apple, pear };

struct question {
#ifdef ACCEPT
    std::vector<fruit> basket;
#else
    std::vector<std::string> basket;
#endif
};

constexpr auto text = mcp::elicitation_schema_of<question>;
