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

/// What all requests of a server share: who it is, its settings, its collaborators, who observes
/// them, its threads.
class server_environment {
public:
    /// With the embedded collaborators; a server puts its own in their place.
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
    /// Makes the streams of sessions resumable; without one they are not.
    std::optional<any_replay_log> replay;
    /// Who finds out who calls; without one, nobody asks.
    std::optional<any_auth_backend> auth;
    /// How often one caller may come; without one, as often as they like.
    std::optional<any_rate_limiter> limiter;
    /// Who sees requests, lines of the log and counts. All are added before the server is used.
    const std::shared_ptr<observation> observers;
    /// The collaborators that can say how they are.
    health_board health;

    /// What event streams hold until it is read.
    const std::shared_ptr<byte_budget>& stream_budget() const {
        std::call_once(streams_made_, [this] {
            streams_ = std::make_shared<byte_budget>(options.all_stream_bytes);
        });
        return streams_;
    }

    /// The limits of what one event stream holds.
    mailbox_limits stream_limits() const {
        return {.bytes = options.stream_bytes, .all = stream_budget()};
    }

    /// Whether a line of this level is logged at all.
    bool logs(log_level level) const noexcept { return level >= options.level; }

    /// Writes to the server's log if `level` is high enough. `request_id` is the JSON text of an
    /// id. No secrets, no arguments. Any thread; does not throw.
    void log(log_level level, std::string_view text, std::string_view request_id = {}) const {
        observers->log({level, text, request_id});
    }

    /// Tells the observers that something has happened. Names are few, and those of the library
    /// begin with `mcp.`. Any thread; does not throw.
    void count(std::string_view name, std::uint64_t by = 1) const { observers->count(name, by); }

    /// Where `mcp::blocking` handlers run; started with the first of them.
    lazy_pool::executor_type pool() { return handlers_.executor(options.blocking_threads); }

    /// Where collaborators that block are called: handlers do not hold them up.
    pool_source collaborators() {
        return [this] { return collaborators_.executor(options.collaborator_threads); };
    }

    /// Where the broker is called if nobody waits for it, in order and behind nothing else.
    pool_source broker_queue() {
        return [this] { return broker_queue_.executor(1); };
    }

    /// Waits for the blocking handlers that run, and what they have begun. Called before the event
    /// loops go away.
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
