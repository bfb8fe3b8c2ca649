// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/impl/string_scan.hpp>
#include <mcp/json/limits.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// Reads the tokens of JSON. It holds the text, the position in it and the first fault.
class json_scanner {
public:
    std::string& message() { return message_; }
    std::size_t offset() const { return offset_; }

protected:
    void start(std::string_view text, unpaired_surrogates surrogates) {
        surrogates_ = surrogates;
        begin_ = at_ = text.data();
        end_ = begin_ + text.size();
    }

    bool fail(std::string message, const char* where) {
        message_ = std::move(message);
        offset_ = static_cast<std::size_t>(where - begin_);
        return false;
    }
    bool fail(std::string message) { return fail(std::move(message), at_); }

    /// Fails with "expected <what>, got <the next byte>".
    bool fail_expected(std::string_view what) {
        std::string message = "expected ";
        message += what;
        if (at_ == end_) {
            return fail(message + ", got the end of the text");
        }
        if (*at_ > 0x20 && *at_ < 0x7F) {
            return fail(message + ", got '" + *at_ + "'");
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(*at_);
        return fail(message + ", got the byte 0x" + digits[byte >> 4] + digits[byte & 15]);
    }

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
            ++at_;
        }
    }

    bool skip(char c) {
        if (at_ == end_ || *at_ != c) {
            return false;
        }
        ++at_;
        return true;
    }

    bool skip_word(std::string_view word) {
        for (const char letter : word) {
            if (!skip(letter)) {
                return fail_expected(word);
            }
        }
        return true;
    }

    std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

    /// Reads the text between quotes: a view into the input, or into `scratch_` if it has escapes.
    bool read_string(std::string_view& text) {
        ++at_;
        const char* const first = at_;
        at_ += json_clean_run(rest());
        if (at_ != end_ && *at_ == '"') {
            text = {first, static_cast<std::size_t>(at_ - first)};
            ++at_;
            return true;
        }
        scratch_.assign(first, at_);
        while (true) {
            if (at_ == end_) {
                return fail("a string is not terminated");
            }
            if (*at_ == '"') {
                ++at_;
                text = scratch_;
                return true;
            }
            if (*at_ != '\\') {
                return static_cast<unsigned char>(*at_) < 0x80
                           ? fail("a control character in a string is not escaped")
                           : fail("a string is not valid UTF-8");
            }
            if (!read_escape()) {
                return false;
            }
            const std::size_t run = json_clean_run(rest());
            scratch_.append(at_, run);
            at_ += run;
        }
    }

    bool read_escape() {
        const char* const where = at_;
        ++at_;
        constexpr std::string_view from = "\"\\/bfnrt";
        constexpr std::string_view to = "\"\\/\b\f\n\r\t";
        if (at_ == end_) {
            return fail("a string is not terminated");
        }
        if (const std::size_t index = from.find(*at_); index != std::string_view::npos) {
            scratch_.push_back(to[index]);
            ++at_;
            return true;
        }
        if (*at_ != 'u') {
            return fail("a string has an unknown escape", where);
        }
        std::uint32_t unit = 0;
        if (!read_hex(unit)) {
            return false;
        }
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            const char* const after = at_;
            std::uint32_t low = 0;
            if (unit < 0xDC00 && rest().substr(0, 2) == "\\u") {
                ++at_;
                if (!read_hex(low)) {
                    return false;
                }
            }
            if (low >= 0xDC00 && low <= 0xDFFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            } else if (surrogates_ == unpaired_surrogates::replace) {
                at_ = after;
            } else {
                return fail("a string has an unpaired surrogate", where);
            }
        }
        append_utf8(scratch_, unit); // U+FFFD if it is still a surrogate
        return true;
    }

    /// Reads the four digits of \uXXXX; `at_` points at the u.
    bool read_hex(std::uint32_t& unit) {
        const std::string_view digits = rest().substr(1, 4);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
        if (error != std::errc{} || end - digits.data() != 4) {
            at_ = digits.data();
            return fail("expected four hexadecimal digits after \\u");
        }
        at_ = end;
        return true;
    }

    std::size_t skip_digits() {
        const char* const first = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
            ++at_;
        }
        return static_cast<std::size_t>(at_ - first);
    }

    /// Returns whether the next string will overwrite `text`, a result of `read_string`.
    bool was_unescaped(std::string_view text) const { return text.data() == scratch_.data(); }

    const char* begin_ = nullptr;
    const char* at_ = nullptr;
    const char* end_ = nullptr;

private:
    unpaired_surrogates surrogates_ = unpaired_surrogates::refuse;
    std::string scratch_;
    std::string message_;
    std::size_t offset_ = 0;
};

} // namespace mcp::detail
