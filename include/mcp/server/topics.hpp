// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::detail {

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
std::string resource_topic(std::string_view uri);

/// Returns the broker topic of the messages to a legacy session's own stream.
std::string session_topic(std::string_view id);

/// Returns the broker topic on which processes report that the record of a session has changed.
std::string record_topic(std::string_view id);

/// Returns the broker topic of the response stream of one request.
std::string stream_topic(std::string_view session, std::uint64_t stream);

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/topics.ipp>
#endif
