// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/oauth_challenge.hpp>
#include <mcp/client/oauth_metadata.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A URL as its origin, its path without a slash at the end, and its query.
struct url_parts {
    std::string origin;
    std::string path;
    std::string query; ///< with the question mark

    static std::optional<url_parts> read(std::string_view url) {
        const auto parsed = http::parse_web_url(url);
        if (!parsed)
            return std::nullopt;
        url_parts out{parsed->site.scheme + "://" + parsed->host, parsed->target, {}};
        const auto question = std::min(out.path.find('?'), out.path.size());
        out.query = out.path.substr(question);
        out.path.resize(question);
        while (out.path.ends_with('/'))
            out.path.pop_back();
        return out;
    }
};

inline std::vector<std::string> text_list(json_view list) {
    std::vector<std::string> out;
    if (list && list.is_array())
        for (const json_view each : list.elements())
            if (const auto text = each.if_string())
                out.emplace_back(*text);
    return out;
}

inline std::string scope_list(json_view list) {
    std::string out;
    for (const std::string& each : text_list(list))
        out = join_scopes(out, each);
    return out;
}

inline bool is_true(json_view value) {
    return value && value.is_bool() && value.get_bool();
}

MCP_DECL std::string origin_of(std::string_view url) {
    const auto parts = url_parts::read(url);
    return parts ? parts->origin : std::string();
}

MCP_DECL std::string resource_identifier(std::string_view endpoint) {
    const auto parsed = http::parse_web_url(endpoint);
    if (!parsed)
        return {};
    std::string out = parsed->site.scheme + "://" + parsed->host;
    return parsed->target == "/" ? out : out + parsed->target;
}

MCP_DECL std::vector<std::string> resource_metadata_urls(std::string_view endpoint,
                                                         std::string_view from_challenge) {
    constexpr std::string_view well_known = "/.well-known/oauth-protected-resource";
    std::vector<std::string> out;
    if (!from_challenge.empty())
        out.emplace_back(from_challenge);
    if (const auto parts = url_parts::read(endpoint)) {
        const std::string root = parts->origin + std::string(well_known);
        for (const std::string& each : {root + parts->path + parts->query, root})
            if (std::find(out.begin(), out.end(), each) == out.end())
                out.push_back(each);
    }
    return out;
}

MCP_DECL std::vector<std::string> server_metadata_urls(std::string_view issuer) {
    const auto parts = url_parts::read(issuer);
    if (!parts || !parts->query.empty())
        return {};
    const std::string& root = parts->origin;
    std::vector<std::string> out{root + "/.well-known/oauth-authorization-server" + parts->path,
                                 root + "/.well-known/openid-configuration" + parts->path};
    if (!parts->path.empty())
        out.push_back(root + parts->path + "/.well-known/openid-configuration");
    return out;
}

MCP_DECL bool covers_endpoint(std::string_view resource, std::string_view endpoint) {
    const auto whole = url_parts::read(resource);
    const auto part = url_parts::read(endpoint);
    if (!whole || !part || whole->origin != part->origin || resource.find('#') != resource.npos ||
        !part->path.starts_with(whole->path))
        return false;
    const std::string_view below = std::string_view(part->path).substr(whole->path.size());
    if (below.empty())
        return whole->query.empty() || whole->query == part->query;
    return whole->query.empty() && below.starts_with('/');
}

MCP_DECL document_result<protected_resource_document>
read_resource_metadata(std::string_view text, std::string_view endpoint) {
    const auto document = parse_json(text);
    if (!document || !document->is_object())
        return {{}, "is not a JSON object"};
    const json_view members(*document);
    protected_resource_document out;
    out.resource = find_member(members, "resource").if_string().value_or("");
    if (!covers_endpoint(out.resource, endpoint))
        return {{}, "describes another resource than this server"};
    out.authorization_servers = text_list(find_member(members, "authorization_servers"));
    out.scopes = scope_list(find_member(members, "scopes_supported"));
    return {std::move(out), {}};
}

MCP_DECL document_result<authorization_server> read_server_metadata(std::string_view text,
                                                                    std::string_view issuer) {
    const auto document = parse_json(text);
    if (!document || !document->is_object())
        return {{}, "is not a JSON object"};
    const json_view members(*document);
    const auto member = [&](std::string_view name) {
        return std::string(find_member(members, name).if_string().value_or(""));
    };
    authorization_server out;
    out.issuer = member("issuer");
    if (out.issuer != issuer)
        return {{}, "is that of another issuer"};
    out.authorization_endpoint = member("authorization_endpoint");
    out.token_endpoint = member("token_endpoint");
    out.registration_endpoint = member("registration_endpoint");
    if (out.token_endpoint.empty())
        return {{}, "has no token_endpoint"};
    out.scopes = scope_list(find_member(members, "scopes_supported"));
    out.token_methods = text_list(find_member(members, "token_endpoint_auth_methods_supported"));
    const auto methods = text_list(find_member(members, "code_challenge_methods_supported"));
    out.has_s256 = std::find(methods.begin(), methods.end(), "S256") != methods.end();
    out.sends_issuer =
        is_true(find_member(members, "authorization_response_iss_parameter_supported"));
    out.takes_client_documents =
        is_true(find_member(members, "client_id_metadata_document_supported"));
    return {std::move(out), {}};
}

MCP_DECL authorization_server default_server(std::string_view endpoint) {
    authorization_server out;
    out.issuer = origin_of(endpoint);
    out.authorization_endpoint = out.issuer + "/authorize";
    out.token_endpoint = out.issuer + "/token";
    out.registration_endpoint = out.issuer + "/register";
    out.has_s256 = true;
    return out;
}

} // namespace mcp::detail
