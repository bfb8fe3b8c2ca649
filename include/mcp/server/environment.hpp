// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/async/tally.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/server/options.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/state/request_state.hpp>

#include <asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace mcp {

class byte_budget;
struct mailbox_limits;

namespace detail {
class around_layer;
} // namespace detail

/// Holds the parts that all requests of a server share: its identity, settings, collaborators,
/// observers and threads.
class server_environment {
public:
    /// Starts with the embedded collaborators; a server replaces them with its own.
    explicit server_environment(server_info description);
    ~server_environment();
    server_environment(const server_environment&) = delete;
    server_environment& operator=(const server_environment&) = delete;

    const server_info info;
    server_options options;
    detail::any_broker topics;
    detail::any_session_store sessions;
    detail::any_request_state state;
    /// Makes the streams of sessions resumable; without a log they are not.
    std::optional<detail::any_replay_log> replay;
    /// Authenticates requests; without a backend, no request is authenticated.
    std::optional<detail::any_auth_backend> auth;
    /// Limits how often one principal may send requests; without a limiter, there is no limit.
    std::optional<detail::any_rate_limiter> limiter;
    /// Receive requests, log lines and counts. All are added before the server is used.
    const std::shared_ptr<observation> observers;
    /// The functions around all calls, the outermost first.
    std::vector<std::shared_ptr<const detail::around_layer>> around;
    /// The collaborators that report their health.
    detail::health_board health;
    /// Set by the transport while it stops; see `any_server::draining`.
    std::atomic<bool> draining{false};

    /// The calls of `mcp::blocking` handlers that wait for a thread of the pool.
    const detail::tally waiting_for_pool;
    /// The legacy sessions over HTTP that are live in this process.
    const detail::tally live_sessions;

    /// Returns the count of the bytes that event streams hold until they are read. Any thread.
    const std::shared_ptr<byte_budget>& stream_budget() const;

    /// Returns the limits of one event stream.
    mailbox_limits stream_limits() const;

    /// Returns whether lines of this level are logged.
    bool logs(log_level level) const noexcept { return level >= options.level; }

    /// Writes a line to the server's log if `level` is high enough. `request_id` is the JSON text
    /// of an id, and `http_id` that of the HTTP request. Pass no secrets and no arguments. Any
    /// thread; does not throw.
    void log(log_level level, std::string_view text, std::string_view request_id = {},
             std::string_view http_id = {}) const;

    /// Tells the observers that an event has happened `by` times. Use few names; those of the
    /// library begin with `mcp.`. Any thread; does not throw.
    void count(std::string_view name, std::uint64_t by = 1) const;

    /// Returns the pool of `mcp::blocking` handlers. The first of them starts it.
    asio::any_io_executor pool();

    /// Returns the pool that calls blocking collaborators, apart from that of the handlers.
    detail::pool_source collaborators();

    /// Returns the pool for broker calls that no caller awaits. It runs them in order.
    detail::pool_source broker_queue();

    /// Waits for the blocking handlers that run, and for the work that they have started. Call it
    /// before the event loops are destroyed.
    void join_pool();

private:
    struct parts;

    const std::unique_ptr<parts> parts_; ///< last: its pools end before what their work uses
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/environment.ipp>
#endif
