// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <string_view>

namespace mcp::reflect::detail {

// The range of an enum without fixed underlying type ends at the bits that its enumerators need.
// clang up to 19 warns of values beyond it. They are used here only to see that they have no name.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#endif

/// Returns what the compiler prints for the template arguments `Values`, including its own frame.
template <auto... Values>
[[nodiscard]] consteval std::string_view pretty_values() noexcept {
    // The size is known: to count the characters takes longer than to read what they say.
    return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}

/// Returns only the printed list: `a, b` from `… Values = {a, b}; …` (g++) or `… Values = <a, b>]`
/// (clang).
template <auto... Values>
[[nodiscard]] consteval std::string_view printed_values() noexcept {
    std::string_view text = pretty_values<Values...>();
    constexpr std::string_view start = "Values = ";
    text.remove_prefix(text.find(start) + start.size() + 1);
#if defined(__clang__)
    return text.substr(0, text.rfind('>'));
#else
    return text.substr(0, text.rfind('}', text.rfind("std::string_view =")));
#endif
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Bytes above 0x7F belong to identifiers in UTF-8.
[[nodiscard]] constexpr bool is_identifier_char(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || byte >= 0x80;
}

/// Returns the identifier that `text` ends with: `c` for `(& a::b.c)`.
[[nodiscard]] constexpr std::string_view last_identifier(std::string_view text) noexcept {
    while (!text.empty() && !is_identifier_char(text.back()))
        text.remove_suffix(1);
    std::size_t begin = text.size();
    while (begin > 0 && is_identifier_char(text[begin - 1]))
        --begin;
    return text.substr(begin);
}

/// Removes the template arguments that `text` ends with: `f` for `f<a<b>>`.
[[nodiscard]] constexpr std::string_view
without_template_arguments(std::string_view text) noexcept {
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    if (text.empty() || text.back() != '>')
        return text;
    std::size_t open = 0;
    for (std::size_t at = text.size(); at > 0; --at) {
        if (text[at - 1] == '>')
            ++open;
        else if (text[at - 1] == '<' && --open == 0)
            return text.substr(0, at - 1);
    }
    return text;
}

} // namespace mcp::reflect::detail
