// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <string>
#include <string_view>

namespace mcp {

/// Receives the messages of its topics: the server's end of a stream.
class subscriber {
public:
    virtual ~subscriber() = default;

    /// Takes one message; returns false if it cannot (the stream has ended or its queue is full).
    /// Called from any thread, concurrently for several publishers, and perhaps once more just
    /// after `unsubscribe`. Must not block or call the broker.
    virtual bool deliver(std::string_view topic, const std::string& message) = 0;

    /// Called from any thread when another subscriber has claimed the topic: this stream must end
    /// now.
    virtual void taken_over() noexcept {}

    /// Called like `deliver` when messages of the topic may have been lost, because the broker
    /// could not be reached for a while.
    virtual void missed(std::string_view) noexcept {}
};

} // namespace mcp
