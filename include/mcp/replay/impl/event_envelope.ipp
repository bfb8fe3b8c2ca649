// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/replay/event_envelope.hpp>

#include <charconv>
#include <cstddef>
#include <system_error>

namespace mcp::detail {

MCP_DECL std::string event_envelope::mark(std::string_view message, bool last) {
    std::string marked;
    marked.reserve(message.size() + 1);
    return marked.append(1, last ? '!' : '.').append(message);
}

MCP_DECL std::string event_envelope::write(std::uint64_t sequence, std::string_view marked) {
    return std::to_string(sequence).append(marked);
}

MCP_DECL std::optional<event_envelope> event_envelope::read(std::string_view text) {
    event_envelope read;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), read.sequence);
    const auto mark = static_cast<std::size_t>(number.ptr - text.data());
    if (number.ec != std::errc() || mark == text.size() || (text[mark] != '.' && text[mark] != '!'))
        return std::nullopt;
    read.last = text[mark] == '!';
    read.message = unmark(text.substr(mark));
    return read;
}

} // namespace mcp::detail
