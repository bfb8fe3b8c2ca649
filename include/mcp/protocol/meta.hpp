// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace mcp {

class json_writer;

/// The keys of `_meta` that the protocol reserves [MCP 2026-07-28 basic/index].
namespace meta_key {
inline constexpr std::string_view progress_token = "progressToken";
inline constexpr std::string_view protocol_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view client_info = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view client_capabilities =
    "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view log_level = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view subscription_id = "io.modelcontextprotocol/subscriptionId";
inline constexpr std::string_view server_info = "io.modelcontextprotocol/serverInfo";
/// W3C Trace Context and W3C Baggage.
inline constexpr std::string_view trace_parent = "traceparent";
inline constexpr std::string_view trace_state = "tracestate";
inline constexpr std::string_view baggage = "baggage";
} // namespace meta_key

/// Returns whether the protocol reserves this key: `progressToken`, the keys of the trace context,
/// and every prefix whose second label is `modelcontextprotocol` or `mcp`.
constexpr bool is_reserved_meta_key(std::string_view key) noexcept;

/// The `_meta` of a request. The views point into the JSON of the request and are valid as long as
/// it is.
struct request_meta {
    /// The complete object; absent if the request has none.
    json_view object;
    /// Modern only; empty if absent.
    std::string_view protocol_version;
    /// Modern only.
    json_view client_info;
    /// Modern only.
    std::optional<mcp::client_capabilities> client_capabilities;
    /// If absent, a modern request gets no log messages.
    std::optional<mcp::log_level> log_level;
    mcp::progress_token progress_token;
    std::string_view trace_parent;
    std::string_view trace_state;
    std::string_view baggage;

    /// Returns whether the request names a protocol version. Such a request is always handled as
    /// modern, never as legacy.
    bool is_modern() const noexcept;
};

/// Reads the `_meta` of a request's params. Both may be absent.
result<request_meta, decode_error> read_request_meta(json_view params);

/// Checks that the keys required of every modern request are present. Returns an error that names
/// the missing keys, or nothing. The HTTP status of the error is 400.
std::optional<jsonrpc::error> check_modern_meta(const request_meta& meta);

/// Writes the `_meta` of a modern request.
void write(json_writer& w, const request_meta& meta);

/// Begins the object of a result. Writes `resultType` (modern) and `_meta`, with `server_info` (an
/// implementation as JSON text; for modern peers only). The caller writes the members and calls
/// `end_object`.
void begin_result(json_writer& w, revision r, std::string_view server_info = {},
                  const json_object& meta = {}, std::string_view result_type = "complete");

/// Writes a result without members of its own.
void write_empty_result(json_writer& w, revision r, std::string_view server_info = {});

constexpr bool is_reserved_meta_key(std::string_view key) noexcept {
    if (key == meta_key::progress_token || key == meta_key::trace_parent ||
        key == meta_key::trace_state || key == meta_key::baggage) {
        return true;
    }
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos) {
        return false;
    }
    std::string_view prefix = key.substr(0, slash);
    const std::size_t dot = prefix.find('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    prefix.remove_prefix(dot + 1);
    const std::string_view second = prefix.substr(0, prefix.find('.'));
    return second == "modelcontextprotocol" || second == "mcp";
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/meta.ipp>
#endif
