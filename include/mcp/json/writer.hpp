#pragma once

#include <mcp/encoding/utf8.hpp>
#include <mcp/json/impl/string_scan.hpp>
#include <mcp/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp {

/// A C++ value that JSON cannot represent: NaN, an infinity, an enumerator without a name.
class encode_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// Appends `text` in quotes and escaped [RFC 8259 §7]. Ill-formed UTF-8 becomes U+FFFD, because
/// JSON in transit is UTF-8. The output never contains a line break, as stdio framing requires.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON text to the end of a string, value after value, without an intermediate tree. The
/// writer adds commas and escapes. The caller matches begin and end, and writes a key before each
/// value of an object.
///
///     json_writer w{out};
///     w.begin_object();
///     w.member("city", "Oslo");
///     w.key("days"); w.value(3);
///     w.end_object();
class json_writer {
public:
    /// Appends to `out`, which must outlive the writer.
    explicit json_writer(std::string& out) : out_{out} {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    /// Writes the key of the next value of an object.
    void key(std::string_view name) {
        write_string(name, ':');
        comma_ = false;
    }

    void value(std::string_view text) { write_string(text, '\0'); }
    void value(const char* text) { value(std::string_view{text}); }
    void value(std::nullptr_t) { raw("null"); }
    void value(std::same_as<bool> auto truth) { raw(truth ? "true" : "false"); }

    /// Writes an integer exactly. Many parsers keep only 53 bits of it [RFC 8259 §6].
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    void value(T number) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        raw({digits, static_cast<std::size_t>(end - digits)});
    }

    /// Writes a number as the shortest text that reads back as the same value. The text keeps a
    /// `.0` or an exponent, so that it remains a floating-point number. Throws `encode_error` for
    /// NaN and the infinities.
    template <std::floating_point T>
    void value(T number);

    /// Writes a whole tree. Throws `encode_error` as for `double`.
    template <std::same_as<json> T>
    void value(const T& tree);
    template <std::same_as<json_object> T>
    void value(const T& object);
    template <std::same_as<json_array> T>
    void value(const T& array);

    /// Writes a value that is JSON text already, copied unchanged.
    void raw(std::string_view json_text) {
        separate();
        out_.append(json_text);
    }

    /// Writes a key and its value.
    template <class T>
    void member(std::string_view name, const T& v) {
        key(name);
        value(v);
    }

    /// Writes a key and its value, which is JSON text already.
    void member_raw(std::string_view name, std::string_view json_text) {
        key(name);
        raw(json_text);
    }

    /// Returns the string that the writer appends to.
    std::string& out() const { return out_; }

private:
    void separate() {
        if (comma_) {
            out_.push_back(',');
        }
        comma_ = true;
    }
    void write_string(std::string_view text, char after);
    void open(char bracket) {
        separate();
        out_.push_back(bracket);
        comma_ = false;
    }
    void close(char bracket) {
        out_.push_back(bracket);
        comma_ = true;
    }

    std::string& out_;
    bool comma_ = false;
};

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

inline void append_json_string(std::string& out, std::string_view text) {
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

inline void json_writer::write_string(std::string_view text, char after) {
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

template <std::floating_point T>
void json_writer::value(T number) {
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

template <std::same_as<json> T>
void json_writer::value(const T& tree) {
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
        return value(std::string_view{tree.get_string()});
    case json_kind::array:
        return value(tree.get_array());
    case json_kind::object:
        return value(tree.get_object());
    }
}

template <std::same_as<json_object> T>
void json_writer::value(const T& object) {
    begin_object();
    for (const auto& entry : object) {
        key(entry.key());
        value(entry.value());
    }
    end_object();
}

template <std::same_as<json_array> T>
void json_writer::value(const T& array) {
    begin_array();
    for (const json& element : array) {
        value(element);
    }
    end_array();
}

} // namespace mcp
