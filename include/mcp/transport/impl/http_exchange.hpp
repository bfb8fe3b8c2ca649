// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/http/message.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <memory>
#include <utility>

namespace mcp::detail {

/// An HTTP request that the gate has let in, and its response. Coroutines take a copy.
struct http_exchange {
    http_exchange(const http::request& q, http::response& r,
                  std::shared_ptr<const mcp::principal> identity)
        : request(q)
        , response(r)
        , principal(std::move(identity)) {}

    /// Returns a view of a message of the body. This object must outlive it.
    request_view view(const jsonrpc::message& message, mcp::revision revision,
                      const catalog_snapshot& offers) const {
        request_view made(message, revision, offers);
        made.principal = principal;
        made.path = &request.params;
        made.trace = read_trace_headers(request.headers);
        made.bytes = request.body.size();
        return made;
    }

    const http::request& request;
    http::response& response;
    std::shared_ptr<const mcp::principal> principal; ///< null without an auth backend
    reply_form form = reply_form::either;            ///< accepted by the client
};

} // namespace mcp::detail
