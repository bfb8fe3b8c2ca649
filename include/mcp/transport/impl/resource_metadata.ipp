// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/message.hpp>
#include <mcp/transport/resource_metadata.hpp>

namespace mcp {

MCP_DECL resource_metadata::resource_metadata(const protected_resource& of)
    : document_(std::make_shared<const document>(
          document{of.has_metadata() ? detail::metadata_document(of) : std::string(),
                   path_of(of.resource)})) {}

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

MCP_DECL void resource_metadata::respond(const http::request& q, http::response& r) const {
    const std::string_view rest = q.mounted == 0 ? "" : q.path.substr(q.mounted);
    r.set("Access-Control-Allow-Origin", "*");
    if (document_->text.empty() || (!rest.empty() && rest != "/" && rest != document_->path)) {
        r.code = http::status::not_found;
    } else if (q.method == http::verb::get || q.method == http::verb::head) {
        r.content_type = "application/json";
        r.body = document_->text;
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
