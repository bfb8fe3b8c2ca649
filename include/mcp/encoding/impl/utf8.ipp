// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + 8 <= text.size() &&
            (detail::load_8(text.data() + at) & detail::every_high_bit) == 0) {
            at += 8;
        } else if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
        } else if (const auto step = detail::read_utf8(text, at); step.valid) {
            at += step.length;
        } else {
            return at;
        }
    }
    return std::string_view::npos;
}

MCP_DECL std::size_t utf8_length(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

MCP_DECL void append_utf8_repaired(std::string& out, std::string_view text) {
    while (true) {
        const std::size_t bad = find_invalid_utf8(text);
        out.append(text.substr(0, bad));
        if (bad == std::string_view::npos) {
            return;
        }
        out.append(utf8_replacement);
        text.remove_prefix(bad + detail::read_utf8(text, bad).length);
    }
}

MCP_DECL void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        push(code_point);
    } else if (code_point < 0x800) {
        push(0xC0 | (code_point >> 6));
        push(0x80 | (code_point & 0x3F));
    } else if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        out.append(utf8_replacement);
    } else if (code_point < 0x10000) {
        push(0xE0 | (code_point >> 12));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    } else {
        push(0xF0 | (code_point >> 18));
        push(0x80 | ((code_point >> 12) & 0x3F));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    }
}

} // namespace mcp
