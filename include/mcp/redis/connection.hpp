// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/config.hpp>
#include <mcp/redis/listener.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::redis {

/// Thrown when Redis is unreachable, did not reply in time, or cannot serve for now: it loads, is a
/// replica, lacks replicas or cannot write to its disk. Redis may have executed the command.
class unavailable : public mcp::unavailable {
public:
    using mcp::unavailable::unavailable;
};

namespace detail {

class core_thread;

inline std::string argument(std::string_view text) {
    return std::string(text);
}
inline std::string argument(std::integral auto number) {
    return std::to_string(number);
}

} // namespace detail

/// A handle to a Redis server: one connection for commands, one for subscriptions, and a thread
/// that serves both. Copies share the connections; the last copy closes them.
///
///     mcp::redis::connection redis("redis://:secret@10.0.0.5:6379/2");
///     auto reply = co_await redis.command("SET", "key", "value", "EX", 60);
///
/// - Members may be called from any thread. Awaitables may be awaited on any executor and resume
///   there. Commands of many callers are pipelined and cannot be cancelled separately: each
///   completes within the command timeout. Commands that coroutines send in one turn of an event
///   loop leave together at its end, and the replies of one read resume them together.
/// - A lost connection is restored automatically, with growing pauses, and all channels are
///   subscribed to again. Meanwhile commands fail at once with `unavailable`. Only before the end
///   of the first attempt do they wait for it.
/// - If the server replies READONLY, MASTERDOWN, LOADING, CLUSTERDOWN or NOAUTH, it is not, or no
///   longer, the right server. Both connections are then opened anew, and the host is resolved
///   again.
/// - A command under way when the connection is lost fails with `unavailable` as well. Redis may
///   have executed it; it is not sent again.
class connection {
public:
    /// Connects in the background. Throws what `parse_url` throws. Throws `std::invalid_argument`
    /// if the URL is a `rediss://` URL and `encrypt` is empty; `tls()` makes an `encrypt`.
    explicit connection(std::string_view url, encryption encrypt = {});
    explicit connection(settings to);

    /// Sends a command of strings and integers and returns the reply.
    ///
    /// Throws `unavailable`, or `command_error` with the error text of Redis.
    template <class... Args>
    [[nodiscard]] asio::awaitable<reply> command(const Args&... args) const {
        return send({detail::argument(args)...});
    }

    /// Sends a command that is assembled at run time, like `command`.
    [[nodiscard]] asio::awaitable<reply> send(std::vector<std::string> command) const;

    /// Sends a command without waiting. `then` is called on the connection's thread with the
    /// failure or the reply and must not block. Its exceptions are dropped.
    void post(std::vector<std::string> command,
              std::function<void(const std::exception_ptr&, const reply&)> then = {}) const;

    /// Subscribes to a channel, now and after every reconnect. A channel has one listener: the
    /// last. The connection does not keep the listener alive.
    void listen(std::string channel, std::weak_ptr<listener> receiver) const;

    /// Completes when Redis has confirmed the subscription: later messages on the channel arrive.
    ///
    /// Throws `unavailable`, or `command_error` if Redis does not allow the channel to this user;
    /// the connection still subscribes to the channel after a reconnect.
    [[nodiscard]] asio::awaitable<reply> confirmed(std::string channel) const;

    /// Unsubscribes from a channel without waiting.
    void mute(std::string channel) const;

    /// Returns the number of the database for commands. Channels do not belong to a database.
    unsigned database() const noexcept;

    /// Returns whether both connections are up.
    bool healthy() const noexcept;

    /// Reports health for `server.health()`: not ok while a connection is down, or for a few
    /// seconds after Redis has refused a command for a temporary reason. Includes the start of the
    /// failure.
    health_state health() const;

    /// Returns whether both are handles to the same connection.
    friend bool operator==(const connection& a, const connection& b) noexcept {
        return a.thread_ == b.thread_;
    }

private:
    std::shared_ptr<detail::core_thread> thread_;
};

} // namespace mcp::redis

#ifdef MCP_BODIES
#include <mcp/redis/impl/connection.ipp>
#endif
