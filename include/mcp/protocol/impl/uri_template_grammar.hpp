// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>

#include <cstddef>
#include <string_view>

namespace mcp {

namespace detail {

/// How an operator expands its variables [RFC 6570 appendix A].
struct uri_operator {
    char prefix;    ///< before the first variable, 0 for none
    char separator; ///< between two variables
    bool named;     ///< `name=value`
    bool reserved;  ///< reserved characters are not encoded
};

constexpr uri_operator uri_operator_of(char op) noexcept {
    switch (op) {
    case '+':
        return {0, ',', false, true};
    case '#':
        return {'#', ',', false, true};
    case '.':
    case '/':
        return {op, op, false, false};
    case ';':
        return {';', ';', true, false};
    case '?':
        return {'?', '&', true, false};
    case '&':
        return {'&', '&', true, false};
    default:
        return {0, ',', false, false};
    }
}

/// One part of a template: literal text, then the inside of an expression.
struct uri_template_piece {
    std::string_view literal;
    std::string_view names; ///< comma-separated, without the operator
    char op = 0;
    bool has_expression = false;
};

constexpr const char* check_uri_literal(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '%' && !is_uri_triplet(text, i)) {
            return "a percent sign in a URI template must begin a %XX triplet";
        }
        if (byte <= ' ' || byte == 0x7F ||
            std::string_view{"\"<>\\^`|"}.find(text[i]) != std::string_view::npos) {
            return "a URI template has a character that is not allowed in a URI";
        }
        if (text[i] == '}') {
            return "a URI template has a '}' without a '{'";
        }
    }
    return nullptr;
}

constexpr const char* check_uri_name(std::string_view name) noexcept {
    if (name.empty() || name.front() == '.' || name.back() == '.') {
        return "a variable in a URI template must have a name";
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == ':' || c == '*') {
            return "a URI template has a level 4 modifier (':' or '*'), which is not supported";
        }
        if (!(is_uri_unreserved(c) && c != '-' && c != '~') && c != '%') {
            return "a variable name in a URI template may have only letters, digits, '_' and '.'";
        }
        if (c == '%' && !is_uri_triplet(name, i)) {
            return "a percent sign in a URI template must begin a %XX triplet";
        }
    }
    return nullptr;
}

/// Removes and returns the first name of a comma-separated list.
constexpr std::string_view take_uri_name(std::string_view& names, bool& more) noexcept {
    const std::size_t comma = names.find(',');
    const std::string_view name = names.substr(0, comma);
    more = comma != std::string_view::npos;
    names.remove_prefix(more ? comma + 1 : names.size());
    return name;
}

/// Reads the next part and removes it from `rest`. Returns a sentence that describes an error, or
/// nullptr.
constexpr const char* take_uri_piece(std::string_view& rest, uri_template_piece& piece) noexcept {
    const std::size_t open = rest.find('{');
    piece = {rest.substr(0, open), {}, 0, open != std::string_view::npos};
    if (const char* why = check_uri_literal(piece.literal)) {
        return why;
    }
    if (!piece.has_expression) {
        rest = {};
        return nullptr;
    }
    rest.remove_prefix(open + 1);
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos) {
        return "a URI template has a '{' without a '}'";
    }
    piece.names = rest.substr(0, close);
    rest.remove_prefix(close + 1);
    if (!piece.names.empty() &&
        std::string_view{"+#./;?&"}.find(piece.names.front()) != std::string_view::npos) {
        piece.op = piece.names.front();
        piece.names.remove_prefix(1);
    }
    bool more = true;
    for (std::string_view names = piece.names; more;) {
        if (const char* why = check_uri_name(take_uri_name(names, more))) {
            return why;
        }
    }
    return nullptr;
}

} // namespace detail

constexpr const char* uri_template_error(std::string_view text) noexcept {
    detail::uri_template_piece piece;
    while (!text.empty()) {
        if (const char* why = detail::take_uri_piece(text, piece)) {
            return why;
        }
    }
    return nullptr;
}

constexpr std::size_t uri_template_variable_count(std::string_view text) noexcept {
    std::size_t count = 0;
    detail::uri_template_piece piece;
    while (!text.empty() && !detail::take_uri_piece(text, piece)) {
        for (bool more = piece.has_expression; more; ++count) {
            detail::take_uri_name(piece.names, more);
        }
    }
    return count;
}

constexpr std::string_view uri_template_variable(std::string_view text,
                                                 std::size_t index) noexcept {
    detail::uri_template_piece piece;
    while (!text.empty() && !detail::take_uri_piece(text, piece)) {
        for (bool more = piece.has_expression; more;) {
            const std::string_view name = detail::take_uri_name(piece.names, more);
            if (index-- == 0) {
                return name;
            }
        }
    }
    return {};
}

} // namespace mcp
