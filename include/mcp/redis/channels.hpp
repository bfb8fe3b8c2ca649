#pragma once

#include <mcp/redis/connection.hpp>

#include <string>
#include <string_view>

namespace mcp::redis {

/// The channels that belong together: of one Redis, with names that begin alike.
struct channels {
    connection redis;
    std::string prefix;

    /// The channel of a topic.
    std::string name(std::string_view topic) const { return name(prefix, topic); }
    static std::string name(const std::string& prefix, std::string_view topic) {
        std::string text = prefix + ':';
        return text.append(topic);
    }
};

} // namespace mcp::redis
