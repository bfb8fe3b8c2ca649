// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace mcp {

/// A C++ value that JSON cannot represent: NaN, an infinity, an enumerator without a name, a value
/// that is nested too deeply.
class encode_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// Appends `text` in quotes and escaped [RFC 8259 §7]. Ill-formed UTF-8 becomes U+FFFD, because
/// JSON in transit is UTF-8. The output never contains a line break, as stdio framing requires.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON text to the end of a string, value after value, without an intermediate tree. The
/// writer adds commas and escapes. The caller matches begin and end, and writes a key before each
/// value of an object. Values are nested at most 512 deep (`own_json_limits`): an array or object
/// inside throws `encode_error`.
///
///     mcp::json_writer w{out};
///     w.begin_object();
///     w.member("city", "Oslo");
///     w.key("days");
///     w.value(3);
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
        if constexpr (std::is_signed_v<T>) {
            write_integer(static_cast<std::int64_t>(number));
        } else {
            write_unsigned(static_cast<std::uint64_t>(number));
        }
    }

    /// Writes a number as the shortest text that reads back as the same value. The text keeps a
    /// `.0` or an exponent, so that it remains a floating-point number. Throws `encode_error` for
    /// NaN and the infinities.
    template <std::floating_point T>
    void value(T number) {
        write_real(number);
    }

    /// Writes a whole tree. Throws `encode_error` as for `double`.
    template <class T>
        requires std::same_as<T, json> || std::same_as<T, json_view>
    void value(const T& tree) {
        write_tree(tree);
    }
    template <std::same_as<json_object> T>
    void value(const T& object) {
        write_tree(&object);
    }
    template <std::same_as<json_array> T>
    void value(const T& array) {
        write_tree(array);
    }

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
    void write_integer(std::int64_t number);
    void write_unsigned(std::uint64_t number);
    void write_real(float number);
    void write_real(double number);
    void write_real(long double number);
    template <class Real>
    void write_real_of(Real number);
    void write_tree(json_view tree);
    void write_tree(const json_array& array);
    void open(char bracket) {
        separate();
        if (++depth_ > own_json_limits.depth) {
            throw_too_deep();
        }
        out_.push_back(bracket);
        comma_ = false;
    }
    void close(char bracket) {
        out_.push_back(bracket);
        comma_ = true;
        --depth_;
    }
    [[noreturn]] static void throw_too_deep();

    std::string& out_;
    std::size_t depth_ = 0; ///< the number of objects and arrays that are open
    bool comma_ = false;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/writer.ipp>
#endif
