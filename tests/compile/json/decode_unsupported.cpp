// mcp: this type cannot be read from JSON; make it an aggregate struct or specialise mcp::codec for
// it
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
