// mcp: beside a member such as std::map or mcp::json the default member initialisers of a struct
// cannot be read; say in describe<T> which members have one, by mcp::default_value{...} or
// mcp::defaulted{}, or that none has: static constexpr bool defaults = false
//
// and no other error
#include <mcp/json/decode.hpp>

#include <map>
#include <string>

struct request {
    std::map<std::string, int> weights;
    int limit = 10;
};

#ifdef ACCEPT
template <>
struct mcp::describe<request> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(mcp::default_value{10}));
};
#endif

int main() {
    return mcp::decode<request>(mcp::json{}) ? 0 : 1;
}
