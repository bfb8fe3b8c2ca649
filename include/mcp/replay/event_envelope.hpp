// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::detail {

/// A message of a stream, as a log keeps it and a broker delivers it.
///
/// A log keeps it marked: `.<message>`, or `!<message>` for the last message of the stream. A
/// broker delivers `<sequence>` and the marked message. The sequence is 0 without a log.
struct event_envelope {
    std::uint64_t sequence = 0;
    bool last = false;
    std::string_view message;

    /// Returns the marked message, which a log records.
    static std::string mark(std::string_view message, bool last = false);

    /// Returns the message of a marked message.
    static std::string_view unmark(std::string_view marked) noexcept { return marked.substr(1); }

    /// Returns the text that a broker delivers.
    static std::string write(std::uint64_t sequence, std::string_view marked);

    /// Reads the text that a broker delivers; returns nothing if it is none of an event.
    static std::optional<event_envelope> read(std::string_view text);
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/replay/impl/event_envelope.ipp>
#endif
