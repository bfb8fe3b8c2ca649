// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/connection.hpp>

#include <string>
#include <string_view>

namespace mcp::redis {

/// A group of channels of one Redis server whose names begin with the same prefix.
struct channels {
    connection redis;
    std::string prefix;

    /// Returns the name of the channel of a topic.
    std::string name(std::string_view topic) const { return name(prefix, topic); }
    static std::string name(const std::string& prefix, std::string_view topic) {
        std::string text = prefix + ':';
        return text.append(topic);
    }
};

} // namespace mcp::redis
