// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/transport/resource_metadata.hpp>

#include <optional>
#include <utility>

namespace mcp {

struct resource_metadata::document {
    explicit document(const protected_resource& of_) : of(of_), path(path_of(of_.resource)) {
        if (!of.has_metadata())
            return;
        if (path.find('{') == path.npos)
            text = detail::metadata_document(of);
        else
            pattern.emplace(path);
    }

    const protected_resource of;
    const std::string path;                    ///< of the resource
    std::optional<http::path_pattern> pattern; ///< if the path has parameters
    std::string text;                          ///< if it has none
};

MCP_DECL resource_metadata::resource_metadata(const protected_resource& of)
    : document_(std::make_shared<const document>(of)) {}

MCP_DECL asio::awaitable<void> resource_metadata::operator()(const http::request& q,
                                                             http::response& r) const {
    respond(q, r);
    return detail::ready_nothing();
}

MCP_DECL std::string resource_metadata::path_of(std::string_view resource) {
    const auto scheme = resource.find("://");
    const auto path = resource.find('/', scheme == resource.npos ? 0 : scheme + 3);
    if (path == resource.npos)
        return {};
    return std::string(resource.substr(path, resource.find('?', path) - path));
}

MCP_DECL std::string resource_metadata::text_at(std::string_view rest) const {
    const document& known = *document_;
    if (rest.ends_with('/') && !known.path.ends_with('/'))
        rest.remove_suffix(1); // the endpoint answers with and without it; tokens are for one URL
    if (!known.pattern)
        return rest.empty() || rest == "/" || rest == known.path ? known.text : std::string();
    http::path_params values;
    if (!known.pattern->match(rest, false, values))
        return {};
    protected_resource made = detail::resource_at(known.of, values);
    // The client compares it with the URL that it knows: the path is spelled as the client does.
    made.resource = known.of.resource;
    made.resource.replace(made.resource.find(known.path), known.path.size(), rest);
    return detail::metadata_document(made);
}

MCP_DECL void resource_metadata::respond(const http::request& q, http::response& r) const {
    const std::string_view rest = q.mounted == 0 ? "" : q.path.substr(q.mounted);
    r.set("Access-Control-Allow-Origin", "*");
    std::string text = text_at(rest);
    if (text.empty()) {
        r.code = http::status::not_found;
    } else if (q.method == http::verb::get || q.method == http::verb::head) {
        r.content_type = "application/json";
        r.body = std::move(text);
    } else if (q.method == http::verb::options) {
        // Browsers send a preflight request, because clients send MCP-Protocol-Version.
        r.code = http::status::no_content;
        r.set("Allow", "GET, HEAD, OPTIONS");
        r.set("Access-Control-Allow-Methods", "GET, HEAD");
        r.set("Access-Control-Allow-Headers", "*");
    } else {
        r.code = http::status::method_not_allowed;
        r.set("Allow", "GET, HEAD, OPTIONS");
    }
}

} // namespace mcp
