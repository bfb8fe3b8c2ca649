// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::legacy {

/// Identifies an event among all events of a session: `<stream>-<sequence>`.
/// [MCP 2025-11-25 basic/transports, resumability]
struct event_id {
    std::uint64_t stream = 0;
    std::uint64_t sequence = 0;

    std::string text() const { return std::to_string(stream) + '-' + std::to_string(sequence); }

    /// Parses an id; returns nothing if `text` is malformed.
    static std::optional<event_id> parse(std::string_view text);
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/event_id.ipp>
#endif
