// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/schema/impl/text_sink.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace mcp::schema::detail {

template <class Writer>
[[nodiscard]] consteval std::size_t counted() {
    text_sink out;
    Writer::write(out);
    return out.size();
}

template <class Writer>
[[nodiscard]] consteval auto fill() {
    std::array<char, counted<Writer>() + 1> text{};
    text_sink out{text.data()};
    Writer::write(out);
    return text;
}

template <class Writer>
inline constexpr auto text_of = fill<Writer>();

/// The text that `Writer::write` writes; a zero follows it.
template <class Writer>
inline constexpr std::string_view filled{text_of<Writer>.data(), text_of<Writer>.size() - 1};

} // namespace mcp::schema::detail
