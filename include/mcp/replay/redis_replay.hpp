// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/config.hpp>
#include <mcp/redis/channels.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/replay/replay_log.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mcp {

/// Settings of `redis_replay`.
struct redis_replay_options {
    std::string prefix = "mcp:replay"; ///< keys begin with it
    std::size_t events = 1024;         ///< for each session, all streams together
    /// The maximum bytes of messages of a session; beyond it, the oldest events are dropped. A
    /// larger message is not kept. The total of all sessions is a setting of Redis (`maxmemory`).
    std::size_t bytes = 8 * 1024 * 1024;
    std::chrono::seconds keep = std::chrono::hours(24); ///< since the last event of a stream
};

/// The `replay_log` for several processes. Each session has in Redis:
///
/// - a Redis stream for each of its streams, with the sequences as ids;
/// - a hash of the last sequences;
/// - a list of the streams in the order of their events, with the bytes of each event;
/// - the sum of these bytes.
///
/// When all events of a stream are dropped, its last sequence is kept until `events` other streams
/// have come. Stream 0, the session's own, keeps it as long as the session.
///
/// If the server's broker is a `redis_broker` of the same connection, one script records a message
/// and publishes it. While Redis is unreachable, `append` throws and nothing is queued: the sender
/// gets an error. Appended events are as durable as the data of Redis: with `appendonly yes` and
/// `appendfsync always` they survive a crash of Redis, with weaker settings the last moment may be
/// lost.
///
/// The keys of a session have the session as their hash tag, so all of them are on one node of a
/// cluster.
class redis_replay {
public:
    explicit redis_replay(redis::connection redis, redis_replay_options options = {});

    [[nodiscard]] asio::awaitable<std::uint64_t> append(std::string session, std::uint64_t stream,
                                                        std::string message);

    [[nodiscard]] asio::awaitable<recorded> append(std::string session, std::uint64_t stream,
                                                   std::string message, std::string topic);

    /// Makes `append` with a topic also publish on its channel, if these channels belong to the
    /// same connection. Call it before the log is used.
    void publish_on(const redis::channels& channels);

    /// Returns the events after `sequence`. If the log does not know that place, for example
    /// because all events of the stream are gone, `whole` is false.
    [[nodiscard]] asio::awaitable<replayed> after(std::string session, std::uint64_t stream,
                                                  std::uint64_t sequence);

    [[nodiscard]] asio::awaitable<void> forget(std::string session);

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    std::string counters(const std::string& session) const;
    std::string events(const std::string& session, std::uint64_t stream) const;
    std::string order(const std::string& session) const { return counters(session) + ":order"; }
    std::string bytes(const std::string& session) const { return counters(session) + ":bytes"; }
    std::string channel_of(const std::string& topic) const;

    redis::connection redis_;
    redis_replay_options options_;
    std::optional<std::string> channels_; ///< of the channels to publish on
};

static_assert(replay_log<redis_replay>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/replay/impl/redis_replay.ipp>
#endif
