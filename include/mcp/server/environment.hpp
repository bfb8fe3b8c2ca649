#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/lazy_pool.hpp>
#include <mcp/async/mailbox.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/server/options.hpp>
#include <mcp/session/memory_sessions.hpp>
#include <mcp/state/parked_state.hpp>
#include <mcp/state/request_state.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Holds the parts that all requests of a server share: its identity, settings, collaborators,
/// observers and threads.
class server_environment {
public:
    /// Starts with the embedded collaborators; a server replaces them with its own.
    explicit server_environment(server_info who)
        : info(std::move(who))
        , topics(std::make_shared<memory_broker>(), collaborators(), broker_queue())
        , sessions(std::make_shared<memory_sessions>(), collaborators())
        , state(std::make_shared<parked_state>())
        , observers(std::make_shared<observation>(info, options)) {}
    server_environment(const server_environment&) = delete;
    server_environment& operator=(const server_environment&) = delete;

    const server_info info;
    server_options options;
    any_broker topics;
    any_session_store sessions;
    any_request_state state;
    /// Makes the streams of sessions resumable; without a log they are not.
    std::optional<any_replay_log> replay;
    /// Authenticates requests; without a backend, no request is authenticated.
    std::optional<any_auth_backend> auth;
    /// Limits how often one principal may send requests; without a limiter, there is no limit.
    std::optional<any_rate_limiter> limiter;
    /// Receive requests, log lines and counts. All are added before the server is used.
    const std::shared_ptr<observation> observers;
    /// The collaborators that report their health.
    health_board health;

    /// Counts the bytes that event streams hold until they are read.
    const std::shared_ptr<byte_budget>& stream_budget() const {
        std::call_once(streams_made_, [this] {
            streams_ = std::make_shared<byte_budget>(options.all_stream_bytes);
        });
        return streams_;
    }

    /// Returns the limits of one event stream.
    mailbox_limits stream_limits() const {
        return {.bytes = options.stream_bytes, .all = stream_budget()};
    }

    /// Returns whether lines of this level are logged.
    bool logs(log_level level) const noexcept { return level >= options.level; }

    /// Writes a line to the server's log if `level` is high enough. `request_id` is the JSON text
    /// of an id. Pass no secrets and no arguments. Any thread; does not throw.
    void log(log_level level, std::string_view text, std::string_view request_id = {}) const {
        observers->log({level, text, request_id});
    }

    /// Tells the observers that an event has happened `by` times. Use few names; those of the
    /// library begin with `mcp.`. Any thread; does not throw.
    void count(std::string_view name, std::uint64_t by = 1) const { observers->count(name, by); }

    /// Returns the pool of `mcp::blocking` handlers. The first of them starts it.
    lazy_pool::executor_type pool() { return handlers_.executor(options.blocking_threads); }

    /// Returns the pool that calls blocking collaborators, apart from that of the handlers.
    pool_source collaborators() {
        return [this] { return collaborators_.executor(options.collaborator_threads); };
    }

    /// Returns the pool for broker calls that no caller awaits. It runs them in order.
    pool_source broker_queue() {
        return [this] { return broker_queue_.executor(1); };
    }

    /// Waits for the blocking handlers that run, and for the work that they have started. Call it
    /// before the event loops are destroyed.
    void join_pool() {
        bool some = true;
        while (some) {
            some = handlers_.join();
            some = collaborators_.join() || some;
            some = broker_queue_.join() || some;
        }
    }

private:
    mutable std::once_flag streams_made_;
    mutable std::shared_ptr<byte_budget> streams_;
    lazy_pool handlers_;
    lazy_pool collaborators_;
    lazy_pool broker_queue_;
};

} // namespace mcp
