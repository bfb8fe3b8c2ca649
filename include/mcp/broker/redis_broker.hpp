// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/config.hpp>
#include <mcp/redis/channels.hpp>
#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mcp {

/// The `sse_broker` for several processes. Topics are Redis channels named `prefix:topic`, or
/// `prefix@3:topic` if the connection uses database 3, because channels do not belong to a
/// database. Different servers need different databases or prefixes.
///
/// A message is sent byte for byte, so other programs may publish as well. The byte 1 at the start
/// of a message marks a claim. A message that begins with it is sent with another byte 1 in front.
///
/// A claim takes a generation, which grows with every claim of any process, and publishes it on the
/// channel. A subscriber with a smaller generation is taken over. While Redis is unreachable,
/// subscribers stay, and `publish`, `subscribe` and `claim` throw `unavailable`. Afterwards all
/// topics are subscribed to again, missed claims are detected, and `missed` tells subscribers that
/// messages may have been lost. Nothing is queued meanwhile: only a replay log keeps messages.
///
///     mcp::redis::connection redis("redis://127.0.0.1");
///     mcp::server server{info, mcp::redis_broker(redis), mcp::redis_replay(redis)};
///
/// With the same connection in both, as here, a message is recorded and published in one step.
class redis_broker {
public:
    explicit redis_broker(redis::connection redis, std::string prefix = "mcp:sse");

    /// Adds `receiver` to the topic; completes when Redis has confirmed.
    [[nodiscard]] asio::awaitable<void> subscribe(std::string topic,
                                                  std::shared_ptr<subscriber> receiver) const;

    /// Makes `receiver` the only subscriber of the topic in all processes.
    [[nodiscard]] asio::awaitable<void> claim(std::string topic,
                                              std::shared_ptr<subscriber> receiver) const;

    /// Removes `receiver` from the topic, if present.
    void unsubscribe(std::string_view topic, const subscriber* receiver) const;

    /// Publishes to all processes; returns how many of them have a subscriber.
    [[nodiscard]] asio::awaitable<std::size_t> publish(std::string topic,
                                                       std::string message) const;

    /// Returns the channels of this broker, for logs that publish recorded messages.
    redis::channels channels() const;

    /// Returns whether Redis can be reached.
    bool healthy() const noexcept;
    health_state health() const;

private:
    struct topic_table;

    std::shared_ptr<topic_table> table_;
};

static_assert(sse_broker<redis_broker>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/broker/impl/redis_broker.ipp>
#endif
