// mcp: whether this member has an initialiser cannot be read beside one such as std::map or
// mcp::json; say it in describe<T> by mcp::default_value{...} or mcp::defaulted{}, or that none
// has: static constexpr bool defaults = false
//
// mistake: an initialiser beside a `std::map`
//
// and no other error
#include <mcp/json/decode.hpp>

#include <map>
#include <string>

struct request {
    std::map<std::string, int> weights;
    int limit = 10;
    int page;
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
