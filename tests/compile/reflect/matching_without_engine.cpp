// mcp: checking a pattern needs RE2: include <mcp/schema/re2.hpp> here and link the component
// asio-mcp::re2
//
// mistake: `mcp::matching` without RE2
//
// and no other error
#include <mcp/reflect/pattern.hpp>
#ifdef ACCEPT
#include <mcp/schema/re2.hpp>
#endif

int main() {
    return mcp::matching<"^[a-z]+$">("word")->empty() ? 1 : 0;
}
