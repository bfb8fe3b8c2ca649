// mcp: checking a pattern needs RE2: include <mcp/schema/re2.hpp> here and link the component
// asio-mcp::re2
//
// mistake: `mcp::pattern` without RE2
//
// and no other error
#include <mcp/json/decode.hpp>
#include <mcp/reflect/pattern.hpp>
#ifdef ACCEPT
#include <mcp/schema/re2.hpp>
#endif

struct request {
    std::string mail;
};

template <>
struct mcp::describe<request> {
    static constexpr auto members =
        mcp::members(mcp::member<"mail">("Whom", mcp::pattern{"^\\S+@\\S+$"}));
};

int main() {
    return mcp::decode<request>(mcp::json{}) ? 0 : 1;
}
