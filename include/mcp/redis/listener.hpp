// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <string>

namespace mcp::redis {

/// Receives the messages of channels. Called on the connection's thread, so it must not block. Its
/// exceptions are dropped.
class listener {
public:
    virtual ~listener() = default;

    /// Receives a message, in the order of the channel.
    virtual void message(const std::string& channel, const std::string& text) = 0;

    /// Called after a loss, when the channel is subscribed to again and commands can be sent.
    /// Messages published meanwhile are lost.
    virtual void restored(const std::string&) {}
};

} // namespace mcp::redis
