// mcp: this type does not own its text; take std::string
//
// mistake: `std::string_view` that is read
#include <mcp/json/decode.hpp>

#include <string>
#include <string_view>

#ifdef ACCEPT
using text = std::string;
#else
using text = std::string_view;
#endif

bool reads(const mcp::json& value) {
    return mcp::decode<text>(value).has_value();
}
