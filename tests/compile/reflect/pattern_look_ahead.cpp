// mcp: mcp::pattern takes an ECMAScript regular expression that RE2 can match: no look-around, no
// back-references, no more than 1000 repetitions
//
// mistake: a pattern with a look-ahead
//
// and no other error
#include <mcp/reflect/pattern.hpp>
#include <mcp/schema/schema_of.hpp>

struct request {
    std::string name;
};

template <>
struct mcp::describe<request> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<"name">(mcp::pattern{"^[^x]"}));
#else
    static constexpr auto members = mcp::members(mcp::member<"name">(mcp::pattern{"^(?!x)"}));
#endif
};

constexpr auto text = mcp::schema_of<request>;
