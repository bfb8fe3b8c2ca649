#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/json/writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The information that clients need to get a token for this server. [RFC 9728 §2]
struct protected_resource {
    /// The URL of the MCP endpoint as clients write it, for example `https://example.com/mcp`.
    std::string resource{};
    /// Issuer URLs. If empty, there is no metadata document: clients that get a document without
    /// issuers look for an authorization server here. [MCP 2026-07-28 basic/authorization]
    std::vector<std::string> authorization_servers{};
    std::vector<std::string> scopes_supported{};
    std::string documentation{}; ///< a page for developers
    std::string name{};          ///< a display name
    std::string realm = "mcp";   ///< of challenges [RFC 9110 §11.5]

    /// Returns whether there is a metadata document: it names the resource and its token issuers.
    bool has_metadata() const noexcept {
        return !resource.empty() && !authorization_servers.empty();
    }
};

/// Returns the metadata document of a resource that has one. [RFC 9728 §3.2]
inline std::string metadata_document(const protected_resource& of) {
    std::string text;
    json_writer w(text);
    const auto list = [&](std::string_view key, const std::vector<std::string>& values) {
        if (values.empty())
            return;
        w.key(key);
        w.begin_array();
        for (const std::string& each : values)
            w.value(std::string_view(each));
        w.end_array();
    };
    w.begin_object();
    w.member("resource", std::string_view(of.resource));
    list("authorization_servers", of.authorization_servers);
    list("scopes_supported", of.scopes_supported);
    list("bearer_methods_supported", {"header"});
    if (!of.name.empty())
        w.member("resource_name", std::string_view(of.name));
    if (!of.documentation.empty())
        w.member("resource_documentation", std::string_view(of.documentation));
    w.end_object();
    return text;
}

/// The path of the metadata document; it is also served with the path of the resource appended.
/// [RFC 9728 §3]
inline constexpr std::string_view resource_metadata_path = "/.well-known/oauth-protected-resource";

/// Returns the URL of the metadata document of a resource: the well-known part goes between the
/// host and the path or query. [RFC 9728 §3.1]
inline std::string metadata_url(std::string_view resource) {
    const auto scheme = resource.find("://");
    const auto end =
        scheme == resource.npos ? resource.npos : resource.find_first_of("/?", scheme + 3);
    std::string url(resource.substr(0, end));
    url += resource_metadata_path;
    std::string_view rest = end == resource.npos ? std::string_view() : resource.substr(end);
    if (rest == "/" || rest.starts_with("/?"))
        rest.remove_prefix(1);
    return url.append(rest);
}

/// Returns the value of `WWW-Authenticate` for a refused request. `error` is for example
/// `invalid_token` or `insufficient_scope`; `scopes` are all scopes that the request needs. [RFC
/// 6750 §3] [RFC 9728 §5.1]
inline std::string challenge(const protected_resource& of, std::string_view error = {},
                             const std::vector<std::string>& scopes = {},
                             std::string_view description = {}) {
    std::string text = "Bearer ";
    const auto parameter = [&](std::string_view name, std::string_view value) {
        if (text.back() != ' ')
            text += ", ";
        text.append(name).append("=\"");
        for (const char c : value) {
            if (c == '"' || c == '\\')
                text += '\\';
            if (c >= 0x20 && c < 0x7f)
                text += c;
        }
        text += '"';
    };
    parameter("realm", of.realm);
    if (of.has_metadata())
        parameter("resource_metadata", metadata_url(of.resource));
    std::string all;
    for (const std::string& scope : scopes.empty() ? of.scopes_supported : scopes)
        all.append(all.empty() ? "" : " ").append(scope);
    if (!all.empty())
        parameter("scope", all);
    if (!error.empty())
        parameter("error", error);
    if (!description.empty())
        parameter("error_description", description);
    return text;
}

} // namespace mcp
