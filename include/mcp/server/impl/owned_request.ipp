// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/owned_request.hpp>

namespace mcp {

MCP_DECL owned_request::owned_request(const request_view& from)
    : id(from.id)
    , method(from.method)
    , params(json_document::copy(from.params))
    , revision(from.revision)
    , session(from.session.share())
    , principal(from.principal.share())
    , path(from.path ? *from.path : http::path_params())
    , trace_parent(from.trace.parent)
    , trace_state(from.trace.state)
    , http_id(from.http_id)
    , bytes(from.bytes) {}

MCP_DECL request_view owned_request::view() const noexcept {
    request_view made(id, method, params.root(), revision);
    made.session = session;
    made.principal = principal;
    made.path = &path;
    made.trace = {trace_parent, trace_state};
    made.http_id = http_id;
    made.bytes = bytes;
    return made;
}

} // namespace mcp
