// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/impl/split_time.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::detail {

inline void append_digits(std::string& out, std::int64_t number, std::size_t width) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    out.append(count < width ? width - count : 0, '0').append(digits.data(), count);
}

/// Appends ".25" for a quarter of a second, and nothing for zero.
inline void append_fraction(std::string& out, std::int64_t nanos) {
    if (nanos != 0) {
        out.push_back('.');
        append_digits(out, nanos, 9);
        out.erase(out.find_last_not_of('0') + 1);
    }
}

/// Reads a text from left to right.
class time_scanner {
public:
    explicit time_scanner(std::string_view text) : text_{text} {}

    bool done() const { return text_.empty(); }

    /// Consumes `c`; a letter matches in either case.
    bool take(char c) {
        const auto lower = [](char x) {
            return x >= 'A' && x <= 'Z' ? static_cast<char>(x | 32) : x;
        };
        if (text_.empty() || lower(text_.front()) != lower(c)) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }

    /// Consumes exactly `width` digits.
    bool number(std::size_t width, int& value) {
        if (text_.size() < width) {
            return false;
        }
        value = 0;
        for (const char c : text_.substr(0, width)) {
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        text_.remove_prefix(width);
        return true;
    }

    /// Consumes one or more digits.
    bool number(std::int64_t& value) {
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
        if (error != std::errc{} || text_.front() == '-') {
            return false;
        }
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        return true;
    }

    /// Consumes the digits after a decimal point. Sets `fine` if a digit beyond nanoseconds is not
    /// zero.
    bool fraction(std::int64_t& nanos, bool& fine) {
        nanos = 0;
        std::int64_t unit = nanos_per_second;
        std::size_t at = 0;
        for (; at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; ++at) {
            unit /= 10;
            nanos += unit * (text_[at] - '0');
            fine = fine || (unit == 0 && text_[at] != '0');
        }
        text_.remove_prefix(at);
        return at != 0;
    }

private:
    std::string_view text_;
};

} // namespace mcp::detail
