// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mcp::http {

namespace detail {

/// Removes the first element of `text`, up to a `separator` outside quoted strings, and the
/// separator. Returns the element without the white space around it. [RFC 9110 §5.6.4]
constexpr std::string_view take_element(std::string_view& text, char separator) noexcept {
    std::size_t end = std::min(text.find(separator), text.size());
    if (text.substr(0, end).find('"') != text.npos) {
        end = 0;
        for (bool quoted = false; end < text.size() && (quoted || text[end] != separator); ++end) {
            if (text[end] == '"')
                quoted = !quoted;
            else if (quoted && text[end] == '\\')
                ++end;
        }
        end = std::min(end, text.size());
    }
    std::string_view out = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (out.starts_with(' ') || out.starts_with('\t'))
        out.remove_prefix(1);
    while (out.ends_with(' ') || out.ends_with('\t'))
        out.remove_suffix(1);
    return out;
}

/// Returns whether a parameter of a media range is a weight of zero. [RFC 9110 §12.4.2]
constexpr bool is_zero_weight(std::string_view parameter) noexcept {
    if (parameter.size() < 3 || !iequals(parameter.substr(0, 2), "q="))
        return false;
    const std::string_view weight = parameter.substr(2);
    return weight == "0" ||
           (weight.starts_with("0.") && weight.find_first_not_of('0', 2) == weight.npos);
}

/// Decides from Accept fields about one type: the most specific range that covers it counts.
struct acceptance {
    int precision = 0; ///< of that range; 0 if none covers the type
    bool accepted = false;

    constexpr void read(std::string_view accept, std::string_view type) noexcept {
        while (!accept.empty()) {
            std::string_view rest = take_element(accept, ',');
            const std::string_view range = take_element(rest, ';');
            const std::string_view family = type.substr(0, type.find('/') + 1);
            int matched = iequals(range, type) ? 3 : range == "*/*" ? 1 : 0;
            if (range.ends_with("/*") && iequals(range.substr(0, range.size() - 1), family))
                matched = 2;
            if (matched == 0 || matched < precision)
                continue;
            bool zero = false;
            while (!rest.empty())
                zero = is_zero_weight(take_element(rest, ';')) || zero;
            accepted = (matched == precision && accepted) || !zero;
            precision = matched;
        }
    }
};

} // namespace detail

/// Returns whether the media ranges of an Accept header cover `type`, such as `application/json`,
/// with a weight above zero. The most specific range counts. [RFC 9110 §12.5.1]
constexpr bool accepts_media(std::string_view accept, std::string_view type) noexcept {
    detail::acceptance result;
    result.read(accept, type);
    return result.accepted;
}

/// Returns whether the request accepts a response of `type`. Several Accept fields form one list.
/// Without a field the result is false; a caller that wants the default of [RFC 9110 §12.5.1]
/// checks for it.
bool accepts_media(const fields& headers, std::string_view type) noexcept;

/// Returns whether the body of the request is unencoded, without a coding such as gzip.
/// [RFC 9110 §8.4]
bool has_plain_body(const fields& headers) noexcept;

/// Returns whether a Content-Type header names `type`, parameters aside.
constexpr bool is_media(std::string_view content_type, std::string_view type) noexcept {
    std::string_view name = content_type.substr(0, content_type.find(';'));
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return iequals(name, type);
}

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/media_type.ipp>
#endif
