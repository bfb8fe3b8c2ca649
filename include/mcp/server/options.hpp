// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/protected_resource.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/subscription_limits.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The identity of a server, as clients see it.
struct server_info {
    std::string name;           ///< the programmatic name
    std::string version;        ///< in any form
    std::string title{};        ///< display name; `name` if empty
    std::string description{};  ///< what the server is for, for people
    std::string website_url{};  ///< a page about it
    std::vector<icon> icons{};  ///< for the display
    std::string instructions{}; ///< how a model should use this server
};

/// Treatment of arguments that a tool or prompt does not know. Some clients add their own to each
/// call.
enum class unknown_arguments : std::uint8_t {
    refuse,  ///< answers the call with an error that names one
    ignore,  ///< drops them
    pass_on, ///< as `ignore`, but passes them to handlers of `mcp::json`; others find them in
             ///< `context::params()`
};

/// The form of the lines on standard error.
enum class log_format : std::uint8_t {
    text,       ///< `weather [warning] tool forecast failed: … (id 7)`
    timed,      ///< `2026-11-30T14:05:06.789Z weather [warning] …`
    json_lines, ///< a JSON object in each line, with `time`, `level`, `server` and `message`
};

/// The settings of a server. Each default is fit for production.
///
/// Set all before the server serves; none may change afterwards. Requests on any thread read them
/// without a lock, so a change while they run is a data race. What may change at any time are the
/// entries, see `any_server`. Transports copy their own options, such as `streamable_http_options`,
/// when they are constructed.
struct server_options {
    /// Number of entries on a page of a list.
    std::size_t page_size = 250;
    /// Shows the text of unexpected exceptions to clients. For development.
    bool expose_exceptions = false;
    /// Serves clients that start with the initialize handshake (2024-11-05 to 2025-11-25). Has no
    /// effect if `MCP_NO_LEGACY` is defined: such a program serves none of them.
    bool legacy = true;
    /// Serves clients that send their metadata with each request (2026-07-28).
    bool modern = true;
    /// Refuses the requests of a session, except `ping`, until the client has sent
    /// `notifications/initialized`; it should send none. Clients without a session never send it.
    /// [MCP 2025-11-25 basic/lifecycle]
    bool require_initialized = false;
    /// Says how long modern clients may cache lists and resources, and who may share them.
    cache_policy caching{};
    /// Time that a handler waits for the client's answer on the legacy wire.
    std::chrono::milliseconds client_answer_timeout = std::chrono::minutes(5);
    /// Time of a call: of a request whose handler is not immediate, with its permission checks and
    /// the functions around it. Then the client gets the error -31504 (up to 2025-11-25: -32001),
    /// and the handler is cancelled. A `mcp::blocking` handler that does not look at
    /// `context::cancelled` goes on, and its result is dropped. The time stands still while a
    /// handler waits for the client's answer. `mcp::timeout` sets the time of one entry. Zero: no
    /// limit.
    std::chrono::milliseconds call_timeout{0};
    /// The time of a call begins again whenever its handler reports progress, also if the client
    /// has not asked for progress.
    bool progress_restarts_timeout = false;
    /// Bytes of the result of a call, as JSON. A larger result of a tool becomes a tool error, any
    /// other the error -32603. `mcp::result_bytes` sets the limit of one entry.
    std::size_t result_bytes = SIZE_MAX;
    /// Threads for handlers wrapped by `mcp::blocking`.
    std::size_t blocking_threads = 4;
    /// Threads for blocking collaborators; this is the number of their calls that run at a time.
    std::size_t collaborator_threads = 4;
    /// Bytes of JSON that a legacy client may send about itself in `initialize` (name, icons,
    /// capabilities). A larger description is refused. The session keeps it until it ends.
    std::size_t client_bytes = 64 * 1024;
    /// Subscriptions that one session, or one listen stream, may hold. Requests for more are
    /// refused.
    subscription_limits subscriptions{};
    /// Unread bytes that one event stream may hold. Beyond that, its reader is disconnected; with a
    /// replay log it can come back for the rest.
    std::size_t stream_bytes = 4 * 1024 * 1024;
    /// Unread bytes that all event streams together may hold. The count includes the filters of
    /// listen streams, and the requests of calls whose response is a stream or whose connection has
    /// gone. A call that exceeds it is cancelled. No stream and no call holds more than it leaves
    /// for the others. Set it before the server is used.
    std::size_t all_stream_bytes = 256 * 1024 * 1024;
    /// Treatment of unknown arguments of the call itself. Members of objects within arguments
    /// always follow the schema. Schemas do not show this setting. For a tool with a run-time
    /// schema it decides about the arguments that `"additionalProperties":false` at the root
    /// refuses.
    mcp::unknown_arguments unknown_arguments = mcp::unknown_arguments::refuse;
    /// Shows input schemas in the subset of JSON Schema that the APIs of model vendors accept, see
    /// `schema::plain_schema`. Arguments are still checked against the whole schema.
    bool plain_schemas = false;
    /// Omits entries from lists if the principal lacks the scopes, or if a predicate refuses that
    /// does not take the parameters of the request (see `allow_if`). Otherwise they are listed, and
    /// refused when used.
    bool hide_forbidden = false;
    /// Tells clients in challenges how to get a token. See `protected_resource`.
    protected_resource resource{};
    /// Extensions that the server supports, by name, with their settings.
    json_object extensions{};
    /// Messages below this level are not logged.
    log_level level = log_level::info;
    /// The form of the lines on standard error. systemd and containers add the time themselves.
    mcp::log_format log_format = mcp::log_format::text;
    /// Shows the arguments of calls to observers and in the log at level debug. Arguments may be
    /// secret. For development.
    bool log_arguments = false;
    /// Receives the lines of the server's log; standard error if empty. It is called from any
    /// thread, also that of an event loop, so it must not block. It is not used if an observer
    /// takes the lines of the log.
    std::function<void(log_level, std::string_view)> log{};
};

} // namespace mcp
