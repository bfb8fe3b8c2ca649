// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL void append_hex(std::string& out, std::string_view data) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : data) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
}

MCP_DECL std::string to_hex(std::string_view data) {
    std::string out;
    out.reserve(data.size() * 2);
    append_hex(out, data);
    return out;
}

MCP_DECL std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

} // namespace mcp
