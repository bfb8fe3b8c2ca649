// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/impl/string_scan.hpp>
#include <mcp/json/writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp {

namespace detail {

/// The letter after the backslash of a short escape; 0 for characters that have none.
inline constexpr auto json_short_escapes = [] {
    std::array<char, 128> letters{};
    letters['"'] = '"';
    letters['\\'] = '\\';
    letters['\b'] = 'b';
    letters['\f'] = 'f';
    letters['\n'] = 'n';
    letters['\r'] = 'r';
    letters['\t'] = 't';
    return letters;
}();

inline void append_json_escape(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (const char letter = json_short_escapes[byte & 0x7F]; letter != 0) {
        const char escape[2] = {'\\', letter};
        out.append(escape, 2);
        return;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    const char escape[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    out.append(escape, 6);
}

/// Writes numbers of few digits, the most frequent numbers, without a search for the shortest text.
/// A text of at most 15 digits that reads back as `number` is the shortest. Returns null for other
/// numbers.
inline char* write_few_digits(char* to, double number) {
    constexpr double most = 1e11;
    const double thousands = number * 1000;
    if (!(std::abs(number) < most) || std::trunc(thousands) != thousands ||
        thousands / 1000 != number || (number == 0 && std::signbit(number))) {
        return nullptr;
    }
    auto rest = static_cast<std::int64_t>(thousands);
    if (rest < 0) {
        *to++ = '-';
        rest = -rest;
    }
    to = std::to_chars(to, to + 20, rest / 1000).ptr;
    *to++ = '.';
    rest %= 1000;
    for (std::int64_t unit = 100; unit != 0; unit /= 10) {
        *to++ = static_cast<char>('0' + rest / unit);
        rest %= unit;
        if (rest == 0) {
            break;
        }
    }
    return to;
}

} // namespace detail

MCP_DECL void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    while (true) {
        const std::size_t run = detail::json_clean_run(text);
        out.append(text.substr(0, run));
        if (run == text.size()) {
            break;
        }
        if (static_cast<unsigned char>(text[run]) < 0x80) {
            detail::append_json_escape(out, text[run]);
            text.remove_prefix(run + 1);
        } else {
            out.append(utf8_replacement);
            text.remove_prefix(run + detail::read_utf8(text, run).length);
        }
    }
    out.push_back('"');
}

MCP_DECL void json_writer::throw_too_deep() {
    throw encode_error{"this value is nested more than " + std::to_string(own_json_limits.depth) +
                       " deep; pointers may form a cycle"};
}

MCP_DECL void json_writer::write_string(std::string_view text, char after) {
    // Short names and words go through a buffer, so that the string grows only once.
    constexpr std::size_t most = 60;
    if (text.size() <= most && detail::json_plain_run(text) == text.size()) {
        char buffer[most + 4];
        char* to = buffer;
        if (comma_) {
            *to++ = ',';
        }
        *to++ = '"';
        to = std::copy(text.begin(), text.end(), to);
        *to++ = '"';
        if (after != '\0') {
            *to++ = after;
        }
        comma_ = true;
        out_.append(buffer, to);
        return;
    }
    separate();
    append_json_string(out_, text);
    if (after != '\0') {
        out_.push_back(after);
    }
}

template <class T>
void json_writer::write_real_of(T number) {
    if (!std::isfinite(number)) {
        throw encode_error{"a number that is not finite has no JSON form"};
    }
    char digits[64];
    char* end = nullptr;
    if constexpr (std::same_as<T, double>) {
        end = detail::write_few_digits(digits, number);
    }
    if (end == nullptr) {
        end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        if (std::find_if(digits, end, [](char c) { return c == '.' || c == 'e'; }) == end) {
            *end++ = '.';
            *end++ = '0';
        }
    }
    raw({digits, static_cast<std::size_t>(end - digits)});
}

MCP_DECL void json_writer::write_real(float number) {
    write_real_of(number);
}

MCP_DECL void json_writer::write_real(double number) {
    write_real_of(number);
}

MCP_DECL void json_writer::write_real(long double number) {
    write_real_of(number);
}

MCP_DECL void json_writer::write_integer(std::int64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    raw({digits, static_cast<std::size_t>(end - digits)});
}

MCP_DECL void json_writer::write_unsigned(std::uint64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    raw({digits, static_cast<std::size_t>(end - digits)});
}

MCP_DECL void json_writer::write_tree(json_view tree) {
    switch (tree.kind()) {
    case json_kind::null:
        return value(nullptr);
    case json_kind::bool_:
        return value(tree.get_bool());
    case json_kind::int64:
        return value(tree.get_int64());
    case json_kind::uint64:
        return value(tree.get_uint64());
    case json_kind::double_:
        return value(tree.get_double());
    case json_kind::string:
        return value(tree.get_string());
    case json_kind::array:
        begin_array();
        for (const json_view each : tree.elements()) {
            write_tree(each);
        }
        return end_array();
    case json_kind::object:
        begin_object();
        for (const auto& [name, each] : tree.members()) {
            key(name);
            write_tree(each);
        }
        return end_object();
    }
}

MCP_DECL void json_writer::write_tree(const json_array& array) {
    begin_array();
    for (const json& element : array) {
        value(element);
    }
    end_array();
}

} // namespace mcp
