#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mcp {

/// Returns the broker topic of a list.
constexpr std::string_view list_topic(list_kind kind) noexcept {
    switch (kind) {
    case list_kind::tools:
        return "tools/list_changed";
    case list_kind::resources:
        return "resources/list_changed";
    case list_kind::prompts:
        return "prompts/list_changed";
    }
    return {};
}

/// Returns the broker topic of a resource. It is the same for every spelling of the URI.
inline std::string resource_topic(std::string_view uri) {
    return "resource:" + normal_uri(uri);
}

/// Returns the broker topic of the messages to a legacy session's own stream.
inline std::string session_topic(std::string_view id) {
    return "session:" + std::string(id);
}

/// Returns the broker topic on which processes report that the record of a session has changed.
inline std::string record_topic(std::string_view id) {
    return "record:" + std::string(id);
}

/// Returns the broker topic of the response stream of one request.
inline std::string stream_topic(std::string_view session, std::uint64_t stream) {
    return "stream:" + std::string(session) + ':' + std::to_string(stream);
}

} // namespace mcp
