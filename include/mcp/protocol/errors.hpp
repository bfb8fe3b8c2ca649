#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/revision.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The error codes that MCP adds to those of JSON-RPC (`jsonrpc::errc`).
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
} // namespace errc

/// An exception by which a handler responds with a JSON-RPC error, because the request is wrong.
/// For a failure inside a tool throw `tool_error` instead, which the model can see.
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

inline jsonrpc::error invalid_request(std::string why) {
    return {jsonrpc::errc::invalid_request, std::move(why)};
}

inline jsonrpc::error invalid_params(std::string why) {
    return {jsonrpc::errc::invalid_params, std::move(why)};
}

/// Returns an error that hides the cause; the cause belongs in the log.
inline jsonrpc::error internal_error() {
    return {jsonrpc::errc::internal_error, "Internal error"};
}

inline jsonrpc::error method_not_found(std::string_view method) {
    return {jsonrpc::errc::method_not_found, "Method not found: " + std::string{method}};
}

inline jsonrpc::error unknown_tool(std::string_view name) {
    return invalid_params("Unknown tool: " + std::string{name});
}

inline jsonrpc::error unknown_prompt(std::string_view name) {
    return invalid_params("Unknown prompt: " + std::string{name});
}

inline jsonrpc::error invalid_cursor() {
    return invalid_params("Invalid cursor");
}

inline jsonrpc::error header_mismatch(std::string_view why) {
    return {errc::header_mismatch, "Header mismatch: " + std::string{why}};
}

/// Returns the error for an unknown resource; `data.uri` names it. The code is -32002 up to
/// 2025-11-25 and -32602 from 2026-07-28.
inline jsonrpc::error resource_not_found(std::string_view uri, revision r) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.member("uri", uri);
    w.end_object();
    return {is_modern(r) ? jsonrpc::errc::invalid_params : errc::resource_not_found,
            "Resource not found", std::move(data)};
}

/// Returns the error for an unsupported revision. `data` holds the requested revision and the
/// modern ones of `supported`. If there are none, the message refers to `initialize`.
inline jsonrpc::error
unsupported_protocol_version(std::string_view requested,
                             std::span<const revision> supported = all_revisions) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.key("supported");
    w.begin_array();
    bool none = true;
    for (revision r : supported) {
        if (is_modern(r)) {
            none = false;
            w.value(to_string(r));
        }
    }
    w.end_array();
    w.member("requested", requested);
    w.end_object();
    return {errc::unsupported_protocol_version,
            none ? "Unsupported protocol version: this server supports only revisions that begin "
                   "with initialize"
                 : "Unsupported protocol version",
            std::move(data)};
}

/// Returns whether an HTTP response with this error has status 400, wherever the error arose. Other
/// errors of dispatch and handlers have status 200
/// [MCP 2026-07-28 basic/transports/streamable-http].
constexpr bool is_bad_request(int code) noexcept {
    return code == errc::header_mismatch || code == errc::missing_client_capability ||
           code == errc::unsupported_protocol_version;
}

} // namespace mcp
