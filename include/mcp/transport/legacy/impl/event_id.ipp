// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/legacy/event_id.hpp>

#include <charconv>
#include <system_error>

namespace mcp::legacy {

MCP_DECL std::optional<event_id> event_id::parse(std::string_view text) {
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

} // namespace mcp::legacy
