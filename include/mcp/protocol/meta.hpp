#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

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
    /// The complete object; nullptr if the request has none.
    const json_object* object = nullptr;
    /// Modern only; empty if absent.
    std::string_view protocol_version;
    /// Modern only; nullptr if absent.
    const json* client_info = nullptr;
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
    bool is_modern() const noexcept {
        return find_member(object, meta_key::protocol_version) != nullptr;
    }
};

/// Reads the `_meta` of a request's params. Both may be absent.
result<request_meta, decode_error> read_request_meta(const json_object* params);

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
inline void write_empty_result(json_writer& w, revision r, std::string_view server_info = {}) {
    begin_result(w, r, server_info);
    w.end_object();
}

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

inline result<request_meta, decode_error> read_request_meta(const json_object* params) {
    request_meta read;
    const json* meta = find_member(params, "_meta");
    if (!meta) {
        return read;
    }
    const std::string_view path = "params._meta";
    member_reader r{*meta, path};
    read.object = find_members(*meta);
    if (read.object && read.object->empty()) {
        return read;
    }
    r.take(meta_key::progress_token, read.progress_token, read_token);
    r.take(meta_key::protocol_version, read.protocol_version);
    r.take(meta_key::client_capabilities, read.client_capabilities, read_client_capabilities);
    r.take(meta_key::log_level, read.log_level, read_log_level);
    const json_object* info = nullptr;
    r.take(meta_key::client_info, info);
    read.client_info = info ? r.find(meta_key::client_info) : nullptr;
    r.take(meta_key::trace_parent, read.trace_parent);
    r.take(meta_key::trace_state, read.trace_state);
    r.take(meta_key::baggage, read.baggage);
    return r.finish(std::move(read));
}

inline std::optional<jsonrpc::error> check_modern_meta(const request_meta& meta) {
    std::string missing;
    if (meta.protocol_version.empty()) {
        missing.append(" ").append(meta_key::protocol_version);
    }
    if (!meta.client_capabilities) {
        missing.append(" ").append(meta_key::client_capabilities);
    }
    if (missing.empty()) {
        return std::nullopt;
    }
    return invalid_params("params._meta lacks" + missing);
}

inline void write(json_writer& w, const request_meta& meta) {
    w.begin_object();
    write_present(w, meta_key::protocol_version, meta.protocol_version);
    if (meta.client_info) {
        w.member(meta_key::client_info, *meta.client_info);
    }
    if (meta.client_capabilities) {
        w.key(meta_key::client_capabilities);
        write(w, *meta.client_capabilities);
    }
    if (meta.log_level) {
        w.member(meta_key::log_level, to_string(*meta.log_level));
    }
    write_present_raw(w, meta_key::progress_token, meta.progress_token.text());
    write_present(w, meta_key::trace_parent, meta.trace_parent);
    write_present(w, meta_key::trace_state, meta.trace_state);
    write_present(w, meta_key::baggage, meta.baggage);
    w.end_object();
}

inline void begin_result(json_writer& w, revision r, std::string_view server_info,
                         const json_object& meta, std::string_view result_type) {
    w.begin_object();
    if (has_result_type(r)) {
        w.member("resultType", result_type);
    } else {
        server_info = {};
    }
    if (meta.empty() && server_info.empty()) {
        return;
    }
    w.key("_meta");
    w.begin_object();
    write_present_raw(w, meta_key::server_info, server_info);
    for (const auto& entry : meta) {
        const std::string_view key = entry.key();
        if (server_info.empty() || key != meta_key::server_info) {
            w.member(key, entry.value());
        }
    }
    w.end_object();
}

} // namespace mcp
