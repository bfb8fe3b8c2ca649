// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/document.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/request_view.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace mcp {

/// The parts of a request that outlive its text, for a handler that suspends. It keeps neither the
/// snapshot nor the transport's sink.
class owned_request {
public:
    explicit owned_request(const request_view& from);
    owned_request(const owned_request&) = delete;
    owned_request& operator=(const owned_request&) = delete;

    /// Returns a view that is valid as long as this object.
    request_view view() const noexcept;

    const jsonrpc::id id;
    const std::string method;
    const json_document params;
    const mcp::revision revision;
    const std::shared_ptr<legacy::session> session;
    const std::shared_ptr<const mcp::principal> principal;
    const http::path_params path;
    const std::string trace_parent;
    const std::string trace_state;
    const std::string http_id;
    const std::size_t bytes;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/owned_request.ipp>
#endif
