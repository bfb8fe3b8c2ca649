// The input is a template, a line break, and a URI. What is matched is UTF-8 under names that the
// template has; what is expanded is a URI. The URI also goes through the encoding of header values,
// and its normal form is normal. As a relative reference, it leads to the origin of its page.

#include <mcp/protocol/uri_template.hpp>

#include <mcp/encoding/uri.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/http/url.hpp>
#include <mcp/protocol/headers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool truth) {
    if (!truth) {
        std::abort();
    }
}

void header_round_trip(std::string_view value) {
    const auto decoded = mcp::decode_header_value(mcp::encode_header_value(value));
    require(mcp::is_utf8(value) ? decoded == value : !decoded);
    (void)mcp::decode_header_value(value);
}

void resolve(std::string_view reference) {
    const auto url = mcp::http::resolve_url("http://a:81/b/c?d", reference);
    if (!url || mcp::uri_front(reference).scheme != 0 || reference.starts_with("//"))
        return;
    const auto parts = mcp::http::parse_web_url(*url);
    require(parts && parts->host == "a:81");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::size_t line = input.find('\n');
    const std::string_view uri =
        line == std::string_view::npos ? std::string_view{} : input.substr(line + 1);
    header_round_trip(uri);
    resolve(uri);
    const std::string normal = mcp::normal_uri(uri);
    require(mcp::normal_uri(normal) == normal);

    const auto parsed = mcp::uri_template::parse(input.substr(0, line));
    require(parsed.has_value() == (mcp::uri_template_error(input.substr(0, line)) == nullptr));
    if (!parsed) {
        return 0;
    }
    require(parsed->variables().size() <= mcp::uri_template_variable_count(input.substr(0, line)));
    const auto values = parsed->match(uri);
    if (!values) {
        return 0;
    }
    const auto names = parsed->variables();
    for (const auto& [name, value] : *values) {
        require(mcp::is_utf8(value));
        require(std::find(names.begin(), names.end(), name) != names.end());
    }
    for (const char c : parsed->expand(*values)) {
        require(c > ' ' && c < 0x7F);
    }
    return 0;
}
