// The field WWW-Authenticate and the documents of authorization, of any bytes: the first line is
// the field, the rest a document.

#include <mcp/client/oauth_challenge.hpp>
#include <mcp/client/oauth_metadata.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mcp::detail;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(text.find('\n'), text.size());
    const std::string field(text.substr(0, end));
    const std::string_view document = text.substr(std::min(end + 1, text.size()));
    constexpr std::string_view endpoint = "https://m.example/a/mcp";

    for (const http_challenge& each : read_challenges(field))
        if (each.scheme.empty() ||
            (!each.token68.empty() && each.scheme.find(' ') != std::string::npos))
            std::abort();
    const auto challenge = find_bearer_challenge({field});
    if (challenge && join_scopes(challenge->scope, challenge->scope) != challenge->scope)
        std::abort();

    const auto resource = read_resource_metadata(document, endpoint);
    if (resource.value.has_value() == !resource.fault.empty())
        std::abort();
    if (resource.value && !covers_endpoint(resource.value->resource, endpoint))
        std::abort();
    const auto server = read_server_metadata(document, "https://a.example");
    if (server.value && server.value->issuer != "https://a.example")
        std::abort();
    for (const std::string& url : resource_metadata_urls(field, field))
        (void)origin_of(url);
    for (const std::string& url : server_metadata_urls(field))
        if (origin_of(url) != origin_of(field))
            std::abort();
    return 0;
}
