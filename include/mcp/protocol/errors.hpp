// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The error codes that MCP and this library add to those of JSON-RPC (`jsonrpc::errc`).
namespace errc {
/// The headers do not match the body [MCP 2026-07-28 basic/transports/streamable-http].
inline constexpr int header_mismatch = -32020;
/// The request needs a capability that the client has not declared [MCP 2026-07-28 basic/index].
inline constexpr int missing_client_capability = -32021;
/// The server does not support the revision [MCP 2026-07-28 basic/versioning].
inline constexpr int unsupported_protocol_version = -32022;
/// The resource does not exist; up to 2025-11-25, later revisions use `invalid_params`.
inline constexpr int resource_not_found = -32002;
/// The user must visit a URL first; 2025-11-25 only [MCP 2025-11-25 client/elicitation].
inline constexpr int url_elicitation_required = -32042;
/// The HTTP endpoint refuses the request, for the reason in the message. The code is the first of
/// those that JSON-RPC leaves to servers [JSON-RPC 2.0 §5.1]; the TypeScript SDK uses it likewise.
inline constexpr int refused = -32000;
/// The session is unknown or has ended. The code is one of those that JSON-RPC leaves to servers
/// [JSON-RPC 2.0 §5.1]; the TypeScript SDK uses it likewise.
inline constexpr int session_not_found = -32001;
/// The request is not authenticated. The code is this library's own, outside the range that
/// JSON-RPC reserves [JSON-RPC 2.0 §5.1]; it is named after status 401 [RFC 9110 §15.5.2].
inline constexpr int unauthorized = -31401;
/// The principal is not permitted to make the request. The code is this library's own, named after
/// status 403 [RFC 9110 §15.5.4].
inline constexpr int forbidden = -31403;
/// A limit is reached; `data.retryAfter` has the seconds to wait. The code is this library's own,
/// named after status 429 [RFC 6585 §4].
inline constexpr int too_many_requests = -31429;
/// The call took longer than the server allows, from 2026-07-28. The code is this library's own,
/// named after status 504 [RFC 9110 §15.6.5].
inline constexpr int timed_out = -31504;
/// The same up to 2025-11-25. The TypeScript SDK calls this code `RequestTimeout`.
inline constexpr int legacy_timed_out = -32001;
} // namespace errc

/// An exception by which a handler responds with a JSON-RPC error, because the request is wrong.
/// For a failure of the handler itself throw `handler_error` instead.
///
///     throw mcp::protocol_error{mcp::invalid_params("no such region")};
class protocol_error : public std::runtime_error {
public:
    explicit protocol_error(jsonrpc::error why)
        : std::runtime_error{why.message}
        , error_{std::move(why)} {}

    protocol_error(int code, const std::string& message, std::string data = {})
        : protocol_error{jsonrpc::error{code, message, std::move(data)}} {}

    /// Returns the error that is sent to the peer.
    const jsonrpc::error& error() const noexcept { return error_; }

private:
    jsonrpc::error error_;
};

/// An exception by which a handler says why it fails, in words that the client's model may read. A
/// tool gives a result with `isError`; a resource, a prompt or a completion gives a JSON-RPC error
/// with the code -32603. The text of other exceptions is not sent.
///
///     throw mcp::handler_error("The index is being rebuilt; try again in a minute");
class handler_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A `handler_error`: what the client asks for does not exist. The JSON-RPC error of a resource is
/// that of `resource_not_found`, with this text. A prompt or a completion gives the code -32602.
///
///     throw mcp::not_found("There is no note of that number");
class not_found : public handler_error {
public:
    using handler_error::handler_error;
};

jsonrpc::error invalid_request(std::string why);

jsonrpc::error invalid_params(std::string why);

/// Returns an error that hides the cause; the cause belongs in the log.
jsonrpc::error internal_error();

jsonrpc::error method_not_found(std::string_view method);

jsonrpc::error unknown_tool(std::string_view name);

jsonrpc::error unknown_prompt(std::string_view name);

jsonrpc::error invalid_cursor();

jsonrpc::error header_mismatch(std::string_view why);

/// Returns the error for an unknown resource; `data.uri` names it. The code is -32002 up to
/// 2025-11-25 and -32602 from 2026-07-28.
jsonrpc::error resource_not_found(std::string_view uri, revision r);

/// Returns the error for a limit that is reached; `data.retryAfter` is the time to wait in seconds.
jsonrpc::error too_many_requests(std::string_view why, std::chrono::seconds retry_after);

/// Returns the error for a call that took longer than `limit`; `data.timeout` has the milliseconds,
/// as in the TypeScript SDK.
jsonrpc::error request_timed_out(std::chrono::milliseconds limit, revision r);

/// Returns the error for an unsupported revision. `data` holds the requested revision and the
/// modern ones of `supported`. If there are none, the message refers to `initialize`.
jsonrpc::error unsupported_protocol_version(std::string_view requested,
                                            std::span<const revision> supported = all_revisions);

/// Returns whether an HTTP response with this error has status 400, wherever the error arose. Other
/// errors of dispatch and handlers have status 200
/// [MCP 2026-07-28 basic/transports/streamable-http].
constexpr bool is_bad_request(int code) noexcept {
    return code == errc::header_mismatch || code == errc::missing_client_capability ||
           code == errc::unsupported_protocol_version;
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/errors.ipp>
#endif
