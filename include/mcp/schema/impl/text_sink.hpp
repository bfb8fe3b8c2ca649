// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/schema/impl/real_text.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace mcp::schema::detail {

/// Writes JSON text in a constant expression. It counts without a buffer, and fills a given buffer.
/// It adds the commas.
class text_sink {
public:
    /// Only counts.
    constexpr text_sink() = default;

    /// Fills `out`, which has room for the counted size.
    explicit constexpr text_sink(char* out) : out_(out) {}

    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

    constexpr void begin_object() { open('{'); }

    constexpr void end_object() { close('}'); }

    constexpr void begin_array() { open('['); }

    constexpr void end_array() { close(']'); }

    constexpr void key(std::string_view name) {
        separate();
        quoted(name);
        put(':');
        comma_ = false;
    }

    constexpr void string(std::string_view text) {
        separate();
        quoted(text);
    }

    constexpr void boolean(bool value) { raw(value ? "true" : "false"); }

    /// Writes a value that is JSON text already.
    constexpr void raw(std::string_view json) {
        separate();
        put(json);
    }

    template <std::integral T>
    constexpr void number(T value) {
        separate();
        if (value < 0)
            put('-');
        char digits[24]{};
        std::size_t count = 0;
        do {
            const int digit = static_cast<int>(value % 10);
            digits[count++] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
            value = static_cast<T>(value / 10);
        } while (value != 0);
        while (count > 0)
            put(digits[--count]);
    }

    template <std::floating_point T>
    constexpr void number(T value) {
        const real_text text{value};
        raw(text.view());
    }

    constexpr void member(std::string_view name, std::string_view text) {
        key(name);
        string(text);
    }

    /// Begins a string that consists of several parts; `text` writes each part.
    constexpr void begin_string() {
        separate();
        put('"');
    }

    /// Writes a part of that string, without characters that need escaping.
    constexpr void text(std::string_view plain) { put(plain); }

    constexpr void end_string() { put('"'); }

    /// Makes the preceding string a key.
    constexpr void colon() {
        put(':');
        comma_ = false;
    }

private:
    constexpr void put(char c) {
        if (out_ != nullptr)
            out_[size_] = c;
        ++size_;
    }

    constexpr void put(std::string_view text) {
        if (out_ != nullptr)
            for (std::size_t at = 0; at < text.size(); ++at)
                out_[size_ + at] = text[at];
        size_ += text.size();
    }

    constexpr void separate() {
        if (comma_)
            put(',');
        comma_ = true;
    }

    constexpr void open(char bracket) {
        separate();
        put(bracket);
        comma_ = false;
    }

    constexpr void close(char bracket) {
        put(bracket);
        comma_ = true;
    }

    constexpr void quoted(std::string_view text) {
        constexpr std::string_view hex = "0123456789abcdef";
        put('"');
        std::size_t plain = 0; // where the characters begin that need no escaping
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x20 && c != '"' && c != '\\')
                continue;
            put(text.substr(plain, at - plain));
            plain = at + 1;
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c == '\n') {
                put("\\n");
            } else if (c == '\t') {
                put("\\t");
            } else {
                put("\\u00");
                put(hex[byte >> 4U]);
                put(hex[byte & 15U]);
            }
        }
        put(text.substr(plain));
        put('"');
    }

    char* out_ = nullptr;
    std::size_t size_ = 0;
    bool comma_ = false;
};

} // namespace mcp::schema::detail
