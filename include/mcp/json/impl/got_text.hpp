// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/json/writer.hpp>

#include <string>

namespace mcp::detail {

/// Returns a text such as ", got 101", or an empty text for types whose values may be long.
template <class T>
std::string got_text(const T& value) {
    if constexpr (json_number<T>) {
        std::string text = ", got ";
        json_writer{text}.value(value);
        return text;
    } else if constexpr (json_optional<T>) {
        return value ? got_text(*value) : std::string{};
    } else {
        return {};
    }
}

} // namespace mcp::detail
