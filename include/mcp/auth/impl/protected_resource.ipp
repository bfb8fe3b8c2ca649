// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/protected_resource.hpp>
#include <mcp/encoding/uri.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/writer.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// Returns a URL with the values of its parameters. A value has all its slashes only where the rest
/// of the path is meant, so they stay.
inline std::string filled_url(std::string_view url, const http::path_params& path) {
    std::string made;
    while (!url.empty()) {
        const std::size_t open = url.find('{');
        const std::size_t close = open == url.npos ? url.npos : url.find('}', open);
        if (close == url.npos)
            break;
        made.append(url.substr(0, open));
        const std::string_view inner = url.substr(open + 1, close - open - 1);
        const auto value = path.find(inner.substr(0, inner.find(':')));
        if (!value)
            made.append(url.substr(open, close + 1 - open));
        else
            for (const char c : *value)
                if (is_uri_unreserved(c) || std::string_view("!$&'()*+,;=:@/").find(c) != url.npos)
                    made += c;
                else
                    append_uri_byte(made, c);
        url.remove_prefix(close + 1);
    }
    return made.append(url);
}

MCP_DECL protected_resource resource_at(const protected_resource& pattern,
                                        const http::path_params& path) {
    protected_resource made = pattern;
    made.resource = filled_url(pattern.resource, path);
    for (std::string& each : made.authorization_servers)
        each = filled_url(each, path);
    return made;
}

MCP_DECL std::string metadata_document(const protected_resource& of) {
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

MCP_DECL std::string metadata_url(std::string_view resource) {
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

MCP_DECL std::string challenge(const protected_resource& of, std::string_view error,
                               const std::vector<std::string>& scopes,
                               std::string_view description) {
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

} // namespace mcp::detail
