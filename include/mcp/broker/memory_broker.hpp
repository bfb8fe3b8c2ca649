// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/sse_broker.hpp>
#include <mcp/config.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// The embedded `sse_broker`: the topics of this process.
///
/// It delivers each message to the current subscribers and keeps none.
class memory_broker {
public:
    memory_broker() = default;
    /// Moves the broker into a server; no call may be under way.
    memory_broker(memory_broker&& other) noexcept : topics_(std::move(other.topics_)) {}

    /// Adds `receiver` to the topic; a repeated call has no effect.
    void subscribe(std::string_view topic, std::shared_ptr<subscriber> receiver);

    /// Makes `receiver` the only subscriber of the topic; calls `taken_over` on the others.
    void claim(std::string_view topic, std::shared_ptr<subscriber> receiver);

    /// Removes `receiver` from the topic, if present.
    void unsubscribe(std::string_view topic, const subscriber* receiver);

    /// Delivers the message to all subscribers of the topic, on the calling thread; returns how
    /// many accepted it.
    std::size_t publish(std::string_view topic, const std::string& message);

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::vector<std::shared_ptr<subscriber>>> topics_;
};

static_assert(sse_broker<memory_broker>);

/// A `memory_broker` whose server has no streams for sessions: the response to GET is 405.
class no_broker : public memory_broker {
public:
    static constexpr bool streams = false;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/broker/impl/memory_broker.ipp>
#endif
