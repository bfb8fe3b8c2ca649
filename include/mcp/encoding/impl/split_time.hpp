#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// Seconds and the nanoseconds after them, 0 to 999'999'999.
struct split_time {
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
};

inline constexpr std::int64_t nanos_per_second = 1'000'000'000;

/// Splits a duration; anything finer than a nanosecond is floored.
template <class Rep, class Period>
split_time split(std::chrono::duration<Rep, Period> length) {
    // Rounds toward zero first: the floor of the lowest duration does not convert back from
    // seconds.
    auto seconds = std::chrono::duration_cast<std::chrono::duration<std::int64_t>>(length);
    auto rest = std::chrono::floor<std::chrono::nanoseconds>(length - seconds);
    if (rest.count() < 0) {
        --seconds;
        rest += std::chrono::seconds{1};
    }
    return {seconds.count(), rest.count()};
}

/// Returns `time` in units of `Duration`. A remainder is refused if `exact`, and else floored.
template <class Duration>
std::optional<Duration> join(split_time time, bool exact) {
    using period = typename Duration::period;
    using rep = typename Duration::rep;
    if constexpr (std::chrono::treat_as_floating_point_v<rep>) {
        using seconds = std::chrono::duration<rep>;
        return std::chrono::duration_cast<Duration>(
            seconds{static_cast<rep>(time.seconds) +
                    static_cast<rep>(time.nanos) / static_cast<rep>(nanos_per_second)});
    } else {
        static_assert(
            period::num == 1 || period::den == 1,
            "mcp: the period of a duration must be a whole number or a unit fraction of seconds");
        std::int64_t count = 0;
        bool lossless = true;
        if constexpr (period::num > 1) {
            count = time.seconds / period::num;
            const std::int64_t rest = time.seconds % period::num;
            lossless = rest == 0 && time.nanos == 0;
            count -= rest < 0 ? 1 : 0;
        } else {
            constexpr std::int64_t finer =
                period::den > nanos_per_second ? period::den / nanos_per_second : 1;
            constexpr std::int64_t coarser =
                period::den < nanos_per_second ? nanos_per_second / period::den : 1;
            static_assert(period::den * coarser == nanos_per_second * finer,
                          "mcp: the period of a duration must be a multiple or a unit fraction of "
                          "nanoseconds");
            // Rounds negative whole seconds up first, so that the lowest value fits.
            const bool negative = time.seconds < 0;
            const std::int64_t units = time.nanos / coarser * finer;
            if (__builtin_mul_overflow(time.seconds + (negative ? 1 : 0), period::den, &count) ||
                __builtin_add_overflow(count, negative ? units - period::den : units, &count)) {
                return std::nullopt;
            }
            lossless = time.nanos % coarser == 0;
        }
        if ((exact && !lossless) || !std::in_range<rep>(count)) {
            return std::nullopt;
        }
        return Duration{static_cast<rep>(count)};
    }
}

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
