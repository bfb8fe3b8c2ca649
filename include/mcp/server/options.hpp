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

/// Who the server is, as clients see it.
struct server_info {
    std::string name;
    std::string version;
    std::string title{}; ///< for people; the name if empty
    std::string description{};
    std::string website_url{};
    std::vector<icon> icons{};
    std::string instructions{}; ///< how a model should use this server
};

/// What happens to arguments of a call that a tool or prompt does not know. Some clients add their
/// own to each call.
enum class unknown_arguments : std::uint8_t {
    refuse,  ///< the call is answered with an error that names one
    ignore,  ///< they are left out
    pass_on, ///< as `ignore`, but handlers of `mcp::json` get them; others find them in
             ///< `context::params()`
};

/// What can be set about a server; each member has a default that is fit for production.
///
/// All is set before the server serves. Requests on any thread read it without a lock, so a change
/// while they run is a data race. What transports are given, such as `streamable_http_options`,
/// they copy when they are made.
struct server_options {
    /// How many entries a page of a list holds.
    std::size_t page_size = 250;
    /// Show the text of unexpected exceptions to clients. For development.
    bool expose_exceptions = false;
    /// Serve clients that start with the initialize handshake (2024-11-05 to 2025-11-25).
    bool legacy = true;
    /// Serve clients that send their metadata with each request (2026-07-28).
    bool modern = true;
    /// How long, and by whom, modern clients may cache lists and resources.
    cache_policy caching{};
    /// How long a handler waits for the client's answer on the legacy wire.
    std::chrono::milliseconds client_answer_timeout = std::chrono::minutes(5);
    /// Threads for handlers wrapped by `mcp::blocking`.
    std::size_t blocking_threads = 4;
    /// Threads for collaborators that block: such a store answers so many requests at a time.
    std::size_t collaborator_threads = 4;
    /// What a legacy client may say of itself in `initialize`: its name, icons and capabilities as
    /// JSON, in bytes; beyond, it is refused. It is kept as long as the session.
    std::size_t client_bytes = 64 * 1024;
    /// What one session, or one listen stream, may subscribe to; beyond, that request is refused.
    subscription_limits subscriptions{};
    /// What of one event stream may wait for its reader, in bytes; beyond, the reader is cut off.
    /// With a replay log it can come back for the rest.
    std::size_t stream_bytes = 4 * 1024 * 1024;
    /// The same of all event streams together. Counted in is what listen streams filter by, and
    /// the requests of calls whose response is a stream or whose connection has gone: beyond, a
    /// call is cancelled. No stream and no call holds more than it leaves for the others. Set it
    /// before the server is used.
    std::size_t all_stream_bytes = 256 * 1024 * 1024;
    /// What happens to unknown arguments. Only those of the call itself: members of objects within
    /// arguments are always as the schema says. Schemas do not show it. For a tool with a schema
    /// at run time it means what `"additionalProperties":false` at the root refuses.
    mcp::unknown_arguments unknown_arguments = mcp::unknown_arguments::refuse;
    /// Show input schemas in the subset of JSON Schema that the APIs of model vendors take, see
    /// `schema::plain_schema`. Arguments are checked against the whole one all the same.
    bool plain_schemas = false;
    /// Leave out of lists what the caller lacks the scopes for, or is forbidden by a predicate of
    /// the caller alone (see `allow_if`); else it is listed and refused.
    bool hide_forbidden = false;
    /// What clients are told about how to get a token, in challenges. See `protected_resource`.
    protected_resource resource{};
    /// Extensions that the server speaks, by name, with their settings.
    json_object extensions{};
    /// Messages below this level are not logged.
    log_level level = log_level::info;
    /// Show observers, the log at level debug among them, the arguments of calls; they may be
    /// secret. For development.
    bool log_arguments = false;
    /// Where the server's own log goes; standard error if empty. Called from any thread, which it
    /// must not block: that may be an event loop.
    /// Not used if an observer takes the lines of the log.
    std::function<void(log_level, std::string_view)> log{};
};

} // namespace mcp
