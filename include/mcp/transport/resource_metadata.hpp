#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace mcp {

/// Tells clients where to get a token for this server: a handler to mount in a router.
///
///     app.mount(mcp::resource_metadata_path,
///               mcp::resource_metadata{server.options().resource});
///
/// `mcp::run` mounts it for a server whose `resource` names authorization servers. Without any
/// there is no document, and every request gets 404. It serves the document at the mount itself,
/// and at the mount followed by the path of the resource, as in
/// `/.well-known/oauth-protected-resource/mcp`; other paths under it get 404. Everybody may read
/// it, also pages of other origins. Copies share the document, which is written once. [RFC 9728 §3]
/// [MCP 2026-07-28 basic/authorization]
class resource_metadata {
public:
    explicit resource_metadata(const protected_resource& of)
        : document_(std::make_shared<const document>(document{
              of.has_metadata() ? metadata_document(of) : std::string(), path_of(of.resource)})) {}

    asio::awaitable<void> operator()(const http::request& q, http::response& r) const {
        answer(q, r);
        return detail::ready_nothing();
    }

private:
    struct document {
        std::string text;
        std::string path; ///< of the resource
    };

    static std::string path_of(std::string_view resource) {
        const auto scheme = resource.find("://");
        const auto path = resource.find('/', scheme == resource.npos ? 0 : scheme + 3);
        if (path == resource.npos)
            return {};
        return std::string(resource.substr(path, resource.find('?', path) - path));
    }

    void answer(const http::request& q, http::response& r) const {
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

    std::shared_ptr<const document> document_;
};

} // namespace mcp
