#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::legacy {

/// Identifies an event among all events of a session: `<stream>-<sequence>`.
/// [MCP 2025-11-25 basic/transports, resumability]
struct event_id {
    std::uint64_t stream = 0;
    std::uint64_t sequence = 0;

    std::string text() const { return std::to_string(stream) + '-' + std::to_string(sequence); }

    /// Parses an id; returns nothing if `text` is malformed.
    static std::optional<event_id> parse(std::string_view text) {
        event_id id;
        const char* const end = text.data() + text.size();
        const auto stream = std::from_chars(text.data(), end, id.stream);
        if (stream.ec != std::errc() || stream.ptr == end || *stream.ptr != '-')
            return std::nullopt;
        const auto sequence = std::from_chars(stream.ptr + 1, end, id.sequence);
        if (sequence.ec != std::errc() || sequence.ptr != end)
            return std::nullopt;
        return id;
    }
};

} // namespace mcp::legacy
