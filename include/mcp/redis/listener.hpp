#pragma once

#include <string>

namespace mcp::redis {

/// Hears what is published on channels. Called on the connection's thread: must not block. What it
/// throws is dropped.
class listener {
public:
    virtual ~listener() = default;

    /// A message, in the order of the channel.
    virtual void message(const std::string& channel, const std::string& text) = 0;

    /// The channel is subscribed to again after a loss, and commands can be sent; what was
    /// published meanwhile is lost.
    virtual void restored(const std::string&) {}
};

} // namespace mcp::redis
