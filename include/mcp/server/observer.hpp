// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/trace_context.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

/// A request as observers and functions of `around` see it. It has no principal. Of the client's
/// own values it holds only the id: `method` and `name` are known to the server, so their values
/// are few. The views live as long as the call of the observer or the function.
struct call_info {
    std::string_view method; ///< such as `tools/call`; empty if the server does not know it
    std::string_view name;   ///< of the tool, prompt, resource or template; or empty
    mcp::revision revision = latest;
    std::string_view request_id; ///< JSON text; unique only among the requests of one client
    trace_context trace;         ///< from `_meta`, or else from the HTTP headers
    /// The arguments of a tool or prompt. Observers see them in `begin` only, and only if
    /// `server_options::log_arguments` is set.
    json_view arguments{};
    /// The first eight characters of the session id of a legacy client, enough to tell sessions
    /// apart and not enough to use one. Empty if there is none.
    std::string_view session{};
    bool over_http = false;     ///< or over stdio, or in memory
    std::string_view http_id{}; ///< of the HTTP request; see `http::record_settings::request_ids`
};

/// Says how a request ended.
enum class outcome : std::uint8_t {
    ok,
    tool_error,     ///< a result with `isError`
    input_required, ///< the client must answer and retry [MCP 2026-07-28 mrtr]
    error,          ///< a JSON-RPC error
    refused,        ///< permission denied
    cancelled,      ///< by the client, a deadline or a shutdown; there is no response
};

constexpr std::string_view to_string(outcome how) noexcept {
    constexpr std::string_view names[] = {"ok",    "tool_error", "input_required",
                                          "error", "refused",    "cancelled"};
    return names[static_cast<std::size_t>(how)];
}

struct call_end {
    mcp::outcome outcome = mcp::outcome::ok;
    int code = 0; ///< of the JSON-RPC error; 0 if there is none
    std::chrono::nanoseconds duration{};
};

/// One line of the server's log, at least of `server_options::level`.
struct log_line {
    log_level level = log_level::info;
    std::string_view text;       ///< may have line breaks, from the text of an exception
    std::string_view request_id; ///< JSON text; empty if the line belongs to no request
    std::string_view http_id{};  ///< of the HTTP request; see `http::record_settings::request_ids`
};

/// The names that the library counts. Handlers may count others: see `server_environment::count`.
namespace counter {
inline constexpr std::string_view unauthenticated = "mcp.unauthenticated"; ///< HTTP 401, 400
inline constexpr std::string_view rate_limited = "mcp.rate_limited";       ///< HTTP 429
inline constexpr std::string_view unavailable = "mcp.unavailable"; ///< 503: collaborator is down
inline constexpr std::string_view sessions = "mcp.sessions";       ///< legacy sessions begun
} // namespace counter

namespace detail {

template <class T>
using begun_t = decltype(std::declval<T&>().begin(std::declval<const call_info&>()));

template <class T>
concept ends_nothing = requires(T& observer, const call_info& call, const call_end& how) {
    { observer.begin(call) } -> std::same_as<void>;
    { observer.end(call, how) } -> std::same_as<void>;
};
template <class T>
concept ends_something = requires(T& observer, const call_info& call, const call_end& how) {
    requires !is_awaitable_v<begun_t<T>> && std::is_object_v<begun_t<T>>;
    { observer.end(std::declval<begun_t<T>&>(), call, how) } -> std::same_as<void>;
};

// A member of one of these names that does not fit the concept is an error.
template <class T>
concept names_call = requires { &T::begin; } || requires { &T::end; };
template <class T>
concept names_log = requires { &T::log; };
template <class T>
concept names_count = requires { &T::count; };

/// An observer of the begin and the end of requests.
template <class T>
concept call_observer = ends_nothing<T> || ends_something<T>;

/// An observer that takes the lines of the server's log.
template <class T>
concept log_observer = requires(T& observer, const log_line& line) {
    { observer.log(line) } -> std::same_as<void>;
};

/// An observer that counts events.
template <class T>
concept count_observer = requires(T& observer, std::string_view name, std::uint64_t by) {
    { observer.count(name, by) } -> std::same_as<void>;
};

} // namespace detail

/// Observes a server. It has one or more of these members:
///
/// - `begin(call)` and `end(span, call, how)`, for each request that reaches the server's methods.
///   `begin` returns the observer's own span, and `end` gets it back by reference. If `begin`
///   returns nothing, the second is `end(call, how)`. Each `begin` that did not throw has one
///   `end`, perhaps on another thread, and perhaps after the response was sent.
/// - `log(line)` takes the lines of the log in place of standard error.
/// - `count(name, by)` counts `by` more events of a name; see `counter`.
///
/// All members are called where the event happens, and from several threads at once. They must be
/// quick, must not block, and are not awaited. Their exceptions are ignored.
template <class T>
concept observer =
    (detail::call_observer<T> || detail::log_observer<T> || detail::count_observer<T>) &&
    (detail::call_observer<T> || !detail::names_call<T>) &&
    (detail::log_observer<T> || !detail::names_log<T>) &&
    (detail::count_observer<T> || !detail::names_count<T>);

} // namespace mcp
