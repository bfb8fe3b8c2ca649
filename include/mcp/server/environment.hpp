#pragma once

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

#include <asio/thread_pool.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// What all requests of a server share: who it is, its settings, its collaborators, who observes
/// them, its pool.
class server_environment {
public:
    /// With the embedded collaborators; a server puts its own in their place.
    explicit server_environment(server_info who)
        : info(std::move(who))
        , topics(std::make_shared<memory_broker>(), pool_source([this] { return pool(); }))
        , sessions(std::make_shared<memory_sessions>(), pool_source([this] { return pool(); }))
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
    /// How often one caller may come; without one, as often as he likes.
    std::optional<any_rate_limiter> limiter;
    /// Who sees requests, lines of the log and counts. All are added before the server is used.
    const std::shared_ptr<observation> observers;
    /// The collaborators that can say how they are.
    health_board health;

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
    asio::thread_pool::executor_type pool() {
        std::lock_guard lock(mutex_);
        if (!pool_)
            pool_.emplace(options.blocking_threads == 0 ? 1 : options.blocking_threads);
        return pool_->get_executor();
    }

    /// Waits for the blocking handlers that run. Called before the event loops go away.
    void join_pool() {
        std::lock_guard lock(mutex_);
        if (pool_) {
            pool_->join();
            pool_.reset();
        }
    }

private:
    std::mutex mutex_;
    std::optional<asio::thread_pool> pool_;
};

} // namespace mcp
