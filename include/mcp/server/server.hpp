// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/health.hpp>
#include <mcp/server/impl/collaborators.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/options.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/state/request_state.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

/// The number of collaborator concepts that `T` fits. It must be one.
template <class T>
inline constexpr int parts_played =
    (auth_backend<T> ? 1 : 0) + (rate_limiter<T> ? 1 : 0) + (session_store<T> ? 1 : 0) +
    (sse_broker<T> ? 1 : 0) + (replay_log<T> ? 1 : 0) + (request_state<T> ? 1 : 0) +
    (observer<T> ? 1 : 0);

/// True if no two of `T` have the same part, unless they are observers.
template <class... T>
inline constexpr bool one_of_each =
    (0 + ... + (auth_backend<T> ? 1 : 0)) <= 1 && (0 + ... + (rate_limiter<T> ? 1 : 0)) <= 1 &&
    (0 + ... + (session_store<T> ? 1 : 0)) <= 1 && (0 + ... + (sse_broker<T> ? 1 : 0)) <= 1 &&
    (0 + ... + (replay_log<T> ? 1 : 0)) <= 1 && (0 + ... + (request_state<T> ? 1 : 0)) <= 1;

} // namespace detail

/// An MCP server: its entries (see `any_server`) and its collaborators.
///
///     mcp::server server{"weather", "1.0.0"};
///     mcp::server cluster{mcp::server_info{.name = "weather", .version = "1.0.0"}, my_auth{},
///                         mcp::redis_sessions{redis}, mcp::redis_broker{redis}};
///
/// A collaborator is an object of a type that fits one of the concepts (`auth_backend`,
/// `rate_limiter`, `session_store`, `sse_broker`, `replay_log`, `request_state`, `observer`). The
/// order is free, and only observers may occur more than once. Sessions, broker, state and log have
/// an embedded default. Without their collaborator, authentication, limits and replay are off.
/// `server.health()` asks each collaborator that has a `health()`; see `reports_health`.
///
/// Any number of transports and threads may serve one server. They refer to it and must end first.
/// So do handlers that capture it. Until then a server may be moved, such as out of the function
/// that makes it; the type of one without collaborators is `mcp::server<>`.
///
///     mcp::server<> make_server() {
///         mcp::server server{"weather", "1.0.0"};
///         server.tool<add, "a", "b">("Add two numbers");
///         return server;
///     }
template <class... Collaborators>
class server : public any_server {
    static_assert(
        (... &&
         (sizeof(detail::collaborator_fault<Collaborators, detail::parts_played<Collaborators>>) >
          0)));
    static_assert(detail::one_of_each<Collaborators...>,
                  "mcp: give mcp::server one collaborator of each kind, not several");

public:
    server(std::string name, std::string version, Collaborators... collaborators)
        : server(server_info{.name = std::move(name), .version = std::move(version)},
                 std::move(collaborators)...) {}

    explicit server(server_info info, Collaborators... collaborators)
        : any_server(std::move(info)) {
        (acquaint(collaborators, collaborators...), ...);
        (install(std::move(collaborators)), ...);
    }

private:
    /// Connects a replay log to the broker, if the log can publish its records there.
    template <class One, class... All>
    static void acquaint([[maybe_unused]] One& one, [[maybe_unused]] const All&... all) {
        if constexpr (replay_log<One>)
            (tell(one, all), ...);
    }
    template <class Log, class Other>
    static void tell([[maybe_unused]] Log& log, [[maybe_unused]] const Other& other) {
        if constexpr (requires { log.publish_on(other.channels()); })
            log.publish_on(other.channels());
    }

    template <class Collaborator>
    void install(Collaborator collaborator) {
        server_environment& shared = environment();
        const detail::pool_source pool = shared.collaborators();
        auto part = std::make_shared<Collaborator>(std::move(collaborator));
        shared.health.add(role<Collaborator>(), part);
        if constexpr (auth_backend<Collaborator>)
            shared.auth.emplace(std::move(part), pool);
        else if constexpr (rate_limiter<Collaborator>)
            shared.limiter.emplace(std::move(part), pool);
        else if constexpr (session_store<Collaborator>)
            shared.sessions = detail::any_session_store(std::move(part), pool);
        else if constexpr (sse_broker<Collaborator>)
            shared.topics = detail::any_broker(std::move(part), pool, shared.broker_queue());
        else if constexpr (replay_log<Collaborator>)
            shared.replay.emplace(std::move(part), pool);
        else if constexpr (request_state<Collaborator>)
            shared.state = detail::any_request_state(std::move(part), pool);
        else if constexpr (observer<Collaborator>)
            shared.observers->add(std::move(part));
    }

    template <class T>
    static constexpr std::string_view role() noexcept {
        return auth_backend<T>    ? "auth_backend"
               : rate_limiter<T>  ? "rate_limiter"
               : session_store<T> ? "session_store"
               : sse_broker<T>    ? "sse_broker"
               : replay_log<T>    ? "replay_log"
               : request_state<T> ? "request_state"
                                  : "observer";
    }
};

template <class... Collaborators>
server(const char*, const char*, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(std::string, std::string, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(server_info, Collaborators...) -> server<Collaborators...>;

} // namespace mcp
