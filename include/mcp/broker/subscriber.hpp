#pragma once

#include <string>
#include <string_view>

namespace mcp {

/// Takes the messages of the topics that it is subscribed to: the server's end of a stream.
class subscriber {
public:
    virtual ~subscriber() = default;

    /// Takes one message; false if it cannot (the stream has ended or its queue is full).
    /// Called from any thread, for several publishers at once, and perhaps once more just after
    /// `unsubscribe`; must not block or call the broker.
    virtual bool deliver(std::string_view topic, const std::string& message) = 0;

    /// Another subscriber has claimed the topic: this stream is to end now. Any thread.
    virtual void taken_over() noexcept {}

    /// Messages of the topic may have been lost, since the broker could not be reached for a while.
    /// Called as `deliver` is.
    virtual void missed(std::string_view) noexcept {}
};

} // namespace mcp
