// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
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
        made.http_id = request.id;
        made.bytes = request.body.size();
        if (response.note != nullptr && response.note->detailed)
            note(*response.note, made);
        return made;
    }

    const http::request& request;
    http::response& response;
    std::shared_ptr<const mcp::principal> principal; ///< null without an auth backend
    reply_form form = reply_form::either;            ///< accepted by the client

private:
    /// Notes the request for the log of the HTTP server.
    void note(http::request_note& to, const request_view& of) const {
        constexpr std::size_t longest = 100; // clients choose the texts
        to.method = of.method.substr(0, longest);
        std::string_view name = of.params.find("name").if_string().value_or("");
        if (name.empty()) {
            name = of.params.find("uri").if_string().value_or("");
            name = name.substr(0, name.find_first_of("?#"));
        }
        to.name = name.substr(0, longest);
        to.session = request.headers.find("mcp-session-id").value_or("").substr(0, longest);
        if (principal)
            to.subject = principal->subject;
    }
};

} // namespace mcp::detail
