// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace mcp {
struct protected_resource;

/// Tells clients where to get a token for this server: a handler to mount in a router.
///
///     app.mount(mcp::resource_metadata_path,
///               mcp::resource_metadata{server.options().resource});
///
/// `mcp::run` mounts it for a server whose `resource` names authorization servers. Without any
/// there is no document, and every request gets 404. It serves the document at the mount itself,
/// and at the mount followed by the path of the resource, as in
/// `/.well-known/oauth-protected-resource/mcp`, also with a slash at its end; other paths under it
/// get 404. Everybody may read it, also pages of other origins. Copies share the document, which is
/// written once.
///
/// If the path of the resource is a pattern, such as `/t/{tenant}/mcp`, there is a document for
/// each path that matches, and none at the mount itself. The constructor then throws as
/// `path_pattern` does. [RFC 9728 §3]
/// [MCP 2026-07-28 basic/authorization]
class resource_metadata {
public:
    explicit resource_metadata(const protected_resource& of);

    /// Answers a request, at once.
    asio::awaitable<void> operator()(const http::request& q, http::response& r) const;

private:
    struct document;

    static std::string path_of(std::string_view resource);

    /// Returns the document at the rest of the path behind the mount; empty if there is none.
    std::string text_at(std::string_view rest) const;
    void respond(const http::request& q, http::response& r) const;

    std::shared_ptr<const document> document_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/resource_metadata.ipp>
#endif
