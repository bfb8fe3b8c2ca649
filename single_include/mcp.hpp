// asio-mcp 0.1.0, all of <mcp.hpp> in one file.
// Assembled from include/ by scripts/amalgamate: edit the files named at the seams, not this one.
// Link Boost.JSON and Boost.URL (-lboost_json -lboost_url) and define ASIO_STANDALONE,
// and with clang ASIO_HAS_CO_AWAIT=1.
//
// MIT License
//
// Copyright (c) 2026 The asio-mcp authors
//
// Permission is hereby granted, free of charge, to any person obtaining a copy
// of this software and associated documentation files (the "Software"), to deal
// in the Software without restriction, including without limitation the rights
// to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
// copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all
// copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
// FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
// AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
// LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
// OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
// SOFTWARE.

#pragma once

// ---- mcp.hpp

// All of asio-mcp but what needs a library that not every user has: the headers that are left out,
// each with its reason, are listed in scripts/python/check.py, which holds this list complete.

#include <asio/detail/config.hpp>

#ifndef ASIO_HAS_CO_AWAIT
#error "asio-mcp: Asio 1.22 does not know that clang has coroutines: define ASIO_HAS_CO_AWAIT=1"
#endif

// clang-format off: the order is that of the floors

// ---- mcp/result.hpp

#include <boost/system/result.hpp>

namespace mcp {

/// A value of type `T`, or the reason why there is none.
///
/// What can fail on bad input returns this; exceptions are left to handlers and to broken
/// preconditions. Bind it to a name before taking it apart (Law B in `docs/structure.md`).
template <class T, class E = boost::system::error_code>
using result = boost::system::result<T, E>;

} // namespace mcp

// ---- mcp/version.hpp

/// The version of asio-mcp: the only place where it stands. CMake, Meson and the packages read it.
#define MCP_VERSION_MAJOR 0
#define MCP_VERSION_MINOR 1
#define MCP_VERSION_PATCH 0
#define MCP_VERSION_STRING "0.1.0"

// ---- mcp/encoding/base64.hpp

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The two alphabets of [RFC 4648]: `standard` (§4) is padded with '=', `url` (§5) is not.
enum class base64_alphabet { standard, url };

/// Appends `data`, any bytes, as base64.
void append_base64(std::string& out, std::string_view data,
                   base64_alphabet alphabet = base64_alphabet::standard);

/// `data` as base64 with '+', '/' and padding [RFC 4648 §4].
std::string to_base64(std::string_view data);

/// `data` as base64 with '-' and '_', not padded [RFC 4648 §5].
std::string to_base64url(std::string_view data);

/// The bytes that `text` stands for. Strict: nullopt for a character outside of the alphabet
/// (white space too), wrong or missing padding, bits left over that are not zero; so one value has
/// one text.
std::optional<std::string> from_base64(std::string_view text);

/// The same for base64url, which must not be padded.
std::optional<std::string> from_base64url(std::string_view text);

namespace detail {

constexpr std::string_view base64_digits(base64_alphabet alphabet) {
    return alphabet == base64_alphabet::standard
               ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
               : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

inline constexpr std::uint8_t not_base64 = 0xFF;

template <base64_alphabet Alphabet>
inline constexpr auto base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_base64);
    std::uint8_t value = 0;
    for (const char digit : base64_digits(Alphabet)) {
        values[static_cast<unsigned char>(digit)] = value++;
    }
    return values;
}();

/// `text` has no padding.
template <base64_alphabet Alphabet>
std::optional<std::string> read_base64(std::string_view text) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string out(text.size() / 4 * 3 + text.size() % 4 * 3 / 4, '\0');
    std::size_t filled = 0;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::uint8_t value = base64_values<Alphabet>[static_cast<unsigned char>(c)];
        if (value == not_base64) {
            return std::nullopt;
        }
        bits = (bits << 6) | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[filled++] = static_cast<char>(bits >> count);
            bits &= (1u << count) - 1;
        }
    }
    return bits == 0 ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace detail

inline void append_base64(std::string& out, std::string_view data, base64_alphabet alphabet) {
    const std::string_view digits = detail::base64_digits(alphabet);
    const auto byte = [&](std::size_t at) -> std::uint32_t {
        return at < data.size() ? static_cast<unsigned char>(data[at]) : 0u;
    };
    out.reserve(out.size() + (data.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < data.size(); at += 3) {
        const std::uint32_t bits = (byte(at) << 16) | (byte(at + 1) << 8) | byte(at + 2);
        const std::size_t used = data.size() - at < 3 ? data.size() - at + 1 : 4;
        const char group[4] = {digits[bits >> 18], digits[(bits >> 12) & 63],
                               digits[(bits >> 6) & 63], digits[bits & 63]};
        out.append(group, used);
        if (alphabet == base64_alphabet::standard) {
            out.append(4 - used, '=');
        }
    }
}

inline std::string to_base64(std::string_view data) {
    std::string out;
    append_base64(out, data);
    return out;
}

inline std::string to_base64url(std::string_view data) {
    std::string out;
    append_base64(out, data, base64_alphabet::url);
    return out;
}

inline std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
        text.remove_suffix(1);
    }
    return detail::read_base64<base64_alphabet::standard>(text);
}

inline std::optional<std::string> from_base64url(std::string_view text) {
    return detail::read_base64<base64_alphabet::url>(text);
}

} // namespace mcp

// ---- mcp/encoding/bytes.hpp

#include <vector>

namespace mcp {

/// Binary data as a parameter or a result: a vector of bytes, which travels as one base64 string
/// where a plain `std::vector<std::uint8_t>` would travel as an array of numbers.
class bytes : public std::vector<std::uint8_t> {
public:
    using vector::vector;

    /// The bytes of `text`, for instance of a file that was read into a string.
    explicit bytes(std::string_view text) : vector(text.begin(), text.end()) {}

    /// The same bytes seen as text, valid as long as this is not changed.
    std::string_view view() const { return {reinterpret_cast<const char*>(data()), size()}; }
};

} // namespace mcp

// ---- mcp/encoding/dates.hpp

// ---- mcp/encoding/impl/split_time.hpp

#include <charconv>
#include <chrono>
#include <system_error>

namespace mcp::detail {

/// Seconds and the nanoseconds after them, 0 to 999'999'999.
struct split_time {
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
};

inline constexpr std::int64_t nanos_per_second = 1'000'000'000;

/// Floors to nanoseconds; for what is finer.
template <class Rep, class Period>
split_time split(std::chrono::duration<Rep, Period> length) {
    // Toward zero first: the floor of the lowest length would not come back from seconds.
    auto seconds = std::chrono::duration_cast<std::chrono::duration<std::int64_t>>(length);
    auto rest = std::chrono::floor<std::chrono::nanoseconds>(length - seconds);
    if (rest.count() < 0) {
        --seconds;
        rest += std::chrono::seconds{1};
    }
    return {seconds.count(), rest.count()};
}

/// `time` in units of `Duration`; `exact` says whether to refuse or to floor what does not fit.
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
        static_assert(period::num == 1 || period::den == 1, "a unit of whole or part seconds");
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
                          "a unit that nanoseconds can be counted in");
            // Below zero the whole seconds are rounded up first, so that the lowest value fits.
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

/// ".25" for a quarter, nothing for zero.
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

    /// Takes `c`, in either case if it is a letter.
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

    /// Takes exactly `width` digits.
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

    /// Takes one or more digits.
    bool number(std::int64_t& value) {
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
        if (error != std::errc{} || text_.front() == '-') {
            return false;
        }
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        return true;
    }

    /// Takes the digits after a decimal point; `fine` says whether any beyond nanoseconds counts.
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

namespace mcp {

/// Appends a moment as RFC 3339 text in UTC, "2026-07-28T09:30:00.25Z", with as many digits of the
/// second as it has. Years outside of 0000 to 9999 have no such text: false, and nothing appended.
template <class Duration>
bool append_rfc3339(std::string& out, std::chrono::sys_time<Duration> moment);

/// The moment that an RFC 3339 text names, with any offset; a leap second is the second after it.
/// Digits finer than `Duration` are cut off, as every clock that reports less than it could does.
/// nullopt if the text is not a date and time or the moment does not fit.
template <class Duration = std::chrono::system_clock::duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text);

template <class Duration>
bool append_rfc3339(std::string& out, std::chrono::sys_time<Duration> moment) {
    using namespace std::chrono;
    const detail::split_time time = detail::split(moment.time_since_epoch());
    constexpr std::int64_t year_0 = -62'167'219'200;
    constexpr std::int64_t year_10000 = 253'402'300'800;
    if (time.seconds < year_0 || time.seconds >= year_10000) {
        return false;
    }
    const sys_seconds second{seconds{time.seconds}};
    const sys_days day = floor<days>(second);
    const year_month_day date{day};
    const hh_mm_ss clock{second - day};
    const auto put = [&](std::int64_t number, std::size_t width, char after) {
        detail::append_digits(out, number, width);
        out.push_back(after);
    };
    put(static_cast<int>(date.year()), 4, '-');
    put(static_cast<unsigned>(date.month()), 2, '-');
    put(static_cast<unsigned>(date.day()), 2, 'T');
    put(clock.hours().count(), 2, ':');
    put(clock.minutes().count(), 2, ':');
    detail::append_digits(out, clock.seconds().count(), 2);
    detail::append_fraction(out, time.nanos);
    out.push_back('Z');
    return true;
}

template <class Duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    detail::time_scanner scan{text};
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t nanos = 0;
    bool fine = false;
    if (!(scan.number(4, year) && scan.take('-') && scan.number(2, month) && scan.take('-') &&
          scan.number(2, day) && (scan.take('T') || scan.take(' ')) && scan.number(2, hour) &&
          scan.take(':') && scan.number(2, minute) && scan.take(':') && scan.number(2, second)) ||
        (scan.take('.') && !scan.fraction(nanos, fine))) {
        return std::nullopt;
    }
    int offset_hour = 0;
    int offset_minute = 0;
    if (!scan.take('Z')) {
        const bool west = scan.take('-');
        if ((!west && !scan.take('+')) || !scan.number(2, offset_hour) || !scan.take(':') ||
            !scan.number(2, offset_minute) || offset_hour > 23 || offset_minute > 59) {
            return std::nullopt;
        }
        offset_hour = west ? -offset_hour : offset_hour;
        offset_minute = west ? -offset_minute : offset_minute;
    }
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!scan.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    const sys_seconds moment = sys_days{date} + hours{hour - offset_hour} +
                               minutes{minute - offset_minute} + seconds{second};
    if (second == 60 && floor<days>(moment) != moment) {
        return std::nullopt;
    }
    const auto count = detail::join<Duration>({moment.time_since_epoch().count(), nanos}, false);
    return count ? std::optional{sys_time<Duration>{*count}} : std::nullopt;
}

} // namespace mcp

// ---- mcp/encoding/durations.hpp

#include <cmath>

namespace mcp {

/// Appends a length of time as ISO 8601 text, "P2DT3H", "PT0.25S", "-PT5M"; a day is 24 hours.
/// A floating-point length is written in seconds and must be finite.
template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length);

/// The length of time that an ISO 8601 text names, of weeks, days, hours, minutes and seconds.
/// Years and months are refused because they have no fixed length. nullopt as well if an integral
/// `Duration` cannot say it exactly: "PT0.5S" is no number of seconds.
template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text);

template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length) {
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
        const Rep seconds = std::chrono::duration<Rep>{length}.count();
        // The longest fixed text of a double has 309 digits before the point or 1074 behind it.
        std::array<char, 1100> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                       std::abs(seconds), std::chars_format::fixed)
                             .ptr;
        out.append(std::signbit(seconds) && seconds != 0 ? "-PT" : "PT");
        out.append(digits.data(), end).push_back('S');
    } else {
        detail::split_time time = detail::split(length);
        const bool negative = time.seconds < 0;
        if (negative && time.nanos != 0) {
            ++time.seconds;
            time.nanos = detail::nanos_per_second - time.nanos;
        }
        // Part by part, because the most negative number of seconds has no positive twin.
        const auto positive = [&](std::int64_t part) { return negative ? -part : part; };
        const std::int64_t days = positive(time.seconds / 86'400);
        const std::int64_t rest = positive(time.seconds % 86'400);
        out.append(negative ? "-P" : "P");
        const auto put = [&](std::int64_t number, char unit) {
            if (number != 0) {
                detail::append_digits(out, number, 1);
                out.push_back(unit);
            }
        };
        put(days, 'D');
        if (rest == 0 && time.nanos == 0) {
            out.append(days == 0 ? "T0S" : "");
            return;
        }
        out.push_back('T');
        put(rest / 3600, 'H');
        put(rest / 60 % 60, 'M');
        if (rest % 60 != 0 || time.nanos != 0) {
            detail::append_digits(out, rest % 60, 1);
            detail::append_fraction(out, time.nanos);
            out.push_back('S');
        }
    }
}

namespace detail {

/// One "<number><unit>" of a length of time, added to the sum; false if it is none or too much.
struct length_sum {
    split_time exact;
    double approximate = 0;
    bool fine = false;
    bool fraction_seen = false;

    bool add(std::string_view& rest, std::int64_t unit) {
        const char* const first = rest.data();
        const char* const last = first + rest.size();
        std::int64_t whole = 0;
        double value = 0;
        const auto [end, error] = std::from_chars(first, last, whole);
        const auto [point, _] = std::from_chars(first, last, value, std::chars_format::fixed);
        if (error != std::errc{} || *first == '-' || fraction_seen) {
            return false;
        }
        std::int64_t nanos = 0;
        if (end != point) {
            fraction_seen = true;
            time_scanner digits{{end + 1, point}};
            if (!digits.fraction(nanos, fine)) {
                return false;
            }
        }
        rest.remove_prefix(static_cast<std::size_t>(point - first) + 1);
        approximate += value * static_cast<double>(unit);
        nanos = nanos * unit + exact.nanos;
        exact.nanos = nanos % nanos_per_second;
        return !__builtin_mul_overflow(whole, unit, &whole) &&
               !__builtin_add_overflow(whole, nanos / nanos_per_second, &whole) &&
               !__builtin_add_overflow(whole, exact.seconds, &exact.seconds);
    }
};

} // namespace detail

template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text) {
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
    if (!text.starts_with('P')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    struct component {
        char letter;
        std::int64_t seconds;
    };
    constexpr std::array<component, 2> date{{{'W', 604'800}, {'D', 86'400}}};
    constexpr std::array<component, 3> clock{{{'H', 3'600}, {'M', 60}, {'S', 1}}};
    detail::length_sum sum;
    bool some = false;
    const auto take = [&](const auto& units) {
        for (const component unit : units) {
            const std::size_t at = text.find_first_not_of("0123456789.");
            if (at != std::string_view::npos && text[at] == unit.letter) {
                if (!sum.add(text, unit.seconds)) {
                    return false;
                }
                some = true;
            }
        }
        return true;
    };
    if (!take(date)) {
        return std::nullopt;
    }
    if (text.starts_with('T')) {
        text.remove_prefix(1);
        some = false;
        if (!take(clock)) {
            return std::nullopt;
        }
    }
    if (!some || !text.empty()) {
        return std::nullopt;
    }
    using rep = typename Duration::rep;
    if constexpr (std::chrono::treat_as_floating_point_v<rep>) {
        const std::chrono::duration<double> seconds{negative ? -sum.approximate : sum.approximate};
        return std::chrono::duration_cast<Duration>(seconds);
    } else {
        if (negative && sum.exact.nanos != 0) {
            sum.exact.seconds = -sum.exact.seconds - 1;
            sum.exact.nanos = detail::nanos_per_second - sum.exact.nanos;
        } else if (negative) {
            sum.exact.seconds = -sum.exact.seconds;
        }
        return sum.fine ? std::nullopt : detail::join<Duration>(sum.exact, true);
    }
}

} // namespace mcp

// ---- mcp/encoding/hex.hpp

namespace mcp {

/// The value of one hexadecimal digit of either case, or -1.
constexpr int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Appends `data`, any bytes, as lower-case hexadecimal digits.
inline void append_hex(std::string& out, std::string_view data) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : data) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
}

/// `data`, any bytes, as lower-case hexadecimal digits.
inline std::string to_hex(std::string_view data) {
    std::string out;
    out.reserve(data.size() * 2);
    append_hex(out, data);
    return out;
}

/// The bytes that `text` stands for; nullopt unless it is an even number of hexadecimal digits.
inline std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

} // namespace mcp

// ---- mcp/encoding/random.hpp

#include <cerrno>
#include <random>
#include <span>

#if defined(__linux__)
#include <sys/random.h>
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#endif

namespace mcp {

/// Fills `out` from the operating system's cryptographic generator. Throws `std::system_error`
/// when there is none, rather than give bytes that can be guessed. Any thread.
inline void fill_random(std::span<std::uint8_t> out) {
#if defined(__linux__)
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got > 0) {
            out = out.subspan(static_cast<std::size_t>(got));
        } else if (errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "getrandom"};
        }
    }
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
    constexpr std::size_t most_at_once = 256;
    while (!out.empty()) {
        const auto part = out.first(out.size() < most_at_once ? out.size() : most_at_once);
        if (::getentropy(part.data(), part.size()) != 0) {
            throw std::system_error{errno, std::generic_category(), "getentropy"};
        }
        out = out.subspan(part.size());
    }
#else
    // Windows: std::random_device draws from the system's generator in every current library.
    std::random_device device;
    for (std::uint8_t& byte : out) {
        byte = static_cast<std::uint8_t>(device());
    }
#endif
}

/// A text that cannot be guessed: `bytes` random bytes as base64url without padding, fit for
/// headers, URLs and file names. 16 bytes give 22 characters.
inline std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    fill_random({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
    return to_base64url(raw);
}

} // namespace mcp

// ---- mcp/encoding/utf8.hpp

#include <cstring>

namespace mcp {

/// What stands in for bytes that are not UTF-8: U+FFFD REPLACEMENT CHARACTER.
inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";

namespace detail {

/// A step over one character: how many bytes it takes, and whether they are well-formed.
struct utf8_step {
    std::size_t length;
    bool valid;
};

/// Reads the character at `text[at]`, whose first byte is not ASCII. An ill-formed one is as long
/// as its "maximal subpart", so that each becomes one U+FFFD [Unicode 15 §3.9, table 3-7].
constexpr utf8_step read_utf8(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned lead = byte(0);
    std::size_t length = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if ((lead & 0xF0) == 0xE0) {
        length = 3;
        low = lead == 0xE0 ? 0xA0 : 0x80;
        high = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        return {1, false};
    }
    if (byte(1) < low || byte(1) > high) {
        return {1, false};
    }
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {i, false};
        }
    }
    return {length, true};
}

/// Eight bytes of text as one integer, first byte lowest or highest as the machine has it.
inline std::uint64_t load_8(const char* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

inline constexpr std::uint64_t every_high_bit = 0x8080808080808080u;

} // namespace detail

/// Where the first byte stands that is not UTF-8, or npos when all of `text` is.
inline std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + 8 <= text.size() &&
            (detail::load_8(text.data() + at) & detail::every_high_bit) == 0) {
            at += 8;
        } else if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
        } else if (const auto step = detail::read_utf8(text, at); step.valid) {
            at += step.length;
        } else {
            return at;
        }
    }
    return std::string_view::npos;
}

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
inline bool is_utf8(std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos;
}

/// How many code points `text` has, which must be UTF-8.
inline std::size_t utf8_length(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

/// Appends `text` with each ill-formed sequence replaced by U+FFFD.
inline void append_utf8_repaired(std::string& out, std::string_view text) {
    while (true) {
        const std::size_t bad = find_invalid_utf8(text);
        out.append(text.substr(0, bad));
        if (bad == std::string_view::npos) {
            return;
        }
        out.append(utf8_replacement);
        text.remove_prefix(bad + detail::read_utf8(text, bad).length);
    }
}

/// Appends one code point as UTF-8; a surrogate or a value above U+10FFFF becomes U+FFFD.
inline void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        push(code_point);
    } else if (code_point < 0x800) {
        push(0xC0 | (code_point >> 6));
        push(0x80 | (code_point & 0x3F));
    } else if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        out.append(utf8_replacement);
    } else if (code_point < 0x10000) {
        push(0xE0 | (code_point >> 12));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    } else {
        push(0xF0 | (code_point >> 18));
        push(0x80 | ((code_point >> 12) & 0x3F));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    }
}

} // namespace mcp

// ---- mcp/encoding/uuid.hpp

namespace mcp {

/// Whether `text` has the form of a UUID, 8-4-4-4-12 hexadecimal digits of either case, of any
/// version and variant [RFC 9562 §4].
constexpr bool is_uuid(std::string_view text) {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : hex_value(text[at]) < 0) {
            return false;
        }
    }
    return true;
}

/// A new random UUID, version 4, lower case [RFC 9562 §5.4]: 122 bits from the system's generator.
inline std::string random_uuid() {
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string text = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const std::size_t at : {8u, 13u, 18u, 23u}) {
        text.insert(at, 1, '-');
    }
    return text;
}

} // namespace mcp

// ---- mcp/reflect/arguments.hpp

// ---- mcp/reflect/fixed_string.hpp

#include <algorithm>

namespace mcp {

/// Text as a template argument: `tool<add, "a", "b">`, `arg<"city", std::string>`.
///
/// Deduced from a string literal. `N` counts the characters without the terminating zero, which is
/// kept nevertheless, so that `text` is a C string.
template <std::size_t N>
struct fixed_string {
    char text[N + 1]{};

    constexpr fixed_string() = default;

    /// From a literal; implicit, because that is what a template argument needs.
    consteval fixed_string(const char (&literal)[N + 1]) { std::copy_n(literal, N + 1, text); }

    /// The characters; valid as long as this object.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N}; }

    constexpr operator std::string_view() const noexcept { return view(); }

    [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

    [[nodiscard]] static constexpr bool empty() noexcept { return N == 0; }
};

template <std::size_t N>
fixed_string(const char (&)[N]) -> fixed_string<N - 1>;

/// Strings of different lengths compare as well: they differ.
template <std::size_t N, std::size_t M>
[[nodiscard]] constexpr bool operator==(const fixed_string<N>& left,
                                        const fixed_string<M>& right) noexcept {
    return left.view() == right.view();
}

} // namespace mcp

#include <tuple>
#include <type_traits>

namespace mcp {

/// A parameter that carries its own name, for handlers whose parameter names cannot be read from
/// the function:
///
///     server.tool<"greet">("Greets", [](mcp::arg<"name", std::string> name) { … });
///
/// Converts to the value; `*name` and `name->size()` reach it as well.
template <fixed_string Name, class T, fixed_string Description = "">
struct arg {
    using value_type = T;

    static constexpr std::string_view name = Name;
    static constexpr std::string_view description = Description;

    T value{};

    constexpr operator const T&() const noexcept { return value; }

    [[nodiscard]] constexpr const T& operator*() const noexcept { return value; }

    [[nodiscard]] constexpr T& operator*() noexcept { return value; }

    [[nodiscard]] constexpr const T* operator->() const noexcept { return &value; }

    [[nodiscard]] constexpr T* operator->() noexcept { return &value; }
};

/// The parameter list of a function as one type: it has a schema (an object with one property per
/// parameter) and can be decoded from JSON. `Args` are `arg<…>`.
template <class... Args>
struct arguments {
    std::tuple<typename Args::value_type...> values{};
};

namespace reflect {

/// Whether `T` is an `arg<…>`.
template <class T>
inline constexpr bool is_arg = false;

template <fixed_string Name, class T, fixed_string Description>
inline constexpr bool is_arg<arg<Name, T, Description>> = true;

/// Whether `T` is an `arguments<…>`.
template <class T>
inline constexpr bool is_arguments = false;

template <class... Args>
inline constexpr bool is_arguments<arguments<Args...>> = true;

} // namespace reflect
} // namespace mcp

// ---- mcp/reflect/attributes.hpp

// ---- mcp/reflect/constraints.hpp

// ---- mcp/reflect/impl/expectation.hpp

#include <concepts>

namespace mcp::reflect::detail {

/// `left < right` by value, whatever the signs of the two types.
template <class Left, class Right>
    requires std::is_arithmetic_v<Left> && std::is_arithmetic_v<Right>
[[nodiscard]] constexpr bool less(Left left, Right right) noexcept {
    if constexpr (std::is_floating_point_v<Left> || std::is_floating_point_v<Right>)
        return static_cast<long double>(left) < static_cast<long double>(right);
    else if constexpr (std::is_signed_v<Left> && !std::is_signed_v<Right>)
        return left < 0 || static_cast<unsigned long long>(left) < right;
    else if constexpr (!std::is_signed_v<Left> && std::is_signed_v<Right>)
        return right > 0 && left < static_cast<unsigned long long>(right);
    else
        return left < right;
}

/// Shortest text that reads back as `number`.
template <class Number>
[[nodiscard]] std::string number_text(Number number) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

/// Containers, but not text.
template <class T>
concept countable =
    requires(const T& items) { items.size(); } && !std::is_convertible_v<T, std::string_view>;

/// Characters of UTF-8 text: the bytes that do not continue another.
[[nodiscard]] constexpr std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return count;
}

} // namespace mcp::reflect::detail

#include <limits>
#include <stdexcept>

namespace mcp {

/// A value that obeys `Rule`; converts to it implicitly, `*x` and `x->size()` reach it as well.
///
/// The schema shows the rule, decoding checks it. Made from a value that breaks it, throws
/// `std::invalid_argument`. `Rule` has `value_type`, `admits(value)` and `expectation()`, the end
/// of a sentence that begins with "expected".
template <class Rule>
class constrained {
public:
    using value_type = typename Rule::value_type;
    using rule = Rule;

    /// The smallest number of a range; an empty string or container otherwise, even if the rule
    /// wants more: decoding starts from it.
    ///
    /// In a constant expression a number is left unset, as an `int` without initialiser is. So it
    /// can be told whether a member has a default.
    constexpr constrained() {
        if constexpr (std::is_arithmetic_v<value_type>)
            if (!std::is_constant_evaluated())
                value_ = initial();
    }

    constexpr constrained(value_type value) : value_(std::move(value)) {
        if (!Rule::admits(value_))
            throw std::invalid_argument("expected " + Rule::expectation());
    }

    template <class U>
        requires(std::convertible_to<U, value_type> &&
                 !std::same_as<std::remove_cvref_t<U>, constrained> &&
                 !std::same_as<std::remove_cvref_t<U>, value_type> &&
                 !std::is_arithmetic_v<value_type>)
    constexpr constrained(U&& value) : constrained(value_type(std::forward<U>(value))) {}

    [[nodiscard]] static constexpr bool admits(const value_type& value) noexcept {
        return Rule::admits(value);
    }

    [[nodiscard]] static std::string expectation() { return Rule::expectation(); }

    constexpr operator const value_type&() const noexcept { return value_; }

    [[nodiscard]] constexpr const value_type& value() const noexcept { return value_; }

    [[nodiscard]] constexpr const value_type& operator*() const noexcept { return value_; }

    [[nodiscard]] constexpr const value_type* operator->() const noexcept { return &value_; }

    [[nodiscard]] friend constexpr bool operator==(const constrained& left,
                                                   const constrained& right) {
        return left.value_ == right.value_;
    }

    /// `Self` is deduced, or the comparison of anything with such values among its template
    /// arguments would be tried.
    template <class Self, class U>
        requires(std::same_as<Self, constrained> && !std::same_as<U, constrained> &&
                 std::equality_comparable_with<value_type, U>)
    [[nodiscard]] friend constexpr bool operator==(const Self& left, const U& right) {
        return left.value_ == right;
    }

private:
    static constexpr value_type initial() {
        if constexpr (requires { Rule::min; } && std::is_arithmetic_v<value_type>)
            return Rule::min;
        else
            return value_type{};
    }

    value_type value_;
};

/// Numbers from `Min` to `Max`, both included.
template <class T, auto Min, auto Max>
    requires std::is_arithmetic_v<T>
struct range_rule {
    static_assert(!reflect::detail::less(Max, Min),
                  "mcp: ranged<T, Min, Max> needs Min <= Max; swap them");
    static_assert(std::is_floating_point_v<T> ||
                      (!reflect::detail::less(Min, std::numeric_limits<T>::lowest()) &&
                       !reflect::detail::less(std::numeric_limits<T>::max(), Max)),
                  "mcp: ranged<T, Min, Max> needs limits that T can hold; take a wider T");

    using value_type = T;
    static constexpr T min = static_cast<T>(Min);
    static constexpr T max = static_cast<T>(Max);

    [[nodiscard]] static constexpr bool admits(T value) noexcept {
        return value >= min && value <= max;
    }

    [[nodiscard]] static std::string expectation() {
        return "a number from " + reflect::detail::number_text(min) + " to " +
               reflect::detail::number_text(max);
    }
};

/// Strings of `Min` to `Max` characters (code points), or containers of so many elements.
template <class T, std::size_t Min, std::size_t Max>
struct size_rule {
    static_assert(Min <= Max, "mcp: sized<T, Min, Max> needs Min <= Max; swap them");

    using value_type = T;
    static constexpr std::size_t min = Min;
    static constexpr std::size_t max = Max;
    static constexpr bool is_text = std::convertible_to<const T&, std::string_view>;

    [[nodiscard]] static constexpr bool admits(const T& value) noexcept {
        std::size_t size = 0;
        if constexpr (is_text)
            size = reflect::detail::code_points(value);
        else
            size = value.size();
        return size >= Min && size <= Max;
    }

    [[nodiscard]] static std::string expectation() {
        const std::string unit = is_text ? " characters" : " items";
        if constexpr (Min == Max)
            return std::to_string(Min) + unit;
        else if constexpr (Max == std::numeric_limits<std::size_t>::max())
            return "at least " + std::to_string(Min) + unit;
        else
            return std::to_string(Min) + " to " + std::to_string(Max) + unit;
    }
};

/// Strings with a format, such as `email`, `uri`, `date`, `uuid`. Told, not checked.
template <fixed_string Name>
struct format_rule {
    using value_type = std::string;
    static constexpr std::string_view name = Name;

    [[nodiscard]] static constexpr bool admits(const std::string&) noexcept { return true; }

    [[nodiscard]] static std::string expectation() { return std::string{name}; }
};

/// `ranged<int, 1, 100>`
template <class T, auto Min, auto Max>
using ranged = constrained<range_rule<T, Min, Max>>;

/// `sized<std::string, 1, 80>`, `sized<std::vector<int>, 1>`
template <class T, std::size_t Min, std::size_t Max = std::numeric_limits<std::size_t>::max()>
using sized = constrained<size_rule<T, Min, Max>>;

/// `formatted<"email">`
template <fixed_string Name>
using formatted = constrained<format_rule<Name>>;

namespace reflect {

/// Whether `T` is a `constrained<…>`: decode and encode its `T::value_type`, check `T::admits`.
template <class T>
inline constexpr bool is_constrained = false;

template <class Rule>
inline constexpr bool is_constrained<constrained<Rule>> = true;

} // namespace reflect
} // namespace mcp

// ---- mcp/reflect/describe.hpp

// ---- mcp/reflect/enums.hpp

// ---- mcp/reflect/impl/pretty_name.hpp

namespace mcp::reflect::detail {

// An enum without fixed underlying type ends at the bits that its enumerators need; clang up to 19
// warns of values beyond, which are looked at here only to see that they have no name.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#endif

/// What the compiler prints for the template arguments `Values`, with its own frame around it.
template <auto... Values>
[[nodiscard]] consteval std::string_view pretty_values() noexcept {
    return __PRETTY_FUNCTION__;
}

/// The printed list alone: `a, b` out of `… Values = {a, b}; …` (g++) or `… Values = <a, b>]`
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

/// The identifier that `text` ends with: `c` for `(& a::b.c)`.
[[nodiscard]] constexpr std::string_view last_identifier(std::string_view text) noexcept {
    while (!text.empty() && !is_identifier_char(text.back()))
        text.remove_suffix(1);
    std::size_t begin = text.size();
    while (begin > 0 && is_identifier_char(text[begin - 1]))
        --begin;
    return text.substr(begin);
}

/// Cuts the template arguments that `text` ends with: `f` for `f<a<b>>`.
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

#include <bit>

namespace mcp {

/// Which values of `E` are looked at for names. Specialise it for an enum with values outside of
/// -128 … 255; the wider the range, the longer the compilation:
///
///     template <>
///     struct mcp::enum_range<status> { static constexpr int min = 0, max = 999; };
template <class E>
struct enum_range {
    static constexpr int min = -128;
    static constexpr int max = 255;
};

namespace reflect {
namespace detail {

template <class E>
[[nodiscard]] consteval long long enum_min() noexcept {
    constexpr auto lowest = std::numeric_limits<std::underlying_type_t<E>>::lowest();
    if constexpr (std::is_unsigned_v<std::underlying_type_t<E>>)
        return enum_range<E>::min < 0 ? 0 : enum_range<E>::min;
    else if (static_cast<long long>(lowest) > enum_range<E>::min)
        return static_cast<long long>(lowest);
    else
        return enum_range<E>::min;
}

template <class E>
[[nodiscard]] consteval long long enum_max() noexcept {
    constexpr auto highest = std::numeric_limits<std::underlying_type_t<E>>::max();
    if (static_cast<unsigned long long>(highest) <
        static_cast<unsigned long long>(enum_range<E>::max))
        return static_cast<long long>(highest);
    return enum_range<E>::max;
}

// An enum without fixed underlying type ends at the bits that its enumerators need. A constant
// beyond is no object for g++ when it arrives as bits; clang up to 19 warns, later ones say that it
// is no constant, which `enum_admits` sees.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
template <auto>
struct enum_constant {};

template <class E, long long Value>
concept enum_admits = requires { enum_constant<static_cast<E>(Value)>{}; };
#else
template <class, long long>
concept enum_admits = true;
#endif

template <class E, long long Value>
[[nodiscard]] consteval E enum_value_of() noexcept {
    if constexpr (enum_admits<E, Value>)
        return std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(Value));
    else
        return E{};
}

template <class E, long long First, std::size_t... Index>
[[nodiscard]] consteval std::string_view print_enum(std::index_sequence<Index...>) noexcept {
    // Only an enum with fixed underlying type can be made of a number in braces.
    if constexpr (requires { E{0}; })
        return printed_values<static_cast<E>(First + static_cast<long long>(Index))...>();
    else
        return printed_values<enum_value_of<E, First + static_cast<long long>(Index)>()...>();
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// A printed value is a name if it does not end in a digit after a cast: `n::red`, but `(n::e)7`.
[[nodiscard]] constexpr std::string_view enumerator_name(std::string_view printed) noexcept {
    const std::string_view name = last_identifier(printed);
    const bool cast = printed.empty() || printed.front() == '(';
    const bool number = name.empty() || (name.front() >= '0' && name.front() <= '9');
    return cast && number ? std::string_view{} : name;
}

template <class E, std::size_t Count>
struct enum_table {
    std::array<E, Count> values{};
    std::array<std::string_view, Count> names{};
    std::size_t size = 0;
};

/// How many characters the number takes.
[[nodiscard]] constexpr std::size_t decimal_width(long long number) noexcept {
    std::size_t width = number < 0 ? 2 : 1;
    for (; number <= -10 || number >= 10; number /= 10)
        ++width;
    return width;
}

/// The end of the value that `printed` begins with. A comma inside brackets belongs to the template
/// arguments of an enclosing class.
[[nodiscard]] constexpr std::size_t end_of_value(std::string_view printed) noexcept {
    int open = 0;
    for (std::size_t at = 0; at < printed.size(); ++at) {
        const char c = printed[at];
        open += (c == '<' || c == '(') - (c == '>' || c == ')');
        if (c == ',' && open == 0)
            return at;
    }
    return printed.size();
}

template <class E>
[[nodiscard]] consteval auto read_enum() noexcept {
    constexpr long long first = enum_min<E>();
    constexpr std::size_t count = static_cast<std::size_t>(enum_max<E>() - first + 1);
    std::string_view printed = print_enum<E, first>(std::make_index_sequence<count>{});
    enum_table<E, count> found;
    std::size_t cast = 0; // the length of "(n::e)", once seen
    for (std::size_t at = 0; at < count; ++at) {
        const long long value = first + static_cast<long long>(at);
        // Nearly all values have no name: step over "(n::e)7" without looking at each character.
        const std::size_t unnamed = cast + decimal_width(value);
        const bool known = cast != 0 && unnamed < printed.size() && printed[unnamed] == ',' &&
                           printed[0] == '(' && printed[cast - 1] == ')' &&
                           (printed[cast] == '-' || (printed[cast] >= '0' && printed[cast] <= '9'));
        const std::size_t end = known ? unnamed : end_of_value(printed);
        const std::string_view name =
            known ? std::string_view{} : enumerator_name(printed.substr(0, end));
        if (name.empty()) {
            cast = end > decimal_width(value) ? end - decimal_width(value) : 0;
        } else {
            found.values[found.size] =
                std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(value));
            found.names[found.size] = name;
            ++found.size;
        }
        printed.remove_prefix(end + 2 < printed.size() ? end + 2 : printed.size());
    }
    return found;
}

template <class E>
[[nodiscard]] consteval auto trimmed_enum() noexcept {
    constexpr auto all = read_enum<E>();
    enum_table<E, all.size> found;
    for (; found.size < all.size; ++found.size) {
        found.values[found.size] = all.values[found.size];
        found.names[found.size] = all.names[found.size];
    }
    return found;
}

template <class E>
inline constexpr auto enum_table_of = trimmed_enum<E>();

} // namespace detail

/// The enumerators of `E` by ascending value: `std::array<E, N>`. Of two names for one value the
/// compiler's choice counts.
template <class E>
    requires std::is_enum_v<E>
inline constexpr const auto& enum_values = detail::enum_table_of<E>.values;

/// Their names, in the same order: `std::array<std::string_view, N>`.
template <class E>
    requires std::is_enum_v<E>
inline constexpr const auto& enum_names = detail::enum_table_of<E>.names;

/// The name of `value`, or an empty view for a value that has none.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
    for (std::size_t at = 0; at < enum_values<E>.size(); ++at)
        if (enum_values<E>[at] == value)
            return enum_names<E>[at];
    return {};
}

/// The value with exactly this name.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr std::optional<E> enum_from_name(std::string_view name) noexcept {
    for (std::size_t at = 0; at < enum_names<E>.size(); ++at)
        if (enum_names<E>[at] == name)
            return enum_values<E>[at];
    return std::nullopt;
}

} // namespace reflect
} // namespace mcp

// ---- mcp/reflect/members.hpp

// ---- mcp/reflect/impl/member_count.hpp

#include <exception>

namespace mcp::reflect::detail {

/// Converts to the type of whatever member it initialises. Never called, yet with a body: compilers
/// look into the constructors that would call it.
struct any_member {
    template <class T>
    operator T() const noexcept {
        std::terminate();
    }
};

template <std::size_t>
using any_member_at = any_member;

/// Whether `T{any × Before}` is well-formed.
template <class T, std::size_t... Before>
[[nodiscard]] consteval bool takes(std::index_sequence<Before...>) noexcept {
    return requires { T{any_member_at<Before>{}...}; };
}

/// Whether `T{any × Before, {}, any × After}` is: the braces stop brace elision there, so that `{}`
/// stands for the whole of a C array.
template <class T, std::size_t... Before, std::size_t... After>
[[nodiscard]] consteval bool takes_braces(std::index_sequence<Before...>,
                                          std::index_sequence<After...>) noexcept {
    return requires { T{any_member_at<Before>{}..., {}, any_member_at<After>{}...}; };
}

template <class T, std::size_t Count>
inline constexpr bool takes_values = takes<T>(std::make_index_sequence<Count>{});

template <class T, std::size_t Before, std::size_t After>
inline constexpr bool takes_braces_at =
    takes_braces<T>(std::make_index_sequence<Before>{}, std::make_index_sequence<After>{});

/// Converts to base classes of `T` only.
template <class T>
struct any_base {
    template <class Base>
        requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
    operator Base() const noexcept {
        std::terminate();
    }
};

/// Converts to nothing.
struct no_value {};

/// Whether `T` has a base class: then that is the first thing to initialise.
template <class T>
concept has_base = requires { T{any_base<T>{}}; } && !requires { T{no_value{}}; };

/// Where the search for numbers of values ends.
inline constexpr std::size_t max_initializers = 256;

/// How many values initialise `T`, the elements of C arrays counted singly (brace elision).
///
/// The numbers that `T` accepts are an interval that begins after the last member that must be
/// initialised: walk to it, then to its end. `max_initializers` if there is no such interval.
template <class T, std::size_t Count = 0, bool Entered = false>
[[nodiscard]] consteval std::size_t initializer_count() noexcept {
    if constexpr (Count == max_initializers)
        return max_initializers;
    else if constexpr (takes_values<T, Count>)
        return initializer_count<T, Count + 1, true>();
    else if constexpr (Entered)
        return Count - 1;
    else
        return initializer_count<T, Count + 1, false>();
}

/// How many of the `Total` values the member takes that begins at value `At`: the size of a C
/// array, or 1. What cannot be made of `{}` is no array.
template <class T, std::size_t Total, std::size_t At, std::size_t Size = 1>
[[nodiscard]] consteval std::size_t member_width() noexcept {
    if constexpr (At + Size > Total)
        return 1;
    else if constexpr (takes_braces_at<T, At, Total - At - Size>)
        return Size;
    else
        return member_width<T, Total, At, Size + 1>();
}

template <class T, std::size_t Total, std::size_t At = 0>
[[nodiscard]] consteval std::size_t count_members() noexcept {
    if constexpr (At >= Total)
        return 0;
    else
        return 1 + count_members<T, Total, At + member_width<T, Total, At>()>();
}

} // namespace mcp::reflect::detail

// ---- mcp/reflect/impl/tie_members.hpp

namespace mcp::reflect::detail {

/// The largest struct that `tie_members` takes apart.
inline constexpr std::size_t max_members = 72;

// Structured bindings need every name written out, and C++20 has no packs of them: one branch per
// number of members, eight to a line. `MCP_TIE_n(p)` are the names p0 … p(n-1).
#define MCP_TIE_1(p) p##0
#define MCP_TIE_2(p) MCP_TIE_1(p), p##1
#define MCP_TIE_3(p) MCP_TIE_2(p), p##2
#define MCP_TIE_4(p) MCP_TIE_3(p), p##3
#define MCP_TIE_5(p) MCP_TIE_4(p), p##4
#define MCP_TIE_6(p) MCP_TIE_5(p), p##5
#define MCP_TIE_7(p) MCP_TIE_6(p), p##6
#define MCP_TIE_8(p) MCP_TIE_7(p), p##7
#define MCP_TIE_CASE(n, ...)                                                                       \
    if constexpr (Count == (n)) {                                                                  \
        auto& [__VA_ARGS__] = object;                                                              \
        return std::tie(__VA_ARGS__);                                                              \
    } else
#define MCP_TIE_EIGHT(n, p, ...)                                                                   \
    MCP_TIE_CASE((n) + 1, __VA_ARGS__ MCP_TIE_1(p))                                                \
    MCP_TIE_CASE((n) + 2, __VA_ARGS__ MCP_TIE_2(p))                                                \
    MCP_TIE_CASE((n) + 3, __VA_ARGS__ MCP_TIE_3(p))                                                \
    MCP_TIE_CASE((n) + 4, __VA_ARGS__ MCP_TIE_4(p))                                                \
    MCP_TIE_CASE((n) + 5, __VA_ARGS__ MCP_TIE_5(p))                                                \
    MCP_TIE_CASE((n) + 6, __VA_ARGS__ MCP_TIE_6(p))                                                \
    MCP_TIE_CASE((n) + 7, __VA_ARGS__ MCP_TIE_7(p))                                                \
    MCP_TIE_CASE((n) + 8, __VA_ARGS__ MCP_TIE_8(p))
#define MCP_TIE_A MCP_TIE_8(a),
#define MCP_TIE_B MCP_TIE_A MCP_TIE_8(b),
#define MCP_TIE_C MCP_TIE_B MCP_TIE_8(c),
#define MCP_TIE_D MCP_TIE_C MCP_TIE_8(d),
#define MCP_TIE_E MCP_TIE_D MCP_TIE_8(e),
#define MCP_TIE_F MCP_TIE_E MCP_TIE_8(f),
#define MCP_TIE_G MCP_TIE_F MCP_TIE_8(g),
#define MCP_TIE_H MCP_TIE_G MCP_TIE_8(h),

/// References to the `Count` members of `object`, in order.
template <std::size_t Count, class T>
[[nodiscard]] constexpr auto tie_members(T& object) noexcept {
    // clang-format off
    if constexpr (Count == 0) { return std::tuple<>{}; } else
    MCP_TIE_EIGHT(0, a)
    MCP_TIE_EIGHT(8, b, MCP_TIE_A)
    MCP_TIE_EIGHT(16, c, MCP_TIE_B)
    MCP_TIE_EIGHT(24, d, MCP_TIE_C)
    MCP_TIE_EIGHT(32, e, MCP_TIE_D)
    MCP_TIE_EIGHT(40, f, MCP_TIE_E)
    MCP_TIE_EIGHT(48, g, MCP_TIE_F)
    MCP_TIE_EIGHT(56, h, MCP_TIE_G)
    MCP_TIE_EIGHT(64, i, MCP_TIE_H)
    { return std::tuple<>{}; }
    // clang-format on
}

#undef MCP_TIE_1
#undef MCP_TIE_2
#undef MCP_TIE_3
#undef MCP_TIE_4
#undef MCP_TIE_5
#undef MCP_TIE_6
#undef MCP_TIE_7
#undef MCP_TIE_8
#undef MCP_TIE_CASE
#undef MCP_TIE_EIGHT
#undef MCP_TIE_A
#undef MCP_TIE_B
#undef MCP_TIE_C
#undef MCP_TIE_D
#undef MCP_TIE_E
#undef MCP_TIE_F
#undef MCP_TIE_G
#undef MCP_TIE_H

} // namespace mcp::reflect::detail

namespace mcp::reflect {

/// A struct whose members can be listed: an aggregate class, but not one that behaves as an array
/// or a tuple (`std::array`, `std::pair`, ranges), nor `arg` and `arguments`.
///
/// It has no base class, no reference, bit-field or anonymous-union members.
template <class T>
concept aggregate_struct = std::is_class_v<T> && std::is_aggregate_v<T> && !requires {
    std::tuple_size<T>::value;
} && !requires(const T& range) { range.begin(); } && !is_arg<T> && !is_arguments<T>;

namespace detail {

template <class T>
[[nodiscard]] consteval std::size_t checked_member_count() noexcept {
    static_assert(!has_base<T>, "mcp: a struct with a base class cannot be taken apart; make the "
                                "base its first member");
    if constexpr (has_base<T>) {
        return 0;
    } else {
        constexpr std::size_t values = initializer_count<T>();
        static_assert(values < max_initializers,
                      "mcp: the members of this struct cannot be counted; it must be complete and "
                      "hold neither references nor large C arrays");
        if constexpr (values == max_initializers) {
            return 0;
        } else {
            constexpr std::size_t count = count_members<T, values>();
            static_assert(count <= max_members,
                          "mcp: a struct may have at most 72 members; group some of them in a "
                          "nested struct");
            return count;
        }
    }
}

} // namespace detail

/// How many members `T` has; a C array is one.
template <aggregate_struct T>
inline constexpr std::size_t member_count = detail::checked_member_count<T>();

/// References to the members, in order of declaration: `std::tuple<A&, B&, …>`, const if `object`
/// is.
template <class T>
    requires aggregate_struct<std::remove_const_t<T>>
[[nodiscard]] constexpr auto member_refs(T& object) noexcept {
    return detail::tie_members<member_count<std::remove_const_t<T>>>(object);
}

/// The type of member number `Index`, as declared.
template <aggregate_struct T, std::size_t Index>
using member_type =
    std::remove_reference_t<std::tuple_element_t<Index, decltype(member_refs(std::declval<T&>()))>>;

namespace detail {

/// An object that is never made: only the addresses of its members are printed. In a union, so
/// that `T` needs no constructor.
template <class T>
union unmade {
    char none;
    T object;

    constexpr unmade() noexcept : none() {}

    constexpr ~unmade() {}
};

template <class T>
inline constinit unmade<T> unmade_object{};

template <class T, std::size_t... Index>
[[nodiscard]] consteval auto read_member_names(std::index_sequence<Index...>) noexcept {
    std::array<std::string_view, sizeof...(Index)> names{};
    if constexpr (sizeof...(Index) > 0) {
        std::string_view printed =
            printed_values<&std::get<Index>(member_refs(unmade_object<T>.object))...>();
        // One "…name)" (g++) or "…name" (clang) per member. Only the names themselves are free of
        // commas on g++, where the type of the object is printed as well: so from the back.
        for (std::size_t left = names.size(); left > 0; --left) {
            names[left - 1] = last_identifier(printed);
            printed = printed.substr(0, printed.rfind('&'));
        }
    }
    return names;
}

} // namespace detail

/// The names of the members, in order of declaration: `std::array<std::string_view, N>`.
template <aggregate_struct T>
inline constexpr auto member_names =
    detail::read_member_names<T>(std::make_index_sequence<member_count<T>>{});

/// The number of the member `name`, or `member_count<T>` if there is none.
template <aggregate_struct T>
[[nodiscard]] constexpr std::size_t member_index(std::string_view name) noexcept {
    std::size_t at = 0;
    while (at < member_count<T> && member_names<T>[at] != name)
        ++at;
    return at;
}

} // namespace mcp::reflect

namespace mcp {

/// What the schema says about `T` beyond its C++ type. Specialise it beside a struct, or beside an
/// enum to give its values a title:
///
///     template <>
///     struct mcp::describe<search> {
///         static constexpr auto title = "Search";
///         static constexpr auto description = "What to look for";
///         static constexpr auto members = mcp::members(
///             mcp::member<"query">("Words to find", mcp::min_length{1}),
///             mcp::member<"limit">("How many results", mcp::minimum{1}, mcp::maximum{100}));
///     };
///
/// Each of the three may be left out. The attributes are in `<mcp/reflect/attributes.hpp>`; those
/// that limit values are checked when arguments are decoded as well.
template <class T>
struct describe {};

/// One member, by name, with its attributes. Made by `member<"name">(…)`.
template <fixed_string Name, class... Attributes>
struct described_member {
    static constexpr std::string_view name = Name;

    std::string_view description;
    std::tuple<Attributes...> attributes;
};

/// All that `describe` says about members. Made by `members(…)`.
template <class... Members>
struct described_members {
    std::tuple<Members...> list;
};

/// Describes the member or enumerator `Name`: first what it means, then attributes.
template <fixed_string Name, class... Attributes>
[[nodiscard]] consteval auto member(std::string_view description, Attributes... attributes) {
    return described_member<Name, Attributes...>{description, {attributes...}};
}

/// The same without a description.
template <fixed_string Name, class... Attributes>
    requires(!(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto member(Attributes... attributes) {
    return described_member<Name, Attributes...>{{}, {attributes...}};
}

/// The list of described members; those that need no words may be missing.
template <class... Members>
[[nodiscard]] consteval auto members(Members... list) {
    return described_members<Members...>{{list...}};
}

namespace reflect {
namespace detail {

/// Whether `T` has a member, or an enumerator, of that name.
template <class T>
[[nodiscard]] consteval bool has_name(std::string_view name) noexcept {
    if constexpr (std::is_enum_v<T>)
        return enum_from_name<T>(name).has_value();
    else
        return member_index<T>(name) < member_count<T>;
}

/// Its arguments are what a compiler shows beside the sentence.
template <class T, fixed_string Name>
struct described_name {
    static_assert(has_name<T>(Name),
                  "mcp: describe<T> names a member that T does not have; write the name exactly as "
                  "T declares it");
    static constexpr bool checked = true;
};

template <class T, class List>
struct described_list;

template <class T, class... Members>
struct described_list<T, described_members<Members...>> {
    template <fixed_string Name, class... Attributes>
    static consteval bool check(const described_member<Name, Attributes...>*) noexcept {
        return described_name<T, Name>::checked;
    }

    static constexpr bool unique = [] {
        const std::array<std::string_view, sizeof...(Members)> names{Members::name...};
        for (std::size_t at = 0; at < names.size(); ++at)
            for (std::size_t other = 0; other < at; ++other)
                if (names[at] == names[other])
                    return false;
        return true;
    }();

    static_assert(unique, "mcp: describe<T> describes a member twice; keep one of the two");

    static constexpr bool checked = (... && check(static_cast<const Members*>(nullptr)));

    /// The place of `name` in the list, or its size.
    static consteval std::size_t find(std::string_view name) noexcept {
        std::size_t at = 0;
        (void)(... && (Members::name != name && (++at, true)));
        return at;
    }

    static constexpr std::size_t size = sizeof...(Members);
};

} // namespace detail

/// Whether `describe<T>` has a list of members.
template <class T>
concept has_described_members = requires { describe<T>::members; };

namespace detail {

template <class T>
using described_list_of = described_list<T, std::remove_cvref_t<decltype(describe<T>::members)>>;

} // namespace detail

/// What `describe<T>` says about member `Index`: a `described_member`, with an empty description
/// and no attributes if it says nothing.
template <aggregate_struct T, std::size_t Index>
[[nodiscard]] consteval auto member_description() noexcept {
    if constexpr (has_described_members<T>) {
        using list = detail::described_list_of<T>;
        static_assert(list::checked);
        constexpr std::size_t at = list::find(member_names<T>[Index]);
        if constexpr (at < list::size)
            return std::get<at>(describe<T>::members.list);
        else
            return described_member<"">{};
    } else {
        return described_member<"">{};
    }
}

/// What `describe<E>` says about the enumerator `name`; empty if nothing.
template <class E>
    requires std::is_enum_v<E> && has_described_members<E>
[[nodiscard]] constexpr std::string_view enumerator_description(std::string_view name) noexcept {
    static_assert(detail::described_list_of<E>::checked);
    std::string_view words;
    std::apply(
        [&](const auto&... each) {
            (void)(... || (each.name == name && (words = each.description, true)));
        },
        describe<E>::members.list);
    return words;
}

} // namespace reflect
} // namespace mcp

namespace mcp {

// What `member<"…">(…)` and the descriptions of tools take beside words. Those with `admits` are
// checked when a value is decoded; `expectation()` is what the error says was expected.

/// The name that people see.
struct title {
    std::string_view text;
};

/// A number is not less than this.
template <class Number>
struct minimum {
    Number value;

    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] constexpr bool admits(const T& number) const noexcept {
        return !reflect::detail::less(number, value);
    }

    [[nodiscard]] std::string expectation() const {
        return "at least " + reflect::detail::number_text(value);
    }
};

/// A number is not greater than this.
template <class Number>
struct maximum {
    Number value;

    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] constexpr bool admits(const T& number) const noexcept {
        return !reflect::detail::less(value, number);
    }

    [[nodiscard]] std::string expectation() const {
        return "at most " + reflect::detail::number_text(value);
    }
};

/// A number is greater than this.
template <class Number>
struct exclusive_minimum {
    Number value;

    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] constexpr bool admits(const T& number) const noexcept {
        return reflect::detail::less(value, number);
    }

    [[nodiscard]] std::string expectation() const {
        return "more than " + reflect::detail::number_text(value);
    }
};

/// A number is less than this.
template <class Number>
struct exclusive_maximum {
    Number value;

    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] constexpr bool admits(const T& number) const noexcept {
        return reflect::detail::less(number, value);
    }

    [[nodiscard]] std::string expectation() const {
        return "less than " + reflect::detail::number_text(value);
    }
};

template <class Number>
minimum(Number) -> minimum<Number>;
template <class Number>
maximum(Number) -> maximum<Number>;
template <class Number>
exclusive_minimum(Number) -> exclusive_minimum<Number>;
template <class Number>
exclusive_maximum(Number) -> exclusive_maximum<Number>;

/// A string has at least so many characters (code points).
struct min_length {
    std::size_t value;

    [[nodiscard]] constexpr bool admits(std::string_view text) const noexcept {
        return reflect::detail::code_points(text) >= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at least " + std::to_string(value) + " characters";
    }
};

/// A string has at most so many characters (code points).
struct max_length {
    std::size_t value;

    [[nodiscard]] constexpr bool admits(std::string_view text) const noexcept {
        return reflect::detail::code_points(text) <= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at most " + std::to_string(value) + " characters";
    }
};

/// An array has at least so many elements.
struct min_items {
    std::size_t value;

    template <class T>
        requires reflect::detail::countable<T>
    [[nodiscard]] constexpr bool admits(const T& items) const noexcept {
        return items.size() >= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at least " + std::to_string(value) + " items";
    }
};

/// An array has at most so many elements.
struct max_items {
    std::size_t value;

    template <class T>
        requires reflect::detail::countable<T>
    [[nodiscard]] constexpr bool admits(const T& items) const noexcept {
        return items.size() <= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at most " + std::to_string(value) + " items";
    }
};

/// What a string is: `email`, `uri`, `date`, `date-time`, `uuid` … Told, not checked.
struct format {
    std::string_view name;
};

/// The value of a member that is absent. Needed only where the default member initialiser cannot be
/// read at compile time (see `<mcp/reflect/defaults.hpp>`); it wins over that one.
template <class T>
struct default_value {
    T value;
};

template <class T>
default_value(T) -> default_value<T>;
default_value(const char*) -> default_value<std::string_view>;

/// Values that show what is meant.
template <class... Values>
struct examples {
    std::tuple<Values...> values;

    constexpr examples(Values... list) : values(list...) {}
};

/// Clients of the 2026-07-28 revision send this parameter as the HTTP header `Mcp-Param-<name>` as
/// well, so that gateways can route by it [MCP 2026-07-28 server/tools].
struct param_header {
    std::string_view name;
};

/// Still accepted, better not used.
struct deprecated {};

namespace reflect {
namespace detail {

/// The value in a member: without `optional` and constraints.
template <class T>
struct bare {
    using type = T;
};

template <class T>
struct bare<std::optional<T>> : bare<T> {};

template <class Rule>
struct bare<constrained<Rule>> : bare<typename Rule::value_type> {};

template <class T>
using bare_t = typename bare<std::remove_cv_t<T>>::type;

/// Whether an attribute says something about members of type `T`.
template <class Attribute, class T>
inline constexpr bool fits = [] {
    if constexpr (requires(const Attribute& a) { a.expectation(); })
        return requires(const Attribute& a, const bare_t<T>& value) { a.admits(value); };
    else
        return true;
}();

template <class T>
inline constexpr bool fits<format, T> = std::is_convertible_v<bare_t<T>, std::string_view>;

/// Clients can put only these in a header.
template <class T>
inline constexpr bool fits<param_header, T> =
    std::is_integral_v<bare_t<T>> || std::is_enum_v<bare_t<T>> ||
    std::is_convertible_v<bare_t<T>, std::string_view>;

template <class Value, class T>
inline constexpr bool fits<default_value<Value>, T> = std::is_constructible_v<T, const Value&>;

/// Whether `name` is a token [RFC 9110 §5.6.2], as the names of headers are.
[[nodiscard]] constexpr bool is_token(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              marks.find(c) != std::string_view::npos))
            return false;
    return !name.empty();
}

template <class Attribute>
[[nodiscard]] constexpr bool names_header(const Attribute& attribute) noexcept {
    if constexpr (std::is_same_v<Attribute, param_header>)
        return is_token(attribute.name);
    else
        return true;
}

/// Its arguments are what a compiler shows beside the sentence.
template <class T, std::size_t Index, class Attribute>
struct described_attribute {
    static_assert(fits<Attribute, member_type<T, Index>>,
                  "mcp: an attribute in describe<T> does not fit the type of its member; minimum "
                  "and maximum are for numbers, min_length, pattern and format for strings, "
                  "min_items for containers, default_value for what the member can be made of, "
                  "param_header for strings, integers and bool");
    static constexpr bool checked = true;
};

template <class T, std::size_t Index, class... Attributes>
[[nodiscard]] consteval bool fit_all(const std::tuple<Attributes...>*) noexcept {
    return (... && described_attribute<T, Index, Attributes>::checked);
}

} // namespace detail

/// Asserts that the attributes of member `Index` suit it.
template <aggregate_struct T, std::size_t Index>
[[nodiscard]] consteval bool check_attributes() noexcept {
    constexpr auto attributes = member_description<T, Index>().attributes;
    static_assert(
        std::apply([](const auto&... each) { return (true && ... && detail::names_header(each)); },
                   attributes),
        "mcp: param_header takes the name of an HTTP header: letters, digits and !#$%&'*+-.^_`|~");
    return detail::fit_all<T, Index>(&attributes);
}

/// What member `Index` of a `T` should have been by `describe<T>`, such as "at least 1", or an
/// empty string if `value` is as it should be. Looks through `std::optional`.
template <aggregate_struct T, std::size_t Index, class Value>
[[nodiscard]] std::string unmet_expectation(const Value& value) {
    if constexpr (is_constrained<Value>) {
        return unmet_expectation<T, Index>(*value);
    } else if constexpr (requires {
                             value.has_value();
                             *value;
                         }) {
        return value.has_value() ? unmet_expectation<T, Index>(*value) : std::string{};
    } else {
        static constexpr auto described = member_description<T, Index>();
        static_assert(check_attributes<T, Index>());
        std::string unmet;
        const auto check = [&](const auto& attribute) {
            if constexpr (requires { attribute.admits(value); })
                if (unmet.empty() && !attribute.admits(value))
                    unmet = attribute.expectation();
        };
        std::apply([&](const auto&... attribute) { (check(attribute), ...); },
                   described.attributes);
        return unmet;
    }
}

} // namespace reflect
} // namespace mcp

// ---- mcp/reflect/defaults.hpp

#include <variant>

namespace mcp::reflect {

// Which members of a struct may be absent in JSON, and what they hold then: one rule for the schema
// and for decoding.
//
// A member may be absent if it is a `std::optional`, if `describe<T>` gives it a `default_value`,
// or if it has a default member initialiser that can be read at compile time. A scalar has one if
// it is initialised at all; a member of class type if its value differs from that of its type's
// default constructor, since `std::string a;` and `std::string a = "";` are the same.
//
// Nothing can be read of a struct that cannot be made in a constant expression (members such as
// `std::map` or `std::unique_ptr`). clang with the library of g++ 12 refuses `std::string` there:
// then only members after the last string are read, and `= 0` or `= false` counts as none.
// `default_value` says it everywhere.

namespace detail {

template <class T>
inline constexpr bool is_optional = false;

template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_default_value = false;

template <class T>
inline constexpr bool is_default_value<default_value<T>> = true;

/// The place of `default_value` among the attributes, or their number.
template <class... Attributes>
[[nodiscard]] consteval std::size_t find_default(const std::tuple<Attributes...>&) noexcept {
    std::size_t at = 0;
    (void)(... && (!is_default_value<Attributes> && (++at, true)));
    return at;
}

/// Initialises a member of type `U`; a string is too long to be stored in place, which is what
/// clang refuses.
template <class U>
struct filler {
    constexpr operator U() const {
        if constexpr (std::same_as<U, std::string>)
            return std::string("longer than is stored in place, so it is allocated");
        else
            return U{};
    }
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers" // that is the point here
template <class T, std::size_t... Before>
[[nodiscard]] constexpr T make_with_fillers(std::index_sequence<Before...>) {
    return T{filler<member_type<T, Before>>{}...};
}
#pragma GCC diagnostic pop

/// Part by part, since `==` of a standard container is declared even where its elements have none.
template <class T>
[[nodiscard]] constexpr bool differ(const T& left, const T& right);

template <class Tuple, std::size_t... Index>
[[nodiscard]] constexpr bool differ_in_parts(const Tuple& left, const Tuple& right,
                                             std::index_sequence<Index...>) {
    return (... || differ(std::get<Index>(left), std::get<Index>(right)));
}

template <class Range>
[[nodiscard]] constexpr bool differ_in_elements(const Range& left, const Range& right) {
    using element = typename Range::value_type;
    auto at = left.begin();
    for (auto other = right.begin(); other != right.end(); ++other, ++at)
        if (at == left.end() ||
            differ<element>(static_cast<const element&>(*at), static_cast<const element&>(*other)))
            return true;
    return at != left.end();
}

template <class T>
[[nodiscard]] constexpr bool differ(const T& left, const T& right) {
    if constexpr (std::is_array_v<T>)
        return false;
    else if constexpr (aggregate_struct<T>)
        return differ_in_parts(member_refs(left), member_refs(right),
                               std::make_index_sequence<member_count<T>>{});
    else if constexpr (is_optional<T>)
        return left.has_value() != right.has_value() || (left.has_value() && differ(*left, *right));
    else if constexpr (requires { left.valueless_by_exception(); })
        return left.index() != right.index() ||
               (left.index() == 0 && differ(std::get<0>(left), std::get<0>(right)));
    else if constexpr (requires {
                           left.begin();
                           left.end();
                           typename T::value_type;
                       })
        return differ_in_elements(left, right);
    else if constexpr (requires { std::tuple_size<T>::value; })
        return differ_in_parts(left, right, std::make_index_sequence<std::tuple_size_v<T>>{});
    else if constexpr (std::equality_comparable<T>)
        return !(left == right);
    else
        return false;
}

/// Types whose objects hold nothing, unless they are given a value.
template <class T>
inline constexpr bool is_unset_at_first = std::is_scalar_v<T>;

template <class Rule>
inline constexpr bool is_unset_at_first<constrained<Rule>> =
    std::is_arithmetic_v<typename Rule::value_type>;

/// Not a constant expression if `value` is not set.
template <class T>
[[nodiscard]] constexpr bool is_set(const T& value) {
    if constexpr (is_constrained<T>)
        return is_set(*value);
    else
        return value == value;
}

// These are asked with `requires`: whether they are constant expressions is the answer.

/// Whether scalar member `Index` is initialised: an object of which nothing is set but by its
/// default member initialisers is read.
template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_scalar() {
    T object;
    return is_set(std::get<Index>(member_refs(object)));
}

template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_class() {
    T object{}; // not const: g++ 12 refuses to fill a vector in it
    return differ<member_type<T, Index>>(std::get<Index>(member_refs(object)),
                                         member_type<T, Index>{});
}

template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_after_fillers() {
    using member = member_type<T, Index>;
    T object = make_with_fillers<T>(std::make_index_sequence<Index>{});
    if constexpr (is_constrained<member> && is_unset_at_first<member>)
        return is_set(std::get<Index>(member_refs(object)));
    else
        return differ<member>(std::get<Index>(member_refs(object)), member{});
}

template <bool>
struct evaluated {};

/// How the initialiser of a member is read.
enum class initializer { none, plain, after_fillers };

template <class T, std::size_t Index>
[[nodiscard]] consteval initializer find_initializer() noexcept {
    using member = member_type<T, Index>;
    if constexpr (std::is_array_v<member> || std::is_const_v<member>) {
        return initializer::none;
    } else if constexpr (requires { evaluated<(T{}, true)>{}; }) {
        if constexpr (is_unset_at_first<member>)
            return requires { evaluated<reads_scalar<T, Index>()>{}; } ? initializer::plain
                                                                       : initializer::none;
        else if constexpr (requires { evaluated<reads_class<T, Index>()>{}; })
            return reads_class<T, Index>() ? initializer::plain : initializer::none;
        else
            return initializer::none;
    } else if constexpr (requires { evaluated<reads_after_fillers<T, Index>()>{}; }) {
        return reads_after_fillers<T, Index>() ? initializer::after_fillers : initializer::none;
    } else {
        return initializer::none;
    }
}

template <class T, std::size_t Index>
inline constexpr initializer initializer_of = find_initializer<T, Index>();

} // namespace detail

/// Whether `describe<T>` gives member `Index` a `default_value`.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_described_default = [] {
    constexpr auto described = member_description<T, Index>();
    return detail::find_default(described.attributes) <
           std::tuple_size_v<decltype(described.attributes)>;
}();

/// Whether member `Index` has a default that is known at compile time.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_default = [] {
    if constexpr (has_described_default<T, Index>)
        return true;
    else
        return detail::initializer_of<T, Index> != detail::initializer::none;
}();

/// Whether member `Index` may be absent in JSON.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool may_be_absent =
    detail::is_optional<member_type<T, Index>> || has_default<T, Index>;

/// What `describe<T>` gives as the default of member `Index`; a type that the member can be made
/// of.
template <aggregate_struct T, std::size_t Index>
    requires has_described_default<T, Index>
[[nodiscard]] consteval auto described_default() noexcept {
    constexpr auto described = member_description<T, Index>();
    return std::get<detail::find_default(described.attributes)>(described.attributes).value;
}

/// The default of member `Index`. In a constant expression its value must not outlive it if it is a
/// container.
template <aggregate_struct T, std::size_t Index>
    requires has_default<T, Index>
[[nodiscard]] constexpr member_type<T, Index> default_of() {
    if constexpr (has_described_default<T, Index>) {
        return member_type<T, Index>(described_default<T, Index>());
    } else if constexpr (detail::initializer_of<T, Index> == detail::initializer::plain) {
        T object{};
        return std::get<Index>(member_refs(object));
    } else {
        T object = detail::make_with_fillers<T>(std::make_index_sequence<Index>{});
        return std::get<Index>(member_refs(object));
    }
}

/// Gives the members their described defaults; the others keep what `T{}` gave them.
template <aggregate_struct T>
constexpr void apply_described_defaults(T& object) {
    const auto refs = member_refs(object);
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        const auto apply = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
            if constexpr (has_described_default<T, At>)
                std::get<At>(refs) = default_of<T, At>();
        };
        (apply(std::integral_constant<std::size_t, Index>{}), ...);
    }(std::make_index_sequence<member_count<T>>{});
}

} // namespace mcp::reflect

// ---- mcp/reflect/pattern.hpp

#include <map>
#include <regex>

namespace mcp {
namespace reflect::detail {

/// The matcher of libstdc++ that follows all states at once, where there is one: trying one after
/// the other takes exponential time on patterns such as "(a+)+$".
#if defined(__GLIBCXX__)
inline constexpr auto pattern_options = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
inline constexpr auto pattern_options = std::regex::ECMAScript;
#endif

/// Longer text matches nothing: matching takes time and stack by its length.
inline constexpr std::size_t max_matched_length = 4096;

/// The code points of UTF-8 text, so that "." is a character and not a byte.
[[nodiscard]] inline std::wstring code_points_of(std::string_view text) {
    std::wstring out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 || byte >= 0xC0)
            out.push_back(static_cast<wchar_t>(byte < 0x80   ? byte
                                               : byte < 0xE0 ? byte & 0x1FU
                                               : byte < 0xF0 ? byte & 0x0FU
                                                             : byte & 0x07U));
        else if (!out.empty())
            out.back() = static_cast<wchar_t>((static_cast<unsigned long>(out.back()) << 6U) |
                                              (byte & 0x3FU));
    }
    return out;
}

[[nodiscard]] inline bool contains_match(std::string_view text, const std::wregex& expression) {
    return text.size() <= max_matched_length && std::regex_search(code_points_of(text), expression);
}

/// The compiled form of an expression of the program, kept for the life of the thread.
[[nodiscard]] inline const std::wregex& compiled(std::string_view expression) {
    thread_local std::map<std::string, std::wregex, std::less<>> known;
    const auto found = known.find(expression);
    if (found != known.end())
        return found->second;
    return known
        .emplace(std::string{expression}, std::wregex{code_points_of(expression), pattern_options})
        .first->second;
}

} // namespace reflect::detail

/// A string contains a match of this ECMAScript expression; anchor it with `^…$` to mean the whole.
/// An attribute of `describe`. Strings beyond 4096 bytes do not match. An expression that is none
/// throws `std::regex_error` at the first check.
struct pattern {
    std::string_view expression;

    [[nodiscard]] bool admits(std::string_view text) const {
        return reflect::detail::contains_match(text, reflect::detail::compiled(expression));
    }

    [[nodiscard]] std::string expectation() const {
        return "text that matches " + std::string{expression};
    }
};

/// Strings that contain a match of `Expression`, as `pattern` says.
template <fixed_string Expression>
struct pattern_rule {
    using value_type = std::string;
    static constexpr std::string_view expression = Expression;

    [[nodiscard]] static bool admits(const std::string& text) {
        return pattern{expression}.admits(text);
    }

    [[nodiscard]] static std::string expectation() { return pattern{expression}.expectation(); }
};

/// `matching<"^[a-z]+$">`
template <fixed_string Expression>
using matching = constrained<pattern_rule<Expression>>;

} // namespace mcp

// ---- mcp/reflect/signature.hpp

namespace mcp::reflect {

/// What a function takes and returns, exactly as declared (references and const kept).
template <class Result, class... Parameters>
struct function_signature {
    using result_type = Result;
    using parameters = std::tuple<Parameters...>;

    static constexpr std::size_t arity = sizeof...(Parameters);
};

namespace detail {

/// Not a function, or one whose parameters depend on the call (generic lambda, overloaded
/// operator()): no members.
template <class F>
struct signature {};

template <class R, class... P>
struct signature<R(P...)> : function_signature<R, P...> {};

template <class R, class... P>
struct signature<R(P...) noexcept> : function_signature<R, P...> {};

template <class F>
struct signature<F*> : signature<F> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...)> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...)&> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const&> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) & noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const & noexcept> : function_signature<R, P...> {};

template <class F>
    requires requires { &F::operator(); }
struct signature<F> : signature<decltype(&F::operator())> {};

} // namespace detail

/// The signature of a function, function pointer, pointer to member function (without the object),
/// lambda or other class with one `operator()`: `result_type`, `parameters` (a tuple), `arity`.
template <class F>
using signature_of = detail::signature<std::remove_cvref_t<F>>;

/// Whether the signature of `F` can be read: false for generic lambdas and overloaded
/// `operator()`.
template <class F>
concept has_signature = requires { typename signature_of<F>::result_type; };

} // namespace mcp::reflect

// ---- mcp/reflect/symbol_name.hpp

namespace mcp::reflect {

/// The name of a function without namespace, class or template arguments: `"add"` for `add`,
/// `&add`, `math::add` and `math::add<int>`. Member functions work as well.
template <auto Function>
inline constexpr std::string_view symbol_name =
    detail::last_identifier(detail::without_template_arguments(detail::printed_values<Function>()));

} // namespace mcp::reflect

// ---- mcp/reflect/type_name.hpp

namespace mcp::reflect {
namespace detail {

template <class T>
struct named_type {};

} // namespace detail

/// The name of a class or enum without namespace, enclosing class or template arguments: `"point"`
/// for `geo::point`, `"box"` for `box<int>`. Different types may have the same one.
template <class T>
inline constexpr std::string_view type_name = [] {
    std::string_view printed = detail::printed_values<detail::named_type<T>{}>();
    // `mcp::reflect::detail::named_type<geo::point>{}`: what is between the outer brackets.
    printed = printed.substr(0, printed.rfind('>'));
    constexpr std::string_view frame = "named_type<";
    printed.remove_prefix(printed.find(frame) + frame.size());
    return detail::last_identifier(detail::without_template_arguments(printed));
}();

} // namespace mcp::reflect

// ---- mcp/json/codec.hpp

// ---- mcp/json/value.hpp

#include <boost/json/array.hpp>
#include <boost/json/kind.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace mcp {

/// Any JSON value. This library's other headers and its users say `mcp::json`; only `mcp/json/`
/// knows that Boost.JSON is behind it.
using json = boost::json::value;

/// The members of a JSON object, in the order in which they were written.
using json_object = boost::json::object;

/// The elements of a JSON array.
using json_array = boost::json::array;

/// The text of a JSON string, UTF-8.
using json_string = boost::json::string;

/// What a `json` holds: null, bool_, int64, uint64, double_, string, array or object.
using json_kind = boost::json::kind;

/// Where a `json` takes its memory from.
using json_storage = boost::json::storage_ptr;

} // namespace mcp

#include <ranges>

namespace mcp {

/// How a type of yours becomes JSON, if it is no aggregate. Specialise it:
///
///     template <>
///     struct mcp::codec<colour> {
///         static constexpr std::string_view schema = R"({"type":"string"})";
///         static void write(json_writer& w, const colour& c) { w.value(c.name()); }
///         static result<colour, decode_error> read(const json& j);
///     };
///
/// `read` reports an error with a path relative to its value, usually an empty one. Leave out what
/// you do not need: a type that is only a result needs no `read`.
template <class T>
struct codec {};

/// Types with a `codec` that writes.
template <class T>
concept has_codec_write = requires { &codec<T>::write; };

/// Types with a `codec` that reads.
template <class T>
concept has_codec_read = requires(const json& value) { codec<T>::read(value); };

namespace detail {

/// The kinds of types with a JSON form, told apart in one place for `encode` and `decode`.

template <class T, template <class...> class Template>
inline constexpr bool is_specialization = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_specialization<Template<Args...>, Template> = true;

template <class T>
concept json_tree =
    std::same_as<T, json> || std::same_as<T, json_object> || std::same_as<T, json_array>;

template <class T>
concept json_number = std::floating_point<T> ||
                      (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                       !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                       !std::same_as<T, char16_t> && !std::same_as<T, char32_t>);

template <class T>
concept json_text = std::convertible_to<const T&, std::string_view>;

template <class T>
concept json_optional = is_specialization<T, std::optional>;

template <class T>
concept json_variant = is_specialization<T, std::variant>;

template <class T>
concept json_duration = is_specialization<T, std::chrono::duration>;

template <class T>
inline constexpr bool is_sys_time = false;
template <class Duration>
inline constexpr bool is_sys_time<std::chrono::sys_time<Duration>> = true;

template <class T>
concept json_time = is_sys_time<T>;

template <class T>
concept json_tuple = is_specialization<T, std::tuple> || is_specialization<T, std::pair>;

template <class T>
concept json_map = std::ranges::range<const T> && requires {
    typename T::key_type;
    typename T::mapped_type;
};

template <class T>
concept json_set = std::ranges::range<const T> && requires { typename T::key_type; } &&
                   !requires { typename T::mapped_type; };

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

/// What elements can be added to.
template <class T>
concept json_elements = json_set<T> || requires(T& list, typename T::value_type element) {
    list.push_back(std::move(element));
    list.clear();
};

template <class T>
concept json_range = std::ranges::range<const T>;

template <class T>
inline constexpr bool has_no_json_form = false;

} // namespace detail
} // namespace mcp

// ---- mcp/json/decode.hpp

// ---- mcp/json/decode_error.hpp

namespace mcp {

/// Why a JSON value is not the C++ value that was asked for. Safe to show to the peer who sent it.
struct decode_error {
    decode_error() = default;
    // Not an aggregate: result<std::string, decode_error> must tell the two from each other.
    decode_error(std::string path_, std::string message_)
        : path{std::move(path_)}
        , message{std::move(message_)} {}

    /// Where: "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// One sentence: "expected string, got number".
    std::string message;

    /// "arguments.filter.tags[2]: expected string, got number"
    std::string what() const { return path.empty() ? message : path + ": " + message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const decode_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

} // namespace mcp

// ---- mcp/json/impl/decoder.hpp

// ---- mcp/json/impl/scalar_decoder.hpp

// ---- mcp/json/path.hpp

namespace mcp {

/// A step of the way from a JSON value to one inside of it: a member if `key` has data, else an
/// element. The steps live on the stack of the functions that go down, each with its parent; they
/// become text only when something is wrong.
struct json_path {
    const json_path* parent = nullptr;
    std::string_view key;
    std::size_t index = 0;
};

/// `text` of a peer in quotes for a message: cut after 64 bytes, control characters and ill-formed
/// UTF-8 replaced.
inline std::string quoted_excerpt(std::string_view text) {
    constexpr std::size_t most = 64;
    std::string out = "\"";
    std::string_view shown = text.substr(0, most);
    // A cut inside of a character takes the whole character.
    while (shown.size() < text.size() && !shown.empty() &&
           (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80) {
        shown.remove_suffix(1);
    }
    append_utf8_repaired(out, shown);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c >= 0 && (c < 0x20 || c == 0x7F); }, '?');
    out += shown.size() < text.size() ? "...\"" : "\"";
    return out;
}

namespace detail {

/// Whether `key` reads well after a dot.
inline bool is_plain_key(std::string_view key) {
    constexpr std::size_t most = 64;
    return !key.empty() && key.size() <= most && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '$' || c == '/';
    });
}

inline void append_step(std::string& out, const json_path& step) {
    if (step.key.data() == nullptr) {
        out.append("[").append(std::to_string(step.index)).append("]");
    } else if (is_plain_key(step.key)) {
        out.append(out.empty() ? "" : ".").append(step.key);
    } else {
        out.append("[").append(quoted_excerpt(step.key)).append("]");
    }
}

} // namespace detail

/// "arguments.filter.tags[2]", where `root` is "arguments". No step is `root` alone.
inline std::string render_path(std::string_view root, const json_path* path) {
    std::string out{root};
    const auto walk = [&](auto& self, const json_path* step) -> void {
        if (step != nullptr) {
            self(self, step->parent);
            detail::append_step(out, *step);
        }
    };
    walk(walk, path);
    return out;
}

/// `path` seen from `root`: "arguments" and "[2].x" are "arguments[2].x".
inline std::string join_paths(std::string root, std::string_view path) {
    if (!root.empty() && !path.empty() && path.front() != '[') {
        root += '.';
    }
    return root.append(path);
}

} // namespace mcp

namespace mcp::detail {

/// What a JSON value is called in a message.
inline std::string_view kind_name(const json& value) {
    switch (value.kind()) {
    case json_kind::null:
        return "null";
    case json_kind::bool_:
        return "boolean";
    case json_kind::string:
        return "string";
    case json_kind::array:
        return "array";
    case json_kind::object:
        return "object";
    default:
        return "number";
    }
}

/// Reads values that hold no others, and words the mistakes of all.
class scalar_decoder {
public:
    explicit scalar_decoder(std::string_view root) : root_{root} {}

    decode_error take_error() { return std::move(error_); }

protected:
    const decode_error& error() const { return error_; }

    bool fail(const json_path* path, std::string message) {
        error_.path = render_path(root_, path);
        error_.message = std::move(message);
        return false;
    }

    bool fail_expected(const json_path* path, std::string_view what, const json& value) {
        std::string message = "expected ";
        message.append(what).append(", got ").append(kind_name(value));
        return fail(path, std::move(message));
    }

    /// A mistake that a codec found inside of the value at `path`.
    bool fail_within(const json_path* path, const decode_error& inner) {
        error_.path = join_paths(render_path(root_, path), inner.path);
        error_.message = inner.message;
        return false;
    }

    template <std::integral T>
    bool read_integer(const json& value, T& out, const json_path* path) {
        const auto store = [&](auto number) {
            if (!std::in_range<T>(number)) {
                return fail(path, "expected integer from " +
                                      std::to_string(std::numeric_limits<T>::min()) + " to " +
                                      std::to_string(std::numeric_limits<T>::max()) + ", got " +
                                      std::to_string(number));
            }
            out = static_cast<T>(number);
            return true;
        };
        switch (value.kind()) {
        case json_kind::int64:
            return store(value.get_int64());
        case json_kind::uint64:
            return store(value.get_uint64());
        case json_kind::double_:
            break;
        default:
            return fail_expected(path, "integer", value);
        }
        // 3.0 is the integer 3 [JSON Schema 2020-12 core §4.2.1].
        const double number = value.get_double();
        if (std::trunc(number) != number) {
            return fail(path, "expected integer, got a fraction");
        }
        constexpr double two_to_63 = 9223372036854775808.0;
        if (number >= -two_to_63 && number < two_to_63) {
            return store(static_cast<std::int64_t>(number));
        }
        if (number >= 0 && number < 2 * two_to_63) {
            return store(static_cast<std::uint64_t>(number));
        }
        return fail(path, "expected integer of at most 64 bits");
    }

    template <std::floating_point T>
    bool read_real(const json& value, T& out, const json_path* path) {
        switch (value.kind()) {
        case json_kind::int64:
            out = static_cast<T>(value.get_int64());
            return true;
        case json_kind::uint64:
            out = static_cast<T>(value.get_uint64());
            return true;
        case json_kind::double_:
            out = static_cast<T>(value.get_double());
            break;
        default:
            return fail_expected(path, "number", value);
        }
        return std::isfinite(out) || fail(path, "the number is too large");
    }

    template <class E>
    bool read_enum(const json& value, E& out, const json_path* path) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return fail_expected(path, "string", value);
        }
        const auto found = reflect::enum_from_name<E>(*text);
        if (!found) {
            std::string names;
            for (const std::string_view name : reflect::enum_names<E>) {
                names.append(names.empty() ? "\"" : ", \"").append(name).append("\"");
            }
            return fail(path, "expected one of " + names + ", got " + quoted_excerpt(*text));
        }
        out = *found;
        return true;
    }

    /// Text that `parse` makes a value of.
    template <class T>
    bool read_text(const json& value, T& out, const json_path* path, std::string_view what,
                   auto parse) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return fail_expected(path, what, value);
        }
        auto parsed = parse(std::string_view{*text});
        if (!parsed) {
            return fail(path, std::string{"expected "}.append(what).append(", got ") +
                                  quoted_excerpt(*text));
        }
        out = T(std::move(*parsed));
        return true;
    }

    const json_array* array_or_fail(const json& value, const json_path* path) {
        const json_array* array = value.if_array();
        if (array == nullptr) {
            fail_expected(path, "array", value);
        }
        return array;
    }

    bool has_size(const json_array& array, std::size_t size, const json_path* path) {
        return array.size() == size ||
               fail(path, "expected " + std::to_string(size) + " elements, got " +
                              std::to_string(array.size()));
    }

private:
    std::string_view root_;
    decode_error error_;
};

} // namespace mcp::detail

// ---- mcp/json/writer.hpp

// ---- mcp/json/impl/string_scan.hpp

namespace mcp::detail {

/// The bytes of `word` that end a plain run (a quote, a backslash, a control character, anything
/// not ASCII) have their high bit set in the result; a byte after such a one may be set in error.
constexpr std::uint64_t json_special_bytes(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t below_space = word - ones * 0x20;
    return (below_space | (quote - ones) | (backslash - ones) | word) & every_high_bit;
}

/// Whether `c` stands for itself inside a JSON string and is ASCII.
constexpr bool is_json_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/// The same of four characters.
inline bool is_json_plain_4(const char* from) {
    std::uint32_t half;
    std::memcpy(&half, from, sizeof half);
    return json_special_bytes(half | 0x2020202000000000u) == 0;
}

/// How many bytes at the start of `text` need no thought inside a JSON string.
inline std::size_t json_plain_run(std::string_view text) {
    std::size_t at = 0;
    while (at + 8 <= text.size() && json_special_bytes(load_8(text.data() + at)) == 0) {
        at += 8;
    }
    if (at + 4 <= text.size() && is_json_plain_4(text.data() + at)) {
        at += 4;
    }
    while (at < text.size() && is_json_plain(text[at])) {
        ++at;
    }
    return at;
}

/// The same, with well-formed UTF-8 beyond ASCII counted in.
inline std::size_t json_clean_run(std::string_view text) {
    std::size_t at = json_plain_run(text);
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
        const utf8_step step = read_utf8(text, at);
        if (!step.valid) {
            break;
        }
        at += step.length;
        at += json_plain_run(text.substr(at));
    }
    return at;
}

} // namespace mcp::detail

namespace mcp {

/// A C++ value that JSON cannot say: NaN, an infinity, an enumerator without a name.
class encode_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// Appends `text` in quotes and escaped [RFC 8259 §7]. Ill-formed UTF-8 becomes U+FFFD, because
/// JSON that travels is UTF-8. The output never holds a line break, as stdio framing needs.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON text to the end of a string, value after value, without a tree in between. Commas
/// and escapes are its business; that begin and end match, and that a key stands before each value
/// of an object, is the caller's.
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

    /// The name of the next value of an object.
    void key(std::string_view name) {
        write_string(name, ':');
        comma_ = false;
    }

    void value(std::string_view text) { write_string(text, '\0'); }
    void value(const char* text) { value(std::string_view{text}); }
    void value(std::nullptr_t) { raw("null"); }
    void value(std::same_as<bool> auto truth) { raw(truth ? "true" : "false"); }

    /// An integer, exact. Many readers keep only 53 bits of it [RFC 8259 §6].
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    void value(T number) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        raw({digits, static_cast<std::size_t>(end - digits)});
    }

    /// A number in its shortest text that reads back as the same value; it keeps a `.0` or an
    /// exponent, so that it stays a floating-point number. Throws `encode_error` for NaN and the
    /// infinities.
    template <std::floating_point T>
    void value(T number);

    /// A whole tree. Throws `encode_error` as for `double`.
    template <std::same_as<json> T>
    void value(const T& tree);
    template <std::same_as<json_object> T>
    void value(const T& object);
    template <std::same_as<json_array> T>
    void value(const T& array);

    /// A value that is JSON text already, copied as it is.
    void raw(std::string_view json_text) {
        separate();
        out_.append(json_text);
    }

    /// A key and its value.
    template <class T>
    void member(std::string_view name, const T& v) {
        key(name);
        value(v);
    }

    /// A key and its value, which is JSON text already.
    void member_raw(std::string_view name, std::string_view json_text) {
        key(name);
        raw(json_text);
    }

    /// The string that is being written.
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

/// What follows the backslash of the short escapes; 0 for characters that have none.
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

/// Numbers of few digits, which are most of them, without the search for the shortest text: one
/// with at most 15 digits that reads back as `number` is the shortest. Null if it is none of them.
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
    // Names and words fit a buffer, so that the string has to make room only once.
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

namespace mcp::detail {

/// Reads one value, with everything in it, into C++. The first mistake ends it.
class decoder : public scalar_decoder {
public:
    using scalar_decoder::scalar_decoder;

    /// Reads `value` into `out`, which holds the value of its default constructor.
    template <class T>
    bool read(const json& value, T& out, const json_path* path);

private:
    template <class T>
    bool read_codec(const json& value, T& out, const json_path* path) {
        auto read = codec<T>::read(value);
        if (!read) {
            return fail_within(path, read.error());
        }
        out = std::move(*read);
        return true;
    }

    /// The first alternative that can be read. Alternatives within alternatives multiply, so the
    /// tries are counted.
    template <class... T>
    bool read_variant(const json& value, std::variant<T...>& out, const json_path* path) {
        std::string reasons;
        const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            if (tries_left_ == 0) {
                return false;
            }
            --tries_left_;
            std::variant_alternative_t<I, std::variant<T...>> alternative{};
            if (read(value, alternative, path)) {
                out.template emplace<I>(std::move(alternative));
                return true;
            }
            constexpr std::size_t most = 400;
            if (reasons.size() < most) {
                reasons.append(reasons.empty() ? "" : "; ").append(error().message);
            }
            return false;
        };
        const bool found = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (attempt(std::integral_constant<std::size_t, I>{}) || ...);
        }(std::index_sequence_for<T...>{});
        if (found) {
            return true;
        }
        if (tries_left_ == 0) {
            return fail(path, "too many alternatives to try");
        }
        return fail(path, "none of " + std::to_string(sizeof...(T)) +
                              " alternatives matches: " + reasons);
    }

    template <class T>
    bool read_tuple(const json& value, T& out, const json_path* path) {
        constexpr std::size_t size = std::tuple_size_v<T>;
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr || !has_size(*array, size, path)) {
            return false;
        }
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            [[maybe_unused]] const auto element =
                [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
                    const json_path here{path, {}, At};
                    return read((*array)[At], std::get<At>(out), &here);
                };
            return (element(std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<size>{});
    }

    template <class T>
    bool read_elements(const json& value, T& out, const json_path* path) {
        const json_array* array = array_or_fail(value, path);
        if (array == nullptr) {
            return false;
        }
        out.clear();
        if constexpr (requires { out.reserve(array->size()); }) {
            out.reserve(array->size());
        }
        json_path here{path, {}, 0};
        for (const json& each : *array) {
            typename T::value_type element{};
            if (!read(each, element, &here)) {
                return false;
            }
            if constexpr (json_set<T>) {
                if (!insert(out, std::move(element))) {
                    return fail(&here, "the element is there twice");
                }
            } else {
                out.push_back(std::move(element));
            }
            ++here.index;
        }
        return true;
    }

    template <class T>
    static bool insert(T& set, typename T::value_type element) {
        const std::size_t before = set.size();
        set.insert(std::move(element));
        return set.size() != before;
    }

    template <class T>
    bool read_map(const json& value, T& out, const json_path* path) {
        using key_type = typename T::key_type;
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        out.clear();
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            typename T::mapped_type mapped{};
            if (!read(entry.value(), mapped, &here)) {
                return false;
            }
            if constexpr (std::is_enum_v<key_type>) {
                const auto key = reflect::enum_from_name<key_type>(entry.key());
                if (!key) {
                    return fail(path, "unknown member " + quoted_excerpt(entry.key()));
                }
                out.emplace(*key, std::move(mapped));
            } else {
                static_assert(std::constructible_from<key_type, std::string_view>,
                              "mcp: the keys of a map must be strings or enums");
                out.emplace(key_type(std::string_view{entry.key()}), std::move(mapped));
            }
        }
        return true;
    }

    /// Members by name into `members`, a tuple of references. `check(i, member, path)` looks at
    /// what was read.
    template <class Members, std::size_t Count>
    bool read_members(const json& value, const std::array<std::string_view, Count>& names,
                      Members members, const std::array<bool, Count>& optional,
                      const json_path* path, auto check) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail_expected(path, "object", value);
        }
        std::size_t found = 0;
        const auto member = [&]<std::size_t At>(std::integral_constant<std::size_t, At> at) {
            const json* each = object->if_contains(names[At]);
            if (each == nullptr) {
                return optional[At] ||
                       fail(path, "member " + quoted_excerpt(names[At]) + " is missing");
            }
            ++found;
            const json_path here{path, names[At], 0};
            return read(*each, std::get<At>(members), &here) &&
                   check(at, std::get<At>(members), &here);
        };
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (member(std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<Count>{});
        return good && (found == object->size() || fail_unknown(*object, names, path));
    }

    template <std::size_t Count>
    bool fail_unknown(const json_object& object, const std::array<std::string_view, Count>& names,
                      const json_path* path) {
        for (const auto& entry : object) {
            bool known = false;
            for (const std::string_view name : names) {
                known = known || name == std::string_view{entry.key()};
            }
            if (!known) {
                return fail(path, "unknown member " + quoted_excerpt(entry.key()));
            }
        }
        return false;
    }

    template <class... Args>
    bool read_arguments(const json& value, arguments<Args...>& out, const json_path* path) {
        static constexpr std::array<std::string_view, sizeof...(Args)> names{Args::name...};
        static constexpr std::array<bool, sizeof...(Args)> optional{
            json_optional<typename Args::value_type>...};
        return std::apply(
            [&](auto&... member) {
                return read_members(value, names, std::tie(member...), optional, path,
                                    [](auto, const auto&, auto) { return true; });
            },
            out.values);
    }

    template <class T>
    bool read_struct(const json& value, T& out, const json_path* path) {
        static constexpr auto optional = []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<bool, sizeof...(I)>{reflect::may_be_absent<T, I>...};
        }(std::make_index_sequence<reflect::member_count<T>>{});
        reflect::apply_described_defaults(out);
        return read_members(value, reflect::member_names<T>, reflect::member_refs(out), optional,
                            path, [&](auto at, const auto& member, const json_path* here) {
                                return obeys<T, at>(member, here);
                            });
    }

    /// Whether a member is what `describe<T>` says.
    template <class T, std::size_t At, class Member>
    bool obeys(const Member& member, const json_path* path) {
        if constexpr (reflect::has_described_members<T>) {
            const std::string expected = reflect::unmet_expectation<T, At>(member);
            return expected.empty() || fail(path, "expected " + expected + got(member));
        } else {
            return true;
        }
    }

    /// ", got 101"; nothing for what may be long.
    template <class T>
    static std::string got(const T& value) {
        if constexpr (json_number<T>) {
            std::string text = ", got ";
            json_writer{text}.value(value);
            return text;
        } else if constexpr (json_optional<T>) {
            return value ? got(*value) : std::string{};
        } else {
            return {};
        }
    }

    template <class T>
    bool read_constrained(const json& value, T& out, const json_path* path) {
        typename T::value_type inner{};
        if (!read(value, inner, path)) {
            return false;
        }
        if (!T::admits(inner)) {
            return fail(path, "expected " + T::expectation() + got(inner));
        }
        out = T(std::move(inner));
        return true;
    }

    std::size_t tries_left_ = 100'000;
};

template <class T>
bool decoder::read(const json& value, T& out, const json_path* path) {
    if constexpr (has_codec_read<T>) {
        return read_codec(value, out, path);
    } else if constexpr (std::same_as<T, json>) {
        out = value;
        return true;
    } else if constexpr (std::same_as<T, json_object>) {
        return value.is_object() ? (out = value.get_object(), true)
                                 : fail_expected(path, "object", value);
    } else if constexpr (std::same_as<T, json_array>) {
        return value.is_array() ? (out = value.get_array(), true)
                                : fail_expected(path, "array", value);
    } else if constexpr (std::same_as<T, bool>) {
        return value.is_bool() ? (out = value.get_bool(), true)
                               : fail_expected(path, "boolean", value);
    } else if constexpr (json_number<T> && std::integral<T>) {
        return read_integer(value, out, path);
    } else if constexpr (json_number<T>) {
        return read_real(value, out, path);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, json_string>) {
        return value.is_string() ? (out = value.get_string(), true)
                                 : fail_expected(path, "string", value);
    } else if constexpr (std::is_enum_v<T>) {
        return read_enum(value, out, path);
    } else if constexpr (std::same_as<T, bytes>) {
        return read_text(value, out, path, "base64 text", from_base64);
    } else if constexpr (json_duration<T>) {
        return read_text(value, out, path, "duration such as \"PT1M30S\"", parse_iso8601<T>);
    } else if constexpr (json_time<T>) {
        return read_text(value, out, path, "date and time such as \"2026-07-28T09:30:00Z\"",
                         parse_rfc3339<typename T::duration>);
    } else if constexpr (std::same_as<T, std::monostate>) {
        return value.is_null() || fail_expected(path, "null", value);
    } else if constexpr (json_optional<T>) {
        return value.is_null() ? (out.reset(), true) : read(value, out.emplace(), path);
    } else if constexpr (json_variant<T>) {
        return read_variant(value, out, path);
    } else if constexpr (json_tuple<T> || is_std_array<T>) {
        return read_tuple(value, out, path);
    } else if constexpr (json_map<T>) {
        return read_map(value, out, path);
    } else if constexpr (json_elements<T>) {
        return read_elements(value, out, path);
    } else if constexpr (reflect::is_arguments<T>) {
        return read_arguments(value, out, path);
    } else if constexpr (reflect::is_constrained<T>) {
        return read_constrained(value, out, path);
    } else if constexpr (reflect::is_arg<T>) {
        return read(value, out.value, path);
    } else if constexpr (reflect::aggregate_struct<T>) {
        return read_struct(value, out, path);
    } else {
        static_assert(has_no_json_form<T>,
                      "mcp: this type cannot be read from JSON; make it an aggregate struct or "
                      "specialise mcp::codec for it");
    }
}

} // namespace mcp::detail

namespace mcp {

/// Reads a C++ value from JSON, as strictly as `schema_of<T>` describes it and in the forms that
/// `write` lists:
///
/// - A struct takes an object without unknown members. A member may be absent if it is an
///   `optional` or has a default; it keeps that default then. An `optional` member may be `null` as
///   well, since models write that for "none"; its schema does not offer it.
/// - An integer must be in the range of its type; 3.0 is one, 3.5 is not.
/// - A set refuses equal elements; `std::array`, tuple and pair want their exact number.
/// - A variant is the first alternative that can be read.
///
/// `T` must have a default constructor. The error says where, from `root` on:
/// `arguments.filter.tags[2]: expected string, got number`.
template <class T>
result<T, decode_error> decode(const json& value, std::string_view root = {}) {
    T out{};
    detail::decoder decoder{root};
    if (!decoder.read(value, out, nullptr)) {
        return decoder.take_error();
    }
    return out;
}

} // namespace mcp

// ---- mcp/json/encode.hpp

namespace mcp {

/// Writes `v` as the next value of `w`, in the form that `schema_of<T>` describes:
///
/// | C++ | JSON |
/// |---|---|
/// | bool, integers, floating point, strings, `mcp::json` | themselves |
/// | enum | the enumerator's name |
/// | optional | the value or null; left out as a member of a struct |
/// | vector, array, set, tuple, pair | array |
/// | map | object; keys are strings or enums |
/// | variant | the value of the alternative, `monostate` is null |
/// | duration, system-clock time point | ISO 8601 and RFC 3339 text |
/// | `mcp::bytes` | base64 text |
/// | constrained types (`ranged`, `matching` ...) | as their value |
/// | aggregate struct, `arguments` | object of its members |
///
/// Other types specialise `mcp::codec`. Throws `encode_error` for what JSON cannot say; what was
/// written by then is cut short and must be dropped.
template <class T>
void write(json_writer& w, const T& v);

/// Appends `v` as JSON text.
template <class T>
void encode(std::string& out, const T& v) {
    json_writer w{out};
    write(w, v);
}

/// `v` as JSON text.
template <class T>
std::string encode(const T& v) {
    std::string out;
    encode(out, v);
    return out;
}

namespace detail {

template <class E>
std::string_view name_or_throw(E v) {
    const std::string_view name = reflect::enum_name(v);
    if (name.empty()) {
        throw encode_error{"an enum value without a name has no JSON form"};
    }
    return name;
}

template <class T>
void write_time(json_writer& w, const T& v) {
    std::string text;
    if constexpr (json_duration<T>) {
        if constexpr (std::is_floating_point_v<typename T::rep>) {
            if (!std::isfinite(v.count())) {
                throw encode_error{"a duration that is not finite has no JSON form"};
            }
        }
        append_iso8601(text, v);
    } else if (!append_rfc3339(text, v)) {
        throw encode_error{"a moment outside of the years 0 to 9999 has no JSON form"};
    }
    w.value(std::string_view{text});
}

template <class T>
void write_member(json_writer& w, std::string_view name, const T& v) {
    if constexpr (json_optional<T>) {
        if (!v) {
            return;
        }
    }
    w.key(name);
    write(w, v);
}

template <class Key>
void write_key(json_writer& w, const Key& key) {
    if constexpr (std::is_enum_v<Key>) {
        w.key(name_or_throw(key));
    } else {
        static_assert(json_text<Key>, "mcp: the keys of a map must be strings or enums");
        w.key(std::string_view{key});
    }
}

template <class T>
void write_object(json_writer& w, const T& v) {
    w.begin_object();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto members = reflect::member_refs(v);
        (write_member(w, reflect::member_names<T>[I], std::get<I>(members)), ...);
    }(std::make_index_sequence<reflect::member_count<T>>{});
    w.end_object();
}

template <class... Args>
void write_arguments(json_writer& w, const arguments<Args...>& v) {
    w.begin_object();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (write_member(w, Args::name, std::get<I>(v.values)), ...);
    }(std::index_sequence_for<Args...>{});
    w.end_object();
}

} // namespace detail

template <class T>
void write(json_writer& w, const T& v) {
    if constexpr (has_codec_write<T>) {
        codec<T>::write(w, v);
    } else if constexpr (reflect::is_constrained<T>) {
        write(w, *v);
    } else if constexpr (detail::json_tree<T> || detail::json_number<T> || std::same_as<T, bool> ||
                         std::same_as<T, std::nullptr_t>) {
        w.value(v);
    } else if constexpr (detail::json_text<T>) {
        w.value(std::string_view{v});
    } else if constexpr (std::is_enum_v<T>) {
        w.value(detail::name_or_throw(v));
    } else if constexpr (std::same_as<T, bytes>) {
        w.value(std::string_view{to_base64(v.view())});
    } else if constexpr (detail::json_duration<T> || detail::json_time<T>) {
        detail::write_time(w, v);
    } else if constexpr (std::same_as<T, std::monostate>) {
        w.value(nullptr);
    } else if constexpr (detail::json_optional<T>) {
        v ? write(w, *v) : w.value(nullptr);
    } else if constexpr (detail::json_variant<T>) {
        std::visit([&](const auto& alternative) { write(w, alternative); }, v);
    } else if constexpr (detail::json_tuple<T>) {
        w.begin_array();
        std::apply([&](const auto&... element) { (write(w, element), ...); }, v);
        w.end_array();
    } else if constexpr (detail::json_map<T>) {
        w.begin_object();
        for (const auto& [key, mapped] : v) {
            detail::write_key(w, key);
            write(w, mapped);
        }
        w.end_object();
    } else if constexpr (detail::json_range<T>) {
        w.begin_array();
        for (const auto& element : v) {
            // Named by type for vector<bool>, whose elements are proxies.
            write(w, static_cast<const std::ranges::range_value_t<const T>&>(element));
        }
        w.end_array();
    } else if constexpr (reflect::is_arguments<T>) {
        detail::write_arguments(w, v);
    } else if constexpr (reflect::is_arg<T>) {
        write(w, v.value);
    } else if constexpr (reflect::aggregate_struct<T>) {
        detail::write_object(w, v);
    } else {
        static_assert(detail::has_no_json_form<T>,
                      "mcp: this type has no JSON form; make it an aggregate struct or specialise "
                      "mcp::codec for it");
    }
}

} // namespace mcp

// ---- mcp/json/limits.hpp

namespace mcp {

/// What a JSON text may cost. The size of the text itself is the transport's limit.
struct json_limits {
    /// How deep arrays and objects may nest; `[[1]]` is two deep.
    std::size_t depth = 64;

    /// How many members one object may have. Bounds the work that keys chosen to collide can cause.
    std::size_t object_members = 10'000;
};

} // namespace mcp

// ---- mcp/json/parse.hpp

// ---- mcp/json/impl/reader.hpp

// ---- mcp/json/impl/scanner.hpp

namespace mcp::detail {

/// The words of JSON: a place in a text, what may stand there, and the first mistake.
class json_scanner {
public:
    std::string& message() { return message_; }
    std::size_t offset() const { return offset_; }

protected:
    void start(std::string_view text) {
        begin_ = at_ = text.data();
        end_ = begin_ + text.size();
    }

    bool fail(std::string message, const char* where) {
        message_ = std::move(message);
        offset_ = static_cast<std::size_t>(where - begin_);
        return false;
    }
    bool fail(std::string message) { return fail(std::move(message), at_); }

    /// "expected <what>, got <the next byte>"
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

    /// The text between quotes: a view into the input, or into `scratch_` if it had escapes.
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
                return fail("a string has no end");
            }
            if (*at_ == '"') {
                ++at_;
                text = scratch_;
                return true;
            }
            if (*at_ != '\\') {
                return static_cast<unsigned char>(*at_) < 0x80
                           ? fail("a control character in a string must be escaped")
                           : fail("a string is not UTF-8");
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
            return fail("a string has no end");
        }
        if (const std::size_t index = from.find(*at_); index != std::string_view::npos) {
            scratch_.push_back(to[index]);
            ++at_;
            return true;
        }
        if (*at_ != 'u') {
            return fail("an unknown escape in a string", where);
        }
        std::uint32_t unit = 0;
        if (!read_hex(unit)) {
            return false;
        }
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            std::uint32_t low = 0;
            if (unit >= 0xDC00 || rest().substr(0, 2) != "\\u") {
                return fail("an unpaired surrogate in a string", where);
            }
            ++at_;
            if (!read_hex(low)) {
                return false;
            }
            if (low < 0xDC00 || low > 0xDFFF) {
                return fail("an unpaired surrogate in a string", where);
            }
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(scratch_, unit);
        return true;
    }

    /// The four digits of \uXXXX; `at_` stands on the u.
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

    /// Whether `text`, which `read_string` gave, will change with the next string.
    bool was_unescaped(std::string_view text) const { return text.data() == scratch_.data(); }

    const char* begin_ = nullptr;
    const char* at_ = nullptr;
    const char* end_ = nullptr;

private:
    std::string scratch_;
    std::string message_;
    std::size_t offset_ = 0;
};

} // namespace mcp::detail

#include <boost/json/value_stack.hpp>

#include <deque>

namespace mcp::detail {

/// Reads one JSON text [RFC 8259] into values of Boost.JSON, by way of its `value_stack`.
///
/// A grammar of our own, because Boost.JSON's (1.81) keeps the last of two equal keys, rounds
/// doubles wrongly and says no more than "syntax error".
class json_reader : public json_scanner {
public:
    /// Whether `text` is one JSON value; if not, `message()` and `offset()` say what is wrong.
    bool read(std::string_view text, const json_limits& limits, const json_storage& storage) {
        start(text);
        limits_ = limits;
        keys_.clear();
        stack_.reset(storage);
        skip_space();
        if (!read_value(limits.depth)) {
            return false;
        }
        skip_space();
        return at_ == end_ || fail("unexpected text after the value");
    }

    /// The value that was read; once only.
    json release() { return stack_.release(); }

    /// Lets go of what a failed or finished `read` left in the caller's storage.
    void clear() {
        stack_.reset();
        unescaped_keys_.clear();
    }

private:
    bool read_value(std::size_t depth) {
        if (at_ == end_) {
            return fail_expected("a value");
        }
        switch (*at_) {
        case '"': {
            std::string_view text;
            if (!read_string(text)) {
                return false;
            }
            stack_.push_string(text);
            return true;
        }
        case '{':
            return read_object(depth);
        case '[':
            return read_array(depth);
        case 't':
            if (skip_word("true")) {
                stack_.push_bool(true);
                return true;
            }
            return false;
        case 'f':
            if (skip_word("false")) {
                stack_.push_bool(false);
                return true;
            }
            return false;
        case 'n':
            if (skip_word("null")) {
                stack_.push_null();
                return true;
            }
            return false;
        default:
            return read_number();
        }
    }

    bool enter(std::size_t depth) {
        if (depth == 0) {
            return fail("nesting is deeper than " + std::to_string(limits_.depth));
        }
        ++at_;
        skip_space();
        return true;
    }

    bool read_array(std::size_t depth) {
        if (!enter(depth)) {
            return false;
        }
        std::size_t count = 0;
        if (!skip(']')) {
            while (true) {
                if (!read_value(depth - 1)) {
                    return false;
                }
                ++count;
                skip_space();
                if (skip(']')) {
                    break;
                }
                if (!skip(',')) {
                    return fail_expected("',' or ']'");
                }
                skip_space();
            }
        }
        stack_.push_array(count);
        return true;
    }

    bool read_object(std::size_t depth) {
        if (!enter(depth)) {
            return false;
        }
        std::size_t count = 0;
        if (!skip('}')) {
            while (true) {
                if (!read_key()) {
                    return false;
                }
                if (++count > limits_.object_members) {
                    return fail("an object has more than " +
                                std::to_string(limits_.object_members) + " members");
                }
                if (!read_value(depth - 1)) {
                    return false;
                }
                skip_space();
                if (skip('}')) {
                    break;
                }
                if (!skip(',')) {
                    return fail_expected("',' or '}'");
                }
                skip_space();
            }
        }
        if (!keys_differ(count)) {
            return false;
        }
        stack_.push_object(count);
        return true;
    }

    /// A key, its colon and the space around it.
    bool read_key() {
        if (at_ == end_ || *at_ != '"') {
            return fail_expected("a key in quotes");
        }
        const char* const where = at_;
        std::string_view name;
        if (!read_string(name)) {
            return false;
        }
        stack_.push_key(name);
        if (was_unescaped(name)) {
            name = unescaped_keys_.emplace_back(name);
        }
        keys_.push_back({name, where});
        skip_space();
        if (!skip(':')) {
            return fail_expected("':' after the key");
        }
        skip_space();
        return true;
    }

    struct key_ref {
        std::string_view name;
        const char* where;
    };

    /// Whether the last `count` keys, those of the object that ends here, are all different; takes
    /// them off. Sorting keeps crafted keys from costing more than n log n.
    bool keys_differ(std::size_t count) {
        const auto first = keys_.end() - static_cast<std::ptrdiff_t>(count);
        const key_ref* twice = nullptr;
        constexpr std::size_t few = 12;
        if (count <= few) {
            for (auto a = first; a != keys_.end() && twice == nullptr; ++a) {
                for (auto b = first; b != a; ++b) {
                    if (a->name == b->name) {
                        twice = &*a;
                        break;
                    }
                }
            }
        } else {
            std::sort(first, keys_.end(), [](const key_ref& a, const key_ref& b) {
                return a.name != b.name ? a.name < b.name : a.where < b.where;
            });
            const auto found =
                std::adjacent_find(first, keys_.end(), [](const key_ref& a, const key_ref& b) {
                    return a.name == b.name;
                });
            twice = found == keys_.end() ? nullptr : &found[1];
        }
        if (twice != nullptr) {
            constexpr std::size_t shown = 64;
            std::string name{twice->name.substr(0, shown)};
            if (twice->name.size() > shown) {
                name.resize(find_invalid_utf8(name) == std::string::npos ? shown
                                                                         : find_invalid_utf8(name));
                name += "...";
            }
            return fail("the key \"" + name + "\" appears twice in one object", twice->where);
        }
        keys_.erase(first, keys_.end());
        return true;
    }

    bool read_number() {
        const char* const first = at_;
        const bool negative = skip('-');
        const char* const digits = at_;
        if (skip_digits() == 0) {
            return negative ? fail_expected("a digit") : fail_expected("a value");
        }
        if (*digits == '0' && at_ - digits > 1) {
            return fail("a number starts with a needless zero", first);
        }
        bool whole = true;
        if (skip('.')) {
            whole = false;
            if (skip_digits() == 0) {
                return fail_expected("a digit");
            }
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            whole = false;
            ++at_;
            if (!skip('+')) {
                skip('-');
            }
            if (skip_digits() == 0) {
                return fail_expected("a digit");
            }
        }
        return (whole && push_integer(first, negative)) || push_double(first);
    }

    /// False if the integer needs more than 64 bits.
    bool push_integer(const char* first, bool negative) {
        if (negative) {
            std::int64_t number = 0;
            const bool fits = std::from_chars(first, at_, number).ec == std::errc{};
            if (fits) {
                stack_.push_int64(number);
            }
            return fits;
        }
        std::uint64_t number = 0;
        if (std::from_chars(first, at_, number).ec != std::errc{}) {
            return false;
        }
        if (number <= static_cast<std::uint64_t>(INT64_MAX)) {
            stack_.push_int64(static_cast<std::int64_t>(number));
        } else {
            stack_.push_uint64(number);
        }
        return true;
    }

    /// Whether the number from `first` to here is at least 1, by where its first digit stands.
    bool is_large(const char* first) const {
        std::string_view digits{first, static_cast<std::size_t>(at_ - first)};
        std::int64_t exponent = 0;
        if (const std::size_t e = digits.find_first_of("eE"); e != std::string_view::npos) {
            std::string_view written = digits.substr(e + 1);
            written.remove_prefix(written.starts_with('+') ? 1 : 0);
            if (std::from_chars(written.data(), at_, exponent).ec != std::errc{}) {
                return !written.starts_with('-');
            }
            digits = digits.substr(0, e);
        }
        digits.remove_prefix(digits.starts_with('-') ? 1 : 0);
        const std::size_t point = std::min(digits.find('.'), digits.size());
        const std::size_t leading = digits.find_first_not_of("0.");
        return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(leading) > 0;
    }

    bool push_double(const char* first) {
        double number = 0;
        // Too large and too small are one error to from_chars; only the former is one to us.
        if (std::from_chars(first, at_, number).ec != std::errc{} && is_large(first)) {
            return fail("a number is too large for a double", first);
        }
        stack_.push_double(number);
        return true;
    }

    json_limits limits_;
    boost::json::value_stack stack_;
    std::vector<key_ref> keys_;
    std::deque<std::string> unescaped_keys_;
};

} // namespace mcp::detail

#include <boost/json/monotonic_resource.hpp>

#include <memory>

namespace mcp {

/// Why a text is not JSON that we take.
struct parse_error {
    parse_error() = default;
    // Not an aggregate: a result must tell a string from it.
    parse_error(std::string message_, std::size_t offset_)
        : message{std::move(message_)}
        , offset{offset_} {}

    /// One sentence, safe to show to the peer who sent the text.
    std::string message;

    /// Where in the text, in bytes from its start.
    std::size_t offset = 0;

    /// "expected ',' or ']', got '}' at byte 17"
    std::string what() const { return message + " at byte " + std::to_string(offset); }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const parse_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

/// Reads one JSON text [RFC 8259], strictly: one value and nothing after it, UTF-8, no key twice in
/// an object [RFC 7493 §2], no unpaired surrogates, no number beyond a double. Integers of 64 bits
/// are exact, other numbers are the nearest double.
///
/// `storage` is where the value lives; the default is the heap.
inline result<json, parse_error> parse_json(std::string_view text, const json_limits& limits = {},
                                            json_storage storage = {}) {
    detail::json_reader reader;
    if (!reader.read(text, limits, storage)) {
        return parse_error{std::move(reader.message()), reader.offset()};
    }
    return reader.release();
}

/// `parse_json` for one text after another: it keeps its memory, so that a usual request costs no
/// allocation. For one thread at a time.
class json_parser {
public:
    /// `memory`: the bytes held for values; a text that needs more borrows from the heap.
    explicit json_parser(const json_limits& limits = {}, std::size_t memory = 4096)
        : limits_{limits}
        , size_{memory}
        , buffer_{std::make_unique_for_overwrite<unsigned char[]>(memory)} {
        memory_.emplace(buffer_.get(), size_);
    }

    json_parser(const json_parser&) = delete;
    json_parser& operator=(const json_parser&) = delete;

    /// Reads `text` as `parse_json` does. The value lives until the next call; its strings are
    /// copies, so `text` may go before it.
    result<const json*, parse_error> parse(std::string_view text) {
        clear();
        if (!reader_.read(text, limits_, &*memory_)) {
            return parse_error{std::move(reader_.message()), reader_.offset()};
        }
        return &value_.emplace(reader_.release());
    }

    /// Gives up the value of the last `parse`, and the memory that it had borrowed.
    void clear() {
        value_.reset();
        reader_.clear();
        // Made anew, because its release() lets the next block double each time.
        memory_.emplace(buffer_.get(), size_);
    }

private:
    json_limits limits_;
    std::size_t size_;
    std::unique_ptr<unsigned char[]> buffer_;
    std::optional<boost::json::monotonic_resource> memory_;
    detail::json_reader reader_;
    std::optional<json> value_;
};

} // namespace mcp

// ---- mcp/jsonrpc/batch.hpp

// ---- mcp/jsonrpc/error.hpp

namespace mcp::jsonrpc {

/// The codes that JSON-RPC itself defines [JSON-RPC 2.0 §5.1].
namespace errc {
/// The text is not JSON.
inline constexpr int parse_error = -32700;
/// JSON, but not a message.
inline constexpr int invalid_request = -32600;
/// Nobody serves this method.
inline constexpr int method_not_found = -32601;
/// The method is known, its parameters are wrong.
inline constexpr int invalid_params = -32602;
/// The fault is on the answering side.
inline constexpr int internal_error = -32603;
} // namespace errc

/// Why a request has no result.
struct error {
    error() = default;

    /// `data` is JSON text, or empty for none.
    error(int code_, std::string message_, std::string data_ = {})
        : code{code_}
        , message{std::move(message_)}
        , data{std::move(data_)} {}

    int code = errc::internal_error;
    /// One sentence that the peer may see.
    std::string message;
    /// More about it, as JSON text; empty if there is none.
    std::string data;

    friend bool operator==(const error&, const error&) = default;
};

} // namespace mcp::jsonrpc

namespace mcp::jsonrpc {

/// The messages of a batch [JSON-RPC 2.0 §6]; only MCP 2025-03-26 has batches. An empty array and
/// one with more than `limit` messages are refused as a whole; each element is still to be read
/// with `read_message` and may fail by itself. The array belongs to `value`.
inline result<const json_array*, error> read_batch(const json& value, std::size_t limit) {
    const auto* array = value.if_array();
    if (!array || array->empty()) {
        return error{errc::invalid_request, "a batch must be an array with at least one message"};
    }
    if (array->size() > limit) {
        return error{errc::invalid_request,
                     "a batch may have at most " + std::to_string(limit) + " messages"};
    }
    return array;
}

/// Collects the answers to a batch. Not safe for concurrent use.
class batch_reply {
public:
    /// Adds one answer, JSON text; an empty one (a notification has none) adds nothing.
    void add(std::string_view answer) {
        if (answer.empty()) {
            return;
        }
        text_.push_back(text_.empty() ? '[' : ',');
        text_.append(answer);
    }

    /// Whether there was nothing to answer: then nothing at all is sent.
    bool empty() const noexcept { return text_.empty(); }

    /// The answers as one JSON array; empty text if there are none.
    std::string take() {
        if (!text_.empty()) {
            text_.push_back(']');
        }
        return std::exchange(text_, {});
    }

private:
    std::string text_;
};

} // namespace mcp::jsonrpc

// ---- mcp/jsonrpc/connection.hpp

namespace mcp::jsonrpc {

/// What carries whole messages, one at a time, over whatever wire: stdio, a socket, two queues in
/// one process. It knows nothing of MCP.
///
/// - `co_await c.read(message)`: puts the next message's text into the string; false at the end of
///   the stream. One read at a time.
/// - `co_await c.write(message)`: sends one message's text, whole and in order, while a read may be
///   pending; false if the peer is gone. Takes the string by value.
/// - `c.close()`: ends both; a pending read gives false. May be called twice.
///
/// Both awaitables are `asio::awaitable<bool>` or anything else with that `value_type`; this header
/// stays below the line and does not include Asio.
template <class T>
concept connection = requires(T& c, std::string& in, std::string out) {
    requires std::same_as<typename decltype(c.read(in))::value_type, bool>;
    requires std::same_as<typename decltype(c.write(std::move(out)))::value_type, bool>;
    c.close();
};

} // namespace mcp::jsonrpc

// ---- mcp/jsonrpc/id.hpp

#include <functional>

namespace mcp::jsonrpc {

/// The id of a request, kept as its JSON text, so that it goes back exactly as it came: `1` and
/// `"1"` are two ids [JSON-RPC 2.0 §4].
///
/// A default-constructed id is absent: the id of a notification, or one that could not be read.
class id {
public:
    id() = default;
    explicit id(std::int64_t number) : text_{std::to_string(number)} {}
    explicit id(std::string_view string) { append_json_string(text_, string); }

    /// The id in a parsed message: an integer or a string, nothing else. A number such as `3.0`
    /// counts as the integer [RFC 8259 §6]; null and fractions are no ids in MCP.
    static std::optional<id> from(const json& value);

    /// The id from its JSON text, as `text()` gave it; nothing is checked.
    static id from_text(std::string json_text) {
        id result;
        result.text_ = std::move(json_text);
        return result;
    }

    /// The JSON text, for example `7` or `"abc"`; empty if absent.
    std::string_view text() const noexcept { return text_; }

    /// Whether there is an id.
    explicit operator bool() const noexcept { return !text_.empty(); }

    friend bool operator==(const id&, const id&) = default;

private:
    std::string text_;
};

inline std::optional<id> id::from(const json& value) {
    if (const auto* string = value.if_string()) {
        return id{std::string_view{*string}};
    }
    if (const auto* number = value.if_int64()) {
        return id{*number};
    }
    if (const auto* number = value.if_uint64()) {
        return from_text(std::to_string(*number));
    }
    constexpr double exact = 9007199254740992.0; // 2^53: beyond it a double is no id
    if (const auto* number = value.if_double(); number && *number >= -exact && *number <= exact) {
        const auto whole = static_cast<std::int64_t>(*number);
        if (!(static_cast<double>(whole) < *number) && !(static_cast<double>(whole) > *number)) {
            return id{whole};
        }
    }
    return std::nullopt;
}

} // namespace mcp::jsonrpc

template <>
struct std::hash<mcp::jsonrpc::id> {
    std::size_t operator()(const mcp::jsonrpc::id& id) const noexcept {
        return std::hash<std::string_view>{}(id.text());
    }
};

// ---- mcp/jsonrpc/message.hpp

namespace mcp::jsonrpc {

enum class message_kind : std::uint8_t { request, notification, result, error };

/// One JSON-RPC message, as a view: `method`, `params` and `result` point into the JSON value that
/// it was read from, and live as long as that does.
struct message {
    message_kind kind = message_kind::notification;
    /// Absent in a notification, and in an error whose request could not be read.
    jsonrpc::id id;
    /// Of a request or notification.
    std::string_view method;
    /// Of a request or notification; nullptr if it has none.
    const json_object* params = nullptr;
    /// Of a result.
    const json* result = nullptr;
    /// Of an error.
    jsonrpc::error error;
};

/// Takes a parsed message apart. What is no message, by JSON-RPC 2.0 or by what MCP makes of it
/// (params are an object, ids are strings or integers), gives an `invalid_request` error; answer
/// with `readable_id` of the same value. Members that JSON-RPC does not know are ignored.
inline result<message, error> read_message(const json& value);

/// The id of a refused message if it can be read, else an absent one.
inline id readable_id(const json& value) {
    const auto* object = value.if_object();
    const json* member = object ? object->if_contains("id") : nullptr;
    return member ? id::from(*member).value_or(id{}) : id{};
}

/// What stands for an id that could not be read.
enum class unknown_id : std::uint8_t {
    omitted, ///< no `id` at all [MCP 2025-11-25 and later]
    null,    ///< `"id":null` [JSON-RPC 2.0 §5]
};

/// Appends all that stands before the result; the result and `end_response` follow. So a result can
/// be written in place, without a copy.
inline void begin_response(std::string& out, const id& request) {
    out.append(R"({"jsonrpc":"2.0","id":)").append(request.text()).append(R"(,"result":)");
}
inline void end_response(std::string& out) {
    out.push_back('}');
}

/// Appends the answer to `request`; `result_text` is JSON text.
inline void write_response(std::string& out, const id& request, std::string_view result_text) {
    begin_response(out, request);
    out.append(result_text);
    end_response(out);
}

/// Appends an error answer; an absent `request` is written as `rule` says.
inline void write_error(std::string& out, const id& request, const error& why,
                        unknown_id rule = unknown_id::omitted) {
    json_writer w{out};
    w.begin_object();
    w.member("jsonrpc", "2.0");
    if (request || rule == unknown_id::null) {
        w.member_raw("id", request ? request.text() : "null");
    }
    w.key("error");
    w.begin_object();
    w.member("code", why.code);
    w.member("message", why.message);
    if (!why.data.empty()) {
        w.member_raw("data", why.data);
    }
    w.end_object();
    w.end_object();
}

/// Appends a request; `params_text` is a JSON object, or empty for none.
inline void write_request(std::string& out, const id& request, std::string_view method,
                          std::string_view params_text = {}) {
    json_writer w{out};
    w.begin_object();
    w.member("jsonrpc", "2.0");
    if (request) {
        w.member_raw("id", request.text());
    }
    w.member("method", method);
    if (!params_text.empty()) {
        w.member_raw("params", params_text);
    }
    w.end_object();
}

/// Appends a notification; `params_text` is a JSON object, or empty for none.
inline void write_notification(std::string& out, std::string_view method,
                               std::string_view params_text = {}) {
    write_request(out, id{}, method, params_text);
}

namespace detail {

/// A sentence if the error member is malformed, else nullptr.
inline const char* read_error_member(const json& value, error& into) {
    const auto* object = value.if_object();
    if (!object) {
        return "error must be an object";
    }
    const json* code = object->if_contains("code");
    const json* text = object->if_contains("message");
    if (!code || !code->is_int64() || code->get_int64() < std::numeric_limits<int>::min() ||
        code->get_int64() > std::numeric_limits<int>::max()) {
        return "error.code must be an integer";
    }
    if (!text || !text->is_string()) {
        return "error.message must be a string";
    }
    into.code = static_cast<int>(code->get_int64());
    into.message = std::string_view{text->get_string()};
    if (const json* data = object->if_contains("data")) {
        json_writer{into.data}.value(*data);
    }
    return nullptr;
}

/// A sentence if the call (request or notification) is malformed, else nullptr.
inline const char* read_call(const json_object& object, const json& method, message& into) {
    if (!method.is_string()) {
        return "method must be a string";
    }
    into.method = method.get_string();
    if (object.contains("result") || object.contains("error")) {
        return "a message has either method, result or error";
    }
    if (const json* params = object.if_contains("params")) {
        into.params = params->if_object();
        if (!into.params) {
            return "params must be an object";
        }
    }
    if (const json* member = object.if_contains("id")) {
        auto read = id::from(*member);
        if (!read) {
            return "id must be a string or an integer";
        }
        into.id = *std::move(read);
        into.kind = message_kind::request;
    }
    return nullptr;
}

/// A sentence if the answer (result or error) is malformed, else nullptr.
inline const char* read_answer(const json_object& object, message& into) {
    const json* failure = object.if_contains("error");
    into.result = object.if_contains("result");
    if ((failure != nullptr) == (into.result != nullptr)) {
        return "a message has either method, result or error";
    }
    into.kind = failure ? message_kind::error : message_kind::result;
    if (failure) {
        if (const char* why = read_error_member(*failure, into.error)) {
            return why;
        }
    }
    const json* member = object.if_contains("id");
    if (failure && (!member || member->is_null())) {
        return nullptr;
    }
    auto read = member ? id::from(*member) : std::nullopt;
    if (!read) {
        return "id must be a string or an integer";
    }
    into.id = *std::move(read);
    return nullptr;
}

} // namespace detail

inline result<message, error> read_message(const json& value) {
    const auto refuse = [](const char* why) { return error{errc::invalid_request, why}; };
    const auto* object = value.if_object();
    if (!object) {
        return refuse("a message must be an object");
    }
    const json* version = object->if_contains("jsonrpc");
    if (!version || !version->is_string() || version->get_string() != "2.0") {
        return refuse("jsonrpc must be \"2.0\"");
    }
    message read;
    const json* method = object->if_contains("method");
    const char* why =
        method ? detail::read_call(*object, *method, read) : detail::read_answer(*object, read);
    if (why) {
        return refuse(why);
    }
    return read;
}

} // namespace mcp::jsonrpc

// ---- mcp/schema/elicitation_schema_of.hpp

// ---- mcp/schema/impl/emit.hpp

// ---- mcp/schema/impl/definitions.hpp

// ---- mcp/schema/impl/text_sink.hpp

// ---- mcp/schema/impl/real_text.hpp

namespace mcp::schema::detail {

/// The exact decimal digits of a positive double, in a constant expression: `std::to_chars` is none
/// in C++20.
class exact_decimal {
public:
    explicit constexpr exact_decimal(double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const auto biased = static_cast<int>(bits >> 52U) & 0x7FF;
        const std::uint64_t fraction = bits & 0xF'FFFF'FFFF'FFFFU;
        int exponent = biased == 0 ? -1074 : biased - 1075;
        std::uint64_t mantissa = biased == 0 ? fraction : fraction | (1ULL << 52U);
        for (; mantissa % 2 == 0 && exponent < 0; ++exponent)
            mantissa /= 2;
        for (; mantissa != 0; mantissa /= base)
            limbs_[count_++] = static_cast<std::uint32_t>(mantissa % base);
        for (; exponent > 0; --exponent)
            multiply(2);
        // m / 2^k is m * 5^k / 10^k.
        for (; exponent < 0; ++exponent, --point_)
            multiply(5);
    }

    /// Rounded to 17 significant digits, which name exactly one double: the value is
    /// `digits * 10^exponent`.
    constexpr void round(std::uint64_t& digits, int& exponent) const {
        std::size_t total = 9 * (count_ - 1);
        for (std::uint32_t top = limbs_[count_ - 1]; top != 0; top /= 10)
            ++total;
        digits = 0;
        std::size_t taken = 0;
        bool up = false;
        for (std::size_t at = 0; at < total && taken <= 17; ++at, ++taken) {
            const std::uint32_t next = digit(total - 1 - at);
            if (taken == 17)
                up = next >= 5;
            else
                digits = digits * 10 + next;
        }
        digits += up ? 1U : 0U;
        exponent = point_ + (total > 17 ? static_cast<int>(total) - 17 : 0);
    }

private:
    static constexpr std::uint32_t base = 1'000'000'000;

    constexpr void multiply(std::uint32_t factor) {
        std::uint64_t carry = 0;
        for (std::size_t at = 0; at < count_; ++at) {
            carry += std::uint64_t{limbs_[at]} * factor;
            limbs_[at] = static_cast<std::uint32_t>(carry % base);
            carry /= base;
        }
        if (carry != 0)
            limbs_[count_++] = static_cast<std::uint32_t>(carry);
    }

    /// The digit with the place value 10^`place`.
    [[nodiscard]] constexpr std::uint32_t digit(std::size_t place) const {
        std::uint32_t limb = limbs_[place / 9];
        for (std::size_t left = place % 9; left > 0; --left)
            limb /= 10;
        return limb % 10;
    }

    std::array<std::uint32_t, 90> limbs_{};
    std::size_t count_ = 0;
    int point_ = 0;
};

/// A finite number as JSON text that reads back as the same `T`: the shortest if that has at most
/// 15 digits, else 17 digits.
class real_text {
public:
    template <std::floating_point T>
    explicit constexpr real_text(T value) {
        double positive = static_cast<double>(value);
        if (positive < 0) {
            put('-');
            positive = -positive;
        }
        std::uint64_t digits = 0;
        int exponent = 0;
        if (positive != 0 && !find_short(static_cast<T>(positive), digits, exponent))
            exact_decimal{positive}.round(digits, exponent);
        write(digits, exponent);
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    static constexpr double power_of_ten(int exponent) {
        double power = 1;
        for (; exponent > 0; --exponent)
            power *= 10;
        return power;
    }

    /// Powers up to 10^22 are exact, so that one multiplication or division is rounded correctly
    /// and the comparison proves the digits.
    template <class T>
    static constexpr bool find_short(T value, std::uint64_t& digits, int& exponent) {
        if (value < T(1e-7) || value > T(1e21))
            return false;
        for (int scale = 0; scale <= 22; ++scale) {
            const double scaled = static_cast<double>(value) * power_of_ten(scale);
            if (scaled >= 1e15)
                break;
            digits = static_cast<std::uint64_t>(scaled + 0.5);
            if (static_cast<T>(static_cast<double>(digits) / power_of_ten(scale)) == value) {
                exponent = -scale;
                return true;
            }
        }
        return false;
    }

    constexpr void write(std::uint64_t digits, int exponent) {
        for (; digits != 0 && digits % 10 == 0; digits /= 10)
            ++exponent;
        std::array<char, 24> reversed{};
        int count = 0;
        do {
            reversed[static_cast<std::size_t>(count++)] = static_cast<char>('0' + digits % 10);
            digits /= 10;
        } while (digits != 0);
        const int point = count + exponent; // digits before the decimal point
        if (point > 21 || point < -6) {
            put_digits(reversed, count, 1);
            put('e');
            put_integer(point - 1);
        } else if (point <= 0) {
            put('0');
            put('.');
            for (int zero = point; zero < 0; ++zero)
                put('0');
            put_digits(reversed, count, count);
        } else {
            put_digits(reversed, count, point);
            for (int zero = count; zero < point; ++zero)
                put('0');
        }
    }

    constexpr void put_digits(const std::array<char, 24>& reversed, int count, int point) {
        for (int at = 0; at < count; ++at) {
            if (at == point)
                put('.');
            put(reversed[static_cast<std::size_t>(count - 1 - at)]);
        }
    }

    constexpr void put_integer(int value) {
        if (value < 0) {
            put('-');
            value = -value;
        }
        for (int place = value >= 100 ? 100 : value >= 10 ? 10 : 1; place > 0; place /= 10)
            put(static_cast<char>('0' + value / place % 10));
    }

    constexpr void put(char c) { text_[size_++] = c; }

    std::array<char, 40> text_{};
    std::size_t size_ = 0;
};

} // namespace mcp::schema::detail

namespace mcp::schema::detail {

/// Writes JSON text in a constant expression: without a buffer it counts, with one it fills. The
/// commas come by themselves.
class text_sink {
public:
    /// Counts only.
    constexpr text_sink() = default;

    /// Fills `out`, which has room for what was counted.
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

    /// A value that is JSON text already.
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

    /// Opens a string whose text follows by `text`; for what is put together.
    constexpr void begin_string() {
        separate();
        put('"');
    }

    /// More of that string; no characters that need escaping.
    constexpr void text(std::string_view plain) { put(plain); }

    constexpr void end_string() { put('"'); }

    /// Makes the string that ended a key.
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
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c == '\n') {
                put("\\n");
            } else if (c == '\t') {
                put("\\t");
            } else if (byte < 0x20) {
                put("\\u00");
                put(hex[byte >> 4U]);
                put(hex[byte & 15U]);
            } else {
                put(c);
            }
        }
        put('"');
    }

    char* out_ = nullptr;
    std::size_t size_ = 0;
    bool comma_ = false;
};

} // namespace mcp::schema::detail

namespace mcp::schema::detail {

template <class T>
inline constexpr char type_address{};

/// The identity of a type in a constant expression: an address. The spelling is looked at before it
/// because g++ -fsanitize=undefined does not let two different addresses be compared there; it
/// alone would not do, two lambdas of a function may each have a struct of one spelling.
struct type_mark {
    const char* address = nullptr;
    std::string_view spelling;

    friend constexpr bool operator==(const type_mark& a, const type_mark& b) {
        return a.spelling == b.spelling && a.address == b.address;
    }
};

template <class T>
inline constexpr type_mark mark_of{
    &type_address<T>, reflect::detail::printed_values<reflect::detail::named_type<T>{}>()};

/// The structs that a schema is made of, and how often each is mentioned: one that is mentioned
/// twice, or by itself, stands in `$defs`.
class definitions {
public:
    struct entry {
        type_mark mark;
        std::string_view name;
        std::size_t number = 0; ///< how many before it have the same name
        std::size_t uses = 0;
        void (*write)(text_sink&, const definitions&) = nullptr;
    };

    static constexpr std::size_t max_size = 256;

    /// Notes a use of `T`; whether it is the first.
    template <class T>
    constexpr bool use(void (*writer)(text_sink&, const definitions&)) {
        if (entry* known = find(mark_of<T>)) {
            ++known->uses;
            return false;
        }
        entry added{mark_of<T>, reflect::type_name<T>, 0, 1, writer};
        for (std::size_t at = 0; at < size_; ++at)
            added.number += entries_[at].name == added.name ? 1U : 0U;
        entries_.at(size_++) = added;
        return true;
    }

    /// `T` is the schema itself: referred to as `#`.
    template <class T>
    constexpr void set_root() {
        root_ = mark_of<T>;
    }

    template <class T>
    [[nodiscard]] constexpr bool is_root() const {
        return root_ == mark_of<T>;
    }

    /// Whether `T` is written in `$defs`.
    template <class T>
    [[nodiscard]] constexpr bool is_shared() const {
        const entry* known = find(mark_of<T>);
        return known != nullptr && is_shared(*known);
    }

    /// Writes `"$ref":"#/$defs/…"`.
    template <class T>
    constexpr void write_reference(text_sink& out) const {
        out.key("$ref");
        out.begin_string();
        out.text("#");
        if (!is_root<T>()) {
            out.text("/$defs/");
            write_name(out, *find(mark_of<T>));
        }
        out.end_string();
    }

    /// Writes `"$defs":{…}` if there are any.
    constexpr void write(text_sink& out) const {
        bool begun = false;
        for (std::size_t at = 0; at < size_; ++at) {
            const entry& each = entries_[at];
            if (!is_shared(each))
                continue;
            if (!begun) {
                out.key("$defs");
                out.begin_object();
                begun = true;
            }
            write_key(out, each);
            each.write(out, *this);
        }
        if (begun)
            out.end_object();
    }

private:
    [[nodiscard]] constexpr bool is_shared(const entry& each) const {
        return each.uses > 1 && each.mark != root_;
    }

    [[nodiscard]] constexpr const entry* find(const type_mark& mark) const {
        for (std::size_t at = 0; at < size_; ++at)
            if (entries_[at].mark == mark)
                return &entries_[at];
        return nullptr;
    }

    [[nodiscard]] constexpr entry* find(const type_mark& mark) {
        for (std::size_t at = 0; at < size_; ++at)
            if (entries_[at].mark == mark)
                return &entries_[at];
        return nullptr;
    }

    /// "point", and "point_2" for another struct of that name.
    static constexpr void write_name(text_sink& out, const entry& each) {
        out.text(each.name);
        if (each.number > 0) {
            const char suffix[] = {'_', static_cast<char>('1' + each.number)};
            out.text({suffix, 2});
        }
    }

    static constexpr void write_key(text_sink& out, const entry& each) {
        out.begin_string();
        write_name(out, each);
        out.end_string();
        out.colon();
    }

    std::array<entry, max_size> entries_{};
    std::size_t size_ = 0;
    type_mark root_;
};

template <class T>
constexpr void write_definition(text_sink& out, const definitions& known);

template <class T>
constexpr void collect(definitions& known);

template <class... T>
constexpr void collect_all(definitions& known, std::type_identity<std::tuple<T...>>) {
    (collect<std::remove_cvref_t<T>>(known), ...);
}

template <class... T>
constexpr void collect_all(definitions& known, std::type_identity<std::variant<T...>>) {
    (collect<T>(known), ...);
}

template <class First, class Second>
constexpr void collect_all(definitions& known, std::type_identity<std::pair<First, Second>>) {
    collect<First>(known);
    collect<Second>(known);
}

template <class... Args>
constexpr void collect_all(definitions& known, std::type_identity<arguments<Args...>>) {
    (collect<typename Args::value_type>(known), ...);
}

/// Notes the structs in `T`.
template <class T>
constexpr void collect(definitions& known) {
    using namespace mcp::detail;
    if constexpr (requires { codec<T>::schema; } || json_tree<T> || json_text<T> ||
                  std::same_as<T, bytes> || std::is_scalar_v<T>) {
    } else if constexpr (reflect::is_constrained<T> || reflect::is_arg<T> || json_optional<T>) {
        collect<typename T::value_type>(known);
    } else if constexpr (json_tuple<T> || json_variant<T> || reflect::is_arguments<T>) {
        collect_all(known, std::type_identity<T>{});
    } else if constexpr (json_map<T>) {
        collect<typename T::mapped_type>(known);
    } else if constexpr (json_range<T>) {
        collect<std::ranges::range_value_t<const T>>(known);
    } else if constexpr (reflect::aggregate_struct<T>) {
        if (known.use<T>(&write_definition<T>))
            collect_all(known,
                        std::type_identity<decltype(reflect::member_refs(std::declval<T&>()))>{});
    }
}

} // namespace mcp::schema::detail

// ---- mcp/schema/impl/disjoint.hpp

namespace mcp::schema::detail {

/// The JSON type of a C++ type; `any` if it is not one alone.
enum class json_type { any, null, boolean, number, string, array, object };

template <class T>
[[nodiscard]] consteval json_type json_type_of() noexcept {
    using namespace mcp::detail;
    if constexpr (requires { codec<T>::schema; } || std::same_as<T, json> || json_optional<T> ||
                  json_variant<T>)
        return json_type::any;
    else if constexpr (reflect::is_constrained<T>)
        return json_type_of<typename T::value_type>();
    else if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>)
        return json_type::null;
    else if constexpr (std::same_as<T, bool>)
        return json_type::boolean;
    else if constexpr (json_number<T>)
        return json_type::number;
    else if constexpr (json_text<T> || std::is_enum_v<T> || std::same_as<T, bytes> ||
                       json_duration<T> || json_time<T>)
        return json_type::string;
    else if constexpr (std::same_as<T, json_object> || json_map<T> || reflect::aggregate_struct<T>)
        return json_type::object;
    else if constexpr (json_tuple<T> || json_range<T> || std::same_as<T, json_array>)
        return json_type::array;
    else
        return json_type::any;
}

/// Whether `T` demands a member that `Other` does not know and so refuses.
template <class T, class Other>
[[nodiscard]] consteval bool demands_unknown() noexcept {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return (... || (!reflect::may_be_absent<T, Index> &&
                        reflect::member_index<Other>(reflect::member_names<T>[Index]) ==
                            reflect::member_count<Other>));
    }(std::make_index_sequence<reflect::member_count<T>>{});
}

/// Whether no JSON value fits both types, as far as that is easy to see.
template <class A, class B>
[[nodiscard]] consteval bool are_disjoint() noexcept {
    constexpr json_type a = json_type_of<A>();
    constexpr json_type b = json_type_of<B>();
    if constexpr (a == json_type::any || b == json_type::any)
        return false;
    else if constexpr (a != b)
        return true;
    else if constexpr (reflect::aggregate_struct<A> && reflect::aggregate_struct<B>)
        return demands_unknown<A, B>() || demands_unknown<B, A>();
    else
        return false;
}

template <class First, class... Rest>
[[nodiscard]] consteval bool disjoint_from_each() noexcept {
    if constexpr (sizeof...(Rest) == 0)
        return true;
    else
        return (... && are_disjoint<First, Rest>()) && disjoint_from_each<Rest...>();
}

/// Whether every JSON value fits one of `T` at most.
template <class... T>
inline constexpr bool all_disjoint = disjoint_from_each<T...>();

} // namespace mcp::schema::detail

// ---- mcp/schema/impl/keywords.hpp

namespace mcp::schema::detail {

/// A limit of any arithmetic type, as JSON text.
struct bound {
    std::array<char, 48> text{};
    std::size_t size = 0;

    template <class Number>
    constexpr void set_if_absent(Number value) {
        if (size != 0)
            return;
        text_sink out{text.data()};
        out.number(value);
        size = out.size();
    }
};

/// What a schema says beside the type itself. It is gathered from the outside to the inside (the
/// member's description, the rule of a constrained type, the range of the type), and what is
/// further outside wins.
struct keywords {
    std::string_view title, description, format, pattern, param_header;
    bound minimum, maximum, exclusive_minimum, exclusive_maximum;
    bound min_length, max_length, min_items, max_items;
    bool deprecated = false;
    bool top = false;

    /// Writes `default` and `examples`, whose types are known only where they were given.
    /// Never null: g++ 12 with UBSan takes no comparison with null for a constant.
    void (*write_values)(text_sink&) = [](text_sink&) {};

    constexpr void set_title(std::string_view text) { title = title.empty() ? text : title; }

    constexpr void set_description(std::string_view text) {
        description = description.empty() ? text : description;
    }

    constexpr void set_format(std::string_view text) { format = format.empty() ? text : format; }

    template <class Attribute>
    constexpr void add(const Attribute& attribute) {
        add_attribute(attribute);
    }

    /// Takes what the type of a constrained value demands.
    template <class Rule>
    constexpr void add_rule() {
        using value = typename Rule::value_type;
        if constexpr (requires { Rule::expression; }) {
            pattern = pattern.empty() ? Rule::expression : pattern;
        } else if constexpr (requires { Rule::name; }) {
            set_format(Rule::name);
        } else if constexpr (requires {
                                 Rule::min;
                                 Rule::max;
                             } && std::is_arithmetic_v<value>) {
            minimum.set_if_absent(Rule::min);
            maximum.set_if_absent(Rule::max);
        } else if constexpr (requires { Rule::is_text; }) {
            bound& least = Rule::is_text ? min_length : min_items;
            bound& most = Rule::is_text ? max_length : max_items;
            if (Rule::min > 0)
                least.set_if_absent(Rule::min);
            if (Rule::max < std::numeric_limits<std::size_t>::max())
                most.set_if_absent(Rule::max);
        }
    }

private:
    constexpr void add_attribute(const mcp::title& a) { set_title(a.text); }

    constexpr void add_attribute(const mcp::format& a) { set_format(a.name); }

    constexpr void add_attribute(const mcp::param_header& a) { param_header = a.name; }

    constexpr void add_attribute(const mcp::deprecated&) { deprecated = true; }

    template <class N>
    constexpr void add_attribute(const mcp::minimum<N>& a) {
        minimum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::maximum<N>& a) {
        maximum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::exclusive_minimum<N>& a) {
        exclusive_minimum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::exclusive_maximum<N>& a) {
        exclusive_maximum.set_if_absent(a.value);
    }

    constexpr void add_attribute(const mcp::min_length& a) { min_length.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::max_length& a) { max_length.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::min_items& a) { min_items.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::max_items& a) { max_items.set_if_absent(a.value); }

    // Written by `write_values`.
    template <class T>
    constexpr void add_attribute(const mcp::default_value<T>&) {}

    template <class... T>
    constexpr void add_attribute(const mcp::examples<T...>&) {}

    /// `pattern`, whose header is not included here because it needs <regex>.
    template <class Attribute>
        requires requires(const Attribute& a) { std::string_view{a.expression}; }
    constexpr void add_attribute(const Attribute& a) {
        pattern = a.expression;
    }

    template <class Attribute>
    static constexpr bool no_attribute = false;

    template <class Attribute>
    constexpr void add_attribute(const Attribute&) {
        static_assert(no_attribute<Attribute>,
                      "mcp: member<\"…\">(…) takes a description and attributes such as "
                      "mcp::minimum{1}; this argument is none of them");
    }
};

constexpr void write_text_if(text_sink& out, std::string_view name, std::string_view text) {
    if (!text.empty())
        out.member(name, text);
}

constexpr void write_bound_if(text_sink& out, std::string_view name, const bound& limit) {
    if (limit.size == 0)
        return;
    out.key(name);
    out.raw({limit.text.data(), limit.size});
}

/// `title`, `description`: what stands behind `type`.
constexpr void write_words(text_sink& out, const keywords& k) {
    write_text_if(out, "title", k.title);
    write_text_if(out, "description", k.description);
}

/// `default`, `examples` and marks: what stands behind the limits.
constexpr void write_values(text_sink& out, const keywords& k) {
    k.write_values(out);
    if (k.deprecated) {
        out.key("deprecated");
        out.boolean(true);
    }
    write_text_if(out, "x-mcp-header", k.param_header);
}

} // namespace mcp::schema::detail

// ---- mcp/schema/impl/member_keywords.hpp

// ---- mcp/schema/impl/value_text.hpp

#include <ratio>

namespace mcp::schema::detail {

/// Types that are looked into already.
template <class... T>
struct type_list {};

template <class T, class... Seen>
[[nodiscard]] consteval bool is_writable(type_list<Seen...> seen) noexcept;

template <class... T, class Seen>
[[nodiscard]] consteval bool are_writable(std::type_identity<std::tuple<T...>>,
                                          Seen seen) noexcept {
    return (... && is_writable<std::remove_cvref_t<T>>(seen));
}

template <class... T, class Seen>
[[nodiscard]] consteval bool are_writable(std::type_identity<std::variant<T...>>,
                                          Seen seen) noexcept {
    return (... && is_writable<T>(seen));
}

template <class First, class Second, class Seen>
[[nodiscard]] consteval bool are_writable(std::type_identity<std::pair<First, Second>>,
                                          Seen seen) noexcept {
    return is_writable<First>(seen) && is_writable<Second>(seen);
}

/// A duration whose fraction of a second is a decimal one of at most nine digits.
template <class T>
[[nodiscard]] consteval bool is_decimal_duration() noexcept {
    return std::integral<typename T::rep> && 1'000'000'000 % T::period::den == 0 &&
           (T::period::den == 1 || T::period::num == 1);
}

template <class T, class... Seen>
[[nodiscard]] consteval bool is_writable(type_list<Seen...> seen) noexcept {
    using namespace mcp::detail;
    if constexpr (has_codec_write<T> || std::same_as<T, bytes> || json_tree<T> || json_time<T>)
        return false;
    else if constexpr (std::same_as<T, bool> || json_number<T> || json_text<T> ||
                       std::is_enum_v<T> || std::same_as<T, std::monostate> ||
                       std::same_as<T, std::nullptr_t>)
        return true;
    else if constexpr (reflect::is_constrained<T> || json_optional<T>)
        return is_writable<typename T::value_type>(seen);
    else if constexpr (json_duration<T>)
        return is_decimal_duration<T>();
    else if constexpr (json_tuple<T> || json_variant<T>)
        return are_writable(std::type_identity<T>{}, seen);
    else if constexpr (json_map<T>)
        return is_writable<typename T::key_type>(seen) &&
               is_writable<typename T::mapped_type>(seen);
    else if constexpr (json_range<T>)
        return is_writable<std::ranges::range_value_t<const T>>(seen);
    else if constexpr ((... || std::same_as<T, Seen>))
        return true;
    else if constexpr (reflect::aggregate_struct<T>)
        return are_writable(
            std::type_identity<decltype(reflect::member_refs(std::declval<T&>()))>{},
            type_list<T, Seen...>{});
    else
        return false;
}

/// Whether `write_value` can write a `T`; a default of another type is left out of the schema.
template <class T>
inline constexpr bool writable = is_writable<T>(type_list<>{});

/// As `append_iso8601` writes it, "P1DT2H0.5S".
template <class T>
constexpr void write_duration(text_sink& out, const T& length) {
    // In parts, because the most negative count has no positive twin.
    const auto whole = std::chrono::duration_cast<std::chrono::duration<std::int64_t>>(length);
    const std::int64_t sign = length.count() < 0 ? -1 : 1;
    const std::int64_t days = whole.count() / 86'400 * sign;
    const std::int64_t rest = whole.count() % 86'400 * sign;
    const std::int64_t nanos =
        (std::chrono::duration_cast<std::chrono::nanoseconds>(length - whole)).count() * sign;
    char text[64]{};
    std::size_t size = 0;
    const auto put = [&](std::int64_t number, char unit) {
        char digits[24]{};
        std::size_t count = 0;
        do {
            digits[count++] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        while (count > 0)
            text[size++] = digits[--count];
        if (unit != '\0')
            text[size++] = unit;
    };
    if (sign < 0)
        text[size++] = '-';
    text[size++] = 'P';
    if (days != 0)
        put(days, 'D');
    if (rest != 0 || nanos != 0 || days == 0)
        text[size++] = 'T';
    if (rest / 3600 != 0)
        put(rest / 3600, 'H');
    if (rest / 60 % 60 != 0)
        put(rest / 60 % 60, 'M');
    if (rest % 60 != 0 || nanos != 0 || (rest == 0 && days == 0)) {
        put(rest % 60, '\0');
        if (nanos != 0) {
            text[size++] = '.';
            std::int64_t left = nanos;
            for (std::int64_t place = 100'000'000; left != 0; place /= 10) {
                text[size++] = static_cast<char>('0' + left / place);
                left %= place;
            }
        }
        text[size++] = 'S';
    }
    out.string({text, size});
}

/// `value` in the form in which `mcp::write` writes it, in a constant expression.
template <class T>
    requires writable<T>
constexpr void write_value(text_sink& out, const T& value) {
    using namespace mcp::detail;
    if constexpr (reflect::is_constrained<T>) {
        write_value(out, *value);
    } else if constexpr (std::same_as<T, bool>) {
        out.boolean(value);
    } else if constexpr (json_number<T>) {
        out.number(value);
    } else if constexpr (json_text<T>) {
        out.string(std::string_view{value});
    } else if constexpr (std::is_enum_v<T>) {
        out.string(reflect::enum_name(value));
    } else if constexpr (json_duration<T>) {
        write_duration(out, value);
    } else if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>) {
        out.raw("null");
    } else if constexpr (json_optional<T>) {
        if (value)
            write_value(out, *value);
        else
            out.raw("null");
    } else if constexpr (json_variant<T>) {
        std::visit([&](const auto& alternative) { write_value(out, alternative); }, value);
    } else if constexpr (json_tuple<T>) {
        out.begin_array();
        std::apply([&](const auto&... element) { (write_value(out, element), ...); }, value);
        out.end_array();
    } else if constexpr (json_map<T>) {
        out.begin_object();
        for (const auto& [key, mapped] : value) {
            if constexpr (std::is_enum_v<typename T::key_type>)
                out.key(reflect::enum_name(key));
            else
                out.key(std::string_view{key});
            write_value(out, mapped);
        }
        out.end_object();
    } else if constexpr (json_range<T>) {
        out.begin_array();
        for (const auto& element : value)
            write_value(out, static_cast<const std::ranges::range_value_t<const T>&>(element));
        out.end_array();
    } else {
        out.begin_object();
        const auto refs = reflect::member_refs(value);
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            const auto member = [&](std::string_view name, const auto& each) {
                if constexpr (json_optional<std::remove_cvref_t<decltype(each)>>) {
                    if (!each)
                        return;
                }
                out.key(name);
                write_value(out, each);
            };
            (member(reflect::member_names<T>[Index], std::get<Index>(refs)), ...);
        }(std::make_index_sequence<reflect::member_count<T>>{});
        out.end_object();
    }
}

} // namespace mcp::schema::detail

namespace mcp::schema::detail {

/// Words that `describe<T>` has for the type as a whole.
template <class T>
constexpr void add_type_words(keywords& k) {
    if constexpr (requires { describe<T>::title; })
        k.set_title(describe<T>::title);
    if constexpr (requires { describe<T>::description; })
        k.set_description(describe<T>::description);
}

template <class T>
constexpr void write_examples_if(text_sink&, const T&) {}

template <class... Values>
constexpr void write_examples_if(text_sink& out, const examples<Values...>& list) {
    out.key("examples");
    out.begin_array();
    std::apply([&](const auto&... value) { (write_value(out, value), ...); }, list.values);
    out.end_array();
}

/// `default` and `examples` of member `Index`.
template <class T, std::size_t Index>
constexpr void write_member_values(text_sink& out) {
    if constexpr (reflect::has_described_default<T, Index>) {
        out.key("default");
        write_value(out, reflect::described_default<T, Index>());
    } else if constexpr (reflect::has_default<T, Index>) {
        if constexpr (writable<reflect::member_type<T, Index>>) {
            out.key("default");
            write_value(out, reflect::default_of<T, Index>());
        }
    }
    constexpr auto described = reflect::member_description<T, Index>();
    std::apply([&](const auto&... attribute) { (write_examples_if(out, attribute), ...); },
               described.attributes);
}

/// All that is said of member `Index` outside of its type.
template <class T, std::size_t Index>
[[nodiscard]] constexpr keywords member_keywords() {
    constexpr auto described = reflect::member_description<T, Index>();
    static_assert(reflect::check_attributes<T, Index>());
    keywords k;
    k.description = described.description;
    std::apply([&](const auto&... attribute) { (k.add(attribute), ...); }, described.attributes);
    k.write_values = &write_member_values<T, Index>;
    return k;
}

} // namespace mcp::schema::detail

namespace mcp::schema::detail {

/// Writes the schema of `T`, with what is said of it at this place.
template <class T>
constexpr void emit(text_sink& out, const definitions& known, keywords k);

/// What a member that may be absent is when it is there.
template <class T>
struct present {
    using type = T;
};

template <class T>
struct present<std::optional<T>> {
    using type = T;
};

/// Begins a schema object with the keywords that come first.
constexpr void begin_schema(text_sink& out, std::string_view type, const keywords& k) {
    out.begin_object();
    if (!type.empty())
        out.member("type", type);
    write_words(out, k);
}

/// Ends it with the ones that come last.
constexpr void end_schema(text_sink& out, const definitions& known, const keywords& k) {
    if (k.top)
        known.write(out);
    out.end_object();
}

template <class T>
constexpr void emit_number(text_sink& out, keywords& k) {
    if constexpr (std::integral<T>) {
        if (k.exclusive_minimum.size == 0 && (sizeof(T) <= 4 || std::is_unsigned_v<T>))
            k.minimum.set_if_absent(std::numeric_limits<T>::min());
        if (k.exclusive_maximum.size == 0 && sizeof(T) <= 4)
            k.maximum.set_if_absent(std::numeric_limits<T>::max());
    }
    begin_schema(out, std::integral<T> ? "integer" : "number", k);
    write_bound_if(out, "minimum", k.minimum);
    write_bound_if(out, "maximum", k.maximum);
    write_bound_if(out, "exclusiveMinimum", k.exclusive_minimum);
    write_bound_if(out, "exclusiveMaximum", k.exclusive_maximum);
}

constexpr void emit_string(text_sink& out, const keywords& k) {
    begin_schema(out, "string", k);
    write_text_if(out, "format", k.format);
    write_text_if(out, "pattern", k.pattern);
    write_bound_if(out, "minLength", k.min_length);
    write_bound_if(out, "maxLength", k.max_length);
}

/// `"enum":[…]`, or `"oneOf":[{"const":…,"title":…},…]` if `describe<E>` has words for the values.
template <class E>
constexpr void emit_enum_values(text_sink& out, std::string_view alternatives) {
    static_assert(!reflect::enum_names<E>.empty(),
                  "mcp: an enum without named values in its enum_range has no JSON form; name some "
                  "values or specialise mcp::enum_range for it");
    if constexpr (reflect::has_described_members<E>) {
        out.key(alternatives);
        out.begin_array();
        for (const std::string_view name : reflect::enum_names<E>) {
            out.begin_object();
            out.member("const", name);
            write_text_if(out, "title", reflect::enumerator_description<E>(name));
            out.end_object();
        }
    } else {
        out.key("enum");
        out.begin_array();
        for (const std::string_view name : reflect::enum_names<E>)
            out.string(name);
    }
    out.end_array();
}

/// The schema of an unnamed place: an element, an alternative.
template <class T>
constexpr void emit_plain(text_sink& out, const definitions& known) {
    emit<T>(out, known, {});
}

template <class T>
constexpr void emit_array(text_sink& out, const definitions& known, keywords& k) {
    if constexpr (mcp::detail::is_std_array<T>) {
        k.min_items.set_if_absent(std::tuple_size_v<T>);
        k.max_items.set_if_absent(std::tuple_size_v<T>);
    }
    begin_schema(out, "array", k);
    out.key("items");
    emit_plain<std::ranges::range_value_t<const T>>(out, known);
    write_bound_if(out, "minItems", k.min_items);
    write_bound_if(out, "maxItems", k.max_items);
    if (mcp::detail::json_set<T>) {
        out.key("uniqueItems");
        out.boolean(true);
    }
}

template <class T>
constexpr void emit_tuple(text_sink& out, const definitions& known, const keywords& k) {
    constexpr std::size_t size = std::tuple_size_v<T>;
    begin_schema(out, "array", k);
    if constexpr (size > 0) {
        out.key("prefixItems");
        out.begin_array();
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (emit_plain<std::tuple_element_t<Index, T>>(out, known), ...);
        }(std::make_index_sequence<size>{});
        out.end_array();
    }
    out.key("items");
    out.boolean(false);
    out.key("minItems");
    out.number(size);
}

template <class T>
constexpr void emit_map(text_sink& out, const definitions& known, const keywords& k) {
    using key = typename T::key_type;
    static_assert(std::is_enum_v<key> || mcp::detail::json_text<key>,
                  "mcp: the keys of a map must be strings or enums");
    begin_schema(out, "object", k);
    if constexpr (std::is_enum_v<key>) {
        out.key("propertyNames");
        out.begin_object();
        emit_enum_values<key>(out, "oneOf");
        out.end_object();
    }
    write_bound_if(out, "minProperties", k.min_items);
    write_bound_if(out, "maxProperties", k.max_items);
    out.key("additionalProperties");
    emit_plain<typename T::mapped_type>(out, known);
}

/// `oneOf` if no value fits two alternatives, else `anyOf`, which allows that.
template <class... T>
constexpr void emit_variant(text_sink& out, const definitions& known, const keywords& k,
                            std::type_identity<std::variant<T...>>) {
    begin_schema(out, {}, k);
    out.key(all_disjoint<T...> ? "oneOf" : "anyOf");
    out.begin_array();
    (emit_plain<T>(out, known), ...);
    out.end_array();
}

template <class T>
constexpr void emit_nullable(text_sink& out, const definitions& known, const keywords& k) {
    begin_schema(out, {}, k);
    out.key("anyOf");
    out.begin_array();
    emit_plain<typename T::value_type>(out, known);
    out.begin_object();
    out.member("type", "null");
    out.end_object();
    out.end_array();
}

/// The rest of an object with properties, from lists that are as long as the object has members.
template <std::size_t Count>
constexpr void emit_required(text_sink& out, const std::array<std::string_view, Count>& names,
                             const std::array<bool, Count>& optional) {
    bool begun = false;
    for (std::size_t at = 0; at < Count; ++at) {
        if (optional[at])
            continue;
        if (!begun) {
            out.key("required");
            out.begin_array();
            begun = true;
        }
        out.string(names[at]);
    }
    if (begun)
        out.end_array();
    out.key("additionalProperties");
    out.boolean(false);
}

template <class T>
constexpr void emit_struct(text_sink& out, const definitions& known, const keywords& k) {
    begin_schema(out, "object", k);
    out.key("properties");
    out.begin_object();
    constexpr auto optional = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        return std::array<bool, sizeof...(Index)>{reflect::may_be_absent<T, Index>...};
    }(std::make_index_sequence<reflect::member_count<T>>{});
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        [[maybe_unused]] const auto property = [&]<std::size_t At>(
                                                   std::integral_constant<std::size_t, At>) {
            using member = typename present<std::remove_cv_t<reflect::member_type<T, At>>>::type;
            out.key(reflect::member_names<T>[At]);
            emit<member>(out, known, member_keywords<T, At>());
        };
        (property(std::integral_constant<std::size_t, Index>{}), ...);
    }(std::make_index_sequence<reflect::member_count<T>>{});
    out.end_object();
    emit_required(out, reflect::member_names<T>, optional);
}

template <class... Args>
[[nodiscard]] consteval bool names_differ() noexcept {
    const std::array<std::string_view, sizeof...(Args)> names{Args::name...};
    for (std::size_t at = 0; at < names.size(); ++at)
        for (std::size_t other = 0; other < at; ++other)
            if (names[at] == names[other])
                return false;
    return true;
}

template <class... Args>
constexpr void emit_arguments(text_sink& out, const definitions& known, const keywords& k,
                              std::type_identity<arguments<Args...>>) {
    static_assert(names_differ<Args...>(),
                  "mcp: two parameters have the same name; give each its own");
    begin_schema(out, "object", k);
    out.key("properties");
    out.begin_object();
    [[maybe_unused]] const auto property = [&]<class Arg>(std::type_identity<Arg>) {
        keywords words;
        words.description = Arg::description;
        out.key(Arg::name);
        emit<typename present<typename Arg::value_type>::type>(out, known, words);
    };
    (property(std::type_identity<Args>{}), ...);
    out.end_object();
    emit_required(out, std::array<std::string_view, sizeof...(Args)>{Args::name...},
                  std::array<bool, sizeof...(Args)>{
                      mcp::detail::json_optional<typename Args::value_type>...});
}

/// A schema that a `codec` brings, `{…}`: what is said at this place goes in front.
constexpr void emit_codec(text_sink& out, std::string_view schema, const keywords& k) {
    out.begin_object();
    write_words(out, k);
    write_values(out, k);
    const std::string_view rest = schema.substr(1, schema.size() - 2);
    if (rest.find_first_not_of(" \n\t\r") != std::string_view::npos)
        out.raw(rest);
}

template <class T>
constexpr void write_definition(text_sink& out, const definitions& known) {
    keywords k;
    add_type_words<T>(k);
    emit_struct<T>(out, known, k);
    out.end_object();
}

template <class T>
inline constexpr bool has_no_schema = false;

template <class T>
constexpr void emit(text_sink& out, const definitions& known, keywords k) {
    using namespace mcp::detail;
    using reflect::aggregate_struct;
    if constexpr (aggregate_struct<T> && !requires { codec<T>::schema; }) {
        if (!k.top && (known.is_root<T>() || known.is_shared<T>())) {
            begin_schema(out, {}, k);
            known.write_reference<T>(out);
            write_values(out, k);
            return out.end_object();
        }
    }
    add_type_words<T>(k);
    if constexpr (reflect::is_constrained<T>) {
        k.add_rule<typename T::rule>();
        return emit<typename T::value_type>(out, known, k);
    } else if constexpr (reflect::is_arg<T>) {
        k.set_description(T::description);
        return emit<typename T::value_type>(out, known, k);
    } else if constexpr (requires { codec<T>::schema; }) {
        emit_codec(out, codec<T>::schema, k);
        return end_schema(out, known, k);
    } else if constexpr (std::same_as<T, json>) {
        begin_schema(out, {}, k);
    } else if constexpr (std::same_as<T, json_object>) {
        begin_schema(out, "object", k);
    } else if constexpr (std::same_as<T, json_array>) {
        begin_schema(out, "array", k);
    } else if constexpr (std::same_as<T, bool>) {
        begin_schema(out, "boolean", k);
    } else if constexpr (json_number<T>) {
        emit_number<T>(out, k);
    } else if constexpr (json_text<T>) {
        emit_string(out, k);
    } else if constexpr (std::is_enum_v<T>) {
        begin_schema(out, "string", k);
        emit_enum_values<T>(out, "oneOf");
    } else if constexpr (std::same_as<T, bytes>) {
        emit_string(out, k);
        out.member("contentEncoding", "base64");
    } else if constexpr (json_duration<T>) {
        k.set_format("duration");
        emit_string(out, k);
    } else if constexpr (json_time<T>) {
        k.set_format("date-time");
        emit_string(out, k);
    } else if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>) {
        begin_schema(out, "null", k);
    } else if constexpr (json_optional<T>) {
        emit_nullable<T>(out, known, k);
    } else if constexpr (json_variant<T>) {
        emit_variant(out, known, k, std::type_identity<T>{});
    } else if constexpr (json_tuple<T>) {
        emit_tuple<T>(out, known, k);
    } else if constexpr (json_map<T>) {
        emit_map<T>(out, known, k);
    } else if constexpr (json_range<T>) {
        emit_array<T>(out, known, k);
    } else if constexpr (reflect::is_arguments<T>) {
        emit_arguments(out, known, k, std::type_identity<T>{});
    } else if constexpr (aggregate_struct<T>) {
        emit_struct<T>(out, known, k);
    } else {
        static_assert(has_no_schema<T>,
                      "mcp: this type has no JSON form; make it an aggregate struct or specialise "
                      "mcp::codec for it");
    }
    write_values(out, k);
    end_schema(out, known, k);
}

} // namespace mcp::schema::detail

// ---- mcp/schema/impl/fill.hpp

namespace mcp::schema::detail {

template <class Writer>
[[nodiscard]] consteval std::size_t counted() {
    text_sink out;
    Writer::write(out);
    return out.size();
}

template <class Writer>
[[nodiscard]] consteval auto fill() {
    std::array<char, counted<Writer>() + 1> text{};
    text_sink out{text.data()};
    Writer::write(out);
    return text;
}

template <class Writer>
inline constexpr auto text_of = fill<Writer>();

/// The text that `Writer::write` writes; a zero follows it.
template <class Writer>
inline constexpr std::string_view filled{text_of<Writer>.data(), text_of<Writer>.size() - 1};

} // namespace mcp::schema::detail

namespace mcp {
namespace schema::detail {

/// Arrays of enums, which a form shows as a choice of several.
template <class T>
concept choice_list = mcp::detail::json_elements<T> && std::is_enum_v<typename T::value_type>;

/// The one type that a form has a field for, behind constraints.
template <class T>
struct unconstrained {
    using type = T;
};

template <class Rule>
struct unconstrained<constrained<Rule>> {
    using type = typename Rule::value_type;
};

template <class T>
concept form_field =
    std::same_as<T, bool> || mcp::detail::json_number<T> || mcp::detail::json_text<T> ||
    std::is_enum_v<T> || mcp::detail::json_time<T> || choice_list<T>;

template <class T>
constexpr void emit_choices(text_sink& out, const keywords& k) {
    begin_schema(out, "array", k);
    write_bound_if(out, "minItems", k.min_items);
    write_bound_if(out, "maxItems", k.max_items);
    out.key("items");
    out.begin_object();
    if (!reflect::has_described_members<T>)
        out.member("type", "string");
    emit_enum_values<T>(out, "anyOf");
    out.end_object();
}

/// One field of a form. Only the keywords that the protocol names, since clients may refuse others.
template <class T>
constexpr void emit_field(text_sink& out, keywords k) {
    add_type_words<T>(k);
    if constexpr (reflect::is_constrained<T>) {
        k.add_rule<typename T::rule>();
        return emit_field<typename T::value_type>(out, k);
    } else if constexpr (std::same_as<T, bool>) {
        begin_schema(out, "boolean", k);
    } else if constexpr (mcp::detail::json_number<T>) {
        k.exclusive_minimum = {};
        k.exclusive_maximum = {};
        emit_number<T>(out, k);
    } else if constexpr (std::is_enum_v<T>) {
        begin_schema(out, "string", k);
        emit_enum_values<T>(out, "oneOf");
    } else if constexpr (choice_list<T>) {
        emit_choices<typename T::value_type>(out, k);
    } else {
        if (mcp::detail::json_time<T>)
            k.format = "date-time";
        if (k.format != "email" && k.format != "uri" && k.format != "date" &&
            k.format != "date-time")
            k.format = {};
        k.pattern = {};
        emit_string(out, k);
    }
    k.deprecated = false;
    k.param_header = {};
    write_values(out, k);
    out.end_object();
}

/// Properties, one after the other, and the names of the required ones.
template <std::size_t Count>
constexpr void emit_form(text_sink& out, const std::array<std::string_view, Count>& names,
                         const std::array<bool, Count>& optional, auto emit_property) {
    out.begin_object();
    out.member("type", "object");
    out.key("properties");
    out.begin_object();
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        const auto property = [&](auto index) {
            out.key(names[index]);
            emit_property(index);
        };
        (property(std::integral_constant<std::size_t, Index>{}), ...);
    }(std::make_index_sequence<Count>{});
    out.end_object();
    bool begun = false;
    for (std::size_t at = 0; at < Count; ++at) {
        if (optional[at])
            continue;
        if (!begun) {
            out.key("required");
            out.begin_array();
            begun = true;
        }
        out.string(names[at]);
    }
    if (begun)
        out.end_array();
    out.end_object();
}

template <class T>
constexpr void emit_checked_field(text_sink& out, const keywords& k) {
    using field = typename present<T>::type;
    static_assert(form_field<typename unconstrained<field>::type>,
                  "mcp: a form for elicitation holds only bool, numbers, strings, enums, "
                  "time points and lists of enums; ask for nested values one by one");
    if constexpr (form_field<typename unconstrained<field>::type>)
        emit_field<field>(out, k);
}

template <class T>
struct form_schema {
    static constexpr void write(text_sink& out) {
        static_assert(reflect::aggregate_struct<T>,
                      "mcp: what elicitation asks for must be an aggregate struct, one member for "
                      "each field of the form");
        if constexpr (reflect::aggregate_struct<T>) {
            constexpr std::size_t count = reflect::member_count<T>;
            constexpr auto optional = []<std::size_t... Index>(std::index_sequence<Index...>) {
                return std::array<bool, count>{reflect::may_be_absent<T, Index>...};
            }(std::make_index_sequence<count>{});
            emit_form(out, reflect::member_names<T>, optional, [&](auto index) {
                emit_checked_field<reflect::member_type<T, index>>(out,
                                                                   member_keywords<T, index>());
            });
        }
    }
};

template <class... Args>
struct form_schema<arguments<Args...>> {
    static constexpr void write(text_sink& out) {
        constexpr std::size_t count = sizeof...(Args);
        emit_form(out, std::array<std::string_view, count>{Args::name...},
                  std::array<bool, count>{mcp::detail::json_optional<typename Args::value_type>...},
                  [&](auto index) {
                      using each = std::tuple_element_t<index, std::tuple<Args...>>;
                      keywords k;
                      k.description = each::description;
                      emit_checked_field<typename each::value_type>(out, k);
                  });
    }
};

} // namespace schema::detail

/// The schema of a form that a client shows to its user: the flat subset of JSON Schema that
/// elicitation allows [MCP 2025-11-25 client/elicitation]. `T` is a struct, or `arguments<…>`, of
/// bool, numbers, strings, enums, time points and lists of enums; optional ones are not required.
/// Enums whose values have words in `describe` are shown with those.
template <class T>
inline constexpr std::string_view elicitation_schema_of =
    schema::detail::filled<schema::detail::form_schema<std::remove_cv_t<T>>>;

} // namespace mcp

// ---- mcp/schema/schema_of.hpp

namespace mcp {
namespace schema::detail {

template <class T>
struct full_schema {
    static constexpr void write(text_sink& out) {
        definitions known;
        collect<T>(known);
        if constexpr (reflect::aggregate_struct<T>)
            known.set_root<T>();
        keywords k;
        k.top = true;
        emit<T>(out, known, k);
    }
};

} // namespace schema::detail

/// The JSON Schema [2020-12] of `T`, as text that is a constant of the program.
///
/// | C++ | schema |
/// |---|---|
/// | bool, floating point, strings | `{"type":"boolean"}` … |
/// | integers | with the range of types up to 32 bits; unsigned: from 0 |
/// | enum | its names; with titles where `describe<E>` has them |
/// | aggregate struct, `arguments` | object without other properties |
/// | `std::optional` | as a member: not required; elsewhere: or null |
/// | vector, set, `std::array`, tuple, map | array with `items` … |
/// | variant | `oneOf`, or `anyOf` where a value may fit two alternatives |
/// | duration, system-clock time point | string with format `duration`, `date-time` |
/// | `mcp::bytes` | string with `contentEncoding` base64 |
/// | `mcp::json` | `{}` |
/// | `ranged`, `sized`, `matching`, `formatted` | their value with its limits |
/// | types with `codec<T>::schema` | that |
///
/// Structs that are mentioned more than once or contain themselves stand in `$defs`. Words come
/// from `describe`, defaults from it or from default member initialisers (see
/// `<mcp/reflect/defaults.hpp>`). There is no `$schema`: 2020-12 is what MCP assumes
/// [MCP 2026-07-28 basic].
template <class T>
inline constexpr std::string_view schema_of =
    schema::detail::filled<schema::detail::full_schema<std::remove_cv_t<T>>>;

} // namespace mcp

// ---- mcp/schema/validate.hpp

// ---- mcp/schema/impl/validate_check.hpp

// ---- mcp/schema/impl/validate_assertions.hpp

// ---- mcp/schema/impl/validate_document.hpp

// ---- mcp/schema/impl/validate_keywords.hpp

namespace mcp::schema::validation {

/// The keywords that say something about an instance, in the order in which they are applied: cheap
/// ones first, those that need what the others have seen last.
enum class keyword : std::uint8_t {
    type,
    enum_,
    const_,
    minimum,
    maximum,
    exclusive_minimum,
    exclusive_maximum,
    multiple_of,
    min_length,
    max_length,
    pattern,
    min_items,
    max_items,
    unique_items,
    min_properties,
    max_properties,
    required,
    dependent_required,
    property_names,
    properties,
    pattern_properties,
    additional_properties,
    prefix_items,
    items,
    additional_items,
    contains,
    dependent_schemas,
    dependencies,
    ref,
    dynamic_ref,
    all_of,
    any_of,
    one_of,
    not_,
    if_,
    unevaluated_items,
    unevaluated_properties,
    // Not applied on their own:
    then_,
    else_,
    min_contains,
    max_contains,
    definitions,
};

/// What the value of a keyword must be.
enum class shape : std::uint8_t {
    schema,
    schemas,         // an array, not empty
    schema_map,      // an object of schemas
    schema_or_array, // `items` before 2020-12
    count,           // an integer, not negative
    number,
    positive, // a number above zero
    boolean,
    text,
    expression,     // a regular expression
    names,          // an array of strings
    names_map,      // an object of arrays of strings
    type_names,     // a type or an array of types
    dependency_map, // an object of schemas or arrays of strings
    array,
    anything,
};

struct keyword_entry {
    std::string_view name;
    keyword id;
    shape form;
};

inline constexpr keyword_entry keywords[] = {
    {"$defs", keyword::definitions, shape::schema_map},
    {"$dynamicRef", keyword::dynamic_ref, shape::text},
    {"$ref", keyword::ref, shape::text},
    {"additionalItems", keyword::additional_items, shape::schema},
    {"additionalProperties", keyword::additional_properties, shape::schema},
    {"allOf", keyword::all_of, shape::schemas},
    {"anyOf", keyword::any_of, shape::schemas},
    {"const", keyword::const_, shape::anything},
    {"contains", keyword::contains, shape::schema},
    {"definitions", keyword::definitions, shape::schema_map},
    {"dependencies", keyword::dependencies, shape::dependency_map},
    {"dependentRequired", keyword::dependent_required, shape::names_map},
    {"dependentSchemas", keyword::dependent_schemas, shape::schema_map},
    {"else", keyword::else_, shape::schema},
    {"enum", keyword::enum_, shape::array},
    {"exclusiveMaximum", keyword::exclusive_maximum, shape::number},
    {"exclusiveMinimum", keyword::exclusive_minimum, shape::number},
    {"if", keyword::if_, shape::schema},
    {"items", keyword::items, shape::schema_or_array},
    {"maxContains", keyword::max_contains, shape::count},
    {"maxItems", keyword::max_items, shape::count},
    {"maxLength", keyword::max_length, shape::count},
    {"maxProperties", keyword::max_properties, shape::count},
    {"maximum", keyword::maximum, shape::number},
    {"minContains", keyword::min_contains, shape::count},
    {"minItems", keyword::min_items, shape::count},
    {"minLength", keyword::min_length, shape::count},
    {"minProperties", keyword::min_properties, shape::count},
    {"minimum", keyword::minimum, shape::number},
    {"multipleOf", keyword::multiple_of, shape::positive},
    {"not", keyword::not_, shape::schema},
    {"oneOf", keyword::one_of, shape::schemas},
    {"pattern", keyword::pattern, shape::expression},
    {"patternProperties", keyword::pattern_properties, shape::schema_map},
    {"prefixItems", keyword::prefix_items, shape::schemas},
    {"properties", keyword::properties, shape::schema_map},
    {"propertyNames", keyword::property_names, shape::schema},
    {"required", keyword::required, shape::names},
    {"then", keyword::then_, shape::schema},
    {"type", keyword::type, shape::type_names},
    {"unevaluatedItems", keyword::unevaluated_items, shape::schema},
    {"unevaluatedProperties", keyword::unevaluated_properties, shape::schema},
    {"uniqueItems", keyword::unique_items, shape::boolean},
};

/// The entry of `name`, or nullptr: annotations and unknown keywords are ignored.
constexpr const keyword_entry* find_keyword(std::string_view name) {
    for (const keyword_entry& entry : keywords) {
        if (entry.name == name) {
            return &entry;
        }
    }
    return nullptr;
}

/// The name of a keyword that an error blames.
constexpr std::string_view name_of(keyword id) {
    for (const keyword_entry& entry : keywords) {
        if (entry.id == id) {
            return entry.name;
        }
    }
    return {};
}

inline constexpr std::array<std::string_view, 7> type_names{
    "null", "boolean", "integer", "number", "string", "array", "object"};

} // namespace mcp::schema::validation

// ---- mcp/schema/impl/validate_pattern.hpp

#include <locale>

namespace mcp::schema::validation {

/// The code points of UTF-8 text, one element each where wchar_t is wide enough, so that "." and
/// "[ä]" mean characters and not bytes.
inline std::wstring to_wide(std::string_view text) {
    std::wstring out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
            point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
        }
        at += length;
        if (sizeof(wchar_t) == 2 && point >= 0x10000) {
            out.push_back(static_cast<wchar_t>(0xD7C0 + (point >> 10)));
            point = 0xDC00 + (point & 0x3FF);
        }
        out.push_back(static_cast<wchar_t>(point));
    }
    return out;
}

/// About how many states a matcher for `pattern` has: repetition in braces multiplies what stands
/// before it. Generous; only the order of magnitude counts.
inline std::size_t pattern_states(std::string_view pattern) {
    constexpr std::size_t most = 1'000'000'000;
    std::vector<std::size_t> outer;
    std::size_t sum = 0;
    std::size_t last = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c == '(') {
            outer.push_back(sum);
            sum = last = 0;
        } else if (c == ')' && !outer.empty()) {
            last = sum + 1;
            sum = std::min(most, outer.back() + last);
            outer.pop_back();
        } else if (c == '{') {
            std::size_t times = 0;
            std::size_t number = 0;
            for (++at; at < pattern.size() && pattern[at] != '}'; ++at) {
                const bool digit = pattern[at] >= '0' && pattern[at] <= '9';
                number = digit ? std::min(most,
                                          number * 10 + static_cast<std::size_t>(pattern[at] - '0'))
                               : 0;
                times = std::max(times, number);
            }
            sum = std::min(most, sum + std::min(most, last) * std::min(most, times));
        } else {
            at += c == '\\' ? 1 : 0;
            last = 1;
            sum = std::min(most, sum + 1);
        }
    }
    return sum;
}

/// A regular expression of a schema [JSON Schema 2020-12 core §6.4]: ECMAScript, not anchored.
///
/// std::regex matches by trying, which takes exponential time on patterns such as "(a+)+$" and a
/// stack frame per character. So the library's matcher by states is used where there is one
/// (libstdc++), and the sizes of pattern and text are bounded everywhere.
class compiled_pattern {
public:
    static constexpr std::size_t max_states = 4'000;
    static constexpr std::size_t max_text = 4'096;

    /// nullopt for what the matcher does not understand (look-behind, \p{...}) or is too large.
    static std::optional<compiled_pattern> compile(std::string_view pattern) {
        if (pattern_states(pattern) > max_states) {
            return std::nullopt;
        }
        try {
            compiled_pattern compiled;
            compiled.expression_.imbue(std::locale::classic());
            compiled.expression_.assign(to_wide(pattern), options);
            return compiled;
        } catch (const std::regex_error&) {
            return std::nullopt;
        }
    }

    /// nullopt if the text is too long to look at.
    std::optional<bool> matches(std::string_view text) const {
        if (text.size() > max_text) {
            return std::nullopt;
        }
        try {
            return std::regex_search(to_wide(text), expression_);
        } catch (const std::regex_error&) {
            return std::nullopt;
        }
    }

private:
#if defined(__GLIBCXX__)
    static constexpr auto options = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
    static constexpr auto options = std::regex::ECMAScript;
#endif

    std::wregex expression_;
};

} // namespace mcp::schema::validation

#include <unordered_map>

namespace mcp::schema::validation {

/// A schema with a URI of its own: the root, and whatever has an `$id`.
struct resource {
    const json* root = nullptr;
    std::string uri;
    std::map<std::string, const json*, std::less<>> anchors;
    std::map<std::string, const json*, std::less<>> dynamic_anchors;
};

/// One keyword of one schema, ready to be applied.
struct step {
    keyword id;
    const json* value;
    const json* target = nullptr;                 // of $ref and $dynamicRef
    const compiled_pattern* expression = nullptr; // of pattern
    std::string_view dynamic_name = {};           // of a $dynamicRef that leads to such an anchor
};

/// One schema object.
struct node {
    const resource* home = nullptr;
    std::vector<step> steps;
};

/// A schema that was read once to be applied often. Pointers go into `text`, so it stays where it
/// is.
struct document {
    json text;
    std::deque<resource> resources;
    std::unordered_map<const json*, node> nodes;
    std::map<std::string, compiled_pattern, std::less<>> patterns;
    /// Whether any schema asks what others have looked at.
    bool has_unevaluated = false;
};

} // namespace mcp::schema::validation

// ---- mcp/schema/impl/validate_numbers.hpp

#include <compare>

namespace mcp::schema::validation {

/// A number with at least 64 bits of mantissa where the machine has it, so that integers and
/// doubles compare exactly.
inline long double wide(const json& number) {
    switch (number.kind()) {
    case json_kind::int64:
        return static_cast<long double>(number.get_int64());
    case json_kind::uint64:
        return static_cast<long double>(number.get_uint64());
    default:
        return static_cast<long double>(number.get_double());
    }
}

inline bool is_integer(const json& value) {
    return value.is_int64() || value.is_uint64() ||
           (value.is_double() && std::trunc(value.get_double()) == value.get_double());
}

/// Whether `number` is a whole multiple of `unit`, which is above zero. Decimal fractions are not
/// exact in binary, so a quotient within rounding of a whole number is one.
inline bool is_multiple(const json& number, const json& unit) {
    if (number.is_int64() && unit.is_int64()) {
        return number.get_int64() % unit.get_int64() == 0;
    }
    const double a = number.to_number<double>();
    const double b = unit.to_number<double>();
    const double quotient = a / b;
    if (!std::isfinite(quotient)) {
        return std::fmod(a, b) == 0;
    }
    constexpr double tolerance = 4 * std::numeric_limits<double>::epsilon();
    return std::abs(quotient - std::round(quotient)) <= tolerance * std::abs(quotient);
}

/// Equality of JSON Schema: 1 and 1.0 are equal, the order of members does not matter
/// [JSON Schema 2020-12 core §4.2.2]. `cost` grows with what was looked at.
inline bool equal(const json& a, const json& b, std::size_t& cost) {
    ++cost;
    if (a.is_number() || b.is_number()) {
        return a.is_number() && b.is_number() && wide(a) == wide(b);
    }
    if (a.kind() != b.kind()) {
        return false;
    }
    switch (a.kind()) {
    case json_kind::bool_:
        return a.get_bool() == b.get_bool();
    case json_kind::string:
        cost += a.get_string().size() / 64;
        return a.get_string() == b.get_string();
    case json_kind::array:
        return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(),
                          b.get_array().end(),
                          [&](const json& x, const json& y) { return equal(x, y, cost); });
    case json_kind::object:
        return a.get_object().size() == b.get_object().size() &&
               std::all_of(a.get_object().begin(), a.get_object().end(), [&](const auto& entry) {
                   const json* other = b.get_object().if_contains(entry.key());
                   return other != nullptr && equal(entry.value(), *other, cost);
               });
    default:
        return true;
    }
}

/// A hash that agrees with `equal`, at the same cost.
inline std::size_t hash(const json& value, std::size_t& cost) {
    const auto mix = [](std::size_t a, std::size_t b) {
        return (a ^ (b + 0x9E3779B97F4A7C15u + (a << 6) + (a >> 2))) * 0x100000001B3u;
    };
    ++cost;
    switch (value.kind()) {
    case json_kind::null:
        return 1;
    case json_kind::bool_:
        return value.get_bool() ? 3 : 2;
    case json_kind::string:
        cost += value.get_string().size() / 64;
        return std::hash<std::string_view>{}(std::string_view{value.get_string()});
    case json_kind::array: {
        std::size_t sum = 5;
        for (const json& element : value.get_array()) {
            sum = mix(sum, hash(element, cost));
        }
        return sum;
    }
    case json_kind::object: {
        std::size_t sum = 7;
        for (const auto& entry : value.get_object()) {
            sum += mix(std::hash<std::string_view>{}(entry.key()), hash(entry.value(), cost));
        }
        return sum;
    }
    default:
        return std::hash<double>{}(value.to_number<double>());
    }
}

} // namespace mcp::schema::validation

namespace mcp::schema::validation {

/// Which members of an object or elements of an array were looked at, by their place. Empty unless
/// the document asks for it.
using marks = std::vector<bool>;

/// What went wrong, before it becomes the public error.
struct mistake {
    std::string path;
    std::string_view keyword;
    std::string message;
};

/// What one validation has used up, and the mistake that it ended with.
class run_state {
public:
    run_state(std::string_view root, std::size_t depth, std::size_t work)
        : root_{root}
        , depth_left_{depth}
        , work_left_{work} {}

    mistake take_mistake() { return std::move(mistake_); }

protected:
    /// `message` makes the sentence; it is not called where nobody would read it.
    template <std::invocable F>
    bool fail(const json_path* path, keyword id, F message) {
        if (!given_up_ && !silent_) {
            mistake_ = {render_path(root_, path), name_of(id), message()};
        }
        return false;
    }
    bool fail(const json_path* path, keyword id, const char* message) {
        return fail(path, id, [&] { return std::string{message}; });
    }

    /// Ends the validation, whatever `not` and `anyOf` would make of a mistake.
    bool give_up(const json_path* path, keyword id, std::string message) {
        if (!given_up_) {
            mistake_ = {render_path(root_, path), name_of(id), std::move(message)};
        }
        given_up_ = true;
        return false;
    }

    bool spend(std::size_t amount, const json_path* path, keyword id) {
        if (amount > work_left_) {
            return give_up(path, id, "the value takes too long to validate");
        }
        work_left_ -= amount;
        return !given_up_;
    }

    std::string_view root_;
    std::size_t depth_left_;
    bool given_up_ = false;
    bool silent_ = false;

private:
    std::size_t work_left_;
    mistake mistake_;
};

/// `value` as JSON, shortened, for a message.
inline std::string excerpt(const json& value) {
    constexpr std::size_t most = 100;
    std::string text;
    json_writer{text}.value(value);
    if (text.size() > most) {
        std::size_t cut = most;
        while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) {
            --cut;
        }
        text.resize(cut);
        text += "...";
    }
    return text;
}

inline std::string_view type_of(const json& value) {
    switch (value.kind()) {
    case json_kind::null:
        return "null";
    case json_kind::bool_:
        return "boolean";
    case json_kind::string:
        return "string";
    case json_kind::array:
        return "array";
    case json_kind::object:
        return "object";
    default:
        return "number";
    }
}

/// How many members or elements `value` has.
inline std::size_t size_of(const json& value) {
    return value.is_array()    ? value.get_array().size()
           : value.is_object() ? value.get_object().size()
                               : 0;
}

/// The keywords that look at a value alone and know no other schema.
class assertions : public run_state {
public:
    using run_state::run_state;

protected:
    bool assert_value(const step& s, const json& value, const json_path* path) {
        switch (s.id) {
        case keyword::type:
            return assert_type(*s.value, value, path);
        case keyword::enum_:
            return assert_enum(*s.value, value, path);
        case keyword::const_: {
            std::size_t cost = 0;
            const bool same = equal(*s.value, value, cost);
            return spend(cost, path, s.id) &&
                   (same || fail(path, s.id, [&] { return "expected " + excerpt(*s.value); }));
        }
        case keyword::minimum:
            return assert_number(s, value, path, "at least ");
        case keyword::maximum:
            return assert_number(s, value, path, "at most ");
        case keyword::exclusive_minimum:
            return assert_number(s, value, path, "more than ");
        case keyword::exclusive_maximum:
            return assert_number(s, value, path, "less than ");
        case keyword::multiple_of:
            return assert_number(s, value, path, "a multiple of ");
        case keyword::min_length:
        case keyword::max_length:
            return !value.is_string() ||
                   (spend(value.get_string().size() / 64, path, s.id) &&
                    assert_count(s, utf8_length(value.get_string()), path, " characters"));
        case keyword::min_items:
        case keyword::max_items:
            return !value.is_array() ||
                   assert_count(s, value.get_array().size(), path, " elements");
        case keyword::min_properties:
        case keyword::max_properties:
            return !value.is_object() ||
                   assert_count(s, value.get_object().size(), path, " members");
        case keyword::pattern:
            return !value.is_string() || assert_pattern(s, value, path);
        case keyword::unique_items:
            return !value.is_array() || assert_unique(s, value, path);
        case keyword::required:
            return !value.is_object() || assert_members(s.id, *s.value, value, path, {});
        case keyword::dependent_required:
            return assert_dependent(s, value, path);
        default:
            return true;
        }
    }

    /// Whether `text` matches; gives up if it is too long to be matched.
    bool matches(const compiled_pattern& expression, std::string_view text, const json_path* path,
                 keyword id) {
        if (!spend(1 + text.size() / 8, path, id)) {
            return false;
        }
        const auto matched = expression.matches(text);
        return matched ? *matched
                       : give_up(path, id,
                                 "the text is longer than the " +
                                     std::to_string(compiled_pattern::max_text) +
                                     " bytes that regular expressions are applied to");
    }

    /// Each of `names` is a member of `value`.
    bool assert_members(keyword id, const json& names, const json& value, const json_path* path,
                        std::string_view because) {
        if (!spend(names.get_array().size() / 4, path, id)) {
            return false;
        }
        for (const json& name : names.get_array()) {
            if (!value.get_object().contains(name.get_string())) {
                std::string message = "member " + quoted_excerpt(name.get_string()) + " is missing";
                if (because.data() != nullptr) {
                    message += ", which " + quoted_excerpt(because) + " needs";
                }
                return fail(path, id, [&] { return message; });
            }
        }
        return true;
    }

private:
    static bool has_type(std::string_view name, const json& value) {
        return name == "integer" ? value.is_number() && is_integer(value) : name == type_of(value);
    }

    bool assert_type(const json& wanted, const json& value, const json_path* path) {
        std::string names;
        const auto fits = [&](const json& name) {
            names.append(names.empty() ? "" : " or ").append(name.get_string());
            return has_type(name.get_string(), value);
        };
        const json_array* several = wanted.if_array();
        if (several == nullptr ? fits(wanted) : std::ranges::any_of(*several, fits)) {
            return true;
        }
        const bool fraction = value.is_number() && names == "integer";
        return fail(path, keyword::type, [&] {
            return "expected " + names + ", got " +
                   (fraction ? "a fraction" : std::string{type_of(value)});
        });
    }

    bool assert_enum(const json& values, const json& value, const json_path* path) {
        std::size_t cost = 0;
        for (const json& each : values.get_array()) {
            if (equal(each, value, cost)) {
                return spend(cost, path, keyword::enum_);
            }
        }
        return spend(cost, path, keyword::enum_) &&
               fail(path, keyword::enum_, [&] { return "expected one of " + excerpt(values); });
    }

    bool assert_number(const step& s, const json& value, const json_path* path,
                       std::string_view words) {
        if (!value.is_number()) {
            return true;
        }
        const json& limit = *s.value;
        bool good = false;
        switch (s.id) {
        case keyword::minimum:
            good = wide(value) >= wide(limit);
            break;
        case keyword::maximum:
            good = wide(value) <= wide(limit);
            break;
        case keyword::exclusive_minimum:
            good = wide(value) > wide(limit);
            break;
        case keyword::exclusive_maximum:
            good = wide(value) < wide(limit);
            break;
        default:
            good = is_multiple(value, limit);
            break;
        }
        return good || fail(path, s.id, [&] {
                   return "expected " + std::string{words} + excerpt(limit) + ", got " +
                          excerpt(value);
               });
    }

    bool assert_count(const step& s, std::size_t count, const json_path* path,
                      std::string_view unit) {
        const bool least = s.id == keyword::min_length || s.id == keyword::min_items ||
                           s.id == keyword::min_properties;
        const auto limit = wide(*s.value);
        const auto size = static_cast<long double>(count);
        return (least ? size >= limit : size <= limit) || fail(path, s.id, [&] {
                   return (least ? "expected at least " : "expected at most ") + excerpt(*s.value) +
                          std::string{unit} + ", got " + std::to_string(count);
               });
    }

    bool assert_pattern(const step& s, const json& value, const json_path* path) {
        return matches(*s.expression, value.get_string(), path, s.id) || fail(path, s.id, [&] {
                   return "expected text that matches " + quoted_excerpt(s.value->get_string());
               });
    }

    /// By hash first, so that long arrays take no time of the square of their length.
    bool assert_unique(const step& s, const json& value, const json_path* path) {
        if (!s.value->get_bool()) {
            return true;
        }
        const json_array& array = value.get_array();
        std::vector<std::pair<std::size_t, std::size_t>> hashes;
        hashes.reserve(array.size());
        std::size_t hashing = 0;
        for (const json& element : array) {
            hashes.emplace_back(hash(element, hashing), hashes.size());
        }
        if (!spend(hashing, path, s.id)) {
            return false;
        }
        std::sort(hashes.begin(), hashes.end());
        for (std::size_t a = 0; a < hashes.size(); ++a) {
            for (std::size_t b = a + 1; b < hashes.size() && hashes[b].first == hashes[a].first;
                 ++b) {
                std::size_t cost = 0;
                const bool same = equal(array[hashes[a].second], array[hashes[b].second], cost);
                if (!spend(cost, path, s.id)) {
                    return false;
                }
                if (same) {
                    return fail(path, s.id, [&] {
                        return "the elements " + std::to_string(hashes[a].second) + " and " +
                               std::to_string(hashes[b].second) + " are equal";
                    });
                }
            }
        }
        return true;
    }

    bool assert_dependent(const step& s, const json& value, const json_path* path) {
        const json_object* object = value.if_object();
        return object == nullptr ||
               std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
                   return !object->contains(entry.key()) ||
                          assert_members(s.id, entry.value(), value, path, entry.key());
               });
    }
};

} // namespace mcp::schema::validation

namespace mcp::schema::validation {

/// Applies a document to one value: the keywords that lead from schema to schema.
class checker : public assertions {
public:
    checker(const document& doc, std::string_view root, std::size_t depth, std::size_t work)
        : assertions{root, depth, work}
        , doc_{doc} {
        scope_.push_back(&doc.resources.front());
    }

    bool run(const json& value) {
        return check(doc_.text, value, nullptr, nullptr, keyword::definitions);
    }

private:
    /// What a step works on. `seen` are the marks of the schema that the step belongs to.
    struct subject {
        const json_object& schema;
        const json& value;
        const json_path* path;
        marks& seen;
    };

    /// `why` is the keyword that led here; `outer` takes over the marks if the value is good.
    bool check(const json& schema, const json& value, const json_path* path, marks* outer,
               keyword why) {
        if (const bool* open = schema.if_bool()) {
            return *open || fail(path, why, "no value is allowed here");
        }
        const std::size_t size = doc_.has_unevaluated ? size_of(value) : 0;
        if (!spend(1 + size / 64, path, why)) {
            return false;
        }
        if (depth_left_ == 0) {
            return give_up(path, why, "schema and value are nested too deeply");
        }
        const node& known = doc_.nodes.at(&schema);
        const bool enters = known.home != scope_.back();
        if (enters) {
            scope_.push_back(known.home);
        }
        --depth_left_;
        marks seen(size);
        const subject on{schema.get_object(), value, path, seen};
        const bool good =
            std::ranges::all_of(known.steps, [&](const step& s) { return apply(s, on); });
        ++depth_left_;
        if (enters) {
            scope_.pop_back();
        }
        if (good && outer != nullptr) {
            std::transform(seen.begin(), seen.end(), outer->begin(), outer->begin(),
                           [](bool a, bool b) { return a || b; });
        }
        return good;
    }

    bool apply(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::ref:
            return in_place(*s.target, on, s.id);
        case keyword::dynamic_ref:
            return in_place(dynamic_target(s), on, s.id);
        case keyword::all_of:
            return apply_all(s, on);
        case keyword::any_of:
            return apply_any(s, on);
        case keyword::one_of:
            return apply_one(s, on);
        case keyword::not_:
            return apply_not(s, on);
        case keyword::if_:
            return apply_if(s, on);
        case keyword::dependent_schemas:
        case keyword::dependencies:
            return apply_dependent(s, on);
        default:
            break;
        }
        if (on.value.is_object()) {
            return apply_to_object(s, on);
        }
        return on.value.is_array() ? apply_to_array(s, on) : assert_value(s, on.value, on.path);
    }

    bool in_place(const json& schema, const subject& on, keyword why) {
        return check(schema, on.value, on.path, &on.seen, why);
    }

    /// The outermost schema on the way here that has the anchor
    /// [JSON Schema 2020-12 core §8.2.3.2].
    const json& dynamic_target(const step& s) const {
        if (s.dynamic_name.data() != nullptr) {
            for (const resource* each : scope_) {
                const auto found = each->dynamic_anchors.find(s.dynamic_name);
                if (found != each->dynamic_anchors.end()) {
                    return *found->second;
                }
            }
        }
        return *s.target;
    }

    bool apply_all(const step& s, const subject& on) {
        return std::ranges::all_of(s.value->get_array(),
                                   [&](const json& each) { return in_place(each, on, s.id); });
    }

    bool apply_any(const step& s, const subject& on) {
        std::string reasons;
        bool good = false;
        for (const json& each : s.value->get_array()) {
            if (alternative(each, on, s.id)) {
                good = true;
                // The others may have seen more, if anybody asks.
                if (!doc_.has_unevaluated) {
                    break;
                }
            } else {
                add_reason(reasons);
            }
        }
        return !given_up_ && (good || fail_alternatives(s, on, reasons));
    }

    bool apply_one(const step& s, const subject& on) {
        std::string reasons;
        std::size_t good = 0;
        for (const json& each : s.value->get_array()) {
            if (alternative(each, on, s.id)) {
                ++good;
            } else {
                add_reason(reasons);
            }
        }
        if (given_up_ || good == 1) {
            return !given_up_;
        }
        return good == 0 ? fail_alternatives(s, on, reasons) : fail(on.path, s.id, [&] {
            return "matches " + std::to_string(good) + " alternatives, but must match one";
        });
    }

    void add_reason(std::string& reasons) {
        constexpr std::size_t most = 400;
        if (!given_up_ && !silent_ && reasons.size() < most) {
            reasons.append(reasons.empty() ? ": " : "; ").append(take_mistake().message);
        }
    }

    bool fail_alternatives(const step& s, const subject& on, const std::string& reasons) {
        return fail(on.path, s.id, [&] {
            return "none of " + std::to_string(s.value->get_array().size()) +
                   " alternatives matches" + reasons;
        });
    }

    /// Calls `f` without words for its mistakes.
    template <class F>
    bool silently(F f) {
        const bool before = std::exchange(silent_, true);
        const bool good = f();
        silent_ = before;
        return good;
    }

    /// The same within an alternative of an alternative, whose reasons would only multiply.
    bool alternative(const json& each, const subject& on, keyword why) {
        const bool before = std::exchange(silent_, silent_ || alternatives_ > 0);
        ++alternatives_;
        const bool good = in_place(each, on, why);
        --alternatives_;
        silent_ = before;
        return good;
    }

    bool apply_not(const step& s, const subject& on) {
        const bool good =
            silently([&] { return check(*s.value, on.value, on.path, nullptr, s.id); });
        return !given_up_ && (!good || fail(on.path, s.id, "matches what it must not match"));
    }

    bool apply_if(const step& s, const subject& on) {
        const bool condition = silently([&] { return in_place(*s.value, on, s.id); });
        const json* next = on.schema.if_contains(condition ? "then" : "else");
        return !given_up_ && (next == nullptr ||
                              in_place(*next, on, condition ? keyword::then_ : keyword::else_));
    }

    bool apply_dependent(const step& s, const subject& on) {
        const json_object* object = on.value.if_object();
        return object == nullptr ||
               std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
                   if (!object->contains(entry.key())) {
                       return true;
                   }
                   // `dependencies` of draft 7 is both.
                   return entry.value().is_array()
                              ? assert_members(s.id, entry.value(), on.value, on.path, entry.key())
                              : in_place(entry.value(), on, s.id);
               });
    }

    // Objects

    bool apply_to_object(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::properties:
            return apply_properties(s, on);
        case keyword::pattern_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return apply_patterns(s, on, member, at);
            });
        case keyword::additional_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return is_named(on, member.key()) || given_up_ ||
                       check_member(*s.value, on, member, at, s.id);
            });
        case keyword::unevaluated_properties:
            return each_member(on, [&](const auto& member, std::size_t at) {
                return on.seen[at] || check_member(*s.value, on, member, at, s.id);
            });
        case keyword::property_names:
            return each_member(on, [&](const auto& member, std::size_t) {
                const json name(member.key());
                return check(*s.value, name, on.path, nullptr, s.id);
            });
        default:
            return assert_value(s, on.value, on.path);
        }
    }

    bool each_member(const subject& on, auto f) {
        std::size_t at = 0;
        for (const auto& member : on.value.get_object()) {
            if (!f(member, at++) || given_up_) {
                return false;
            }
        }
        return true;
    }

    bool check_member(const json& schema, const subject& on, const auto& member, std::size_t at,
                      keyword why) {
        const json_path here{on.path, member.key(), 0};
        if (const bool* open = schema.if_bool(); open != nullptr && !*open) {
            return fail(on.path, why,
                        [&] { return "unknown member " + quoted_excerpt(member.key()); });
        }
        mark(on, at);
        return check(schema, member.value(), &here, nullptr, why);
    }

    bool apply_properties(const step& s, const subject& on) {
        const json_object& object = on.value.get_object();
        return spend(s.value->get_object().size() / 4, on.path, s.id) &&
               std::ranges::all_of(s.value->get_object(), [&](const auto& property) {
                   const auto member = object.find(property.key());
                   return member == object.end() ||
                          check_member(property.value(), on, *member,
                                       static_cast<std::size_t>(member - object.begin()), s.id);
               });
    }

    bool apply_patterns(const step& s, const subject& on, const auto& member, std::size_t at) {
        return std::ranges::all_of(s.value->get_object(), [&](const auto& entry) {
            const compiled_pattern& expression = doc_.patterns.find(entry.key())->second;
            return !matches(expression, member.key(), on.path, s.id) ||
                   check_member(entry.value(), on, member, at, s.id);
        });
    }

    /// Whether `properties` or `patternProperties` beside it speak of the member.
    bool is_named(const subject& on, std::string_view key) {
        const json* properties = on.schema.if_contains("properties");
        if (properties != nullptr && properties->get_object().contains(key)) {
            return true;
        }
        const json* patterns = on.schema.if_contains("patternProperties");
        return patterns != nullptr &&
               std::ranges::any_of(patterns->get_object(), [&](const auto& entry) {
                   return matches(doc_.patterns.find(entry.key())->second, key, on.path,
                                  keyword::pattern_properties);
               });
    }

    // Arrays

    bool apply_to_array(const step& s, const subject& on) {
        switch (s.id) {
        case keyword::prefix_items:
            return apply_prefix(s, on);
        case keyword::items:
            return s.value->is_array() ? apply_prefix(s, on)
                                       : apply_rest(s, on, prefix_size(on, "prefixItems"));
        case keyword::additional_items: {
            const json* items = on.schema.if_contains("items");
            return items == nullptr || !items->is_array() ||
                   apply_rest(s, on, prefix_size(on, "items"));
        }
        case keyword::contains:
            return apply_contains(s, on);
        case keyword::unevaluated_items:
            for (std::size_t at = 0; at < on.seen.size(); ++at) {
                if (!on.seen[at] && !check_element(*s.value, on, at, s.id)) {
                    return false;
                }
            }
            return true;
        default:
            return assert_value(s, on.value, on.path);
        }
    }

    static std::size_t prefix_size(const subject& on, std::string_view name) {
        const json* prefix = on.schema.if_contains(name);
        return prefix == nullptr ? 0 : prefix->get_array().size();
    }

    bool check_element(const json& schema, const subject& on, std::size_t at, keyword why) {
        mark(on, at);
        const json_path here{on.path, {}, at};
        return check(schema, on.value.get_array()[at], &here, nullptr, why);
    }

    bool apply_prefix(const step& s, const subject& on) {
        const json_array& schemas = s.value->get_array();
        std::size_t at = 0;
        return std::ranges::all_of(schemas, [&](const json& each) {
            return at == on.value.get_array().size() || check_element(each, on, at++, s.id);
        });
    }

    bool apply_rest(const step& s, const subject& on, std::size_t from) {
        for (std::size_t at = from; at < on.value.get_array().size(); ++at) {
            if (!check_element(*s.value, on, at, s.id)) {
                return false;
            }
        }
        return true;
    }

    bool apply_contains(const step& s, const subject& on) {
        const json_array& array = on.value.get_array();
        std::size_t count = 0;
        for (std::size_t at = 0; at < array.size(); ++at) {
            const json_path here{on.path, {}, at};
            if (silently([&] { return check(*s.value, array[at], &here, nullptr, s.id); })) {
                ++count;
                mark(on, at);
            }
        }
        if (given_up_) {
            return false;
        }
        const auto limit = [&](std::string_view name) { return on.schema.if_contains(name); };
        const auto found = static_cast<long double>(count);
        const json* least = limit("minContains");
        const json* most = limit("maxContains");
        const std::string unit = " elements of a kind, got " + std::to_string(count);
        if (found < (least == nullptr ? 1 : wide(*least))) {
            return fail(on.path, least == nullptr ? s.id : keyword::min_contains, [&] {
                return "expected at least " + (least == nullptr ? "1" : excerpt(*least)) + unit;
            });
        }
        return most == nullptr || found <= wide(*most) || fail(on.path, keyword::max_contains, [&] {
                   return "expected at most " + excerpt(*most) + unit;
               });
    }

    void mark(const subject& on, std::size_t at) const {
        if (doc_.has_unevaluated) {
            on.seen[at] = true;
        }
    }

    const document& doc_;
    std::vector<const resource*> scope_;
    std::size_t alternatives_ = 0;
};

} // namespace mcp::schema::validation

// ---- mcp/schema/impl/validate_compile.hpp

// ---- mcp/schema/impl/validate_uri.hpp

namespace mcp::schema::validation {

/// A URI without its fragment, and the fragment without percent-encoding.
struct split_uri {
    std::string_view absolute;
    std::string fragment;
};

inline split_uri split_fragment(std::string_view uri) {
    const std::size_t hash = uri.find('#');
    split_uri parts{uri.substr(0, hash), {}};
    if (hash != std::string_view::npos) {
        const std::string_view encoded = uri.substr(hash + 1);
        for (std::size_t at = 0; at < encoded.size(); ++at) {
            if (encoded[at] == '%' && at + 2 < encoded.size() && hex_value(encoded[at + 1]) >= 0 &&
                hex_value(encoded[at + 2]) >= 0) {
                parts.fragment.push_back(static_cast<char>(hex_value(encoded[at + 1]) * 16 +
                                                           hex_value(encoded[at + 2])));
                at += 2;
            } else {
                parts.fragment.push_back(encoded[at]);
            }
        }
    }
    return parts;
}

/// Where the path of a URI starts: behind "scheme:" and "//authority"; 0 for a relative reference.
inline std::size_t path_start(std::string_view uri) {
    const std::size_t colon = uri.find_first_of(":/?#");
    const std::size_t scheme = colon != std::string_view::npos && uri[colon] == ':' ? colon + 1 : 0;
    if (uri.substr(scheme).starts_with("//")) {
        const std::size_t slash = uri.find('/', scheme + 2);
        return slash == std::string_view::npos ? uri.size() : slash;
    }
    return scheme;
}

/// `reference` seen from `base`, both without fragment [RFC 3986 §5.2]; queries are not merged.
inline std::string resolve_uri(std::string_view base, std::string_view reference) {
    if (reference.empty()) {
        return std::string{base};
    }
    const std::size_t own_path = path_start(reference);
    if (own_path != 0 && !reference.starts_with("//")) {
        return std::string{reference};
    }
    const std::size_t base_path = path_start(base);
    if (reference.starts_with("//")) {
        return std::string{base.substr(0, base.find("//"))}.append(reference);
    }
    std::string path{reference};
    if (!reference.starts_with('/')) {
        const std::size_t slash = base.rfind('/');
        if (slash != std::string_view::npos && slash >= base_path) {
            path.insert(0, base.substr(base_path, slash + 1 - base_path));
        } else if (base_path == base.size() && base_path != 0) {
            path.insert(0, "/");
        }
    }
    for (std::size_t at = path.find("/./"); at != std::string::npos; at = path.find("/./")) {
        path.erase(at, 2);
    }
    for (std::size_t at = path.find("/../"); at != std::string::npos; at = path.find("/../")) {
        const std::size_t parent = at == 0 ? std::string::npos : path.rfind('/', at - 1);
        const std::size_t from = parent == std::string::npos ? 0 : parent;
        path.erase(from, at + 3 - from);
    }
    return std::string{base.substr(0, base_path)}.append(path);
}

} // namespace mcp::schema::validation

namespace mcp::schema::validation {

/// Turns a schema into a `document`: checks the keywords, finds what `$ref` means, compiles the
/// expressions. Nothing is fetched: a reference that leaves the schema is a mistake.
class compiler {
public:
    compiler(document& out, std::size_t max_depth) : out_{out}, depth_left_{max_depth} {}

    /// False if `message()` says what is wrong.
    bool compile() {
        if (const json_object* root = out_.text.if_object(); root != nullptr && !dialect(*root)) {
            return false;
        }
        out_.resources.push_back({&out_.text, {}, {}, {}});
        resource* home = &out_.resources.back();
        if (!walk(out_.text, home, nullptr)) {
            return false;
        }
        // A reference may lead to a place that no keyword leads to, with references of its own.
        while (!unresolved_.empty()) {
            const reference next = std::move(unresolved_.back());
            unresolved_.pop_back();
            if (!resolve(next)) {
                return false;
            }
        }
        return true;
    }

    std::string& message() { return message_; }

private:
    struct reference {
        const json* schema;
        std::size_t index;
        resource* home;
        std::string where;
    };

    bool fail(const json_path* path, std::string_view what) {
        return fail_at(render_path("schema", path), what);
    }
    bool fail_at(std::string where, std::string_view what) {
        message_ = std::move(where);
        message_.append(": ").append(what);
        return false;
    }

    /// Draft 7 differs in few keywords and is what many tools still send.
    bool dialect(const json_object& root) {
        const json* named = root.if_contains("$schema");
        if (named == nullptr) {
            return true;
        }
        std::string_view uri = named->is_string() ? std::string_view{named->get_string()} : "";
        uri.remove_suffix(uri.ends_with('#') ? 1 : 0);
        old_ = uri == "http://json-schema.org/draft-07/schema" ||
               uri == "https://json-schema.org/draft-07/schema";
        return old_ || uri == "https://json-schema.org/draft/2020-12/schema" ||
               fail_at("schema", "unknown dialect " + quoted_excerpt(uri) +
                                     ", only 2020-12 and draft-07 are known");
    }

    static const json_string* text_member(const json_object& object, std::string_view key) {
        const json* member = object.if_contains(key);
        return member == nullptr ? nullptr : member->if_string();
    }

    /// `home` is the resource around `schema`.
    bool walk(const json& schema, resource* home, const json_path* path) {
        if (schema.is_bool() || out_.nodes.contains(&schema)) {
            return true;
        }
        const json_object* object = schema.if_object();
        if (object == nullptr) {
            return fail(path, "a schema is an object or a boolean");
        }
        if (depth_left_ == 0) {
            return fail(path, "the schema is nested too deeply");
        }
        --depth_left_;
        const json* ref = object->if_contains("$ref");
        const bool only_ref = old_ && ref != nullptr;
        if (!only_ref) {
            home = identify(schema, *object, home);
        }
        node& made = out_.nodes[&schema];
        made.home = home;
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if (const keyword_entry* known = find_keyword(entry.key());
                known != nullptr &&
                (!only_ref || known->id == keyword::ref || known->id == keyword::definitions)) {
                if (!take(*known, entry.value(), home, made, &here)) {
                    return false;
                }
            }
        }
        std::sort(made.steps.begin(), made.steps.end(),
                  [](const step& a, const step& b) { return a.id < b.id; });
        for (std::size_t at = 0; at < made.steps.size(); ++at) {
            if (const keyword id = made.steps[at].id;
                id == keyword::ref || id == keyword::dynamic_ref) {
                unresolved_.push_back({&schema, at, home, render_path("schema", path)});
            }
        }
        ++depth_left_;
        return true;
    }

    /// Notes the names that `schema` gives itself; the resource that it belongs to.
    resource* identify(const json& schema, const json_object& object, resource* home) {
        if (const json_string* id = text_member(object, "$id")) {
            const split_uri uri = split_fragment(*id);
            if (!uri.absolute.empty() || !old_) {
                const std::string full = resolve_uri(home->uri, uri.absolute);
                if (home->root != &schema) {
                    out_.resources.push_back({&schema, full, {}, {}});
                    home = &out_.resources.back();
                } else {
                    home->uri = full;
                }
            }
            if (old_ && !uri.fragment.empty()) {
                home->anchors.emplace(uri.fragment, &schema);
            }
        }
        if (const json_string* name = text_member(object, "$anchor")) {
            home->anchors.emplace(std::string{*name}, &schema);
        }
        if (const json_string* name = text_member(object, "$dynamicAnchor")) {
            home->anchors.emplace(std::string{*name}, &schema);
            home->dynamic_anchors.emplace(std::string{*name}, &schema);
        }
        return home;
    }

    bool take(const keyword_entry& entry, const json& value, resource* home, node& into,
              const json_path* path) {
        step made{entry.id, &value};
        if (!check_shape(entry.form, value, home, made, path)) {
            return false;
        }
        out_.has_unevaluated = out_.has_unevaluated || entry.id == keyword::unevaluated_items ||
                               entry.id == keyword::unevaluated_properties;
        if (entry.id < keyword::then_) {
            into.steps.push_back(made);
        }
        return true;
    }

    bool check_shape(shape form, const json& value, resource* home, step& made,
                     const json_path* path) {
        switch (form) {
        case shape::schema:
            return walk(value, home, path);
        case shape::schemas:
            return walk_array(value, home, path);
        case shape::schema_or_array:
            return old_ && value.is_array()
                       ? value.get_array().empty() || walk_array(value, home, path)
                       : walk(value, home, path);
        case shape::schema_map:
            return walk_map(made.id, value, home, path);
        case shape::count:
            return (value.is_number() && is_integer(value) && wide(value) >= 0) ||
                   fail(path, "expected an integer that is not negative");
        case shape::number:
            return value.is_number() || fail(path, "expected a number");
        case shape::positive:
            return (value.is_number() && wide(value) > 0) ||
                   fail(path, "expected a number above 0");
        case shape::boolean:
            return value.is_bool() || fail(path, "expected a boolean");
        case shape::text:
            return value.is_string() || fail(path, "expected a string");
        case shape::expression:
            if (!value.is_string()) {
                return fail(path, "expected a string");
            }
            made.expression = expression(value.get_string(), path);
            return made.expression != nullptr;
        case shape::names:
            return is_names(value) || fail(path, "expected an array of strings");
        case shape::names_map:
            return walk_dependencies(value, home, path, false);
        case shape::dependency_map:
            return walk_dependencies(value, home, path, true);
        case shape::type_names:
            return check_types(value, path);
        case shape::array:
            return value.is_array() || fail(path, "expected an array");
        case shape::anything:
            return true;
        }
        return true;
    }

    bool walk_array(const json& value, resource* home, const json_path* path) {
        const json_array* array = value.if_array();
        if (array == nullptr || array->empty()) {
            return fail(path, "expected an array of schemas");
        }
        json_path here{path, {}, 0};
        for (const json& each : *array) {
            if (!walk(each, home, &here)) {
                return false;
            }
            ++here.index;
        }
        return true;
    }

    bool walk_map(keyword id, const json& value, resource* home, const json_path* path) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail(path, "expected an object of schemas");
        }
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if ((id == keyword::pattern_properties && expression(entry.key(), &here) == nullptr) ||
                !walk(entry.value(), home, &here)) {
                return false;
            }
        }
        return true;
    }

    bool walk_dependencies(const json& value, resource* home, const json_path* path,
                           bool or_schemas) {
        const json_object* object = value.if_object();
        if (object == nullptr) {
            return fail(path, "expected an object");
        }
        for (const auto& entry : *object) {
            const json_path here{path, entry.key(), 0};
            if (is_names(entry.value())) {
                continue;
            }
            if (!or_schemas) {
                return fail(&here, "expected an array of strings");
            }
            if (!walk(entry.value(), home, &here)) {
                return false;
            }
        }
        return true;
    }

    static bool is_names(const json& value) {
        return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                               [](const json& each) { return each.is_string(); });
    }

    bool check_types(const json& value, const json_path* path) {
        const auto known = [](const json& each) {
            return each.is_string() &&
                   std::find(type_names.begin(), type_names.end(),
                             std::string_view{each.get_string()}) != type_names.end();
        };
        const json_array* array = value.if_array();
        return (array == nullptr
                    ? known(value)
                    : !array->empty() && std::all_of(array->begin(), array->end(), known)) ||
               fail(path, "expected the name of a type, or an array of them");
    }

    const compiled_pattern* expression(std::string_view text, const json_path* path) {
        if (const auto found = out_.patterns.find(text); found != out_.patterns.end()) {
            return &found->second;
        }
        auto compiled = compiled_pattern::compile(text);
        if (!compiled) {
            fail(path, "the regular expression is malformed, too large or not supported");
            return nullptr;
        }
        return &out_.patterns.emplace(std::string{text}, std::move(*compiled)).first->second;
    }

    bool resolve(const reference& from) {
        step& made = out_.nodes[from.schema].steps[from.index];
        const json_string& text = made.value->get_string();
        const split_uri uri = split_fragment(text);
        const std::string full = resolve_uri(from.home->uri, uri.absolute);
        const auto found =
            uri.absolute.empty()
                ? std::find_if(out_.resources.begin(), out_.resources.end(),
                               [&](const resource& each) { return &each == from.home; })
                : std::find_if(out_.resources.begin(), out_.resources.end(),
                               [&](const resource& each) { return each.uri == full; });
        const json* target = nullptr;
        resource* home = nullptr;
        if (found != out_.resources.end()) {
            home = &*found;
            target = locate(home, uri.fragment);
        }
        if (target == nullptr) {
            return fail_at(from.where, "the reference " + quoted_excerpt(text) +
                                           " leads nowhere inside of the schema");
        }
        made.target = target;
        if (made.id == keyword::dynamic_ref) {
            const auto anchor = home->dynamic_anchors.find(uri.fragment);
            if (anchor != home->dynamic_anchors.end() && anchor->second == target) {
                made.dynamic_name = anchor->first;
            }
        }
        const std::string where = "schema" + std::string{text};
        const json_path path{nullptr, where, 0};
        return walk(*target, home, &path);
    }

    /// What a fragment names in a resource: nothing, an anchor, or a JSON pointer [RFC 6901]. On
    /// the way of a pointer `home` follows the resources that are entered.
    const json* locate(resource*& home, std::string_view fragment) {
        if (!fragment.empty() && fragment.front() != '/') {
            const auto anchor = home->anchors.find(fragment);
            return anchor == home->anchors.end() ? nullptr : anchor->second;
        }
        const json* at = home->root;
        while (!fragment.empty() && at != nullptr) {
            fragment.remove_prefix(1);
            const std::size_t slash = std::min(fragment.find('/'), fragment.size());
            std::string token{fragment.substr(0, slash)};
            fragment.remove_prefix(slash);
            replace_all(token, "~1", "/");
            replace_all(token, "~0", "~");
            if (const json_object* object = at->if_object()) {
                at = object->if_contains(token);
            } else if (const json_array* array = at->if_array()) {
                std::size_t index = 0;
                const auto [end, error] =
                    std::from_chars(token.data(), token.data() + token.size(), index);
                const bool good = error == std::errc{} && end == token.data() + token.size();
                at = good ? array->if_contains(index) : nullptr;
            } else {
                at = nullptr;
            }
            for (resource& each : out_.resources) {
                home = each.root == at ? &each : home;
            }
        }
        return at;
    }

    static void replace_all(std::string& text, std::string_view from, std::string_view to) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }

    document& out_;
    std::size_t depth_left_;
    bool old_ = false;
    std::vector<reference> unresolved_;
    std::string message_;
};

} // namespace mcp::schema::validation

namespace mcp::schema {

/// What validation may cost. Schemas and values may both come from strangers.
struct validation_limits {
    /// How deep schemas may nest in each other while they are applied, references included.
    std::size_t depth = 256;

    /// How many steps one validation may take: about one per schema and value that meet, one per 8
    /// bytes that a regular expression looks at.
    std::size_t work = 1'000'000;
};

/// Why a value does not conform to a schema. Safe to show to the peer who sent the value.
struct validation_error {
    validation_error() = default;
    validation_error(std::string path_, std::string keyword_, std::string message_)
        : path{std::move(path_)}
        , keyword{std::move(keyword_)}
        , message{std::move(message_)} {}

    /// Where in the value: "arguments.filter.tags[2]"; empty for the value itself.
    std::string path;

    /// The keyword that the value does not meet, such as "minLength".
    std::string keyword;

    /// One sentence: "expected string, got number".
    std::string message;

    /// "arguments.filter.tags[2]: expected string, got number"
    std::string what() const { return path.empty() ? message : path + ": " + message; }
};

/// What `result::value()` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const validation_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

/// A JSON Schema that values are checked against, for schemas that are known only at run time
/// (those of C++ types are checked by `decode`).
///
/// Takes dialect 2020-12, which MCP assumes without `$schema`, with all its keywords that assert:
/// `$ref`, `$dynamicRef` and `unevaluated...` too; and draft 7, which many tools still send.
/// `format` and `content...` are annotations and not checked. References stay inside the schema:
/// nothing is ever fetched. Regular expressions are those of `std::regex`, ECMAScript without
/// look-behind and `\p{...}`, on code points; texts beyond 4096 bytes are refused by them.
///
/// Copies share the schema; one object may be used by any number of threads at once.
///
///     const auto compiled = mcp::schema::validator::compile(schema);
///     if (!compiled) return compiled.error();           // "schema.properties.a.type: expected
///     ..." const auto good = compiled->validate(value, "arguments");
class validator {
public:
    /// Reads a schema, which is copied. The error says what is wrong with it, and where.
    static result<validator, std::string> compile(const json& schema,
                                                  const validation_limits& limits = {}) {
        auto made = std::make_shared<validation::document>();
        made->text = schema;
        validation::compiler compiler{*made, limits.depth};
        if (!compiler.compile()) {
            return {boost::system::in_place_error, std::move(compiler.message())};
        }
        return validator{std::move(made), limits};
    }

    /// Whether `value` conforms; paths in the error start with `root`.
    result<void, validation_error> validate(const json& value, std::string_view root = {}) const {
        validation::checker checker{*document_, root, limits_.depth, limits_.work};
        if (!checker.run(value)) {
            validation::mistake found = checker.take_mistake();
            return validation_error{std::move(found.path), std::string{found.keyword},
                                    std::move(found.message)};
        }
        return {};
    }

private:
    validator(std::shared_ptr<const validation::document> document, const validation_limits& limits)
        : document_{std::move(document)}
        , limits_{limits} {}

    std::shared_ptr<const validation::document> document_;
    validation_limits limits_;
};

} // namespace mcp::schema

// ---- mcp/protocol/annotations.hpp

// ---- mcp/protocol/member_reader.hpp

namespace mcp {

/// Reads the members of a protocol object one by one and remembers the first mistake, so that a
/// decoder is a list of members. Members that nobody asks for are ignored: later revisions add
/// some. A member that may be absent may also be null.
///
///     member_reader r{value, path};
///     root read;
///     r.need("uri", read.uri);
///     r.take("name", read.name);
///     return r.finish(std::move(read));
class member_reader {
public:
    /// `path` is what the error says before the member's name. Both are referred to.
    explicit member_reader(const json& value, std::string_view path = {})
        : object_{value.if_object()}
        , path_{path} {
        if (!object_) {
            error_.emplace(decode_error{std::string{path}, expected("object", value)});
        }
    }

    /// The same for what is known to be an object; nullptr reads like one without members.
    explicit member_reader(const json_object* object, std::string_view path = {})
        : object_{object}
        , path_{path} {}

    /// A member that must be there.
    template <class T>
    void need(std::string_view key, T& into) {
        if (const json* value = find(key)) {
            read_value(key, *value, into);
        } else {
            fail(key, "is missing");
        }
    }

    /// A member that may be missing: then `into` stays as it is.
    template <class T>
    void take(std::string_view key, T& into) {
        if (const json* value = find(key); value && !value->is_null()) {
            read_value(key, *value, into);
        }
    }

    /// As above, read by `read(value, path)`, which returns a `result<T, decode_error>`. The path
    /// that it gets is empty; its error is put behind the member's name.
    template <class T, class Read>
    void need(std::string_view key, T& into, Read read) {
        if (const json* value = find(key)) {
            adopt(read(*value, std::string_view{}), into, {nullptr, key});
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take(std::string_view key, T& into, Read read) {
        if (const json* value = find(key); value && !value->is_null()) {
            adopt(read(*value, std::string_view{}), into, {nullptr, key});
        }
    }

    /// An array whose elements `read(value, path)` reads.
    template <class T, class Read>
    void need_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json* value = find(key)) {
            read_list(key, *value, into, read);
        } else {
            fail(key, "is missing");
        }
    }
    template <class T, class Read>
    void take_list(std::string_view key, std::vector<T>& into, Read read) {
        if (const json* value = find(key); value && !value->is_null()) {
            read_list(key, *value, into, read);
        }
    }

    /// The member as it is, or nullptr; nullptr as well after a mistake.
    const json* find(std::string_view key) const {
        return object_ && !error_ ? object_->if_contains(key) : nullptr;
    }

    /// Notes a mistake in a member, unless there was one before.
    void fail(std::string_view key, std::string message) {
        if (!error_) {
            const json_path step{nullptr, key};
            error_.emplace(decode_error{render_path(path_, &step), std::move(message)});
        }
    }

    bool failed() const noexcept { return error_.has_value(); }

    /// What was read, or the first mistake.
    template <class T>
    result<T, decode_error> finish(T read) {
        if (error_) {
            return std::move(*error_);
        }
        return {boost::system::in_place_value, std::move(read)}; // a T of text has no other way in
    }

    /// "expected string, got array"
    static std::string expected(std::string_view what, const json& got) {
        std::string text{"expected "};
        return text.append(what).append(", got ").append(kind_name(got));
    }

private:
    static std::string_view kind_name(const json& value) {
        switch (value.kind()) {
        case json_kind::null:
            return "null";
        case json_kind::bool_:
            return "boolean";
        case json_kind::string:
            return "string";
        case json_kind::array:
            return "array";
        case json_kind::object:
            return "object";
        default:
            return "number";
        }
    }

    template <class T>
    void adopt(result<T, decode_error> read, auto& into, const json_path& step) {
        if (read) {
            into = *std::move(read);
        } else if (!error_) {
            const decode_error& inner = read.error();
            error_.emplace(
                decode_error{join_paths(render_path(path_, &step), inner.path), inner.message});
        }
    }

    template <class T, class Read>
    void read_list(std::string_view key, const json& value, std::vector<T>& into, Read read) {
        const json_array* array = value.if_array();
        if (!array) {
            return fail(key, expected("array", value));
        }
        into.clear();
        into.reserve(array->size());
        const json_path list{nullptr, key};
        for (std::size_t i = 0; i < array->size() && !error_; ++i) {
            adopt(read((*array)[i], std::string_view{}), into.emplace_back(), {&list, {}, i});
        }
    }

    template <class T>
    void read_value(std::string_view key, const json& value, std::optional<T>& into) {
        T read{};
        read_value(key, value, read);
        into.emplace(std::move(read));
    }
    void read_value(std::string_view key, const json& value, std::string& into) {
        if (const auto* text = value.if_string()) {
            into.assign(text->data(), text->size());
        } else {
            fail(key, expected("string", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::string_view& into) {
        if (const auto* text = value.if_string()) {
            into = {text->data(), text->size()};
        } else {
            fail(key, expected("string", value));
        }
    }
    void read_value(std::string_view key, const json& value, bool& into) {
        if (const bool* truth = value.if_bool()) {
            into = *truth;
        } else {
            fail(key, expected("boolean", value));
        }
    }
    void read_value(std::string_view key, const json& value, double& into) {
        if (value.is_number()) {
            into = value.to_number<double>();
        } else {
            fail(key, expected("number", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::int64_t& into) {
        boost::system::error_code failed;
        const auto number =
            value.is_number() ? value.to_number<std::int64_t>(failed) : std::int64_t{0};
        if (value.is_number() && !failed) {
            into = number;
        } else {
            fail(key, expected("integer", value));
        }
    }
    void read_value(std::string_view key, const json& value, json_object& into) {
        if (const auto* object = value.if_object()) {
            into = *object;
        } else {
            fail(key, expected("object", value));
        }
    }
    void read_value(std::string_view key, const json& value, const json_object*& into) {
        into = value.if_object();
        if (!into) {
            fail(key, expected("object", value));
        }
    }
    void read_value(std::string_view key, const json& value, std::vector<std::string>& into) {
        const json_array* array = value.if_array();
        if (!array) {
            return fail(key, expected("array", value));
        }
        into.clear();
        into.reserve(array->size());
        const json_path list{nullptr, key};
        for (std::size_t i = 0; i < array->size() && !error_; ++i) {
            const json& element = (*array)[i];
            if (const auto* text = element.if_string()) {
                into.emplace_back(text->data(), text->size());
            } else {
                const json_path step{&list, {}, i};
                error_.emplace(
                    decode_error{render_path(path_, &step), expected("string", element)});
            }
        }
    }

    const json_object* object_ = nullptr;
    std::string_view path_;
    std::optional<decode_error> error_;
};

} // namespace mcp

// ---- mcp/protocol/member_writer.hpp

namespace mcp {

/// Writes a member unless the text is empty: how the protocol's structs say "not given".
inline void write_present(json_writer& w, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        w.member(key, text);
    }
}

/// Writes a member that is JSON text already, unless it is empty.
inline void write_present_raw(json_writer& w, std::string_view key, std::string_view json_text) {
    if (!json_text.empty()) {
        w.member_raw(key, json_text);
    }
}

/// Writes a member unless it has no value.
template <class T>
void write_present(json_writer& w, std::string_view key, const std::optional<T>& value) {
    if (value) {
        w.member(key, *value);
    }
}

/// Writes an object, such as `_meta`, unless it has no members.
inline void write_present_object(json_writer& w, std::string_view key, const json_object& object) {
    if (!object.empty()) {
        w.member(key, object);
    }
}

/// Writes an array; `write_element(element)` writes one element.
template <class T, class Write>
void write_list(json_writer& w, std::string_view key, const std::vector<T>& list,
                Write write_element) {
    w.key(key);
    w.begin_array();
    for (const T& element : list) {
        write_element(element);
    }
    w.end_array();
}

/// Writes an array of strings or numbers unless it is empty.
template <class T>
void write_present_list(json_writer& w, std::string_view key, const std::vector<T>& list) {
    if (!list.empty()) {
        write_list(w, key, list, [&w](const T& element) { w.value(element); });
    }
}

} // namespace mcp

// ---- mcp/protocol/revision.hpp

namespace mcp {

/// A published revision of the Model Context Protocol, oldest first, so that `<` means "older".
enum class revision : std::uint8_t {
    v2024_11_05,
    v2025_03_26,
    v2025_06_18,
    v2025_11_25,
    v2026_07_28,
};

/// Every revision that this library speaks, oldest first.
inline constexpr std::array all_revisions{revision::v2024_11_05, revision::v2025_03_26,
                                          revision::v2025_06_18, revision::v2025_11_25,
                                          revision::v2026_07_28};

/// The newest revision.
inline constexpr revision latest = revision::v2026_07_28;

/// The newest revision with the `initialize` handshake: what a server offers to a client that
/// asks for a revision it does not know.
inline constexpr revision latest_legacy = revision::v2025_11_25;

/// What a server assumes of a legacy HTTP request without `MCP-Protocol-Version` header
/// [MCP 2025-11-25 basic/transports].
inline constexpr revision assumed_without_header = revision::v2025_03_26;

/// The revision as it stands on the wire, for example `2025-11-25`.
constexpr std::string_view to_string(revision r) noexcept {
    constexpr std::array<std::string_view, all_revisions.size()> names{
        "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"};
    return names[static_cast<std::size_t>(r)];
}

/// The revision that `text` names exactly, or nothing if this library does not know it.
constexpr std::optional<revision> parse_revision(std::string_view text) noexcept {
    for (revision r : all_revisions) {
        if (to_string(r) == text) {
            return r;
        }
    }
    return std::nullopt;
}

/// Stateless wire: every request carries its own metadata, there is no handshake and no session.
constexpr bool is_modern(revision r) noexcept {
    return r >= revision::v2026_07_28;
}

/// The wire with `initialize`, sessions and requests from server to client.
constexpr bool is_legacy(revision r) noexcept {
    return !is_modern(r);
}

/// A message may be an array of messages; only this one revision has it
/// [MCP 2025-03-26 basic/index].
constexpr bool has_batches(revision r) noexcept {
    return r == revision::v2025_03_26;
}

/// One endpoint for POST and GET; older peers use the two endpoints of HTTP+SSE.
constexpr bool has_streamable_http(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// Content blocks of type `audio`.
constexpr bool has_audio(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `annotations` of a tool.
constexpr bool has_tool_annotations(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// The server capability `completions`; older servers just answered the method.
constexpr bool has_completions_capability(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `message` in progress notifications.
constexpr bool has_progress_message(revision r) noexcept {
    return r >= revision::v2025_03_26;
}

/// `structuredContent` of a tool result and `outputSchema` of a tool.
constexpr bool has_structured_content(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `structuredContent` may be any JSON value, not only an object.
constexpr bool has_any_structured_content(revision r) noexcept {
    return is_modern(r);
}

/// Content blocks of type `resource_link`.
constexpr bool has_resource_links(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `title` beside `name` everywhere.
constexpr bool has_titles(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `_meta` on definitions, content blocks and resource contents (results always had it).
constexpr bool has_nested_meta(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `annotations.lastModified`.
constexpr bool has_last_modified(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `context.arguments` of a completion request.
constexpr bool has_completion_context(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `elicitation/create`.
constexpr bool has_elicitation(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// The `MCP-Protocol-Version` header on every HTTP request after the handshake.
constexpr bool has_version_header(revision r) noexcept {
    return r >= revision::v2025_06_18;
}

/// `icons` of implementations, tools, resources, templates and prompts.
constexpr bool has_icons(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `description` and `websiteUrl` of an implementation.
constexpr bool has_implementation_details(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// Elicitation modes: `form` and `url` [MCP 2025-11-25 client/elicitation].
constexpr bool has_url_elicitation(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `elicitationId`, `notifications/elicitation/complete` and error -32042: only in this revision.
constexpr bool has_elicitation_ids(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// `tools` and `toolChoice` of a sampling request, and content that is an array.
constexpr bool has_sampling_tools(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// The SSE priming event and `retry` [MCP 2025-11-25 basic/transports].
constexpr bool has_sse_priming(revision r) noexcept {
    return r == revision::v2025_11_25;
}

/// Input that fails validation is a tool result with `isError`, not a JSON-RPC error.
constexpr bool has_input_errors_as_results(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// An error whose request id could not be read leaves `id` out; older peers get `null`.
constexpr bool omits_unknown_id(revision r) noexcept {
    return r >= revision::v2025_11_25;
}

/// `extensions` among the capabilities.
constexpr bool has_extensions(revision r) noexcept {
    return is_modern(r);
}

/// `resultType` on every result [MCP 2026-07-28 basic/index].
constexpr bool has_result_type(revision r) noexcept {
    return is_modern(r);
}

/// `ttlMs` and `cacheScope` on lists, reads and `server/discover`.
constexpr bool has_caching(revision r) noexcept {
    return is_modern(r);
}

/// The server asks by ending the call with `input_required`, not by a request of its own.
constexpr bool has_input_required(revision r) noexcept {
    return is_modern(r);
}

/// `subscriptions/listen` instead of `resources/subscribe` and the GET stream.
constexpr bool has_listen(revision r) noexcept {
    return is_modern(r);
}

} // namespace mcp

namespace mcp {

/// Who says something, or whom it is for.
enum class role : std::uint8_t { user, assistant };

constexpr std::string_view to_string(role who) noexcept {
    return who == role::user ? "user" : "assistant";
}

/// Hints on how a client should use content or a resource [MCP 2026-07-28 server/resources].
struct annotations {
    annotations() = default;
    explicit annotations(std::vector<role> audience_, std::optional<double> priority_ = {},
                         std::string last_modified_ = {})
        : audience{std::move(audience_)}
        , priority{priority_}
        , last_modified{std::move(last_modified_)} {}

    std::vector<role> audience;
    /// From 0, optional, to 1, required.
    std::optional<double> priority;
    /// ISO 8601, for example `2025-01-12T15:00:58Z`; not sent to peers older than 2025-06-18.
    std::string last_modified;

    friend bool operator==(const annotations&, const annotations&) = default;
};

/// Writes the member `annotations`, unless there is nothing in them for this revision.
inline void write_annotations(json_writer& w, const annotations& value, revision r) {
    const bool dated = has_last_modified(r) && !value.last_modified.empty();
    if (value.audience.empty() && !value.priority && !dated) {
        return;
    }
    w.key("annotations");
    w.begin_object();
    if (!value.audience.empty()) {
        write_list(w, "audience", value.audience, [&w](role who) { w.value(to_string(who)); });
    }
    write_present(w, "priority", value.priority);
    if (dated) {
        w.member("lastModified", value.last_modified);
    }
    w.end_object();
}

inline result<role, decode_error> read_role(const json& value, std::string_view path = {}) {
    if (const auto* text = value.if_string()) {
        if (*text == "user") {
            return role::user;
        }
        if (*text == "assistant") {
            return role::assistant;
        }
    }
    return decode_error{std::string{path}, "expected user or assistant"};
}

inline result<annotations, decode_error> read_annotations(const json& value,
                                                          std::string_view path = {}) {
    member_reader r{value, path};
    annotations read;
    r.take_list("audience", read.audience, read_role);
    r.take("priority", read.priority);
    r.take("lastModified", read.last_modified);
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/caching.hpp

namespace mcp {

/// Who may keep a cached answer.
enum class cache_scope : std::uint8_t {
    private_, ///< only the client that asked, under the same authorization
    public_,  ///< anybody, a shared proxy as well
};

/// How long a list or a resource may be taken from a cache
/// [MCP 2026-07-28 server/utilities/caching]. The default is: not at all.
struct cache_policy {
    constexpr cache_policy() = default;
    constexpr explicit cache_policy(std::chrono::milliseconds ttl_,
                                    cache_scope scope_ = cache_scope::private_)
        : ttl{ttl_}
        , scope{scope_} {}

    std::chrono::milliseconds ttl{0};
    /// The same on all pages of a list. Only what does not depend on who asks may be public.
    cache_scope scope = cache_scope::private_;

    friend bool operator==(const cache_policy&, const cache_policy&) = default;
};

/// Writes `ttlMs` and `cacheScope` into the object that is being written; nothing before
/// 2026-07-28.
inline void write_members(json_writer& w, const cache_policy& policy, revision r) {
    if (has_caching(r)) {
        w.member("ttlMs", policy.ttl.count() < 0 ? 0 : policy.ttl.count());
        w.member("cacheScope", policy.scope == cache_scope::public_ ? "public" : "private");
    }
}

/// Reads both members of a result; what is absent or malformed means: do not cache.
inline cache_policy read_cache_policy(const json& result_value) {
    const json_object* object = result_value.if_object();
    const json* ttl = object ? object->if_contains("ttlMs") : nullptr;
    const json* scope = object ? object->if_contains("cacheScope") : nullptr;
    cache_policy read;
    if (ttl && ttl->is_int64() && ttl->get_int64() > 0) {
        read.ttl = std::chrono::milliseconds{ttl->get_int64()};
    }
    if (scope && scope->is_string() && scope->get_string() == "public") {
        read.scope = cache_scope::public_;
    }
    return read;
}

} // namespace mcp

// ---- mcp/protocol/cancellation.hpp

// ---- mcp/protocol/progress.hpp

namespace mcp {

/// What the requester chose to recognise the progress of its request by: a string or an integer,
/// sent back exactly as it came. Absent if progress is not wanted.
using progress_token = jsonrpc::id;

/// How far a request has come [MCP 2026-07-28 basic/patterns/progress].
struct progress_update {
    progress_update() = default;
    explicit progress_update(double progress_, std::optional<double> total_ = std::nullopt,
                             std::string message_ = {})
        : progress{progress_}
        , total{total_}
        , message{std::move(message_)} {}

    /// Grows with every update; the unit is the handler's own.
    double progress = 0;
    /// What `progress` ends at, if known.
    std::optional<double> total;
    /// For a person; not sent to peers older than 2025-03-26.
    std::string message;

    friend bool operator==(const progress_update&, const progress_update&) = default;
};

namespace detail {

/// A whole number without fraction, as a person would write it.
inline void write_number(json_writer& w, std::string_view key, double number) {
    constexpr double exact = 9007199254740992.0; // 2^53
    const bool small = number >= -exact && number <= exact;
    const auto whole = small ? static_cast<std::int64_t>(number) : 0;
    if (small && !(static_cast<double>(whole) < number) && !(static_cast<double>(whole) > number)) {
        w.member(key, whole);
    } else {
        w.member(key, number);
    }
}

} // namespace detail

/// The params of `notifications/progress`. Throws `encode_error` for numbers that are not finite.
inline void write(json_writer& w, const progress_token& token, const progress_update& update,
                  revision r) {
    w.begin_object();
    w.member_raw("progressToken", token.text());
    detail::write_number(w, "progress", update.progress);
    if (update.total) {
        detail::write_number(w, "total", *update.total);
    }
    if (has_progress_message(r)) {
        write_present(w, "message", update.message);
    }
    w.end_object();
}

/// Appends the whole notification.
inline void write_progress(std::string& out, const progress_token& token,
                           const progress_update& update, revision r) {
    std::string params;
    json_writer w{params};
    write(w, token, update, r);
    jsonrpc::write_notification(out, "notifications/progress", params);
}

/// A token or a request id inside params.
inline result<jsonrpc::id, decode_error> read_token(const json& value, std::string_view path = {}) {
    if (auto read = jsonrpc::id::from(value)) {
        return *std::move(read);
    }
    return decode_error{std::string{path}, member_reader::expected("string or integer", value)};
}

/// The params of `notifications/progress`: whose progress, and how far.
inline result<std::pair<progress_token, progress_update>, decode_error>
read_progress(const json_object* params) {
    member_reader r{params};
    std::pair<progress_token, progress_update> read;
    r.need("progressToken", read.first, read_token);
    r.need("progress", read.second.progress);
    r.take("total", read.second.total);
    r.take("message", read.second.message);
    return r.finish(std::move(read));
}

} // namespace mcp

namespace mcp {

/// "Stop working on this request" [MCP 2026-07-28 basic/patterns/cancellation]. Over modern HTTP a
/// client closes the response stream instead.
struct cancellation {
    cancellation() = default;
    explicit cancellation(jsonrpc::id request_, std::string reason_ = {})
        : request{std::move(request_)}
        , reason{std::move(reason_)} {}

    jsonrpc::id request;
    /// For logs and people; empty for none.
    std::string reason;

    friend bool operator==(const cancellation&, const cancellation&) = default;
};

/// Appends the whole notification.
inline void write_cancelled(std::string& out, const cancellation& what) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member_raw("requestId", what.request.text());
    write_present(w, "reason", what.reason);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/cancelled", params);
}

/// The params of `notifications/cancelled`. Malformed ones are to be ignored, as is an unknown id.
inline result<cancellation, decode_error> read_cancelled(const json_object* params) {
    member_reader r{params};
    cancellation read;
    r.need("requestId", read.request, read_token);
    r.take("reason", read.reason);
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/capabilities.hpp

// ---- mcp/protocol/errors.hpp

namespace mcp {

/// The codes that MCP adds to those of JSON-RPC (`jsonrpc::errc`).
namespace errc {
/// Headers do not say what the body says [MCP 2026-07-28 basic/transports/streamable-http].
inline constexpr int header_mismatch = -32020;
/// The request needs a capability that the client has not declared [MCP 2026-07-28 basic/index].
inline constexpr int missing_client_capability = -32021;
/// The revision is not served here [MCP 2026-07-28 basic/versioning].
inline constexpr int unsupported_protocol_version = -32022;
/// No such resource; only up to 2025-11-25, later it is `invalid_params`.
inline constexpr int resource_not_found = -32002;
/// A URL must be visited first; only in 2025-11-25 [MCP 2025-11-25 client/elicitation].
inline constexpr int url_elicitation_required = -32042;
} // namespace errc

/// Thrown by a handler to answer the request with a JSON-RPC error: the request itself was wrong.
/// What went wrong while a tool ran is a `tool_error` instead, which the model gets to see.
///
///     throw mcp::protocol_error{mcp::invalid_params("no such region")};
class protocol_error : public std::runtime_error {
public:
    explicit protocol_error(jsonrpc::error why)
        : std::runtime_error{why.message}
        , error_{std::move(why)} {}

    protocol_error(int code, const std::string& message, std::string data = {})
        : protocol_error{jsonrpc::error{code, message, std::move(data)}} {}

    /// What goes to the peer.
    const jsonrpc::error& error() const noexcept { return error_; }

private:
    jsonrpc::error error_;
};

inline jsonrpc::error invalid_request(std::string why) {
    return {jsonrpc::errc::invalid_request, std::move(why)};
}

inline jsonrpc::error invalid_params(std::string why) {
    return {jsonrpc::errc::invalid_params, std::move(why)};
}

/// Says nothing about the cause: that belongs into the log.
inline jsonrpc::error internal_error() {
    return {jsonrpc::errc::internal_error, "Internal error"};
}

inline jsonrpc::error method_not_found(std::string_view method) {
    return {jsonrpc::errc::method_not_found, "Method not found: " + std::string{method}};
}

inline jsonrpc::error unknown_tool(std::string_view name) {
    return invalid_params("Unknown tool: " + std::string{name});
}

inline jsonrpc::error unknown_prompt(std::string_view name) {
    return invalid_params("Unknown prompt: " + std::string{name});
}

inline jsonrpc::error invalid_cursor() {
    return invalid_params("Invalid cursor");
}

inline jsonrpc::error header_mismatch(std::string_view why) {
    return {errc::header_mismatch, "Header mismatch: " + std::string{why}};
}

/// `data.uri` names the resource. The code moved from -32002 to -32602 with 2026-07-28.
inline jsonrpc::error resource_not_found(std::string_view uri, revision r) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.member("uri", uri);
    w.end_object();
    return {is_modern(r) ? jsonrpc::errc::invalid_params : errc::resource_not_found,
            "Resource not found", std::move(data)};
}

/// `data` says what was requested and what is served here: the modern ones of `supported`.
inline jsonrpc::error
unsupported_protocol_version(std::string_view requested,
                             std::span<const revision> supported = all_revisions) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.key("supported");
    w.begin_array();
    for (revision r : supported) {
        if (is_modern(r)) {
            w.value(to_string(r));
        }
    }
    w.end_array();
    w.member("requested", requested);
    w.end_object();
    return {errc::unsupported_protocol_version, "Unsupported protocol version", std::move(data)};
}

/// Whether an HTTP answer that carries this error has status 400 wherever it arose; other errors of
/// dispatch and handlers travel with 200 [MCP 2026-07-28 basic/transports/streamable-http].
constexpr bool is_bad_request(int code) noexcept {
    return code == errc::header_mismatch || code == errc::missing_client_capability ||
           code == errc::unsupported_protocol_version;
}

} // namespace mcp

namespace mcp {

/// What a client can do for a server [MCP 2026-07-28 schema, ClientCapabilities].
struct client_capabilities {
    client_capabilities() = default;

    bool roots = false;
    /// Tells when its roots change; only legacy.
    bool roots_list_changed = false;
    bool sampling = false;
    /// `tools` and `toolChoice` in sampling requests.
    bool sampling_tools = false;
    /// `includeContext` other than none.
    bool sampling_context = false;
    /// An empty `elicitation` means this one.
    bool elicitation_form = false;
    bool elicitation_url = false;
    /// By name, for example `io.modelcontextprotocol/tasks`, with settings; only modern.
    json_object extensions;
    json_object experimental;

    bool has_extension(std::string_view name) const { return extensions.contains(name); }

    /// What of `needed` is not here; empty if nothing is.
    client_capabilities missing(const client_capabilities& needed) const;

    /// Whether no capability is set.
    bool empty() const;
};

/// What a server offers [MCP 2026-07-28 schema, ServerCapabilities]. A `…_list_changed` without
/// the list itself says nothing.
struct server_capabilities {
    server_capabilities() = default;

    bool tools = false;
    bool tools_list_changed = false;
    bool resources = false;
    bool resources_subscribe = false;
    bool resources_list_changed = false;
    bool prompts = false;
    bool prompts_list_changed = false;
    bool logging = false;
    bool completions = false;
    json_object extensions;
    json_object experimental;
};

/// Writes what the revision knows.
void write(json_writer& w, const client_capabilities& value, revision r = latest);
void write(json_writer& w, const server_capabilities& value, revision r);

result<client_capabilities, decode_error> read_client_capabilities(const json& value,
                                                                   std::string_view path = {});
result<server_capabilities, decode_error> read_server_capabilities(const json& value,
                                                                   std::string_view path = {});

/// The answer to a request that needs what the client has not declared; `data` lists `needed`.
inline jsonrpc::error missing_client_capability(const client_capabilities& needed) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.key("requiredCapabilities");
    write(w, needed);
    w.end_object();
    return {errc::missing_client_capability,
            "The request needs a capability that the client has not declared", std::move(data)};
}

inline bool client_capabilities::empty() const {
    return !roots && !roots_list_changed && !sampling && !sampling_tools && !sampling_context &&
           !elicitation_form && !elicitation_url && extensions.empty() && experimental.empty();
}

inline client_capabilities client_capabilities::missing(const client_capabilities& needed) const {
    client_capabilities lacking;
    lacking.roots = needed.roots && !roots;
    lacking.roots_list_changed = needed.roots_list_changed && !roots_list_changed;
    lacking.sampling = needed.sampling && !sampling;
    lacking.sampling_tools = needed.sampling_tools && !sampling_tools;
    lacking.sampling_context = needed.sampling_context && !sampling_context;
    lacking.elicitation_form = needed.elicitation_form && !elicitation_form;
    lacking.elicitation_url = needed.elicitation_url && !elicitation_url;
    for (const auto& extension : needed.extensions) {
        if (!has_extension(extension.key())) {
            lacking.extensions.emplace(extension.key(), extension.value());
        }
    }
    for (const auto& feature : needed.experimental) {
        if (!experimental.contains(feature.key())) {
            lacking.experimental.emplace(feature.key(), feature.value());
        }
    }
    return lacking;
}

namespace detail {

inline void write_flag(json_writer& w, std::string_view key, bool set) {
    if (set) {
        w.member_raw(key, "{}");
    }
}

/// `{"listChanged":true}` and the like: an object of the flags that are set.
inline void write_feature(json_writer& w, std::string_view key, bool list_changed,
                          bool subscribe = false) {
    w.key(key);
    w.begin_object();
    if (subscribe) {
        w.member("subscribe", true);
    }
    if (list_changed) {
        w.member("listChanged", true);
    }
    w.end_object();
}

/// The object member `key`, or nullptr; anything else there is a mistake.
inline const json_object* read_feature(member_reader& r, std::string_view key) {
    const json_object* feature = nullptr;
    r.take(key, feature);
    return feature;
}

inline bool is_true(const json_object* feature, std::string_view key) {
    const json* member = feature ? feature->if_contains(key) : nullptr;
    return member && member->is_bool() && member->get_bool();
}

inline bool is_object(const json_object* feature, std::string_view key) {
    const json* member = feature ? feature->if_contains(key) : nullptr;
    return member && member->is_object();
}

} // namespace detail

inline void write(json_writer& w, const client_capabilities& value, revision r) {
    w.begin_object();
    write_present_object(w, "experimental", value.experimental);
    if (value.roots || value.roots_list_changed) {
        detail::write_feature(w, "roots", value.roots_list_changed && is_legacy(r));
    }
    if (value.sampling || value.sampling_tools || value.sampling_context) {
        w.key("sampling");
        w.begin_object();
        if (has_sampling_tools(r)) {
            detail::write_flag(w, "context", value.sampling_context);
            detail::write_flag(w, "tools", value.sampling_tools);
        }
        w.end_object();
    }
    const bool url = value.elicitation_url && has_url_elicitation(r);
    if ((value.elicitation_form && has_elicitation(r)) || url) {
        w.key("elicitation");
        w.begin_object();
        detail::write_flag(w, "form", value.elicitation_form && url);
        detail::write_flag(w, "url", url);
        w.end_object();
    }
    if (has_extensions(r)) {
        write_present_object(w, "extensions", value.extensions);
    }
    w.end_object();
}

inline void write(json_writer& w, const server_capabilities& value, revision r) {
    w.begin_object();
    write_present_object(w, "experimental", value.experimental);
    detail::write_flag(w, "logging", value.logging);
    detail::write_flag(w, "completions", value.completions && has_completions_capability(r));
    if (value.prompts) {
        detail::write_feature(w, "prompts", value.prompts_list_changed);
    }
    if (value.resources) {
        detail::write_feature(w, "resources", value.resources_list_changed,
                              value.resources_subscribe);
    }
    if (value.tools) {
        detail::write_feature(w, "tools", value.tools_list_changed);
    }
    if (has_extensions(r)) {
        write_present_object(w, "extensions", value.extensions);
    }
    w.end_object();
}

inline result<client_capabilities, decode_error> read_client_capabilities(const json& value,
                                                                          std::string_view path) {
    member_reader r{value, path};
    client_capabilities read;
    const json_object* roots = detail::read_feature(r, "roots");
    read.roots = roots != nullptr;
    read.roots_list_changed = detail::is_true(roots, "listChanged");
    const json_object* sampling = detail::read_feature(r, "sampling");
    read.sampling = sampling != nullptr;
    read.sampling_tools = detail::is_object(sampling, "tools");
    read.sampling_context = detail::is_object(sampling, "context");
    const json_object* elicitation = detail::read_feature(r, "elicitation");
    read.elicitation_url = detail::is_object(elicitation, "url");
    read.elicitation_form =
        detail::is_object(elicitation, "form") || (elicitation && !read.elicitation_url);
    r.take("extensions", read.extensions);
    r.take("experimental", read.experimental);
    return r.finish(std::move(read));
}

inline result<server_capabilities, decode_error> read_server_capabilities(const json& value,
                                                                          std::string_view path) {
    member_reader r{value, path};
    server_capabilities read;
    const json_object* tools = detail::read_feature(r, "tools");
    read.tools = tools != nullptr;
    read.tools_list_changed = detail::is_true(tools, "listChanged");
    const json_object* resources = detail::read_feature(r, "resources");
    read.resources = resources != nullptr;
    read.resources_list_changed = detail::is_true(resources, "listChanged");
    read.resources_subscribe = detail::is_true(resources, "subscribe");
    const json_object* prompts = detail::read_feature(r, "prompts");
    read.prompts = prompts != nullptr;
    read.prompts_list_changed = detail::is_true(prompts, "listChanged");
    read.logging = detail::read_feature(r, "logging") != nullptr;
    read.completions = detail::read_feature(r, "completions") != nullptr;
    r.take("extensions", read.extensions);
    r.take("experimental", read.experimental);
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/completion.hpp

// ---- mcp/protocol/meta.hpp

// ---- mcp/protocol/implementation.hpp

namespace mcp {

/// The background that an icon is drawn for.
enum class icon_theme : std::uint8_t { any, light, dark };

/// A picture for a user interface [MCP 2025-11-25 basic/index].
///
///     mcp::icon{"https://example.com/sun.png", "image/png", {"48x48"}}
struct icon {
    icon() = default;
    explicit icon(std::string source, std::string mime = {}, std::vector<std::string> sizes_ = {},
                  icon_theme theme_ = icon_theme::any)
        : src{std::move(source)}
        , mime_type{std::move(mime)}
        , sizes{std::move(sizes_)}
        , theme{theme_} {}

    /// An `https:` or `data:` URI. One that came from a peer is untrusted: another scheme must not
    /// be followed.
    std::string src;
    std::string mime_type;
    /// For example `48x48`, or `any` for a drawing that scales.
    std::vector<std::string> sizes;
    icon_theme theme = icon_theme::any;

    friend bool operator==(const icon&, const icon&) = default;
};

/// Who speaks: a server or a client and its version. Not verified, for display and logs only
/// [MCP 2026-07-28 basic/index].
struct implementation {
    implementation() = default;
    implementation(std::string name_, std::string version_)
        : name{std::move(name_)}
        , version{std::move(version_)} {}

    std::string name;
    std::string version;
    std::string title;
    std::string description;
    std::string website_url;
    std::vector<icon> icons;

    friend bool operator==(const implementation&, const implementation&) = default;
};

/// Writes `icons` as a member if there are any and the revision knows them.
void write_icons(json_writer& w, const std::vector<icon>& icons, revision r);

void write(json_writer& w, const icon& value);
void write(json_writer& w, const implementation& value, revision r);

/// `path` stands before the member's name in an error.
result<icon, decode_error> read_icon(const json& value, std::string_view path = {});
result<implementation, decode_error> read_implementation(const json& value,
                                                         std::string_view path = {});

inline void write(json_writer& w, const icon& value) {
    w.begin_object();
    w.member("src", value.src);
    write_present(w, "mimeType", value.mime_type);
    write_present_list(w, "sizes", value.sizes);
    if (value.theme != icon_theme::any) {
        w.member("theme", value.theme == icon_theme::light ? "light" : "dark");
    }
    w.end_object();
}

inline void write_icons(json_writer& w, const std::vector<icon>& icons, revision r) {
    if (!icons.empty() && has_icons(r)) {
        write_list(w, "icons", icons, [&w](const icon& one) { write(w, one); });
    }
}

inline void write(json_writer& w, const implementation& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    w.member("version", value.version);
    if (has_implementation_details(r)) {
        write_present(w, "description", value.description);
        write_present(w, "websiteUrl", value.website_url);
    }
    write_icons(w, value.icons, r);
    w.end_object();
}

inline result<icon, decode_error> read_icon(const json& value, std::string_view path) {
    member_reader r{value, path};
    icon read;
    std::string theme;
    r.need("src", read.src);
    r.take("mimeType", read.mime_type);
    r.take("sizes", read.sizes);
    r.take("theme", theme);
    read.theme = theme == "light"  ? icon_theme::light
                 : theme == "dark" ? icon_theme::dark
                                   : icon_theme::any;
    return r.finish(std::move(read));
}

inline result<implementation, decode_error> read_implementation(const json& value,
                                                                std::string_view path) {
    member_reader r{value, path};
    implementation read;
    r.need("name", read.name);
    r.need("version", read.version);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take("websiteUrl", read.website_url);
    r.take_list("icons", read.icons, read_icon);
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/logging.hpp

namespace mcp {

/// How grave a log message is, least first, so that `<` means "less grave" [RFC 5424 §6.2.1].
enum class log_level : std::uint8_t {
    debug,
    info,
    notice,
    warning,
    error,
    critical,
    alert,
    emergency,
};

namespace detail {
inline constexpr std::array<std::string_view, 8> log_level_names{
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};
} // namespace detail

constexpr std::string_view to_string(log_level level) noexcept {
    return detail::log_level_names[static_cast<std::size_t>(level)];
}

constexpr std::optional<log_level> parse_log_level(std::string_view name) noexcept {
    for (std::size_t i = 0; i < detail::log_level_names.size(); ++i) {
        if (detail::log_level_names[i] == name) {
            return static_cast<log_level>(i);
        }
    }
    return std::nullopt;
}

/// A message for the client's log [MCP 2026-07-28 server/utilities/logging].
struct log_message {
    log_message() = default;
    log_message(log_level level_, std::string data_text, std::string logger_ = {})
        : level{level_}
        , logger{std::move(logger_)}
        , data{std::move(data_text)} {}

    log_level level = log_level::info;
    /// Which part of the program speaks; empty for none.
    std::string logger;
    /// Any value, as JSON text. It must not hold secrets.
    std::string data;

    friend bool operator==(const log_message&, const log_message&) = default;
};

/// The params of `notifications/message`.
inline void write(json_writer& w, const log_message& message) {
    w.begin_object();
    w.member("level", to_string(message.level));
    write_present(w, "logger", message.logger);
    w.member_raw("data", message.data.empty() ? "null" : std::string_view{message.data});
    w.end_object();
}

/// Appends the whole notification.
inline void write_log(std::string& out, const log_message& message) {
    std::string params;
    json_writer w{params};
    write(w, message);
    jsonrpc::write_notification(out, "notifications/message", params);
}

/// The level that a member of that name has.
inline result<log_level, decode_error> read_log_level(const json& value,
                                                      std::string_view path = {}) {
    const auto* text = value.if_string();
    const auto level = text ? parse_log_level(*text) : std::nullopt;
    if (!level) {
        return decode_error{std::string{path},
                            "expected one of debug, info, notice, warning, error, critical, "
                            "alert, emergency"};
    }
    return *level;
}

/// The level in the params of `logging/setLevel` (only legacy).
inline result<log_level, decode_error> read_set_level(const json_object* params) {
    member_reader r{params};
    log_level level{};
    r.need("level", level, read_log_level);
    return r.finish(level);
}

inline result<log_message, decode_error> read_log_message(const json_object* params) {
    member_reader r{params};
    log_message read;
    r.need("level", read.level, read_log_level);
    r.take("logger", read.logger);
    if (const json* data = r.find("data")) {
        json_writer{read.data}.value(*data);
    } else {
        r.fail("data", "is missing");
    }
    return r.finish(std::move(read));
}

} // namespace mcp

namespace mcp {

/// The keys that the protocol reserves in `_meta` [MCP 2026-07-28 basic/index].
namespace meta_key {
inline constexpr std::string_view progress_token = "progressToken";
inline constexpr std::string_view protocol_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view client_info = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view client_capabilities =
    "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view log_level = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view subscription_id = "io.modelcontextprotocol/subscriptionId";
inline constexpr std::string_view server_info = "io.modelcontextprotocol/serverInfo";
/// W3C Trace Context and W3C Baggage.
inline constexpr std::string_view trace_parent = "traceparent";
inline constexpr std::string_view trace_state = "tracestate";
inline constexpr std::string_view baggage = "baggage";
} // namespace meta_key

/// Whether the protocol keeps this key for itself: `progressToken`, the trace context, and every
/// prefix whose second label is `modelcontextprotocol` or `mcp`.
constexpr bool is_reserved_meta_key(std::string_view key) noexcept;

/// The `_meta` of a request. The views point into the request's JSON and live as long as it does.
struct request_meta {
    /// The whole object; nullptr if the request has none.
    const json_object* object = nullptr;
    /// Of a modern request; empty if absent.
    std::string_view protocol_version;
    /// Of a modern request; nullptr if absent.
    const json* client_info = nullptr;
    /// Of a modern request.
    std::optional<mcp::client_capabilities> client_capabilities;
    /// Without it a modern request gets no log messages.
    std::optional<mcp::log_level> log_level;
    mcp::progress_token progress_token;
    std::string_view trace_parent;
    std::string_view trace_state;
    std::string_view baggage;

    /// Whether the request claims a modern revision: then its envelope is judged as modern, and
    /// there is no way back to legacy.
    bool is_modern() const noexcept {
        return object && object->contains(meta_key::protocol_version);
    }
};

/// Reads the `_meta` of a request's params; both may be absent.
result<request_meta, decode_error> read_request_meta(const json_object* params);

/// What every modern request must have: an error naming the missing keys, or nothing. Answer it
/// with HTTP status 400.
std::optional<jsonrpc::error> check_modern_meta(const request_meta& meta);

/// What a modern client puts into every request.
void write(json_writer& w, const request_meta& meta);

/// Begins the object of a result and writes what every result carries: `resultType` (modern) and
/// `_meta`, with `server_info` (an implementation as JSON text; only modern peers get it). The
/// members and `end_object` follow.
void begin_result(json_writer& w, revision r, std::string_view server_info = {},
                  const json_object& meta = {}, std::string_view result_type = "complete");

/// A result that has nothing to say.
inline void write_empty_result(json_writer& w, revision r, std::string_view server_info = {}) {
    begin_result(w, r, server_info);
    w.end_object();
}

constexpr bool is_reserved_meta_key(std::string_view key) noexcept {
    if (key == meta_key::progress_token || key == meta_key::trace_parent ||
        key == meta_key::trace_state || key == meta_key::baggage) {
        return true;
    }
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos) {
        return false;
    }
    std::string_view prefix = key.substr(0, slash);
    const std::size_t dot = prefix.find('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    prefix.remove_prefix(dot + 1);
    const std::string_view second = prefix.substr(0, prefix.find('.'));
    return second == "modelcontextprotocol" || second == "mcp";
}

inline result<request_meta, decode_error> read_request_meta(const json_object* params) {
    request_meta read;
    const json* meta = params ? params->if_contains("_meta") : nullptr;
    if (!meta) {
        return read;
    }
    const std::string_view path = "params._meta";
    member_reader r{*meta, path};
    read.object = meta->if_object();
    if (read.object && read.object->empty()) {
        return read;
    }
    r.take(meta_key::progress_token, read.progress_token, read_token);
    r.take(meta_key::protocol_version, read.protocol_version);
    r.take(meta_key::client_capabilities, read.client_capabilities, read_client_capabilities);
    r.take(meta_key::log_level, read.log_level, read_log_level);
    const json_object* info = nullptr;
    r.take(meta_key::client_info, info);
    read.client_info = info ? r.find(meta_key::client_info) : nullptr;
    r.take(meta_key::trace_parent, read.trace_parent);
    r.take(meta_key::trace_state, read.trace_state);
    r.take(meta_key::baggage, read.baggage);
    return r.finish(std::move(read));
}

inline std::optional<jsonrpc::error> check_modern_meta(const request_meta& meta) {
    std::string missing;
    if (meta.protocol_version.empty()) {
        missing.append(" ").append(meta_key::protocol_version);
    }
    if (!meta.client_capabilities) {
        missing.append(" ").append(meta_key::client_capabilities);
    }
    if (missing.empty()) {
        return std::nullopt;
    }
    return invalid_params("params._meta lacks" + missing);
}

inline void write(json_writer& w, const request_meta& meta) {
    w.begin_object();
    write_present(w, meta_key::protocol_version, meta.protocol_version);
    if (meta.client_info) {
        w.member(meta_key::client_info, *meta.client_info);
    }
    if (meta.client_capabilities) {
        w.key(meta_key::client_capabilities);
        write(w, *meta.client_capabilities);
    }
    if (meta.log_level) {
        w.member(meta_key::log_level, to_string(*meta.log_level));
    }
    write_present_raw(w, meta_key::progress_token, meta.progress_token.text());
    write_present(w, meta_key::trace_parent, meta.trace_parent);
    write_present(w, meta_key::trace_state, meta.trace_state);
    write_present(w, meta_key::baggage, meta.baggage);
    w.end_object();
}

inline void begin_result(json_writer& w, revision r, std::string_view server_info,
                         const json_object& meta, std::string_view result_type) {
    w.begin_object();
    if (has_result_type(r)) {
        w.member("resultType", result_type);
    } else {
        server_info = {};
    }
    if (meta.empty() && server_info.empty()) {
        return;
    }
    w.key("_meta");
    w.begin_object();
    write_present_raw(w, meta_key::server_info, server_info);
    for (const auto& entry : meta) {
        const std::string_view key = entry.key();
        if (server_info.empty() || key != meta_key::server_info) {
            w.member(key, entry.value());
        }
    }
    w.end_object();
}

} // namespace mcp

// ---- mcp/protocol/prompts.hpp

// ---- mcp/protocol/content.hpp

// ---- mcp/protocol/resources.hpp

namespace mcp {

/// A resource as `resources/list` shows it [MCP 2026-07-28 server/resources].
struct resource_definition {
    resource_definition() = default;
    resource_definition(std::string uri_, std::string name_, std::string description_ = {},
                        std::string mime_type_ = {})
        : uri{std::move(uri_)}
        , name{std::move(name_)}
        , description{std::move(description_)}
        , mime_type{std::move(mime_type_)} {}

    std::string uri;
    std::string name;
    std::string title;
    std::string description;
    std::string mime_type;
    /// In bytes, before any encoding.
    std::optional<std::int64_t> size;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// A family of resources as `resources/templates/list` shows it.
struct resource_template_definition {
    resource_template_definition() = default;
    resource_template_definition(std::string uri_template_, std::string name_,
                                 std::string description_ = {}, std::string mime_type_ = {})
        : uri_template{std::move(uri_template_)}
        , name{std::move(name_)}
        , description{std::move(description_)}
        , mime_type{std::move(mime_type_)} {}

    /// [RFC 6570], see `mcp::uri_template`.
    std::string uri_template;
    std::string name;
    std::string title;
    std::string description;
    std::string mime_type;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// What a resource holds: text, or bytes that travel as base64.
struct resource_contents {
    resource_contents() = default;
    resource_contents(std::string uri_, std::string mime_type_, std::string text)
        : uri{std::move(uri_)}
        , mime_type{std::move(mime_type_)}
        , body{std::move(text)} {}
    resource_contents(std::string uri_, std::string mime_type_, bytes blob)
        : uri{std::move(uri_)}
        , mime_type{std::move(mime_type_)}
        , body{std::move(blob)} {}

    std::string uri;
    std::string mime_type;
    std::variant<std::string, bytes> body;
    json_object meta;

    /// nullptr if it holds bytes.
    const std::string* text() const { return std::get_if<std::string>(&body); }
    /// nullptr if it holds text.
    const bytes* blob() const { return std::get_if<bytes>(&body); }
};

/// The answer to `resources/read`: one or more contents, never none.
struct resource_result {
    resource_result() = default;
    explicit resource_result(resource_contents only) { contents.push_back(std::move(only)); }
    explicit resource_result(std::vector<resource_contents> all) : contents{std::move(all)} {}

    std::vector<resource_contents> contents;
    /// Replaces the server's own if given.
    std::optional<cache_policy> caching;
    json_object meta;
};

/// The params of `resources/read`, `resources/subscribe` and `resources/unsubscribe`: the URI.
result<std::string, decode_error> read_resource_params(const json_object* params);

void write(json_writer& w, const resource_definition& value, revision r);
void write(json_writer& w, const resource_template_definition& value, revision r);
void write(json_writer& w, const resource_contents& value, revision r);

/// A whole result. `server_info` as in `begin_result`; `caching` holds unless the result has its
/// own.
void write(json_writer& w, const resource_result& value, revision r,
           std::string_view server_info = {}, const cache_policy& caching = {});

result<resource_definition, decode_error> read_resource_definition(const json& value,
                                                                   std::string_view path = {});
result<resource_template_definition, decode_error>
read_resource_template_definition(const json& value, std::string_view path = {});
result<resource_contents, decode_error> read_resource_contents(const json& value,
                                                               std::string_view path = {});
result<resource_result, decode_error> read_resource_result(const json& value,
                                                           std::string_view path = {});

} // namespace mcp

// ---- mcp/protocol/impl/resources.hpp

namespace mcp {

namespace detail {

/// The members that resources, templates and resource links share, after their URI.
template <class Definition>
void write_resource_members(json_writer& w, const Definition& value, revision r) {
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    write_present(w, "mimeType", value.mime_type);
    write_annotations(w, value.annotations, r);
    if constexpr (requires { value.size; }) {
        write_present(w, "size", value.size);
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
}

template <class Definition>
void read_resource_members(member_reader& r, Definition& into) {
    r.need("name", into.name);
    r.take("title", into.title);
    r.take("description", into.description);
    r.take("mimeType", into.mime_type);
    r.take("annotations", into.annotations, read_annotations);
    if constexpr (requires { into.size; }) {
        r.take("size", into.size);
    }
    r.take_list("icons", into.icons, read_icon);
    r.take("_meta", into.meta);
}

} // namespace detail

inline result<std::string, decode_error> read_resource_params(const json_object* params) {
    member_reader r{params};
    std::string uri;
    r.need("uri", uri);
    return r.finish(std::move(uri));
}

inline void write(json_writer& w, const resource_definition& value, revision r) {
    w.begin_object();
    w.member("uri", value.uri);
    detail::write_resource_members(w, value, r);
    w.end_object();
}

inline void write(json_writer& w, const resource_template_definition& value, revision r) {
    w.begin_object();
    w.member("uriTemplate", value.uri_template);
    detail::write_resource_members(w, value, r);
    w.end_object();
}

inline void write(json_writer& w, const resource_contents& value, revision r) {
    w.begin_object();
    w.member("uri", value.uri);
    write_present(w, "mimeType", value.mime_type);
    if (const std::string* text = value.text()) {
        w.member("text", *text);
    } else {
        w.member("blob", to_base64(value.blob()->view()));
    }
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

inline void write(json_writer& w, const resource_result& value, revision r,
                  std::string_view server_info, const cache_policy& caching) {
    begin_result(w, r, server_info, value.meta);
    write_list(w, "contents", value.contents,
               [&w, r](const resource_contents& one) { write(w, one, r); });
    write_members(w, value.caching.value_or(caching), r);
    w.end_object();
}

inline result<resource_definition, decode_error> read_resource_definition(const json& value,
                                                                          std::string_view path) {
    member_reader r{value, path};
    resource_definition read;
    r.need("uri", read.uri);
    detail::read_resource_members(r, read);
    return r.finish(std::move(read));
}

inline result<resource_template_definition, decode_error>
read_resource_template_definition(const json& value, std::string_view path) {
    member_reader r{value, path};
    resource_template_definition read;
    r.need("uriTemplate", read.uri_template);
    detail::read_resource_members(r, read);
    return r.finish(std::move(read));
}

inline result<resource_contents, decode_error> read_resource_contents(const json& value,
                                                                      std::string_view path) {
    member_reader r{value, path};
    resource_contents read;
    std::optional<std::string> text;
    std::string blob;
    r.need("uri", read.uri);
    r.take("mimeType", read.mime_type);
    r.take("text", text);
    r.take("_meta", read.meta);
    if (text) {
        read.body = *std::move(text);
    } else {
        r.need("blob", blob);
        if (const auto decoded = from_base64(blob)) {
            read.body = bytes{std::string_view{*decoded}};
        } else {
            r.fail("blob", "is not base64");
        }
    }
    return r.finish(std::move(read));
}

inline result<resource_result, decode_error> read_resource_result(const json& value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    resource_result read;
    r.need_list("contents", read.contents, read_resource_contents);
    r.take("_meta", read.meta);
    if (r.find("ttlMs")) {
        read.caching = read_cache_policy(value);
    }
    return r.finish(std::move(read));
}

} // namespace mcp

namespace mcp {

/// Words. `mcp::text{"It rains."}`
struct text {
    text() = default;
    explicit text(std::string value_, mcp::annotations annotations_ = {})
        : value{std::move(value_)}
        , annotations{std::move(annotations_)} {}

    std::string value;
    mcp::annotations annotations;
    json_object meta;
};

/// A picture. `mcp::image{png_bytes, "image/png"}`
struct image {
    image() = default;
    image(bytes data_, std::string mime_type_, mcp::annotations annotations_ = {})
        : data{std::move(data_)}
        , mime_type{std::move(mime_type_)}
        , annotations{std::move(annotations_)} {}

    bytes data;
    std::string mime_type;
    mcp::annotations annotations;
    json_object meta;
};

/// Sound. `mcp::audio{wav_bytes, "audio/wav"}`. Peers of 2024-11-05 get a text instead.
struct audio {
    audio() = default;
    audio(bytes data_, std::string mime_type_, mcp::annotations annotations_ = {})
        : data{std::move(data_)}
        , mime_type{std::move(mime_type_)}
        , annotations{std::move(annotations_)} {}

    bytes data;
    std::string mime_type;
    mcp::annotations annotations;
    json_object meta;
};

/// A resource that the client may read or subscribe to. `mcp::resource_link{uri, name}`. Peers
/// older than 2025-06-18 get a text with the URI instead.
struct resource_link : resource_definition {
    using resource_definition::resource_definition;
};

/// A resource together with what it holds. `mcp::embedded_resource{{uri, "text/plain", "…"}}`
struct embedded_resource {
    embedded_resource() = default;
    explicit embedded_resource(resource_contents resource_, mcp::annotations annotations_ = {})
        : resource{std::move(resource_)}
        , annotations{std::move(annotations_)} {}

    resource_contents resource;
    mcp::annotations annotations;
    json_object meta;
};

/// One block of a tool's result or a prompt's message [MCP 2026-07-28 server/tools]. Text converts
/// to it: `std::vector<mcp::content>{"Here:", mcp::image{png, "image/png"}}`.
struct content {
    using variant = std::variant<text, image, audio, resource_link, embedded_resource>;

    content() = default;
    content(text block) : value{std::move(block)} {}
    content(image block) : value{std::move(block)} {}
    content(audio block) : value{std::move(block)} {}
    content(resource_link block) : value{std::move(block)} {}
    content(embedded_resource block) : value{std::move(block)} {}
    content(std::string words) : value{text{std::move(words)}} {}
    content(const char* words) : value{text{words}} {}

    /// The words if this is a text, else nullptr.
    const std::string* if_text() const {
        const auto* block = std::get_if<text>(&value);
        return block ? &block->value : nullptr;
    }

    variant value;
};

/// Writes a block. What the revision does not know becomes a text that says what it was.
void write(json_writer& w, const text& block, revision r);
void write(json_writer& w, const image& block, revision r);
void write(json_writer& w, const audio& block, revision r);
void write(json_writer& w, const resource_link& block, revision r);
void write(json_writer& w, const embedded_resource& block, revision r);
void write(json_writer& w, const content& block, revision r);

result<content, decode_error> read_content(const json& value, std::string_view path = {});

} // namespace mcp

// ---- mcp/protocol/impl/content.hpp

namespace mcp {

namespace detail {

template <class Block>
void end_content(json_writer& w, const Block& block, revision r) {
    write_annotations(w, block.annotations, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", block.meta);
    }
    w.end_object();
}

template <class Block>
void write_media(json_writer& w, std::string_view type, const Block& block, revision r) {
    w.begin_object();
    w.member("type", type);
    w.member("data", to_base64(block.data.view()));
    w.member("mimeType", block.mime_type);
    end_content(w, block, r);
}

template <class Block>
result<Block, decode_error> read_media(const json& value, std::string_view path) {
    member_reader r{value, path};
    Block read;
    std::string data;
    r.need("data", data);
    r.need("mimeType", read.mime_type);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    if (const auto decoded = from_base64(data)) {
        read.data = bytes{std::string_view{*decoded}};
    } else {
        r.fail("data", "is not base64");
    }
    return r.finish(std::move(read));
}

inline result<text, decode_error> read_text(const json& value, std::string_view path) {
    member_reader r{value, path};
    text read;
    r.need("text", read.value);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<resource_link, decode_error> read_resource_link(const json& value,
                                                              std::string_view path) {
    member_reader r{value, path};
    resource_link read;
    r.need("uri", read.uri);
    read_resource_members(r, read);
    return r.finish(std::move(read));
}

inline result<embedded_resource, decode_error> read_embedded_resource(const json& value,
                                                                      std::string_view path) {
    member_reader r{value, path};
    embedded_resource read;
    r.need("resource", read.resource, read_resource_contents);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

/// A block of a narrower type as one of the wider type.
template <class Wide, class Narrow>
result<Wide, decode_error> widened(result<Narrow, decode_error> read) {
    if (!read) {
        return std::move(read).error();
    }
    return Wide{*std::move(read)};
}

/// The member `type` of a block; empty if there is none.
inline std::string_view content_type(const json& value) {
    const json_object* object = value.if_object();
    const json* type = object ? object->if_contains("type") : nullptr;
    return type && type->is_string() ? std::string_view{type->get_string()} : std::string_view{};
}

} // namespace detail

inline void write(json_writer& w, const text& block, revision r) {
    w.begin_object();
    w.member("type", "text");
    w.member("text", block.value);
    detail::end_content(w, block, r);
}

inline void write(json_writer& w, const image& block, revision r) {
    detail::write_media(w, "image", block, r);
}

inline void write(json_writer& w, const audio& block, revision r) {
    if (has_audio(r)) {
        return detail::write_media(w, "audio", block, r);
    }
    write(w,
          text{"[audio: " + block.mime_type + ", " + std::to_string(block.data.size()) + " bytes]",
               block.annotations},
          r);
}

inline void write(json_writer& w, const resource_link& block, revision r) {
    if (!has_resource_links(r)) {
        const std::string& name = block.title.empty() ? block.name : block.title;
        return write(w, text{"[resource: " + name + ", " + block.uri + "]", block.annotations}, r);
    }
    w.begin_object();
    w.member("type", "resource_link");
    w.member("uri", block.uri);
    detail::write_resource_members(w, block, r);
    w.end_object();
}

inline void write(json_writer& w, const embedded_resource& block, revision r) {
    w.begin_object();
    w.member("type", "resource");
    w.key("resource");
    write(w, block.resource, r);
    detail::end_content(w, block, r);
}

inline void write(json_writer& w, const content& block, revision r) {
    std::visit([&w, r](const auto& one) { write(w, one, r); }, block.value);
}

inline result<content, decode_error> read_content(const json& value, std::string_view path) {
    const std::string_view type = detail::content_type(value);
    if (type == "text") {
        return detail::widened<content>(detail::read_text(value, path));
    }
    if (type == "image") {
        return detail::widened<content>(detail::read_media<image>(value, path));
    }
    if (type == "audio") {
        return detail::widened<content>(detail::read_media<audio>(value, path));
    }
    if (type == "resource_link") {
        return detail::widened<content>(detail::read_resource_link(value, path));
    }
    if (type == "resource") {
        return detail::widened<content>(detail::read_embedded_resource(value, path));
    }
    return decode_error{std::string{path},
                        "expected content of type text, image, audio, resource_link or resource"};
}

} // namespace mcp

namespace mcp {

/// An argument of a prompt; its values are always strings.
struct prompt_argument {
    prompt_argument() = default;
    explicit prompt_argument(std::string name_, std::string description_ = {},
                             bool required_ = false)
        : name{std::move(name_)}
        , description{std::move(description_)}
        , required{required_} {}

    std::string name;
    std::string title;
    std::string description;
    bool required = false;
};

/// A prompt as `prompts/list` shows it [MCP 2026-07-28 server/prompts].
struct prompt_definition {
    prompt_definition() = default;
    prompt_definition(std::string name_, std::string description_,
                      std::vector<prompt_argument> arguments_ = {})
        : name{std::move(name_)}
        , description{std::move(description_)}
        , arguments{std::move(arguments_)} {}

    std::string name;
    std::string title;
    std::string description;
    std::vector<prompt_argument> arguments;
    std::vector<icon> icons;
    json_object meta;
};

/// One turn of the conversation that a prompt begins.
struct prompt_message {
    prompt_message() = default;
    prompt_message(mcp::role who, mcp::content block) : role{who}, content{std::move(block)} {}

    mcp::role role = mcp::role::user;
    mcp::content content;
};

/// `mcp::user_message("Review this code: …")`
inline prompt_message user_message(content block) {
    return {role::user, std::move(block)};
}

/// `mcp::assistant_message("I will look for defects first.")`
inline prompt_message assistant_message(content block) {
    return {role::assistant, std::move(block)};
}

/// What a prompt answers; words alone are one message of the user.
struct prompt_result {
    prompt_result() = default;
    prompt_result(std::string words) { messages.push_back(user_message(std::move(words))); }
    prompt_result(const char* words) { messages.push_back(user_message(words)); }
    prompt_result(prompt_message only) { messages.push_back(std::move(only)); }
    prompt_result(std::vector<prompt_message> all, std::string description_ = {})
        : description{std::move(description_)}
        , messages{std::move(all)} {}

    std::string description;
    std::vector<prompt_message> messages;
    json_object meta;
};

/// The params of `prompts/get`.
struct prompt_params {
    prompt_params() = default;
    explicit prompt_params(std::string name_,
                           std::vector<std::pair<std::string, std::string>> arguments_ = {})
        : name{std::move(name_)}
        , arguments{std::move(arguments_)} {}

    std::string name;
    /// Name and value, in the order of the request.
    std::vector<std::pair<std::string, std::string>> arguments;

    /// nullptr if it was not given.
    const std::string* find(std::string_view argument) const {
        for (const auto& [given, value] : arguments) {
            if (given == argument) {
                return &value;
            }
        }
        return nullptr;
    }
};

void write(json_writer& w, const prompt_definition& value, revision r);

/// A whole result; `server_info` as in `begin_result`.
void write(json_writer& w, const prompt_result& value, revision r,
           std::string_view server_info = {});

result<prompt_definition, decode_error> read_prompt_definition(const json& value,
                                                               std::string_view path = {});
result<prompt_result, decode_error> read_prompt_result(const json& value,
                                                       std::string_view path = {});
result<prompt_params, decode_error> read_prompt_params(const json_object* params);

namespace detail {

inline result<prompt_argument, decode_error> read_prompt_argument(const json& value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    prompt_argument read;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take("required", read.required);
    return r.finish(std::move(read));
}

inline result<prompt_message, decode_error> read_prompt_message(const json& value,
                                                                std::string_view path) {
    member_reader r{value, path};
    prompt_message read;
    r.need("role", read.role, read_role);
    r.need("content", read.content, read_content);
    return r.finish(std::move(read));
}

/// An object whose members are all strings, such as the arguments of a prompt.
inline result<std::vector<std::pair<std::string, std::string>>, decode_error>
read_string_members(const json& value, std::string_view path) {
    member_reader r{value, path};
    std::vector<std::pair<std::string, std::string>> read;
    if (const json_object* object = value.if_object()) {
        for (const auto& member : *object) {
            std::string text;
            r.need(member.key(), text);
            read.emplace_back(std::string{member.key()}, std::move(text));
        }
    }
    return r.finish(std::move(read));
}

} // namespace detail

inline void write(json_writer& w, const prompt_definition& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    if (!value.arguments.empty()) {
        write_list(w, "arguments", value.arguments, [&w, r](const prompt_argument& argument) {
            w.begin_object();
            w.member("name", argument.name);
            if (has_titles(r)) {
                write_present(w, "title", argument.title);
            }
            write_present(w, "description", argument.description);
            w.member("required", argument.required);
            w.end_object();
        });
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

inline void write(json_writer& w, const prompt_result& value, revision r,
                  std::string_view server_info) {
    begin_result(w, r, server_info, value.meta);
    write_present(w, "description", value.description);
    write_list(w, "messages", value.messages, [&w, r](const prompt_message& message) {
        w.begin_object();
        w.member("role", to_string(message.role));
        w.key("content");
        write(w, message.content, r);
        w.end_object();
    });
    w.end_object();
}

inline result<prompt_definition, decode_error> read_prompt_definition(const json& value,
                                                                      std::string_view path) {
    member_reader r{value, path};
    prompt_definition read;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take_list("arguments", read.arguments, detail::read_prompt_argument);
    r.take_list("icons", read.icons, read_icon);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<prompt_result, decode_error> read_prompt_result(const json& value,
                                                              std::string_view path) {
    member_reader r{value, path};
    prompt_result read;
    r.take("description", read.description);
    r.need_list("messages", read.messages, detail::read_prompt_message);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<prompt_params, decode_error> read_prompt_params(const json_object* params) {
    member_reader r{params};
    prompt_params read;
    r.need("name", read.name);
    r.take("arguments", read.arguments, detail::read_string_members);
    return r.finish(std::move(read));
}

} // namespace mcp

namespace mcp {

/// The params of `completion/complete`: which values could follow what has been typed
/// [MCP 2026-07-28 server/utilities/completion].
struct completion_params {
    enum class target : std::uint8_t { prompt, resource };

    completion_params() = default;
    completion_params(target kind_, std::string name_, std::string argument_, std::string value_)
        : kind{kind_}
        , name{std::move(name_)}
        , argument{std::move(argument_)}
        , value{std::move(value_)} {}

    target kind = target::prompt;
    /// The prompt's name, or the resource's URI template.
    std::string name;
    /// The prompt's argument, or the template's variable.
    std::string argument;
    /// What has been typed; may be empty.
    std::string value;
    /// Other arguments that are known already; absent before 2025-06-18.
    std::vector<std::pair<std::string, std::string>> context;
};

/// Candidates, best first. Not more than 100 are sent; `has_more` is then true by itself.
struct completion_result {
    completion_result() = default;
    completion_result(std::vector<std::string> values_, std::optional<std::int64_t> total_ = {},
                      bool has_more_ = false)
        : values{std::move(values_)}
        , total{total_}
        , has_more{has_more_} {}

    std::vector<std::string> values;
    /// How many there are in all, if known.
    std::optional<std::int64_t> total;
    bool has_more = false;
};

/// How many candidates one answer may have.
inline constexpr std::size_t max_completions = 100;

/// A whole result; `server_info` as in `begin_result`.
inline void write(json_writer& w, const completion_result& value, revision r,
                  std::string_view server_info = {}) {
    begin_result(w, r, server_info);
    w.key("completion");
    w.begin_object();
    w.key("values");
    w.begin_array();
    for (std::size_t i = 0; i < std::min(value.values.size(), max_completions); ++i) {
        w.value(value.values[i]);
    }
    w.end_array();
    write_present(w, "total", value.total);
    w.member("hasMore", value.has_more || value.values.size() > max_completions);
    w.end_object();
    w.end_object();
}

/// The params of a request.
inline void write(json_writer& w, const completion_params& value, revision r) {
    const bool prompt = value.kind == completion_params::target::prompt;
    w.begin_object();
    w.key("ref");
    w.begin_object();
    w.member("type", prompt ? "ref/prompt" : "ref/resource");
    w.member(prompt ? "name" : "uri", value.name);
    w.end_object();
    w.key("argument");
    w.begin_object();
    w.member("name", value.argument);
    w.member("value", value.value);
    w.end_object();
    if (!value.context.empty() && has_completion_context(r)) {
        w.key("context");
        w.begin_object();
        w.key("arguments");
        w.begin_object();
        for (const auto& [name, known] : value.context) {
            w.member(name, known);
        }
        w.end_object();
        w.end_object();
    }
    w.end_object();
}

inline result<completion_params, decode_error> read_completion_params(const json_object* params) {
    member_reader r{params};
    completion_params read;
    const json_object* ref = nullptr;
    const json_object* argument = nullptr;
    const json_object* context = nullptr;
    r.need("ref", ref);
    r.need("argument", argument);
    r.take("context", context);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_ref{ref, "ref"};
    std::string type;
    of_ref.need("type", type);
    if (type == "ref/resource") {
        read.kind = completion_params::target::resource;
        of_ref.need("uri", read.name);
    } else if (type == "ref/prompt") {
        of_ref.need("name", read.name);
    } else {
        of_ref.fail("type", "expected ref/prompt or ref/resource");
    }
    if (of_ref.failed()) {
        return of_ref.finish(std::move(read));
    }
    member_reader of_argument{argument, "argument"};
    of_argument.need("name", read.argument);
    of_argument.need("value", read.value);
    if (of_argument.failed()) {
        return of_argument.finish(std::move(read));
    }
    member_reader of_context{context, "context"};
    of_context.take("arguments", read.context, detail::read_string_members);
    return of_context.finish(std::move(read));
}

inline result<completion_result, decode_error> read_completion_result(const json& value,
                                                                      std::string_view path = {}) {
    member_reader r{value, path};
    const json_object* completion = nullptr;
    r.need("completion", completion);
    completion_result read;
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader inner{completion, "completion"};
    inner.need("values", read.values);
    inner.take("total", read.total);
    inner.take("hasMore", read.has_more);
    return inner.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/discover.hpp

namespace mcp {

/// The answer to `server/discover` [MCP 2026-07-28 server/discover].
struct discover_result {
    /// Modern ones only: a legacy revision is agreed on by `initialize`.
    std::vector<std::string> supported_versions;
    server_capabilities capabilities;
    /// For the model, on how to use the server; empty for none.
    std::string instructions;
    cache_policy caching;
    /// What the server calls itself, as read from an answer; absent if it does not say.
    std::optional<implementation> server_info;
};

/// The modern ones of `all_revisions`, as they stand on the wire.
inline std::vector<std::string> modern_versions() {
    std::vector<std::string> versions;
    for (revision r : all_revisions) {
        if (is_modern(r)) {
            versions.emplace_back(to_string(r));
        }
    }
    return versions;
}

/// A whole result; `server_info` as in `begin_result`.
inline void write(json_writer& w, const discover_result& value, revision r,
                  std::string_view server_info = {}) {
    begin_result(w, r, server_info);
    write_list(w, "supportedVersions", value.supported_versions,
               [&w](const std::string& version) { w.value(version); });
    w.key("capabilities");
    write(w, value.capabilities, r);
    write_present(w, "instructions", value.instructions);
    write_members(w, value.caching, r);
    w.end_object();
}

inline result<discover_result, decode_error> read_discover_result(const json& value,
                                                                  std::string_view path = {}) {
    member_reader r{value, path};
    discover_result read;
    const json_object* meta = nullptr;
    r.need("supportedVersions", read.supported_versions);
    r.need("capabilities", read.capabilities, read_server_capabilities);
    r.take("instructions", read.instructions);
    r.take("_meta", meta);
    read.caching = read_cache_policy(value);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_meta{meta, "_meta"};
    of_meta.take(meta_key::server_info, read.server_info, read_implementation);
    return of_meta.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/elicitation.hpp

#include <cassert>

namespace mcp {

/// What the user did with a question.
enum class elicit_action : std::uint8_t {
    accept,  ///< answered it
    decline, ///< said no
    cancel,  ///< closed it without a choice
};

constexpr std::string_view to_string(elicit_action action) noexcept {
    return action == elicit_action::accept    ? "accept"
           : action == elicit_action::decline ? "decline"
                                              : "cancel";
}

/// The user's answer to `elicit<T>` [MCP 2026-07-28 client/elicitation].
///
///     auto answer = co_await ctx.elicit<booking>("Which day?");
///     if (answer.accepted()) { book(answer->day); }
template <class T = json_object>
class elicit_result {
public:
    elicit_result() = default;
    explicit elicit_result(elicit_action action) : action_{action} {}
    explicit elicit_result(T content)
        : action_{elicit_action::accept}
        , content_{std::move(content)} {}

    elicit_action action() const noexcept { return action_; }
    /// Then, and only then, there is a value.
    bool accepted() const noexcept { return content_.has_value(); }
    bool declined() const noexcept { return action_ == elicit_action::decline; }
    bool cancelled() const noexcept { return action_ == elicit_action::cancel; }

    /// The same as `accepted`.
    explicit operator bool() const noexcept { return accepted(); }

    /// What the user entered; throws `std::bad_optional_access` unless accepted.
    const T& value() const& { return content_.value(); }
    T&& value() && { return std::move(content_).value(); }

    /// What the user entered; only if accepted.
    const T& operator*() const& {
        assert(accepted());
        return *content_;
    }
    const T* operator->() const {
        assert(accepted());
        return &*content_;
    }

private:
    elicit_action action_ = elicit_action::cancel;
    std::optional<T> content_;
};

/// The method by which a server asks a user.
inline constexpr std::string_view elicit_method = "elicitation/create";

/// A form: the client asks for values that fit the schema.
struct form_elicitation {
    form_elicitation() = default;
    form_elicitation(std::string message_, std::string schema_)
        : message{std::move(message_)}
        , schema{std::move(schema_)} {}

    std::string message;
    /// JSON Schema text of a flat object, as `elicitation_schema_of<T>` makes it.
    std::string schema;
};

/// A page that the user visits, for what must not pass through the client, such as a password.
struct url_elicitation {
    url_elicitation() = default;
    url_elicitation(std::string message_, std::string url_, std::string id_ = {})
        : message{std::move(message_)}
        , url{std::move(url_)}
        , id{std::move(id_)} {}

    std::string message;
    std::string url;
    /// Names the elicitation in `notifications/elicitation/complete`; only in 2025-11-25, where it
    /// must not be empty.
    std::string id;
};

/// The params of `elicitation/create`.
void write(json_writer& w, const form_elicitation& value, revision r);
void write(json_writer& w, const url_elicitation& value, revision r);

/// Appends `notifications/elicitation/complete`; only in 2025-11-25.
void write_elicitation_complete(std::string& out, std::string_view elicitation_id);

/// "Visit these first, then ask again"; only in 2025-11-25.
jsonrpc::error url_elicitation_required(const std::vector<url_elicitation>& elicitations);

/// The client's answer. An accepted form whose values do not decode to `T` is a mistake of the
/// client; accepted without content counts as an empty object.
template <class T = json_object>
result<elicit_result<T>, decode_error> read_elicit_result(const json& value,
                                                          std::string_view path = {});

/// What a client answers; `content` is the JSON text of an object, written only with `accept`.
void write_elicit_result(json_writer& w, elicit_action action, std::string_view content = {});

/// What a client was asked: one of the two is set.
struct elicitation_params {
    std::optional<form_elicitation> form;
    std::optional<url_elicitation> url;
};
result<elicitation_params, decode_error> read_elicitation_params(const json_object* params);

/// The defaults that a form's schema gives its members, as a client fills in what the user left
/// out [MCP 2025-11-25 client/elicitation].
json_object elicitation_defaults(const json& schema);

inline void write(json_writer& w, const form_elicitation& value, revision r) {
    w.begin_object();
    if (has_url_elicitation(r)) {
        w.member("mode", "form");
    }
    w.member("message", value.message);
    w.member_raw("requestedSchema", value.schema);
    w.end_object();
}

inline void write(json_writer& w, const url_elicitation& value, revision r) {
    w.begin_object();
    w.member("mode", "url");
    w.member("message", value.message);
    if (has_elicitation_ids(r)) {
        w.member("elicitationId", value.id);
    }
    w.member("url", value.url);
    w.end_object();
}

inline void write_elicitation_complete(std::string& out, std::string_view elicitation_id) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member("elicitationId", elicitation_id);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/elicitation/complete", params);
}

inline jsonrpc::error url_elicitation_required(const std::vector<url_elicitation>& elicitations) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    write_list(w, "elicitations", elicitations,
               [&w](const url_elicitation& one) { write(w, one, revision::v2025_11_25); });
    w.end_object();
    return {errc::url_elicitation_required, "URL elicitation required", std::move(data)};
}

template <class T>
result<elicit_result<T>, decode_error> read_elicit_result(const json& value,
                                                          std::string_view path) {
    member_reader r{value, path};
    std::string action;
    json content = json_object{};
    r.need("action", action);
    if (const json* given = r.find("content"); given && !given->is_null()) {
        content = *given;
    }
    if (action == "decline" || action == "cancel") {
        return r.finish(
            elicit_result<T>{action == "decline" ? elicit_action::decline : elicit_action::cancel});
    }
    if (action != "accept") {
        r.fail("action", "expected accept, decline or cancel");
        return r.finish(elicit_result<T>{});
    }
    if constexpr (std::same_as<T, json_object>) {
        if (!content.is_object()) {
            r.fail("content", member_reader::expected("object", content));
            return r.finish(elicit_result<T>{});
        }
        return r.finish(elicit_result<T>{std::move(content.get_object())});
    } else {
        std::string place{path};
        auto decoded = decode<T>(content, place.append(place.empty() ? "" : ".").append("content"));
        if (!decoded) {
            return std::move(decoded).error();
        }
        return elicit_result<T>{*std::move(decoded)};
    }
}

inline void write_elicit_result(json_writer& w, elicit_action action, std::string_view content) {
    w.begin_object();
    w.member("action", to_string(action));
    if (action == elicit_action::accept) {
        write_present_raw(w, "content", content);
    }
    w.end_object();
}

inline result<elicitation_params, decode_error> read_elicitation_params(const json_object* params) {
    member_reader r{params};
    elicitation_params read;
    std::string mode = "form";
    std::string message;
    r.take("mode", mode);
    r.need("message", message);
    if (mode == "url") {
        url_elicitation& url = read.url.emplace(std::move(message), "");
        r.need("url", url.url);
        r.take("elicitationId", url.id);
    } else if (mode == "form") {
        form_elicitation& form = read.form.emplace(std::move(message), "");
        const json_object* schema = nullptr;
        r.need("requestedSchema", schema);
        if (schema) {
            json_writer{form.schema}.value(*schema);
        }
    } else {
        r.fail("mode", "expected form or url");
    }
    return r.finish(std::move(read));
}

inline json_object elicitation_defaults(const json& schema) {
    json_object defaults;
    const json_object* object = schema.if_object();
    const json* properties = object ? object->if_contains("properties") : nullptr;
    if (properties && properties->is_object()) {
        for (const auto& property : properties->get_object()) {
            const json_object* about = property.value().if_object();
            if (const json* preset = about ? about->if_contains("default") : nullptr) {
                defaults.emplace(property.key(), *preset);
            }
        }
    }
    return defaults;
}

} // namespace mcp

// ---- mcp/protocol/headers.hpp

namespace mcp {

/// The HTTP header fields of the protocol; names of fields compare without regard to case.
namespace header {
inline constexpr std::string_view protocol_version = "MCP-Protocol-Version";
/// The `method` of the body (modern).
inline constexpr std::string_view method = "Mcp-Method";
/// What the method deals with, see `mcp_name` (modern).
inline constexpr std::string_view name = "Mcp-Name";
/// Before the name that an `x-mcp-header` gives (modern).
inline constexpr std::string_view param_prefix = "Mcp-Param-";
/// Only legacy.
inline constexpr std::string_view session_id = "Mcp-Session-Id";
/// Only legacy [HTML §9.2].
inline constexpr std::string_view last_event_id = "Last-Event-ID";
} // namespace header

/// What `Mcp-Name` must say for this request: `params.name` of `tools/call` and `prompts/get`,
/// `params.uri` of `resources/read`, `params.taskId` of `tasks/…`. Nothing for other methods, and
/// if the member is missing or no string. The view is into `params`.
std::optional<std::string_view> mcp_name(std::string_view method, const json_object* params);

/// A value as it may stand in `Mcp-Name` and `Mcp-Param-…`: as it is if it is visible ASCII, space
/// and tab, with neither at its ends; else `=?base64?…?=`
/// [MCP 2026-07-28 basic/transports/streamable-http].
std::string encode_header_value(std::string_view value);

/// The value that such a header stands for, or nothing if it has characters that must not be there,
/// or its base64 is not exactly as it ought to be, or what it encodes is not UTF-8. The field must
/// have been trimmed already.
std::optional<std::string> decode_header_value(std::string_view field);

/// An argument that a tool wants mirrored as a header: `x-mcp-header` in its input schema.
struct header_parameter {
    enum class type : std::uint8_t { string, integer, boolean };

    /// The whole field name: `Mcp-Param-Region`.
    std::string field;
    /// The members that lead from the arguments to the value.
    std::vector<std::string> path;
    type kind = type::string;

    /// The argument, or nullptr if it is absent or null: then there must be no header.
    const json* find(const json_object* arguments) const;

    /// The value as a client sends it, not yet encoded; nothing if the header is to be left out or
    /// the argument is not of the right type.
    std::optional<std::string> value(const json_object* arguments) const;

    /// What is wrong with the header that came with these arguments, as one sentence; nothing if it
    /// says the same as they do. `received` is the field as it came, trimmed; absent if it did not.
    std::optional<std::string> check(const json_object* arguments,
                                     std::optional<std::string_view> received) const;
};

/// Every `x-mcp-header` of an input schema. If one of them breaks a rule the reason is the error,
/// and an HTTP client must not show that tool. Without any the list is empty.
struct header_parameters {
    std::vector<header_parameter> list;
    /// One sentence; empty if the schema is sound.
    std::string error;
};
header_parameters find_header_parameters(const json& input_schema);

} // namespace mcp

// ---- mcp/protocol/impl/headers.hpp

namespace mcp {

namespace detail {

inline constexpr std::string_view sentinel_begin = "=?base64?";
inline constexpr std::string_view sentinel_end = "?=";

constexpr bool is_sentinel(std::string_view field) noexcept {
    return field.size() >= sentinel_begin.size() + sentinel_end.size() &&
           field.starts_with(sentinel_begin) && field.ends_with(sentinel_end);
}

/// Visible ASCII, with space and tab in between [RFC 9110 §5.5].
constexpr bool is_plain_field(std::string_view value) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (!value.empty() && (blank(value.front()) || blank(value.back()))) {
        return false;
    }
    return std::all_of(value.begin(), value.end(),
                       [&](char c) { return (c > ' ' && c < 0x7F) || blank(c); });
}

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool same_field(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// A `token` [RFC 9110 §5.6.2].
constexpr bool is_token(std::string_view text) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        const char l = lower(c);
        return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// The whole number that decimal text is equal to, `42.0` as well.
inline std::optional<std::int64_t> read_whole(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot != std::string_view::npos) {
        const std::string_view fraction = text.substr(dot + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) {
            return std::nullopt;
        }
        text = text.substr(0, dot);
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (text.empty() || failed != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return number;
}

/// The whole number that a JSON number is equal to, within what JavaScript keeps exact.
inline std::optional<std::int64_t> whole_of(const json& value) {
    constexpr std::int64_t safe = 9007199254740991; // 2^53 - 1
    boost::system::error_code failed;
    const auto number = value.is_number() ? value.to_number<std::int64_t>(failed) : 0;
    if (!value.is_number() || failed || number < -safe || number > safe) {
        return std::nullopt;
    }
    return number;
}

/// Walks a schema, knowing which keywords hold schemas and which hold plain data.
class header_parameter_finder {
public:
    header_parameters run(const json& schema) {
        visit(schema, true, 0);
        return std::move(found_);
    }

private:
    static constexpr std::string_view keyword = "x-mcp-header";
    static constexpr int deepest = 64;

    /// `reachable`: the way here went through `properties` only.
    void visit(const json& schema, bool reachable, int depth) {
        if (depth > deepest) {
            return fail("the schema is nested too deeply");
        }
        const json_object* object = schema.if_object();
        if (!object || !found_.error.empty()) {
            return;
        }
        if (const json* name = object->if_contains(keyword)) {
            add(*object, *name, reachable && depth > 0);
        }
        for (const auto& entry : *object) {
            const std::string_view key = entry.key();
            if (key == "properties") {
                visit_properties(entry.value(), reachable, depth);
            } else if (key == "$defs" || key == "definitions" || key == "patternProperties" ||
                       key == "dependentSchemas") {
                visit_members(entry.value(), depth);
            } else if (key != "const" && key != "enum" && key != "default" && key != "examples") {
                visit_keyword(entry.value(), depth);
            }
        }
    }

    void visit_properties(const json& properties, bool reachable, int depth) {
        const json_object* object = properties.if_object();
        if (!object) {
            return;
        }
        for (const auto& property : *object) {
            path_.emplace_back(property.key());
            visit(property.value(), reachable, depth + 1);
            path_.pop_back();
        }
    }

    void visit_members(const json& schemas, int depth) {
        if (const json_object* object = schemas.if_object()) {
            for (const auto& entry : *object) {
                visit(entry.value(), false, depth + 1);
            }
        }
    }

    void visit_keyword(const json& value, int depth) {
        visit(value, false, depth + 1);
        if (const json_array* array = value.if_array()) {
            for (const json& element : *array) {
                visit(element, false, depth + 1);
            }
        }
    }

    void add(const json_object& schema, const json& name, bool reachable) {
        if (!name.is_string() || !is_token(name.get_string())) {
            return fail("x-mcp-header must be an HTTP token");
        }
        if (!reachable) {
            return fail("x-mcp-header may stand only where properties alone lead to");
        }
        header_parameter added;
        added.field.append(header::param_prefix).append(name.get_string());
        added.path = path_;
        const json* type = schema.if_contains("type");
        const auto kind = type ? type_of(*type) : std::nullopt;
        if (!kind) {
            return fail("x-mcp-header may stand only at a string, an integer or a boolean");
        }
        added.kind = *kind;
        for (const header_parameter& other : found_.list) {
            if (same_field(other.field, added.field)) {
                return fail("two parameters have the same x-mcp-header");
            }
        }
        found_.list.push_back(std::move(added));
    }

    /// One of the three, or one of them and null.
    static std::optional<header_parameter::type> type_of(const json& type) {
        if (const auto* name = type.if_string()) {
            if (*name == "string") {
                return header_parameter::type::string;
            }
            if (*name == "integer") {
                return header_parameter::type::integer;
            }
            if (*name == "boolean") {
                return header_parameter::type::boolean;
            }
            return std::nullopt;
        }
        const json_array* both = type.if_array();
        if (!both || both->size() != 2) {
            return std::nullopt;
        }
        const auto is_null = [](const json& t) {
            return t.is_string() && t.get_string() == "null";
        };
        return is_null((*both)[0])   ? single_type((*both)[1])
               : is_null((*both)[1]) ? single_type((*both)[0])
                                     : std::nullopt;
    }
    static std::optional<header_parameter::type> single_type(const json& type) {
        return type.is_string() ? type_of(type) : std::nullopt;
    }

    void fail(std::string_view why) {
        if (found_.error.empty()) {
            found_.error = why;
            found_.list.clear();
        }
    }

    header_parameters found_;
    std::vector<std::string> path_;
};

} // namespace detail

inline std::optional<std::string_view> mcp_name(std::string_view method,
                                                const json_object* params) {
    std::string_view key;
    if (method == "tools/call" || method == "prompts/get") {
        key = "name";
    } else if (method == "resources/read") {
        key = "uri";
    } else if (method.starts_with("tasks/")) {
        key = "taskId";
    }
    const json* member = params && !key.empty() ? params->if_contains(key) : nullptr;
    if (!member || !member->is_string()) {
        return std::nullopt;
    }
    return std::string_view{member->get_string()};
}

inline std::string encode_header_value(std::string_view value) {
    std::string out;
    const bool looks_encoded =
        value.starts_with(detail::sentinel_begin) && value.ends_with(detail::sentinel_end);
    if (detail::is_plain_field(value) && !looks_encoded) {
        out = value;
    } else {
        out = detail::sentinel_begin;
        append_base64(out, value);
        out += detail::sentinel_end;
    }
    return out;
}

inline std::optional<std::string> decode_header_value(std::string_view field) {
    if (!detail::is_plain_field(field)) {
        return std::nullopt;
    }
    if (!detail::is_sentinel(field)) {
        return std::string{field};
    }
    field.remove_prefix(detail::sentinel_begin.size());
    field.remove_suffix(detail::sentinel_end.size());
    auto decoded = from_base64(field);
    return decoded && is_utf8(*decoded) ? std::move(decoded) : std::nullopt;
}

inline const json* header_parameter::find(const json_object* arguments) const {
    const json* at = nullptr;
    for (const std::string& step : path) {
        at = arguments ? arguments->if_contains(step) : nullptr;
        arguments = at ? at->if_object() : nullptr;
    }
    return at && !at->is_null() ? at : nullptr;
}

inline std::optional<std::string> header_parameter::value(const json_object* arguments) const {
    const json* argument = find(arguments);
    if (!argument) {
        return std::nullopt;
    }
    if (kind == type::string && argument->is_string()) {
        return std::string{std::string_view{argument->get_string()}};
    }
    if (kind == type::boolean && argument->is_bool()) {
        return argument->get_bool() ? "true" : "false";
    }
    const auto whole = kind == type::integer ? detail::whole_of(*argument) : std::nullopt;
    return whole ? std::optional{std::to_string(*whole)} : std::nullopt;
}

inline std::optional<std::string>
header_parameter::check(const json_object* arguments,
                        std::optional<std::string_view> received) const {
    if (!find(arguments)) {
        return received ? std::optional{field + " is there, its argument is not"} : std::nullopt;
    }
    if (!received) {
        return field + " is missing";
    }
    const auto decoded = decode_header_value(*received);
    if (!decoded) {
        return field + " is not encoded as it must be";
    }
    const auto expected = value(arguments);
    if (!expected) {
        return std::nullopt; // the wrong type: for the validation of the arguments to say
    }
    const bool same = kind == type::integer
                          ? detail::read_whole(*decoded) == detail::read_whole(*expected)
                          : *decoded == *expected;
    return same ? std::nullopt : std::optional{field + " does not match the body"};
}

inline header_parameters find_header_parameters(const json& input_schema) {
    return detail::header_parameter_finder{}.run(input_schema);
}

} // namespace mcp

// ---- mcp/protocol/initialize.hpp

namespace mcp {

/// The params of `initialize`, with which a legacy client begins [MCP 2025-11-25 basic/lifecycle].
struct initialize_params {
    /// The revision that the client would like; it may be one that nobody knows.
    std::string protocol_version;
    client_capabilities capabilities;
    implementation client_info;
};

/// The server's answer.
struct initialize_result {
    /// What both will speak.
    revision protocol_version = latest_legacy;
    server_capabilities capabilities;
    implementation server_info;
    /// For the model, on how to use the server; empty for none.
    std::string instructions;
};

/// What a server answers to a client that asks for `requested`: that revision if it is a legacy one
/// that the server knows, else the newest legacy one. Never an error.
constexpr revision negotiate_legacy(std::string_view requested) noexcept {
    const auto known = parse_revision(requested);
    return known && is_legacy(*known) ? *known : latest_legacy;
}

inline void write(json_writer& w, const initialize_params& value, revision r) {
    w.begin_object();
    w.member("protocolVersion", value.protocol_version);
    w.key("capabilities");
    write(w, value.capabilities, r);
    w.key("clientInfo");
    write(w, value.client_info, r);
    w.end_object();
}

/// In the words of the revision that it agrees on.
inline void write(json_writer& w, const initialize_result& value) {
    const revision r = value.protocol_version;
    w.begin_object();
    w.member("protocolVersion", to_string(r));
    w.key("capabilities");
    write(w, value.capabilities, r);
    w.key("serverInfo");
    write(w, value.server_info, r);
    write_present(w, "instructions", value.instructions);
    w.end_object();
}

inline result<initialize_params, decode_error> read_initialize_params(const json_object* params) {
    member_reader r{params};
    initialize_params read;
    r.need("protocolVersion", read.protocol_version);
    r.need("capabilities", read.capabilities, read_client_capabilities);
    r.need("clientInfo", read.client_info, read_implementation);
    return r.finish(std::move(read));
}

/// A revision that this client does not know is a mistake: it has to disconnect.
inline result<initialize_result, decode_error> read_initialize_result(const json& value,
                                                                      std::string_view path = {}) {
    member_reader r{value, path};
    initialize_result read;
    std::string version;
    r.need("protocolVersion", version);
    r.need("capabilities", read.capabilities, read_server_capabilities);
    r.need("serverInfo", read.server_info, read_implementation);
    r.take("instructions", read.instructions);
    const auto known = parse_revision(version);
    if (known && is_legacy(*known)) {
        read.protocol_version = *known;
    } else {
        r.fail("protocolVersion", "is not a revision that can be spoken after initialize");
    }
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/input_required.hpp

namespace mcp {

/// Something that a modern server wants to know before it can finish a call
/// [MCP 2026-07-28 basic/patterns/mrtr].
struct input_request {
    input_request() = default;
    input_request(std::string key_, std::string_view method_, std::string params_ = {})
        : key{std::move(key_)}
        , method{method_}
        , params{std::move(params_)} {}

    /// Names the answer; unique in the call.
    std::string key;
    /// `elicitation/create`, `sampling/createMessage` or `roots/list`.
    std::string method;
    /// As JSON text; empty for none.
    std::string params;
};

/// The result that asks: the client gets the answers and sends the same request again, with them
/// and with the state. At least one of the two members must be there.
struct input_required {
    input_required() = default;
    explicit input_required(std::vector<input_request> requests_,
                            std::optional<std::string> state = {})
        : requests{std::move(requests_)}
        , request_state{std::move(state)} {}

    std::vector<input_request> requests;
    /// Comes back byte by byte, from a client that may have changed it: seal it.
    std::optional<std::string> request_state;
};

/// What a repeated request carries; views into its params.
struct input_retry {
    /// The answers by key, bare results; nullptr if there are none.
    const json_object* responses = nullptr;
    /// Absent if the server gave none.
    std::optional<std::string_view> request_state;

    /// nullptr if that question has not been answered.
    const json* find(std::string_view key) const {
        return responses ? responses->if_contains(key) : nullptr;
    }
};

/// `resultType` of such a result.
inline constexpr std::string_view input_required_type = "input_required";

/// A whole result; `server_info` as in `begin_result`. Only for modern peers.
inline void write(json_writer& w, const input_required& value, std::string_view server_info = {}) {
    begin_result(w, latest, server_info, {}, input_required_type);
    if (!value.requests.empty()) {
        w.key("inputRequests");
        w.begin_object();
        for (const input_request& one : value.requests) {
            w.key(one.key);
            w.begin_object();
            w.member("method", one.method);
            write_present_raw(w, "params", one.params);
            w.end_object();
        }
        w.end_object();
    }
    write_present(w, "requestState", value.request_state);
    w.end_object();
}

/// The answers and the state in the params of `tools/call`, `prompts/get` or `resources/read`.
inline result<input_retry, decode_error> read_input_retry(const json_object* params) {
    member_reader r{params};
    input_retry read;
    r.take("inputResponses", read.responses);
    r.take("requestState", read.request_state);
    return r.finish(read);
}

/// Whether a result asks for input.
inline bool is_input_required(const json& result_value) {
    const json_object* object = result_value.if_object();
    const json* type = object ? object->if_contains("resultType") : nullptr;
    return type && type->is_string() && type->get_string() == input_required_type;
}

/// What the server asks, for a client.
inline result<input_required, decode_error> read_input_required(const json& value,
                                                                std::string_view path = {}) {
    member_reader r{value, path};
    input_required read;
    const json_object* requests = nullptr;
    r.take("inputRequests", requests);
    r.take("requestState", read.request_state);
    if (!requests && !read.request_state) {
        r.fail("inputRequests", "is missing");
    }
    if (r.failed() || !requests) {
        return r.finish(std::move(read));
    }
    for (const auto& entry : *requests) {
        member_reader one{entry.value(), entry.key()};
        input_request& request = read.requests.emplace_back();
        const json_object* params = nullptr;
        request.key = std::string_view{entry.key()};
        one.need("method", request.method);
        one.take("params", params);
        if (params) {
            json_writer{request.params}.value(*params);
        }
        if (one.failed()) {
            return one.finish(std::move(read));
        }
    }
    return read;
}

} // namespace mcp

// ---- mcp/protocol/pagination.hpp

namespace mcp {

/// A cursor for the page that begins at element `offset` of a list. It means the same in every
/// process, and nothing to the client [MCP 2026-07-28 server/utilities/pagination].
inline std::string encode_cursor(std::size_t offset) {
    return to_base64url("at:" + std::to_string(offset));
}

/// The offset in a cursor, or nothing if `encode_cursor` never made this one: answer
/// `invalid_cursor()`. An empty cursor is one as well, and not ours.
inline std::optional<std::size_t> decode_cursor(std::string_view cursor) {
    const auto text = from_base64url(cursor);
    if (!text || !text->starts_with("at:")) {
        return std::nullopt;
    }
    std::size_t offset = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, failed] = std::from_chars(text->data() + 3, end, offset);
    if (failed != std::errc{} || stop != end || encode_cursor(offset) != cursor) {
        return std::nullopt;
    }
    return offset;
}

/// One page of a list.
template <class Definition>
struct page {
    page() = default;
    explicit page(std::vector<Definition> items_, std::optional<std::string> next_cursor_ = {})
        : items{std::move(items_)}
        , next_cursor{std::move(next_cursor_)} {}

    std::vector<Definition> items;
    /// Asks for the page after this one; absent on the last. An empty text is a cursor too.
    std::optional<std::string> next_cursor;
    /// How long the page may be taken from a cache.
    cache_policy caching;
    json_object meta;
};

/// The whole result of a list request. `member` names the list: `tools`, `resources`,
/// `resourceTemplates`, `prompts`; `server_info` as in `begin_result`.
template <class Definition>
void write(json_writer& w, std::string_view member, const page<Definition>& value, revision r,
           std::string_view server_info = {}) {
    begin_result(w, r, server_info, value.meta);
    write_list(w, member, value.items, [&w, r](const Definition& one) { write(w, one, r); });
    write_present(w, "nextCursor", value.next_cursor);
    write_members(w, value.caching, r);
    w.end_object();
}

/// `read_one` is the decoder of one definition, such as `read_tool_definition`.
template <class Definition>
result<page<Definition>, decode_error>
read_page(const json& value, std::string_view member,
          result<Definition, decode_error> (*read_one)(const json&, std::string_view)) {
    member_reader r{value};
    page<Definition> read;
    r.need_list(member, read.items, read_one);
    r.take("nextCursor", read.next_cursor);
    r.take("_meta", read.meta);
    read.caching = read_cache_policy(value);
    return r.finish(std::move(read));
}

/// The cursor in the params of a list request; absent for the first page.
inline result<std::optional<std::string>, decode_error> read_cursor(const json_object* params) {
    member_reader r{params};
    std::optional<std::string> cursor;
    r.take("cursor", cursor);
    return r.finish(std::move(cursor));
}

} // namespace mcp

// ---- mcp/protocol/roots.hpp

namespace mcp {

/// A place that the client lets the server work in [MCP 2026-07-28 client/roots].
struct root {
    root() = default;
    explicit root(std::string uri_, std::string name_ = {})
        : uri{std::move(uri_)}
        , name{std::move(name_)} {}

    /// A `file://` URI. It comes from the peer: check what it names before touching it.
    std::string uri;
    std::string name;

    friend bool operator==(const root&, const root&) = default;
};

/// The method by which a server asks for roots; it has no params.
inline constexpr std::string_view roots_method = "roots/list";

inline result<root, decode_error> read_root(const json& value, std::string_view path = {}) {
    member_reader r{value, path};
    root read;
    r.need("uri", read.uri);
    r.take("name", read.name);
    return r.finish(std::move(read));
}

/// The client's answer.
inline result<std::vector<root>, decode_error> read_roots(const json& value,
                                                          std::string_view path = {}) {
    member_reader r{value, path};
    std::vector<root> read;
    r.need_list("roots", read, read_root);
    return r.finish(std::move(read));
}

/// What a client answers.
inline void write_roots(json_writer& w, const std::vector<root>& roots) {
    w.begin_object();
    write_list(w, "roots", roots, [&w](const root& one) {
        w.begin_object();
        w.member("uri", one.uri);
        write_present(w, "name", one.name);
        w.end_object();
    });
    w.end_object();
}

} // namespace mcp

// ---- mcp/protocol/sampling.hpp

// ---- mcp/protocol/tools.hpp

namespace mcp {

/// What a tool does to the world: hints for the client, not promises it can rely on
/// [MCP 2026-07-28 server/tools]. Combine the constants below with `|`.
struct tool_hints {
    std::optional<bool> read_only;
    std::optional<bool> destructive;
    std::optional<bool> idempotent;
    std::optional<bool> open_world;

    constexpr bool empty() const noexcept {
        return !read_only && !destructive && !idempotent && !open_world;
    }

    /// Both; where they contradict each other, the right one.
    friend constexpr tool_hints operator|(tool_hints a, tool_hints b) noexcept {
        return {
            b.read_only ? b.read_only : a.read_only, b.destructive ? b.destructive : a.destructive,
            b.idempotent ? b.idempotent : a.idempotent, b.open_world ? b.open_world : a.open_world};
    }
    friend constexpr bool operator==(const tool_hints&, const tool_hints&) = default;
};

/// Changes nothing.
inline constexpr tool_hints read_only{true, {}, {}, {}};
/// May change or delete what is there; what clients assume of a tool that is not `read_only`.
inline constexpr tool_hints destructive{{}, true, {}, {}};
/// Only adds, never changes or deletes what is there.
inline constexpr tool_hints additive{{}, false, {}, {}};
/// A second call with the same arguments changes nothing more.
inline constexpr tool_hints idempotent{{}, {}, true, {}};
/// Deals with whatever is out there, such as the web; what clients assume.
inline constexpr tool_hints open_world{{}, {}, {}, true};
/// Deals with a closed set of things, such as a database.
inline constexpr tool_hints closed_world{{}, {}, {}, false};

/// Whether a tool may have this name: 1 to 64 of `A-Z a-z 0-9 _ . / -`. The specification allows
/// longer ones, the conformance suite and common clients do not.
constexpr bool is_tool_name(std::string_view name) noexcept {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

/// A tool as `tools/list` shows it.
struct tool_definition {
    tool_definition() = default;
    tool_definition(std::string name_, std::string description_, std::string input_schema_)
        : name{std::move(name_)}
        , description{std::move(description_)}
        , input_schema{std::move(input_schema_)} {}

    std::string name;
    std::string title;
    std::string description;
    /// JSON Schema text whose root has `"type":"object"`; goes out as it is.
    std::string input_schema = R"({"type":"object"})";
    /// JSON Schema text of `structuredContent`; empty for none. Peers from before 2026-07-28 get it
    /// only if its root has `"type":"object"`.
    std::string output_schema;
    tool_hints hints;
    std::vector<icon> icons;
    json_object meta;
};

/// What a tool answers [MCP 2026-07-28 server/tools].
struct tool_result {
    tool_result() = default;
    tool_result(std::string words) { content.emplace_back(std::move(words)); }
    tool_result(const char* words) { content.emplace_back(words); }
    tool_result(mcp::content block) { content.push_back(std::move(block)); }
    tool_result(std::vector<mcp::content> blocks) : content{std::move(blocks)} {}

    /// A failure that the model should see and may repair.
    static tool_result error(std::string words) {
        tool_result failed{std::move(words)};
        failed.is_error = true;
        return failed;
    }

    /// If empty and `structured` is not, its text is sent as a text block.
    std::vector<mcp::content> content;
    /// `structuredContent` as JSON text; empty for none. Peers from before 2026-07-28 get it only
    /// if it is an object.
    std::string structured;
    bool is_error = false;
    json_object meta;
};

/// Thrown by a tool that failed: the client gets a result with `isError` and these words, so that
/// the model can correct itself. Other exceptions do not show their words.
class tool_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;

    /// A failure with more than words; `is_error` is set.
    explicit tool_error(tool_result what)
        : std::runtime_error{"tool error"}
        , result_{std::move(what)} {
        result_->is_error = true;
    }

    tool_result result() const { return result_ ? *result_ : tool_result::error(what()); }

private:
    std::optional<tool_result> result_;
};

void write(json_writer& w, const tool_definition& value, revision r);

/// A whole result; `server_info` as in `begin_result`.
void write(json_writer& w, const tool_result& value, revision r, std::string_view server_info = {});

result<tool_definition, decode_error> read_tool_definition(const json& value,
                                                           std::string_view path = {});
result<tool_result, decode_error> read_tool_result(const json& value, std::string_view path = {});

} // namespace mcp

// ---- mcp/protocol/impl/tools.hpp

namespace mcp {

namespace detail {

/// Whether JSON text is a schema whose root has `"type":"object"`.
inline bool is_object_schema(std::string_view schema_text) {
    const auto schema = parse_json(schema_text);
    const json_object* object = schema ? schema->if_object() : nullptr;
    const json* type = object ? object->if_contains("type") : nullptr;
    return type && type->is_string() && type->get_string() == "object";
}

/// Whether JSON text is an object.
inline bool is_object_text(std::string_view json_text) {
    const std::size_t first = json_text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && json_text[first] == '{';
}

inline void write_hints(json_writer& w, const tool_hints& hints, std::string_view title) {
    if (hints.empty() && title.empty()) {
        return;
    }
    w.key("annotations");
    w.begin_object();
    write_present(w, "title", title);
    write_present(w, "readOnlyHint", hints.read_only);
    write_present(w, "destructiveHint", hints.destructive);
    write_present(w, "idempotentHint", hints.idempotent);
    write_present(w, "openWorldHint", hints.open_world);
    w.end_object();
}

inline void read_hints(const json& value, tool_definition& into, member_reader& parent) {
    member_reader r{value.if_object()};
    std::string title;
    r.take("title", title);
    r.take("readOnlyHint", into.hints.read_only);
    r.take("destructiveHint", into.hints.destructive);
    r.take("idempotentHint", into.hints.idempotent);
    r.take("openWorldHint", into.hints.open_world);
    if (!value.is_object() || r.failed()) {
        parent.fail("annotations", "expected tool annotations");
    }
    if (into.title.empty()) {
        into.title = std::move(title);
    }
}

/// The members of a result that a `tool_use_result` of sampling has as well.
inline void write_tool_outcome(json_writer& w, const tool_result& value, revision r) {
    w.key("content");
    w.begin_array();
    for (const content& block : value.content) {
        write(w, block, r);
    }
    if (value.content.empty() && !value.structured.empty()) {
        w.begin_object();
        w.member("type", "text");
        w.member("text", value.structured);
        w.end_object();
    }
    w.end_array();
    if (!value.structured.empty() && has_structured_content(r) &&
        (has_any_structured_content(r) || detail::is_object_text(value.structured))) {
        w.member_raw("structuredContent", value.structured);
    }
    if (value.is_error) {
        w.member("isError", true);
    }
}

} // namespace detail

inline void write(json_writer& w, const tool_definition& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    w.member_raw("inputSchema", value.input_schema);
    if (!value.output_schema.empty() && has_structured_content(r) &&
        (has_any_structured_content(r) || detail::is_object_schema(value.output_schema))) {
        w.member_raw("outputSchema", value.output_schema);
    }
    if (has_tool_annotations(r)) {
        const std::string_view title = has_titles(r) ? "" : std::string_view{value.title};
        detail::write_hints(w, value.hints, title);
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

inline void write(json_writer& w, const tool_result& value, revision r,
                  std::string_view server_info) {
    begin_result(w, r, server_info, value.meta);
    detail::write_tool_outcome(w, value, r);
    w.end_object();
}

inline result<tool_definition, decode_error> read_tool_definition(const json& value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    tool_definition read;
    const json_object* input = nullptr;
    const json_object* output = nullptr;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.need("inputSchema", input);
    r.take("outputSchema", output);
    if (input) {
        read.input_schema.clear();
        json_writer{read.input_schema}.value(*input);
    }
    if (output) {
        json_writer{read.output_schema}.value(*output);
    }
    if (const json* hints = r.find("annotations")) {
        detail::read_hints(*hints, read, r);
    }
    r.take_list("icons", read.icons, read_icon);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<tool_result, decode_error> read_tool_result(const json& value,
                                                          std::string_view path) {
    member_reader r{value, path};
    tool_result read;
    r.need_list("content", read.content, read_content);
    if (const json* structured = r.find("structuredContent")) {
        json_writer{read.structured}.value(*structured);
    }
    r.take("isError", read.is_error);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

} // namespace mcp

namespace mcp {

/// The model wants a tool to be run.
struct tool_use {
    tool_use() = default;
    tool_use(std::string id_, std::string name_, json_object input_)
        : id{std::move(id_)}
        , name{std::move(name_)}
        , input{std::move(input_)} {}

    std::string id;
    std::string name;
    json_object input;
    json_object meta;
};

/// What became of a `tool_use`, for the next turn. Every use needs one, in one message that holds
/// nothing else.
struct tool_use_result {
    tool_use_result() = default;
    tool_use_result(std::string tool_use_id_, tool_result result_)
        : tool_use_id{std::move(tool_use_id_)}
        , result{std::move(result_)} {}

    std::string tool_use_id;
    tool_result result;
};

/// One block of a conversation with a model. Text converts to it.
struct sampling_content {
    using variant = std::variant<text, image, audio, tool_use, tool_use_result>;

    sampling_content() = default;
    sampling_content(text block) : value{std::move(block)} {}
    sampling_content(image block) : value{std::move(block)} {}
    sampling_content(audio block) : value{std::move(block)} {}
    sampling_content(tool_use block) : value{std::move(block)} {}
    sampling_content(tool_use_result block) : value{std::move(block)} {}
    sampling_content(std::string words) : value{text{std::move(words)}} {}
    sampling_content(const char* words) : value{text{words}} {}

    variant value;
};

/// One turn of it. Peers older than 2025-11-25 know one block per turn: they get several turns.
struct sampling_message {
    sampling_message() = default;
    sampling_message(mcp::role who, sampling_content only) : role{who} {
        content.push_back(std::move(only));
    }
    sampling_message(mcp::role who, std::vector<sampling_content> blocks)
        : role{who}
        , content{std::move(blocks)} {}

    mcp::role role = mcp::role::user;
    std::vector<sampling_content> content;
};

/// What to look for in a model; each from 0 to 1. The client decides.
struct model_preferences {
    model_preferences() = default;

    /// Names or parts of names, most wanted first: `claude`, `gemini-flash`.
    std::vector<std::string> hints;
    std::optional<double> cost_priority;
    std::optional<double> speed_priority;
    std::optional<double> intelligence_priority;

    bool empty() const {
        return hints.empty() && !cost_priority && !speed_priority && !intelligence_priority;
    }
};

enum class include_context : std::uint8_t { none, this_server, all_servers };
enum class tool_choice : std::uint8_t { automatic, required, none };

/// Asks the client's model for words [MCP 2026-07-28 client/sampling]; in 2026-07-28 deprecated.
///
///     mcp::sampling_request{"Summarise: " + text, 200}
struct sampling_request {
    sampling_request() = default;
    explicit sampling_request(std::string prompt, std::int64_t max_tokens_ = 1000)
        : max_tokens{max_tokens_} {
        messages.emplace_back(role::user, sampling_content{std::move(prompt)});
    }
    explicit sampling_request(std::vector<sampling_message> messages_,
                              std::int64_t max_tokens_ = 1000)
        : messages{std::move(messages_)}
        , max_tokens{max_tokens_} {}

    std::vector<sampling_message> messages;
    std::int64_t max_tokens = 1000;
    std::string system_prompt;
    model_preferences preferences;
    /// Other than none it needs the capability `sampling.context`.
    mcp::include_context include_context = mcp::include_context::none;
    std::optional<double> temperature;
    std::vector<std::string> stop_sequences;
    /// Passed through to the model's provider.
    json_object metadata;
    /// These two need the capability `sampling.tools`, and a peer of 2025-11-25 or later.
    std::vector<tool_definition> tools;
    std::optional<mcp::tool_choice> tool_choice;

    /// What the client must have declared.
    client_capabilities needs() const;
};

/// What the model said.
struct sampling_result {
    mcp::role role = mcp::role::assistant;
    std::vector<sampling_content> content;
    std::string model;
    /// `endTurn`, `stopSequence`, `maxTokens`, `toolUse`, or the provider's own; may be empty.
    std::string stop_reason;
    json_object meta;

    /// All its words.
    std::string text() const;
    /// The tools that it wants to be run; the pointers are into this.
    std::vector<const tool_use*> tool_uses() const;
};

/// The method by which a server asks for sampling.
inline constexpr std::string_view sampling_method = "sampling/createMessage";

/// The params of `sampling/createMessage`.
void write(json_writer& w, const sampling_request& value, revision r);

/// What a client answers.
void write(json_writer& w, const sampling_result& value, revision r);

result<sampling_request, decode_error> read_sampling_params(const json_object* params);
result<sampling_result, decode_error> read_sampling_result(const json& value,
                                                           std::string_view path = {});

} // namespace mcp

// ---- mcp/protocol/impl/sampling.hpp

namespace mcp {

namespace detail {

inline constexpr std::array<std::string_view, 3> include_context_names{"none", "thisServer",
                                                                       "allServers"};
inline constexpr std::array<std::string_view, 3> tool_choice_names{"auto", "required", "none"};

inline void write_sampling_block(json_writer& w, const tool_use& block, revision r) {
    if (!has_sampling_tools(r)) {
        return write(w, text{"[tool use: " + block.name + "]"}, r);
    }
    w.begin_object();
    w.member("type", "tool_use");
    w.member("id", block.id);
    w.member("name", block.name);
    w.member("input", block.input);
    write_present_object(w, "_meta", block.meta);
    w.end_object();
}

inline void write_sampling_block(json_writer& w, const tool_use_result& block, revision r) {
    if (!has_sampling_tools(r)) {
        return write(w, text{"[tool result]"}, r);
    }
    w.begin_object();
    w.member("type", "tool_result");
    w.member("toolUseId", block.tool_use_id);
    write_tool_outcome(w, block.result, r);
    write_present_object(w, "_meta", block.result.meta);
    w.end_object();
}

template <class Block>
void write_sampling_block(json_writer& w, const Block& block, revision r) {
    write(w, block, r);
}

inline void write_sampling_block(json_writer& w, const sampling_content& block, revision r) {
    std::visit([&w, r](const auto& one) { write_sampling_block(w, one, r); }, block.value);
}

/// One block stands alone, several are an array.
inline void write_sampling_blocks(json_writer& w, const std::vector<sampling_content>& blocks,
                                  revision r) {
    w.key("content");
    if (blocks.size() == 1) {
        return write_sampling_block(w, blocks.front(), r);
    }
    w.begin_array();
    for (const sampling_content& block : blocks) {
        write_sampling_block(w, block, r);
    }
    w.end_array();
}

inline void write_sampling_message(json_writer& w, const sampling_message& message, revision r) {
    if (has_sampling_tools(r)) {
        w.begin_object();
        w.member("role", to_string(message.role));
        write_sampling_blocks(w, message.content, r);
        w.end_object();
        return;
    }
    for (const sampling_content& block : message.content) {
        w.begin_object();
        w.member("role", to_string(message.role));
        w.key("content");
        write_sampling_block(w, block, r);
        w.end_object();
    }
}

inline void write_preferences(json_writer& w, const model_preferences& value) {
    w.key("modelPreferences");
    w.begin_object();
    if (!value.hints.empty()) {
        write_list(w, "hints", value.hints, [&w](const std::string& name) {
            w.begin_object();
            w.member("name", name);
            w.end_object();
        });
    }
    write_present(w, "costPriority", value.cost_priority);
    write_present(w, "speedPriority", value.speed_priority);
    write_present(w, "intelligencePriority", value.intelligence_priority);
    w.end_object();
}

inline result<tool_use, decode_error> read_tool_use(const json& value, std::string_view path) {
    member_reader r{value, path};
    tool_use read;
    r.need("id", read.id);
    r.need("name", read.name);
    r.need("input", read.input);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<tool_use_result, decode_error> read_tool_use_result(const json& value,
                                                                  std::string_view path) {
    auto outcome = read_tool_result(value, path);
    if (!outcome) {
        return std::move(outcome).error();
    }
    member_reader r{value, path};
    tool_use_result read{{}, *std::move(outcome)};
    r.need("toolUseId", read.tool_use_id);
    return r.finish(std::move(read));
}

inline result<sampling_content, decode_error> read_sampling_block(const json& value,
                                                                  std::string_view path) {
    const std::string_view type = content_type(value);
    if (type == "text") {
        return widened<sampling_content>(read_text(value, path));
    }
    if (type == "image") {
        return widened<sampling_content>(read_media<image>(value, path));
    }
    if (type == "audio") {
        return widened<sampling_content>(read_media<audio>(value, path));
    }
    if (type == "tool_use") {
        return widened<sampling_content>(read_tool_use(value, path));
    }
    if (type == "tool_result") {
        return widened<sampling_content>(read_tool_use_result(value, path));
    }
    return decode_error{std::string{path},
                        "expected content of type text, image, audio, tool_use or tool_result"};
}

inline void read_sampling_blocks(member_reader& r, std::vector<sampling_content>& into) {
    const json* content = r.find("content");
    if (content && content->is_array()) {
        return r.need_list("content", into, read_sampling_block);
    }
    sampling_content only;
    r.need("content", only, read_sampling_block);
    into.push_back(std::move(only));
}

inline result<sampling_message, decode_error> read_sampling_message(const json& value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    sampling_message read;
    r.need("role", read.role, read_role);
    read_sampling_blocks(r, read.content);
    return r.finish(std::move(read));
}

inline result<std::string, decode_error> read_hint(const json& value, std::string_view path) {
    member_reader r{value, path};
    std::string name;
    r.take("name", name);
    return r.finish(std::move(name));
}

inline result<model_preferences, decode_error> read_preferences(const json& value,
                                                                std::string_view path) {
    member_reader r{value, path};
    model_preferences read;
    r.take_list("hints", read.hints, read_hint);
    r.take("costPriority", read.cost_priority);
    r.take("speedPriority", read.speed_priority);
    r.take("intelligencePriority", read.intelligence_priority);
    return r.finish(std::move(read));
}

/// The enumerator that stands at the name's place.
template <class Enum>
void read_name(member_reader& r, std::string_view key, const std::array<std::string_view, 3>& names,
               auto& into) {
    std::string name;
    r.take(key, name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) {
            into = static_cast<Enum>(i);
            return;
        }
    }
    if (!name.empty()) {
        r.fail(key, "is not one of the known values");
    }
}

} // namespace detail

inline client_capabilities sampling_request::needs() const {
    client_capabilities needed;
    needed.sampling = true;
    needed.sampling_tools = !tools.empty() || tool_choice.has_value();
    needed.sampling_context = include_context != mcp::include_context::none;
    return needed;
}

inline std::string sampling_result::text() const {
    std::string words;
    for (const sampling_content& block : content) {
        if (const auto* one = std::get_if<mcp::text>(&block.value)) {
            words += one->value;
        }
    }
    return words;
}

inline std::vector<const tool_use*> sampling_result::tool_uses() const {
    std::vector<const tool_use*> uses;
    for (const sampling_content& block : content) {
        if (const auto* one = std::get_if<tool_use>(&block.value)) {
            uses.push_back(one);
        }
    }
    return uses;
}

inline void write(json_writer& w, const sampling_request& value, revision r) {
    w.begin_object();
    w.key("messages");
    w.begin_array();
    for (const sampling_message& message : value.messages) {
        detail::write_sampling_message(w, message, r);
    }
    w.end_array();
    if (!value.preferences.empty()) {
        detail::write_preferences(w, value.preferences);
    }
    write_present(w, "systemPrompt", value.system_prompt);
    if (value.include_context != include_context::none) {
        w.member("includeContext",
                 detail::include_context_names[static_cast<std::size_t>(value.include_context)]);
    }
    write_present(w, "temperature", value.temperature);
    w.member("maxTokens", value.max_tokens);
    write_present_list(w, "stopSequences", value.stop_sequences);
    write_present_object(w, "metadata", value.metadata);
    if (has_sampling_tools(r) && !value.tools.empty()) {
        write_list(w, "tools", value.tools, [&w, r](const tool_definition& t) { write(w, t, r); });
    }
    if (has_sampling_tools(r) && value.tool_choice) {
        w.key("toolChoice");
        w.begin_object();
        w.member("mode", detail::tool_choice_names[static_cast<std::size_t>(*value.tool_choice)]);
        w.end_object();
    }
    w.end_object();
}

inline void write(json_writer& w, const sampling_result& value, revision r) {
    w.begin_object();
    w.member("role", to_string(value.role));
    detail::write_sampling_blocks(w, value.content, r);
    w.member("model", value.model);
    write_present(w, "stopReason", value.stop_reason);
    write_present_object(w, "_meta", value.meta);
    w.end_object();
}

inline result<sampling_request, decode_error> read_sampling_params(const json_object* params) {
    member_reader r{params};
    sampling_request read;
    const json_object* choice = nullptr;
    r.need_list("messages", read.messages, detail::read_sampling_message);
    r.take("modelPreferences", read.preferences, detail::read_preferences);
    r.take("systemPrompt", read.system_prompt);
    detail::read_name<include_context>(r, "includeContext", detail::include_context_names,
                                       read.include_context);
    r.take("temperature", read.temperature);
    r.need("maxTokens", read.max_tokens);
    r.take("stopSequences", read.stop_sequences);
    r.take("metadata", read.metadata);
    r.take_list("tools", read.tools, read_tool_definition);
    r.take("toolChoice", choice);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_choice{choice, "toolChoice"};
    detail::read_name<tool_choice>(of_choice, "mode", detail::tool_choice_names, read.tool_choice);
    return of_choice.finish(std::move(read));
}

inline result<sampling_result, decode_error> read_sampling_result(const json& value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    sampling_result read;
    r.need("role", read.role, read_role);
    detail::read_sampling_blocks(r, read.content);
    r.need("model", read.model);
    r.take("stopReason", read.stop_reason);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

} // namespace mcp

// ---- mcp/protocol/subscriptions.hpp

namespace mcp {

/// The lists that a server can tell about when they change.
enum class list_kind : std::uint8_t { tools, resources, prompts };

/// `notifications/tools/list_changed` and so on.
constexpr std::string_view list_changed_method(list_kind kind) noexcept {
    switch (kind) {
    case list_kind::tools:
        return "notifications/tools/list_changed";
    case list_kind::resources:
        return "notifications/resources/list_changed";
    case list_kind::prompts:
        return "notifications/prompts/list_changed";
    }
    return {};
}

/// What a `subscriptions/listen` stream shall carry [MCP 2026-07-28 basic/patterns/subscriptions].
struct subscription_filter {
    subscription_filter() = default;

    bool tools_list_changed = false;
    bool prompts_list_changed = false;
    bool resources_list_changed = false;
    /// The URIs whose updates are wanted.
    std::vector<std::string> resource_subscriptions;
    /// Of the tasks extension.
    std::vector<std::string> task_ids;

    bool wants(list_kind kind) const noexcept {
        return kind == list_kind::tools       ? tools_list_changed
               : kind == list_kind::resources ? resources_list_changed
                                              : prompts_list_changed;
    }
    bool wants_resource(std::string_view uri) const {
        return std::find(resource_subscriptions.begin(), resource_subscriptions.end(), uri) !=
               resource_subscriptions.end();
    }

    friend bool operator==(const subscription_filter&, const subscription_filter&) = default;
};

/// What is set of it.
inline void write(json_writer& w, const subscription_filter& filter) {
    w.begin_object();
    if (filter.tools_list_changed) {
        w.member("toolsListChanged", true);
    }
    if (filter.prompts_list_changed) {
        w.member("promptsListChanged", true);
    }
    if (filter.resources_list_changed) {
        w.member("resourcesListChanged", true);
    }
    write_present_list(w, "resourceSubscriptions", filter.resource_subscriptions);
    write_present_list(w, "taskIds", filter.task_ids);
    w.end_object();
}

inline result<subscription_filter, decode_error>
read_subscription_filter(const json& value, std::string_view path = {}) {
    member_reader r{value, path};
    subscription_filter read;
    r.take("toolsListChanged", read.tools_list_changed);
    r.take("promptsListChanged", read.prompts_list_changed);
    r.take("resourcesListChanged", read.resources_list_changed);
    r.take("resourceSubscriptions", read.resource_subscriptions);
    r.take("taskIds", read.task_ids);
    return r.finish(std::move(read));
}

/// The filter in the params of `subscriptions/listen`, and in those of its acknowledgement.
inline result<subscription_filter, decode_error> read_listen_params(const json_object* params) {
    member_reader r{params};
    subscription_filter read;
    r.need("notifications", read, read_subscription_filter);
    return r.finish(std::move(read));
}

namespace detail {

inline void write_subscription_meta(json_writer& w, const jsonrpc::id& subscription) {
    w.key("_meta");
    w.begin_object();
    w.member_raw(meta_key::subscription_id, subscription.text());
    w.end_object();
}

} // namespace detail

/// Appends `notifications/subscriptions/acknowledged`, the first message of a listen stream.
/// `listen` is the id of the request; `honoured` what of its filter will be sent.
inline void write_acknowledged(std::string& out, const jsonrpc::id& listen,
                               const subscription_filter& honoured) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    detail::write_subscription_meta(w, listen);
    w.key("notifications");
    write(w, honoured);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/subscriptions/acknowledged", params);
}

/// Appends a `list_changed` notification; `subscription` is the id of the listen request that it
/// answers, absent on the legacy wire.
inline void write_list_changed(std::string& out, list_kind kind,
                               const jsonrpc::id& subscription = {}) {
    std::string params;
    if (subscription) {
        json_writer w{params};
        w.begin_object();
        detail::write_subscription_meta(w, subscription);
        w.end_object();
    }
    jsonrpc::write_notification(out, list_changed_method(kind), params);
}

/// Appends `notifications/resources/updated`; `subscription` as above.
inline void write_resource_updated(std::string& out, std::string_view uri,
                                   const jsonrpc::id& subscription = {}) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    if (subscription) {
        detail::write_subscription_meta(w, subscription);
    }
    w.member("uri", uri);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/resources/updated", params);
}

/// Appends the response that ends a listen stream gracefully. `server_info` as in `begin_result`.
inline void write_listen_end(std::string& out, const jsonrpc::id& listen,
                             std::string_view server_info = {}) {
    jsonrpc::begin_response(out, listen);
    json_writer w{out};
    w.begin_object();
    w.member("resultType", "complete");
    w.key("_meta");
    w.begin_object();
    w.member_raw(meta_key::subscription_id, listen.text());
    write_present_raw(w, meta_key::server_info, server_info);
    w.end_object();
    w.end_object();
    jsonrpc::end_response(out);
}

} // namespace mcp

// ---- mcp/protocol/uri_template.hpp

#include <initializer_list>

namespace mcp {

/// Names and values of a URI template's variables, in the order in which they were set.
class uri_variables {
public:
    uri_variables() = default;
    uri_variables(std::initializer_list<std::pair<std::string, std::string>> values)
        : values_{values} {}

    /// Replaces the value if the name is there.
    void set(std::string_view name, std::string value);

    /// nullptr if undefined; valid until the next `set`.
    const std::string* find(std::string_view name) const noexcept;

    std::size_t size() const noexcept { return values_.size(); }
    bool empty() const noexcept { return values_.empty(); }
    auto begin() const noexcept { return values_.begin(); }
    auto end() const noexcept { return values_.end(); }

    friend bool operator==(const uri_variables&, const uri_variables&) = default;

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// What is wrong with a URI template, as one sentence; nullptr if nothing is. For `static_assert`.
constexpr const char* uri_template_error(std::string_view text) noexcept;

/// How many variables stand in a well-formed template, counting each place.
constexpr std::size_t uri_template_variable_count(std::string_view text) noexcept;

/// The name at place `index` of a well-formed template.
constexpr std::string_view uri_template_variable(std::string_view text, std::size_t index) noexcept;

/// A URI template of levels 1 to 3 [RFC 6570]: `{var}`, `{+path}`, `{#x}`, `{.x}`, `{/x,y}`,
/// `{;x}`,
/// `{?x,y}`, `{&x}`. Level 4 (`{x:3}`, `{x*}`) is refused.
///
///     mcp::uri_template files{"file:///{+path}"};
///     files.match("file:///etc/a%20b")->find("path"); // "etc/a b"
class uri_template {
public:
    /// For a template that is part of the program: throws `std::invalid_argument` if malformed.
    explicit uri_template(std::string_view text);

    /// For one that came from elsewhere; nothing if malformed, `uri_template_error` says why.
    static std::optional<uri_template> parse(std::string_view text);

    /// As it was parsed.
    const std::string& text() const noexcept { return text_; }

    /// The names in order of appearance, each once.
    std::vector<std::string_view> variables() const;

    /// The URI for these values; undefined variables are left out as RFC 6570 says.
    std::string expand(const uri_variables& values) const;

    /// The values that this URI has for the template, percent-decoded, or nothing if it does not
    /// fit. A simple variable takes at least one character and never crosses `/`, `?` or `#`; with
    /// `+` it does, unless a later `{?x}` or `{#x}` claims what begins there. Where two splits are
    /// possible the earlier variable takes more. Variables of `{?x,y}` may come in any order or be
    /// missing. Broken percent-encoding, values that are not UTF-8, and URIs over 64 KiB fit
    /// nothing. A decoded value can hold anything, `../` as well: who makes a file name of it must
    /// check it [MCP 2026-07-28 server/resources].
    ///
    /// The work is bounded: a hostile URI against a template full of `{+x}` is given up.
    std::optional<uri_variables> match(std::string_view uri) const;

private:
    struct expression {
        char op = 0; // 0 for {x}
        std::vector<std::string> names;
    };
    /// A literal, then an expression; an expression without names is none.
    struct part {
        std::string literal;
        expression variables;
    };
    class matcher;

    void read(std::string_view text);

    std::string text_;
    std::vector<part> parts_;
};

} // namespace mcp

// ---- mcp/protocol/impl/uri_template.hpp

// ---- mcp/protocol/impl/uri_template_grammar.hpp

namespace mcp {

namespace detail {

constexpr bool is_uri_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_uri_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_uri_digit(c) ||
           std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

constexpr bool is_uri_reserved(char c) noexcept {
    return std::string_view{":/?#[]@!$&'()*+,;="}.find(c) != std::string_view::npos;
}

/// The value of a hexadecimal digit, or -1.
constexpr int uri_hex(char c) noexcept {
    if (is_uri_digit(c)) {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr bool is_uri_triplet(std::string_view text, std::size_t at) noexcept {
    return at + 2 < text.size() && text[at] == '%' && uri_hex(text[at + 1]) >= 0 &&
           uri_hex(text[at + 2]) >= 0;
}

/// How an operator writes its variables [RFC 6570 appendix A].
struct uri_operator {
    char prefix;    ///< before the first, 0 for none
    char separator; ///< between two
    bool named;     ///< `name=value`
    bool reserved;  ///< reserved characters stay as they are
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

/// One step through a template: a run of literal text, then the inside of an expression.
struct uri_template_piece {
    std::string_view literal;
    std::string_view names; ///< comma-separated, without operator
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
            return "a URI template has a character that no URI may have";
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

/// Takes the first name off a comma-separated list.
constexpr std::string_view take_uri_name(std::string_view& names, bool& more) noexcept {
    const std::size_t comma = names.find(',');
    const std::string_view name = names.substr(0, comma);
    more = comma != std::string_view::npos;
    names.remove_prefix(more ? comma + 1 : names.size());
    return name;
}

/// Reads the next piece and takes it off `rest`; a sentence if it is malformed, else nullptr.
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

namespace mcp {

namespace detail {

inline void append_uri_byte(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
}

inline void append_uri_value(std::string& out, std::string_view value, bool reserved) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (is_uri_unreserved(c) ||
            (reserved && (is_uri_reserved(c) || is_uri_triplet(value, i)))) {
            out.push_back(c);
        } else {
            append_uri_byte(out, c);
        }
    }
}

inline std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
        } else if (is_uri_triplet(text, i)) {
            out.push_back(static_cast<char>(uri_hex(text[i + 1]) * 16 + uri_hex(text[i + 2])));
            i += 2;
        } else {
            return std::nullopt;
        }
    }
    if (!is_utf8(out)) {
        return std::nullopt;
    }
    return out;
}

} // namespace detail

inline void uri_variables::set(std::string_view name, std::string value) {
    for (auto& [known, old] : values_) {
        if (known == name) {
            old = std::move(value);
            return;
        }
    }
    values_.emplace_back(std::string{name}, std::move(value));
}

inline const std::string* uri_variables::find(std::string_view name) const noexcept {
    for (const auto& [known, value] : values_) {
        if (known == name) {
            return &value;
        }
    }
    return nullptr;
}

inline uri_template::uri_template(std::string_view text) {
    if (const char* why = uri_template_error(text)) {
        throw std::invalid_argument{why};
    }
    read(text);
}

inline std::optional<uri_template> uri_template::parse(std::string_view text) {
    if (uri_template_error(text)) {
        return std::nullopt;
    }
    return uri_template{text};
}

inline void uri_template::read(std::string_view text) {
    text_ = text;
    detail::uri_template_piece piece;
    while (!text.empty() && !detail::take_uri_piece(text, piece)) {
        part& added = parts_.emplace_back();
        for (const char c : piece.literal) {
            if (static_cast<unsigned char>(c) < 0x80) {
                added.literal.push_back(c);
            } else {
                detail::append_uri_byte(added.literal, c);
            }
        }
        added.variables.op = piece.op;
        for (bool more = piece.has_expression; more;) {
            added.variables.names.emplace_back(detail::take_uri_name(piece.names, more));
        }
    }
}

inline std::vector<std::string_view> uri_template::variables() const {
    std::vector<std::string_view> names;
    for (const part& p : parts_) {
        for (const std::string& name : p.variables.names) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

inline std::string uri_template::expand(const uri_variables& values) const {
    std::string out;
    for (const part& p : parts_) {
        out += p.literal;
        const detail::uri_operator how = detail::uri_operator_of(p.variables.op);
        bool first = true;
        for (const std::string& name : p.variables.names) {
            const std::string* value = values.find(name);
            if (!value) {
                continue;
            }
            if (const char before = first ? how.prefix : how.separator) {
                out.push_back(before);
            }
            first = false;
            if (how.named) {
                out += name;
                if (!value->empty() || p.variables.op != ';') {
                    out.push_back('=');
                }
            }
            detail::append_uri_value(out, *value, how.reserved);
        }
    }
    return out;
}

/// Backtracks over where each variable ends, longest first, within a fixed number of steps.
class uri_template::matcher {
public:
    matcher(const std::vector<part>& parts, std::string_view uri) : parts_{parts}, uri_{uri} {}

    std::optional<uri_variables> run() {
        if (!at_part(0, 0)) {
            return std::nullopt;
        }
        uri_variables found;
        for (const capture& c : captures_) {
            auto value = detail::percent_decoded(c.value);
            const std::string* before = found.find(c.name);
            if (!value || (before && *before != *value)) {
                return std::nullopt;
            }
            found.set(c.name, *std::move(value));
        }
        return found;
    }

private:
    struct capture {
        std::string_view name;
        std::string_view value;
    };

    bool spend() { return steps_ > 0 && --steps_ > 0; }

    bool at_part(std::size_t index, std::size_t at) {
        if (!spend()) {
            return false;
        }
        if (index == parts_.size()) {
            return at == uri_.size();
        }
        const part& p = parts_[index];
        if (!uri_.substr(at).starts_with(p.literal)) {
            return false;
        }
        at += p.literal.size();
        if (p.variables.names.empty()) {
            return at_part(index + 1, at);
        }
        if (detail::uri_operator_of(p.variables.op).named) {
            return at_pair(index, at, captures_.size());
        }
        return at_variable(index, 0, at);
    }

    /// An unnamed variable, or the end of its expression when it and those after it are undefined.
    bool at_variable(std::size_t index, std::size_t which, std::size_t at) {
        const expression& e = parts_[index].variables;
        const detail::uri_operator how = detail::uri_operator_of(e.op);
        const char before = which == 0 ? how.prefix : how.separator;
        if (which < e.names.size() && (!before || (at < uri_.size() && uri_[at] == before))) {
            const std::size_t begin = before ? at + 1 : at;
            for (std::size_t end = longest(index, begin); end > begin; --end) {
                if (may_end_at(end)) {
                    captures_.push_back({e.names[which], uri_.substr(begin, end - begin)});
                    if (at_variable(index, which + 1, end)) {
                        return true;
                    }
                    captures_.pop_back();
                }
                if (!spend()) {
                    return false;
                }
            }
        }
        return (which > 0 || how.prefix) && at_part(index + 1, at);
    }

    /// `name=value` pairs in any order; `first` is where this expression's captures begin.
    bool at_pair(std::size_t index, std::size_t at, std::size_t first) {
        const expression& e = parts_[index].variables;
        const detail::uri_operator how = detail::uri_operator_of(e.op);
        const char before = captures_.size() == first ? how.prefix : how.separator;
        if (at < uri_.size() && uri_[at] == before) {
            const std::size_t end = longest(index, at + 1);
            const std::string_view pair = uri_.substr(at + 1, end - at - 1);
            const std::size_t equals = pair.find('=');
            const std::string_view name = pair.substr(0, equals);
            const bool has_value = equals != std::string_view::npos;
            if (is_open(e, name, first) && (has_value || e.op == ';')) {
                captures_.push_back({name, has_value ? pair.substr(equals + 1) : ""});
                if (at_pair(index, end, first)) {
                    return true;
                }
                captures_.pop_back();
            }
        }
        return at_part(index + 1, at);
    }

    /// Whether the expression has this name and it has not been seen in it yet.
    bool is_open(const expression& e, std::string_view name, std::size_t first) const {
        return std::find(e.names.begin(), e.names.end(), name) != e.names.end() &&
               std::none_of(captures_.begin() + static_cast<std::ptrdiff_t>(first), captures_.end(),
                            [&](const capture& c) { return c.name == name; });
    }

    bool has_later(std::size_t index, char op) const {
        return std::any_of(parts_.begin() + static_cast<std::ptrdiff_t>(index), parts_.end(),
                           [op](const part& p) { return p.variables.op == op; });
    }

    /// How far a value of this part's expression could reach from `at`.
    std::size_t longest(std::size_t index, std::size_t at) const {
        const expression& e = parts_[index].variables;
        std::string_view stops = "/?#";
        if (e.op == '+' && has_later(index, '?')) {
            stops = "?#";
        } else if (e.op == '+' && has_later(index, '#')) {
            stops = "#";
        } else if (e.op == '+' || e.op == '#') {
            stops = "";
        } else if (e.op == '?' || e.op == '&') {
            stops = "&#";
        } else if (e.op == ';') {
            stops = ";/?#";
        }
        std::size_t stop = uri_.find_first_of(stops, at);
        if (e.names.size() > 1) {
            stop = std::min(stop, uri_.find(detail::uri_operator_of(e.op).separator, at));
        }
        return stop == std::string_view::npos ? uri_.size() : stop;
    }

    /// A value must not end inside a %XX triplet.
    bool may_end_at(std::size_t end) const {
        return uri_[end - 1] != '%' && !(end >= 2 && uri_[end - 2] == '%');
    }

    const std::vector<part>& parts_;
    std::string_view uri_;
    std::vector<capture> captures_;
    std::size_t steps_ = 200'000;
};

inline std::optional<uri_variables> uri_template::match(std::string_view uri) const {
    constexpr std::size_t longest_uri = 64 * 1024;
    return uri.size() <= longest_uri ? matcher{parts_, uri}.run() : std::nullopt;
}

} // namespace mcp

// ---- mcp/async/invoke.hpp

#include <asio/awaitable.hpp>

namespace mcp {

namespace detail {

template <class T>
struct awaited {
    using type = T;
    static constexpr bool is_awaitable = false;
};

template <class T, class Executor>
struct awaited<asio::awaitable<T, Executor>> {
    using type = T;
    static constexpr bool is_awaitable = true;
};

} // namespace detail

/// Whether `T` is an `asio::awaitable`, so that a value of it must be awaited before it is used.
template <class T>
inline constexpr bool is_awaitable_v = detail::awaited<std::remove_cvref_t<T>>::is_awaitable;

/// What `co_await` makes of a `T`: `int` for `int`, `const int&` and `asio::awaitable<int>`; an
/// awaitable carries no references.
template <class T>
using awaited_t = typename detail::awaited<std::remove_cvref_t<T>>::type;

/// What calling `F` with `Args` gives once awaited.
template <class F, class... Args>
using invoke_awaited_t = awaited_t<std::invoke_result_t<F, Args...>>;

namespace detail {

template <class T>
asio::awaitable<T> ready_value(T value) {
    co_return static_cast<T&&>(value);
}

inline asio::awaitable<void> ready_nothing() {
    co_return;
}

} // namespace detail

/// Calls `f`, whether it answers at once or is awaitable, and gives something to `co_await`.
///
/// An ordinary `f` runs inside this call, on the calling thread, before anything is awaited: its
/// arguments may be temporaries, and what it throws comes out of `invoke` itself. An awaitable `f`
/// runs when the result is awaited; references among its arguments must live until then.
/// Where speed counts, branch on `is_awaitable_v` instead: an ordinary call then costs no frame.
template <class F, class... Args>
[[nodiscard]] asio::awaitable<invoke_awaited_t<F, Args...>> invoke(F&& f, Args&&... args) {
    using raw = std::invoke_result_t<F, Args...>;
    if constexpr (is_awaitable_v<raw>) {
        return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    } else if constexpr (std::is_void_v<raw>) {
        std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
        return detail::ready_nothing();
    } else {
        return detail::ready_value<invoke_awaited_t<F, Args...>>(
            std::invoke(std::forward<F>(f), std::forward<Args>(args)...));
    }
}

/// A callable that blocks its thread, and therefore runs on the pool; see `blocking`.
template <class F>
class blocking_t {
public:
    static constexpr bool blocking = true;

    explicit blocking_t(F f) : f_(std::move(f)) {}

    template <class... Args>
        requires std::invocable<F&, Args...>
    decltype(auto) operator()(Args&&... args) {
        return std::invoke(f_, std::forward<Args>(args)...);
    }

    template <class... Args>
        requires std::invocable<const F&, Args...>
    decltype(auto) operator()(Args&&... args) const {
        return std::invoke(f_, std::forward<Args>(args)...);
    }

    /// The callable that was wrapped.
    const F& function() const noexcept { return f_; }

private:
    F f_;
};

/// Marks `f` as blocking: it is run on a thread pool while the event loop goes on.
///
/// `f` must be an ordinary function: one that returns an awaitable does not block.
/// A type whose author knows that it blocks says so itself: `static constexpr bool blocking =
/// true`.
template <class F>
[[nodiscard]] blocking_t<std::decay_t<F>> blocking(F&& f) {
    return blocking_t<std::decay_t<F>>(std::forward<F>(f));
}

/// Whether calls to `F` are to run on a thread pool.
template <class F>
inline constexpr bool is_blocking_v =
    requires { requires static_cast<bool>(std::remove_cvref_t<F>::blocking); };

} // namespace mcp

// ---- mcp/async/mailbox.hpp

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <mutex>

namespace mcp {

/// How much a `mailbox` holds before it refuses more.
struct mailbox_limits {
    std::size_t messages = 1024;         ///< Messages that wait.
    std::size_t bytes = 4 * 1024 * 1024; ///< Bytes in them, together.
};

/// What became of a message that was pushed.
enum class push_result {
    taken, ///< It waits for, or has woken, the consumer.
    full,  ///< A limit is reached; nothing was queued. The pusher decides (close, drop, wait).
    closed ///< Nobody will read it; nothing was queued.
};

/// Messages from any thread to one coroutine.
///
/// `push`, `poke` and `close` may be called from any thread at any time. One consumer at a time
/// calls `try_pop` and `wait`; it resumes on its own executor. There is no timer, and an empty
/// mailbox owns no memory. It must outlive a suspended `wait`: keep it in a `shared_ptr` that both
/// sides hold.
///
///     std::string message;
///     do {
///         while (box->try_pop(message)) { … }
///     } while (co_await box->wait());
class mailbox {
public:
    explicit mailbox(mailbox_limits limits = {}) : limits_(limits) {}
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    /// Queues `message` and wakes the consumer.
    push_result push(std::string message);

    /// Makes one `wait` return true although there may be nothing to pop: for keep-alives.
    void poke();

    /// No more is taken; what is queued can still be popped, after which `wait` gives false.
    void close();

    /// As `close`, and throws away what is queued.
    void abandon();

    bool closed() const;
    bool empty() const;

    /// Bytes in the messages that wait.
    std::size_t bytes() const;

    /// Moves the oldest message into `out`; false if there is none.
    bool try_pop(std::string& out);

    /// Waits until there is something to pop, or a poke; false once closed and empty.
    ///
    /// Throws `operation_aborted` if the consumer is cancelled; no message is lost by that.
    [[nodiscard]] asio::awaitable<bool> wait();

private:
    /// The suspended consumer, whatever the type of its handler.
    struct waiter {
        virtual ~waiter() = default;
        /// Resumes the consumer on its executor.
        virtual void resume(std::unique_ptr<waiter> self, std::error_code, bool) = 0;
    };
    template <class Handler>
    struct waiter_of;
    struct initiate;

    bool something() const { return head_ < queue_.size() || poked_; }
    void wake(std::unique_lock<std::mutex> lock);
    void cancel_wait();

    mutable std::mutex mutex_;
    mailbox_limits limits_;
    std::vector<std::string> queue_; // [head_, size) waits
    std::size_t head_ = 0;
    std::size_t bytes_ = 0;
    std::unique_ptr<waiter> waiter_;
    bool poked_ = false;
    bool closed_ = false;
};

template <class Handler>
struct mailbox::waiter_of final : waiter {
    explicit waiter_of(Handler h)
        : handler(std::move(h))
        , slot(asio::get_associated_cancellation_slot(handler))
        , work(asio::prefer(asio::get_associated_executor(handler),
                            asio::execution::outstanding_work.tracked)) {}

    void resume(std::unique_ptr<waiter> self, std::error_code error, bool more) override {
        auto executor = work;
        auto deliver = [self = std::move(self), error, more]() mutable {
            auto& me = static_cast<waiter_of&>(*self);
            if (me.slot.is_connected()) {
                me.slot.clear();
            }
            auto complete = std::move(me.handler);
            self.reset();
            complete(error, more);
        };
        asio::post(executor, std::move(deliver));
    }

    Handler handler;
    asio::associated_cancellation_slot_t<Handler> slot;
    asio::any_io_executor work; // keeps the loop alive that only waits for us
};

struct mailbox::initiate {
    mailbox* self;

    template <class Handler>
    void operator()(Handler handler) {
        auto made = std::make_unique<waiter_of<Handler>>(std::move(handler));
        auto slot = made->slot;
        std::unique_lock lock(self->mutex_);
        if (slot.is_connected()) {
            slot.assign([box = self](asio::cancellation_type) { box->cancel_wait(); });
        }
        self->waiter_ = std::move(made);
        if (self->something() || self->closed_) {
            self->wake(std::move(lock));
        }
    }
};

inline push_result mailbox::push(std::string message) {
    std::unique_lock lock(mutex_);
    if (closed_) {
        return push_result::closed;
    }
    // An empty mailbox takes one message of any size: that is no sign of a slow consumer.
    if (queue_.size() > head_ &&
        (queue_.size() - head_ >= limits_.messages || bytes_ + message.size() > limits_.bytes)) {
        return push_result::full;
    }
    if (queue_.size() == queue_.capacity() && head_ * 2 >= queue_.size() && head_ > 0) {
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
    bytes_ += message.size();
    queue_.push_back(std::move(message));
    wake(std::move(lock));
    return push_result::taken;
}

inline void mailbox::poke() {
    std::unique_lock lock(mutex_);
    poked_ = true;
    wake(std::move(lock));
}

inline void mailbox::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    wake(std::move(lock));
}

inline void mailbox::abandon() {
    std::vector<std::string> dropped;
    std::unique_lock lock(mutex_);
    dropped.swap(queue_);
    head_ = bytes_ = 0;
    poked_ = false;
    closed_ = true;
    wake(std::move(lock));
}

inline bool mailbox::closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
}

inline bool mailbox::empty() const {
    std::lock_guard lock(mutex_);
    return head_ == queue_.size();
}

inline std::size_t mailbox::bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
}

inline bool mailbox::try_pop(std::string& out) {
    std::lock_guard lock(mutex_);
    if (head_ == queue_.size()) {
        return false;
    }
    out = std::move(queue_[head_++]);
    bytes_ -= out.size();
    if (head_ == queue_.size()) {
        std::vector<std::string>().swap(queue_); // an idle stream holds nothing
        head_ = 0;
    }
    return true;
}

inline asio::awaitable<bool> mailbox::wait() {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::error_code, bool)>(
        initiate{this}, asio::use_awaitable);
}

inline void mailbox::wake(std::unique_lock<std::mutex> lock) {
    if (!waiter_) {
        return;
    }
    const bool more = something();
    poked_ = false;
    auto sleeping = std::move(waiter_);
    lock.unlock();
    auto& sleeper = *sleeping;
    sleeper.resume(std::move(sleeping), {}, more);
}

inline void mailbox::cancel_wait() {
    std::unique_lock lock(mutex_);
    if (!waiter_) {
        return;
    }
    auto sleeping = std::move(waiter_);
    lock.unlock();
    auto& sleeper = *sleeping;
    sleeper.resume(std::move(sleeping), asio::error::operation_aborted, false);
}

} // namespace mcp

// ---- mcp/async/offload.hpp

#include <asio/executor_work_guard.hpp>

namespace mcp {

namespace detail {

/// A call on its way through the pool: the callable going there, its outcome coming back.
template <class F, class R = std::invoke_result_t<F&>>
struct offloaded {
    explicit offloaded(F callable) : f(std::move(callable)) {}

    void run() noexcept {
        try {
            if constexpr (std::is_void_v<R>) {
                f();
                value.emplace();
            } else {
                value.emplace(f());
            }
        } catch (...) {
            failure = std::current_exception();
        }
    }

    R take() {
        if (failure) {
            std::rethrow_exception(failure);
        }
        if constexpr (!std::is_void_v<R>) {
            return std::move(*value);
        }
    }

    struct nothing {};
    F f;
    std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> value;
    std::exception_ptr failure;
};

/// Starts the call on `pool`. A named type because a lambda here would be a temporary that
/// captures inside a `co_await` expression (Law A).
template <class Executor, class Job>
class start_on_pool {
public:
    start_on_pool(Executor pool, std::shared_ptr<Job> job)
        : pool_(std::move(pool))
        , job_(std::move(job)) {}

    template <class Handler>
    void operator()(Handler handler) {
        auto home = asio::get_associated_executor(handler);
        // The guard keeps the loop alive that has nothing else to do than to wait for us. It goes
        // back with the handler: once that has run, the loop may be gone.
        auto guard = asio::make_work_guard(home);
        auto back = [guard = std::move(guard), handler = std::move(handler)]() mutable {
            guard.reset();
            std::move(handler)();
        };
        auto work = [job = std::move(job_), home = std::move(home),
                     back = std::move(back)]() mutable {
            job->run();
            asio::post(home, std::move(back));
        };
        asio::post(pool_, std::move(work));
    }

private:
    Executor pool_;
    std::shared_ptr<Job> job_;
};

} // namespace detail

/// Runs `f()` on `pool` and resumes with its result on the caller's executor.
///
/// What `f` throws is thrown here. `f` and all that it owns live until it has returned, even if the
/// caller is destroyed meanwhile; what it only refers to is the caller's business.
/// Cancellation does not interrupt `f` (nothing can); it takes effect at the caller's next await.
/// Stop and join the pool before the caller's `io_context` is destroyed.
///
///     auto read = [path] { return slurp(path); };
///     std::string text = co_await mcp::offload(pool.get_executor(), read);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F or its result is local to a source file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class Executor, class F>
[[nodiscard]] asio::awaitable<std::invoke_result_t<F&>> offload(Executor pool, F f) {
    static_assert(!std::is_reference_v<std::invoke_result_t<F&>>,
                  "offload(): the function must return a value, not a reference");
    using job_type = detail::offloaded<F>;
    auto job = std::make_shared<job_type>(std::move(f));
    detail::start_on_pool<Executor, job_type> start(std::move(pool), job);
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(start,
                                                                          asio::use_awaitable);
    co_return job->take();
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace mcp

// ---- mcp/async/pending.hpp

namespace mcp {

/// What a call of a collaborator gives, sync or awaitable: a value, or something to await.
///
///     auto step = store.find(id);
///     if (!step.ready())
///         co_await step.settle();
///     auto record = step.take();
///
/// So code that is the same for all collaborators costs no suspension where there is none.
template <class T>
class pending {
public:
    explicit pending(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    explicit pending(asio::awaitable<T> later) : state_(std::in_place_index<1>, std::move(later)) {}

    /// Whether `take` has a value to give.
    bool ready() const noexcept { return state_.index() == 0; }

    /// Awaits the value, if it is not there; this object must stay where it is until then.
    [[nodiscard]] asio::awaitable<void> settle() {
        if (ready())
            co_return;
        auto later = std::move(std::get<1>(state_));
        T value = co_await std::move(later);
        state_.template emplace<0>(std::move(value));
    }

    /// The value. Once, and only if `ready`.
    T take() { return std::move(std::get<0>(state_)); }

private:
    std::variant<T, asio::awaitable<T>> state_;
};

/// Thrown by a collaborator that cannot be reached now: the request is answered with 503 and
/// Retry-After.
class unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Where blocking collaborators are called: an executor of a thread pool, made when first asked
/// for.
using pool_source = std::function<asio::any_io_executor()>;

/// Stands for `void` where a value is needed.
struct nothing {};

namespace detail {

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F is of a type that is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
/// Keeps `f`, and all that it owns, until what it returns has completed.
template <class F>
auto hold_and_await(F f) -> asio::awaitable<
    std::conditional_t<std::is_void_v<invoke_awaited_t<F&>>, nothing, invoke_awaited_t<F&>>> {
    if constexpr (std::is_void_v<invoke_awaited_t<F&>>) {
        co_await f();
        co_return nothing();
    } else {
        co_return co_await f();
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// What a plain collaborator throws comes out where the others' does: when it is awaited.
template <class T>
asio::awaitable<T> fail(std::exception_ptr why) {
    std::rethrow_exception(why);
    co_return T();
}

template <class F>
auto or_nothing(F f) {
    return [f = std::move(f)]() mutable {
        if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
            f();
            return nothing();
        } else {
            return f();
        }
    };
}

} // namespace detail

/// Calls `f`, which calls a collaborator of type `Collaborator`, as that wants to be called: at
/// once, awaited, or on `pool` if it blocks. `f` owns its arguments.
template <class Collaborator, class F>
auto call_collaborator(const pool_source& pool, F f) {
    using raw = std::invoke_result_t<F&>;
    using value = awaited_t<raw>;
    using result = std::conditional_t<std::is_void_v<value>, nothing, value>;
    if constexpr (is_awaitable_v<raw>) {
        static_assert(!is_blocking_v<Collaborator>,
                      "mcp: a collaborator whose methods are awaitable does not block; remove its "
                      "`blocking`");
        return pending<result>(detail::hold_and_await(std::move(f)));
    } else if constexpr (is_blocking_v<Collaborator>) {
        return pending<result>(offload(pool(), detail::or_nothing(std::move(f))));
    } else {
        try {
            return pending<result>(detail::or_nothing(std::move(f))());
        } catch (...) {
            return pending<result>(detail::fail<result>(std::current_exception()));
        }
    }
}

} // namespace mcp

// ---- mcp/http/chunked.hpp

namespace mcp::http {

/// Takes the chunked coding off a request body, in place and from any split of the bytes.
/// [RFC 9112 §7.1]
///
/// Strict: lines end in CRLF, sizes are plain hexadecimal. Chunk extensions and trailer fields are
/// read over, and bounded; trailer fields never reach the request.
class chunked_decoder {
public:
    enum class outcome { need_more, complete, bad, too_large };

    explicit chunked_decoder(std::size_t body_limit = SIZE_MAX) : left_for_body_(body_limit) {}

    /// Decodes `[in, in + size)`, moving the data down to `out` (`out <= in`; they may overlap).
    /// `consumed` and `produced` say how far it came; it consumes all unless complete or failed.
    outcome decode(char* out, const char* in, std::size_t size, std::size_t& consumed,
                   std::size_t& produced) {
        consumed = produced = 0;
        while (consumed < size) {
            if (state_ == state::data) {
                const auto n =
                    static_cast<std::size_t>(std::min<std::uint64_t>(chunk_, size - consumed));
                std::memmove(out + produced, in + consumed, n);
                consumed += n;
                produced += n;
                chunk_ -= n;
                if (chunk_ == 0) {
                    state_ = state::data_cr;
                }
                continue;
            }
            const outcome o = step(in[consumed++]);
            if (o != outcome::need_more) {
                return o;
            }
        }
        return outcome::need_more;
    }

private:
    static constexpr std::size_t max_line_bytes =
        4096; // a chunk's size and extensions, or all trailers

    enum class state : std::uint8_t {
        size_first,
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer,
        trailer_lf,
        last_lf
    };

    static int hex_digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    static bool is_text(char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    }

    outcome go(state next) {
        state_ = next;
        return outcome::need_more;
    }

    outcome over(char c) {
        return is_text(c) && ++overhead_ <= max_line_bytes ? outcome::need_more : outcome::bad;
    }

    outcome step(char c) {
        switch (state_) {
        case state::size_first:
        case state::size:
            if (const int digit = hex_digit(c); digit >= 0) {
                if (chunk_ >> 59 != 0) {
                    return outcome::bad;
                }
                chunk_ = chunk_ * 16 + static_cast<unsigned>(digit);
                return ++overhead_ <= max_line_bytes ? go(state::size) : outcome::bad;
            }
            if (state_ == state::size_first) {
                return outcome::bad;
            }
            if (c == '\r') {
                return go(state::size_lf);
            }
            return c == ';' ? go(state::extension) : outcome::bad;
        case state::extension:
            return c == '\r' ? go(state::size_lf) : over(c);
        case state::size_lf:
            if (c != '\n') {
                return outcome::bad;
            }
            if (chunk_ == 0) {
                return go(state::trailer_start);
            }
            if (chunk_ > left_for_body_) {
                return outcome::too_large;
            }
            left_for_body_ -= chunk_;
            overhead_ = 0;
            return go(state::data);
        case state::data_cr:
            return c == '\r' ? go(state::data_lf) : outcome::bad;
        case state::data_lf:
            return c == '\n' ? go(state::size_first) : outcome::bad;
        case state::trailer_start:
            if (c == '\r') {
                return go(state::last_lf);
            }
            // A fold or a nameless field here is no better than in the head.
            if (c == ' ' || c == '\t' || c == ':') {
                return outcome::bad;
            }
            state_ = state::trailer;
            return over(c);
        case state::trailer:
            return c == '\r' ? go(state::trailer_lf) : over(c);
        case state::trailer_lf:
            return c == '\n' ? go(state::trailer_start) : outcome::bad;
        case state::last_lf:
            return c == '\n' ? outcome::complete : outcome::bad;
        case state::data:
            break;
        }
        return outcome::bad;
    }

    std::uint64_t chunk_ = 0;
    std::uint64_t left_for_body_;
    std::size_t overhead_ = 0;
    state state_ = state::size_first;
};

} // namespace mcp::http

// ---- mcp/http/connection.hpp

// ---- mcp/http/impl/receive.hpp

// How a connection reads: as `async_receive` with `use_awaitable`, less the dispatch and the
// cancellation slot, which a coroutine on the loop of its socket does not need.

// ---- mcp/http/shard.hpp

// ---- mcp/http/limits.hpp

namespace mcp::http {

/// What one peer may cost the HTTP server. Times are kept by a coarse clock: they hold to within
/// half a second.
struct limits {
    std::size_t head_bytes = 16 * 1024;       ///< Request line and fields; beyond: 431 (or 414).
    std::size_t fields = 100;                 ///< Header fields of a request; beyond: 431.
    std::size_t body_bytes = 4 * 1024 * 1024; ///< Body, chunks joined; beyond: 413.
    std::size_t connections = 10'000; ///< Open at once, over all threads; beyond: 503 and closed.
    std::size_t pipelined_bytes = 64 * 1024; ///< Answers to pipelined requests kept for one write.

    /// From the first byte of a request to the end of its head; beyond: 408.
    std::chrono::milliseconds head_timeout = std::chrono::seconds(10);
    /// From the end of the head to the end of the body; beyond: 408.
    std::chrono::milliseconds body_timeout = std::chrono::seconds(60);
    /// Until the handler has answered, streams not counted; then it is cancelled and the peer gets
    /// 503. Zero: no limit.
    std::chrono::milliseconds request_timeout{0};
    /// An open connection without a request; then it is closed.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
    /// A peer that takes no byte of its response; then it is cut off.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    /// A stream on which nothing was written; then `body_stream::idle` is called.
    std::chrono::milliseconds keep_alive_interval = std::chrono::seconds(15);
    /// What a graceful stop leaves to running requests and streams; then they are cancelled.
    std::chrono::milliseconds shutdown_timeout = std::chrono::seconds(10);
};

} // namespace mcp::http

// ---- mcp/http/message.hpp

// ---- mcp/http/status.hpp

namespace mcp::http {

/// Status codes by name; any other three-digit number may be cast to it.
enum class status : std::uint16_t {
    continue_ = 100,
    ok = 200,
    created = 201,
    accepted = 202,
    no_content = 204,
    moved_permanently = 301,
    found = 302,
    see_other = 303,
    not_modified = 304,
    temporary_redirect = 307,
    permanent_redirect = 308,
    bad_request = 400,
    unauthorized = 401,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    not_acceptable = 406,
    request_timeout = 408,
    conflict = 409,
    gone = 410,
    length_required = 411,
    payload_too_large = 413,
    uri_too_long = 414,
    unsupported_media_type = 415,
    expectation_failed = 417,
    misdirected_request = 421,
    unprocessable_content = 422,
    too_many_requests = 429,
    request_header_fields_too_large = 431,
    internal_server_error = 500,
    not_implemented = 501,
    bad_gateway = 502,
    service_unavailable = 503,
    gateway_timeout = 504,
    http_version_not_supported = 505,
};

/// The reason phrase of RFC 9110 §15; "Status" for a code that has none here.
constexpr std::string_view reason(status code) noexcept {
    switch (code) {
    case status::continue_:
        return "Continue";
    case status::ok:
        return "OK";
    case status::created:
        return "Created";
    case status::accepted:
        return "Accepted";
    case status::no_content:
        return "No Content";
    case status::moved_permanently:
        return "Moved Permanently";
    case status::found:
        return "Found";
    case status::see_other:
        return "See Other";
    case status::not_modified:
        return "Not Modified";
    case status::temporary_redirect:
        return "Temporary Redirect";
    case status::permanent_redirect:
        return "Permanent Redirect";
    case status::bad_request:
        return "Bad Request";
    case status::unauthorized:
        return "Unauthorized";
    case status::forbidden:
        return "Forbidden";
    case status::not_found:
        return "Not Found";
    case status::method_not_allowed:
        return "Method Not Allowed";
    case status::not_acceptable:
        return "Not Acceptable";
    case status::request_timeout:
        return "Request Timeout";
    case status::conflict:
        return "Conflict";
    case status::gone:
        return "Gone";
    case status::length_required:
        return "Length Required";
    case status::payload_too_large:
        return "Content Too Large";
    case status::uri_too_long:
        return "URI Too Long";
    case status::unsupported_media_type:
        return "Unsupported Media Type";
    case status::expectation_failed:
        return "Expectation Failed";
    case status::misdirected_request:
        return "Misdirected Request";
    case status::unprocessable_content:
        return "Unprocessable Content";
    case status::too_many_requests:
        return "Too Many Requests";
    case status::request_header_fields_too_large:
        return "Request Header Fields Too Large";
    case status::internal_server_error:
        return "Internal Server Error";
    case status::not_implemented:
        return "Not Implemented";
    case status::bad_gateway:
        return "Bad Gateway";
    case status::service_unavailable:
        return "Service Unavailable";
    case status::gateway_timeout:
        return "Gateway Timeout";
    case status::http_version_not_supported:
        return "HTTP Version Not Supported";
    }
    return "Status";
}

} // namespace mcp::http

#include <asio/ip/address.hpp>

namespace mcp::http {

/// The methods of RFC 9110 §9 and PATCH; `other` is any further token, in `request::method_name`.
enum class verb : std::uint8_t {
    get,
    head,
    post,
    put,
    delete_,
    options,
    patch,
    trace,
    connect,
    other
};

/// The verb of an exact (case-sensitive) method name.
constexpr verb to_verb(std::string_view name) noexcept {
    constexpr std::string_view names[] = {"GET",     "HEAD",  "POST",  "PUT",    "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "CONNECT"};
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (names[i] == name) {
            return static_cast<verb>(i);
        }
    }
    return verb::other;
}

/// The method name of a verb; empty for `other`.
constexpr std::string_view to_string(verb v) noexcept {
    constexpr std::string_view names[] = {"GET",     "HEAD",  "POST",  "PUT",     "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "CONNECT", ""};
    return names[static_cast<std::size_t>(v)];
}

/// Whether two field names (or tokens) are equal, ASCII case aside.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

/// One header field: views into the bytes that were read.
struct field {
    std::string_view name;
    std::string_view value; ///< without the white space around it
};

/// The header fields of a request, in the order of their arrival. Names compare without case.
class fields {
public:
    void add(std::string_view name, std::string_view value) { list_.push_back({name, value}); }
    void clear() noexcept { list_.clear(); }

    /// The value of the first field of that name.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const field& f : list_) {
            if (iequals(f.name, name)) {
                return f.value;
            }
        }
        return std::nullopt;
    }

    /// How many fields have that name: more than one is an error for most.
    std::size_t count(std::string_view name) const noexcept {
        std::size_t n = 0;
        for (const field& f : list_) {
            n += iequals(f.name, name) ? 1U : 0U;
        }
        return n;
    }

    std::size_t size() const noexcept { return list_.size(); }
    bool empty() const noexcept { return list_.empty(); }
    auto begin() const noexcept { return list_.begin(); }
    auto end() const noexcept { return list_.end(); }
    auto begin() noexcept { return list_.begin(); }
    auto end() noexcept { return list_.end(); }

private:
    std::vector<field> list_;
};

/// What the router found in the path: names from the pattern, percent-decoded values from the path.
class path_params {
public:
    void add(std::string_view name, std::string_view value) {
        list_.push_back({std::string(name), text_.size(), value.size()});
        text_ += value;
    }

    /// The value of `{name}`; valid until the next `add` or `clear`.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const entry& e : list_) {
            if (e.name == name) {
                return std::string_view(text_).substr(e.offset, e.size);
            }
        }
        return std::nullopt;
    }

    void clear() noexcept {
        list_.clear();
        text_.clear();
    }
    std::size_t size() const noexcept { return list_.size(); }
    bool empty() const noexcept { return list_.empty(); }

private:
    struct entry {
        std::string name;
        std::size_t offset;
        std::size_t size;
    };
    std::vector<entry> list_;
    std::string text_;
};

/// A request as the handler sees it.
///
/// All views are valid until the handler's awaitable has completed, not while a response stream is
/// read afterwards: a stream copies what it needs. Constructible by hand, for other HTTP stacks and
/// for tests.
struct request {
    verb method = verb::get;
    std::string_view method_name = "GET";
    std::string_view target = "/"; ///< as sent: path and query, still percent-encoded
    std::string_view path = "/";   ///< the path of `target`, still percent-encoded
    std::string_view query;        ///< what follows `?`, still percent-encoded
    int version = 11;              ///< 10 or 11
    fields headers;
    std::string_view body; ///< whole, chunks already joined
    path_params params;
    asio::ip::address remote; ///< the peer of the connection, which may be a proxy
    std::size_t mounted = 0;  ///< how much of `path` the mount's prefix took
};

/// A response body that comes over time, such as an SSE stream. All calls come from the thread of
/// the connection; the server owns the stream and destroys it when it has ended.
class body_stream {
public:
    virtual ~body_stream() = default;

    /// Appends the next bytes to `out`, waiting for them if need be; false ends the body.
    ///
    /// `true` with nothing appended means: ask again. What it throws ends the connection.
    /// One call at a time. `out` lives until the call completes.
    virtual asio::awaitable<bool> read(std::string& out) = 0;

    /// Whether `read` would complete at once: then its bytes share a write with those before them.
    virtual bool ready() const noexcept { return false; }

    /// The peer is gone or is cut off: a pending `read` ends soon. Called at most once, and not
    /// after `read` has given false.
    virtual void close() noexcept = 0;

    /// The server shuts down: say goodbye if there is a way, then end. May be ignored.
    virtual void drain() noexcept {}

    /// Nothing was written for the keep-alive interval: a pending `read` may give a comment.
    virtual void idle() noexcept {}
};

/// A response that the handler fills in. Its memory is reused from request to request.
struct response {
    status code = status::ok;
    std::string content_type; ///< no Content-Type field if empty
    std::string headers;      ///< further field lines, each ending in CRLF; see `set`
    std::string body;         ///< the whole body; not used if there is a `stream`
    std::unique_ptr<body_stream> stream;
    bool close = false; ///< close the connection after this response

    /// Adds a field line. Throws `std::invalid_argument` if it holds CR, LF or NUL, or no name.
    /// Connection, Content-Length, Content-Type, Transfer-Encoding and Date are the server's.
    void set(std::string_view name, std::string_view value) {
        constexpr std::string_view bad("\r\n\0", 3);
        if (name.empty() || name.find_first_of(bad) != name.npos || name.find(':') != name.npos ||
            value.find_first_of(bad) != value.npos) {
            throw std::invalid_argument("response::set: not a valid header field");
        }
        headers.append(name).append(": ").append(value).append("\r\n");
    }

    void clear() noexcept {
        code = status::ok;
        content_type.clear();
        headers.clear();
        body.clear();
        stream.reset();
        close = false;
    }
};

/// What answers requests: a router, an MCP endpoint, an application. Request and response live
/// until the awaitable completes; the request is only mutable for routers, which write `params` and
/// `mounted`. Called on the thread of the connection, many at once.
/// What it throws is answered with 500 and handed to `server_options::on_error`.
/// When the peer goes away while the handler is suspended, the handler is cancelled (Asio,
/// terminal).
using handler = std::function<asio::awaitable<void>(request&, response&)>;

} // namespace mcp::http

// ---- mcp/http/write.hpp

namespace mcp::http {

/// How the body of a response is delimited. [RFC 9112 §6]
enum class framing : std::uint8_t {
    length, ///< Content-Length
    chunked,
    until_close, ///< HTTP/1.0: the end of the connection ends the body
    none         ///< there is no body: 1xx, 204, 304
};

/// What `append_head` needs to know beside the response.
struct head_context {
    int version = 11;
    bool keep_alive = true;
    std::string_view date{}; ///< an IMF-fixdate; no Date field if empty
};

/// How the body of `r` is to be delimited for a peer that speaks `version`.
inline framing framing_of(const response& r, int version) noexcept {
    const auto code = static_cast<unsigned>(r.code);
    if (code < 200 || code == 204 || code == 304) {
        return framing::none;
    }
    if (!r.stream) {
        return framing::length;
    }
    return version >= 11 ? framing::chunked : framing::until_close;
}

namespace detail {

inline void append_number(std::string& out, std::size_t n, int base = 10) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, n, base).ptr);
}

} // namespace detail

/// Appends the status line and all fields of `r` with the closing blank line.
inline void append_head(std::string& out, const response& r, const head_context& about) {
    const framing how = framing_of(r, about.version);
    if (r.code == status::ok) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        out += "HTTP/1.1 ";
        detail::append_number(out, static_cast<std::size_t>(r.code));
        out.append(" ").append(reason(r.code)).append("\r\n");
    }
    if (!about.date.empty()) {
        out.append("Date: ").append(about.date).append("\r\n");
    }
    if (!r.content_type.empty()) {
        out.append("Content-Type: ").append(r.content_type).append("\r\n");
    }
    out += r.headers;
    if (how == framing::length) {
        out += "Content-Length: ";
        detail::append_number(out, r.body.size());
        out += "\r\n";
    } else if (how == framing::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    }
    if (!about.keep_alive || how == framing::until_close) {
        out += "Connection: close\r\n";
    } else if (about.version < 11) {
        out += "Connection: keep-alive\r\n"; // HTTP/1.0 peers close unless told otherwise
    }
    out += "\r\n";
}

/// Appends one chunk; nothing for empty `data`, since an empty chunk would end the body.
inline void append_chunk(std::string& out, std::string_view data) {
    if (data.empty()) {
        return;
    }
    detail::append_number(out, data.size(), 16);
    out.append("\r\n").append(data).append("\r\n");
}

/// The chunk that ends a body, without trailer fields.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The interim response to `Expect: 100-continue`.
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// `time` as in `Sun, 06 Nov 1994 08:49:37 GMT`. [RFC 9110 §5.6.7]
inline std::string http_date(std::chrono::sys_seconds time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    constexpr std::string_view names = "SunMonTueWedThuFriSatJanFebMarAprMayJunJulAugSepOctNovDec";
    std::string out;
    const auto two = [&out](auto n) {
        out += static_cast<char>('0' + n / 10 % 10);
        out += static_cast<char>('0' + n % 10);
    };
    out.append(names.substr(weekday(day).c_encoding() * 3, 3)).append(", ");
    two(static_cast<unsigned>(date.day()));
    out.append(" ").append(names.substr(18 + 3 * static_cast<unsigned>(date.month()), 3));
    out += ' ';
    two(static_cast<int>(date.year()) / 100);
    two(static_cast<int>(date.year()) % 100);
    out += ' ';
    two(clock.hours().count());
    out += ':';
    two(clock.minutes().count());
    out += ':';
    two(clock.seconds().count());
    return out += " GMT";
}

} // namespace mcp::http

#include <asio/basic_stream_socket.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <atomic>

namespace mcp::http {

class shard_member;

/// What the connections of one thread share: the handler, the limits and one coarse clock.
/// Used from that thread only.
class shard {
public:
    using clock = std::chrono::steady_clock;
    using executor_type = asio::io_context::executor_type;
    using socket = asio::basic_stream_socket<asio::ip::tcp, executor_type>;

    /// All must outlive the shard; `open` counts the connections of all shards.
    shard(asio::io_context& loop, const handler& answer, const limits& what,
          const std::function<void(std::exception_ptr)>& on_error, std::atomic<std::size_t>& open)
        : handle(answer)
        , limit(what)
        , loop_(loop)
        , on_error_(on_error)
        , open_(open) {}
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;

    const handler& handle;
    const limits& limit;

    executor_type executor() const noexcept { return loop_.get_executor(); }

    /// The time of the last tick.
    clock::time_point now() const noexcept { return now_; }

    /// The value of the Date field, as of the last tick.
    std::string_view date() const noexcept { return date_; }

    /// Moves the clock, which never goes back, and lets every connection look at its deadlines.
    void tick(clock::time_point now, std::chrono::sys_seconds wall);

    /// Tells every connection that its current request is the last one.
    void drain();

    /// Cuts every connection off.
    void abort();

    std::size_t size() const noexcept { return size_; }

    /// What a handler threw goes to the application's log.
    void report(std::exception_ptr failure) const noexcept {
        try {
            if (on_error_) {
                on_error_(failure);
            }
        } catch (...) {
            // A log that throws must not take the server with it.
        }
    }

private:
    friend class shard_member;
    template <class F>
    void for_each(F f);

    asio::io_context& loop_;
    const std::function<void(std::exception_ptr)>& on_error_;
    std::atomic<std::size_t>& open_;
    clock::time_point now_{};
    std::chrono::sys_seconds wall_{};
    std::string date_;
    shard_member* first_ = nullptr;
    shard_member* cursor_ = nullptr; // next in `for_each`, which members may leave meanwhile
    std::size_t size_ = 0;
};

/// A connection as its shard sees it: an entry of an intrusive list.
class shard_member {
public:
    virtual void tick() = 0;
    virtual void drain() = 0;
    virtual void abort() = 0;

protected:
    explicit shard_member(shard& home) : home_(home), next_(home.first_) {
        if (next_ != nullptr) {
            next_->previous_ = this;
        }
        home.first_ = this;
        ++home.size_;
        home.open_.fetch_add(1, std::memory_order_relaxed);
    }
    shard_member(const shard_member&) = delete;
    shard_member& operator=(const shard_member&) = delete;
    ~shard_member() { leave(); }

    shard& home() const noexcept { return home_; }

    /// Takes it off the list.
    void leave() noexcept {
        if (left_) {
            return;
        }
        left_ = true;
        if (home_.cursor_ == this) {
            home_.cursor_ = next_;
        }
        (previous_ != nullptr ? previous_->next_ : home_.first_) = next_;
        if (next_ != nullptr) {
            next_->previous_ = previous_;
        }
        --home_.size_;
        home_.open_.fetch_sub(1, std::memory_order_relaxed);
    }

private:
    friend class shard;
    shard& home_;
    shard_member* next_;
    shard_member* previous_ = nullptr;
    bool left_ = false;
};

template <class F>
void shard::for_each(F f) {
    for (shard_member* member = first_; member != nullptr; member = cursor_) {
        cursor_ = member->next_;
        f(*member);
    }
}

inline void shard::tick(clock::time_point now, std::chrono::sys_seconds wall) {
    if (now > now_) {
        now_ = now;
    }
    if (wall != wall_ || date_.empty()) {
        wall_ = wall;
        date_ = http_date(wall);
    }
    for_each([](shard_member& m) { m.tick(); });
}

inline void shard::drain() {
    for_each([](shard_member& m) { m.drain(); });
}

inline void shard::abort() {
    for_each([](shard_member& m) { m.abort(); });
}

} // namespace mcp::http

#include <asio/buffer.hpp>

namespace mcp::http::detail {

struct received {
    std::error_code error;
    std::size_t size = 0;
};

/// Resumes the coroutine where the operation completes. It has no associated executor, so that Asio
/// does not dispatch to the coroutine's type-erased one, which is the socket's anyway; and no
/// cancellation slot: a receive ends by the socket's `cancel` or `close`.
template <class Handler>
class resume_in_place {
public:
    explicit resume_in_place(Handler handler) : handler_(std::move(handler)) {}

    void operator()(std::error_code error, std::size_t size) { handler_(received{error, size}); }

private:
    Handler handler_;
};

class start_receive {
public:
    start_receive(shard::socket& from, std::span<char> room) : from_(from), room_(room) {}

    template <class Handler>
    void operator()(Handler handler) {
        from_.async_receive(asio::buffer(room_.data(), room_.size()),
                            resume_in_place<Handler>(std::move(handler)));
    }

private:
    shard::socket& from_;
    std::span<char> room_;
};

/// Reads into `room`, which must live until it completes. Await it on the socket's loop only.
inline asio::awaitable<received> receive(shard::socket& from, std::span<char> room) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(received)>(
        start_receive(from, room), asio::use_awaitable);
}

} // namespace mcp::http::detail

// ---- mcp/http/parse.hpp

// ---- mcp/http/head.hpp

#include <boost/beast/http/basic_parser.hpp>

namespace mcp::http {

/// What a request head says about the connection and about the body.
struct head_info {
    bool keep_alive = false;
    bool expect_continue = false;
    bool chunked = false;
    std::uint64_t content_length = 0;
};

/// Reads a whole request head, from the method to the blank line, into `into`, whose views then
/// point into `head`. [RFC 9112 §3-§6]
///
/// Gives `status::ok`, or what to refuse the request with: 400, 413, 417, 431, 501 or 505. Refused
/// is whatever makes the message's length ambiguous: Content-Length beside Transfer-Encoding, more
/// than one Content-Length, a coding other than chunked. The caller has refused folded lines.
status read_head(std::string_view head, const limits& limit, request& into, head_info& about);

/// Splits a request target into `target`, `path` and `query` of `into`; false if it has none of the
/// forms of [RFC 9112 §3.2]. The method must be known already.
inline bool split_target(std::string_view target, request& into) {
    into.target = target;
    std::string_view path = target;
    if (path.find('#') != path.npos) {
        return false;
    }
    if (!path.starts_with('/') && into.method != verb::connect) {
        const auto scheme = path.find("://");
        if (path == "*") {
            into.path = path;
            into.query = {};
            return into.method == verb::options;
        }
        if (scheme == path.npos || !(iequals(path.substr(0, scheme), "http") ||
                                     iequals(path.substr(0, scheme), "https"))) {
            return false;
        }
        const auto slash = path.find_first_of("/?", scheme + 3);
        path = slash == path.npos ? std::string_view("/") : path.substr(slash);
    }
    const auto mark = path.find('?');
    into.query = mark == path.npos ? std::string_view() : path.substr(mark + 1);
    into.path = path.substr(0, mark);
    if (into.path.empty()) {
        into.path = "/";
    }
    return true;
}

namespace detail {

/// What Beast's parser tells about a head, and what it does not refuse by itself.
class head_sink final : public boost::beast::http::basic_parser<true> {
public:
    using text = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    using field_name = boost::beast::http::field;

    head_sink(std::string_view head, const limits& limit, request& into, head_info& about)
        : head_(head)
        , limit_(limit)
        , into_(into)
        , about_(about) {
        this->header_limit(static_cast<std::uint32_t>(head.size()));
        this->body_limit(boost::none);
    }

    status read() {
        error_code ec;
        this->put({head_.data(), head_.size()}, ec);
        if (ec || !this->is_header_done()) {
            const bool version = ec == boost::beast::http::error::bad_version;
            return refusal_ != status{} ? refusal_
                                        : (version ? bad_version() : status::bad_request);
        }
        const bool http11 = into_.version >= 11;
        if (hosts_ > 1 || (http11 && hosts_ == 0) || (!http11 && codings_ > 0) ||
            (lengths_ > 0 && codings_ > 0)) {
            return status::bad_request;
        }
        about_.keep_alive = this->keep_alive();
        about_.expect_continue = about_.expect_continue && http11;
        about_.chunked = codings_ > 0;
        about_.content_length = this->content_length().value_or(0);
        return about_.content_length > limit_.body_bytes ? status::payload_too_large : status::ok;
    }

private:
    static std::string_view view(text t) { return {t.data(), t.size()}; }

    void refuse(status code, error_code& ec) {
        refusal_ = code;
        ec = boost::beast::http::error::bad_value;
    }

    /// "HTTP/2.0" is a version that we do not speak; "HTTP/abc" and "FTP/1.1" are not HTTP.
    status bad_version() const {
        const auto line = head_.substr(0, head_.find("\r\n"));
        const auto at = line.rfind(" HTTP/");
        const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
        const bool well_formed = at != line.npos && line.size() == at + 9 && digit(at + 6) &&
                                 line[at + 7] == '.' && digit(at + 8);
        const bool ours = line.ends_with("HTTP/1.1") || line.ends_with("HTTP/1.0");
        return well_formed && !ours ? status::http_version_not_supported : status::bad_request;
    }

    void on_request_impl(boost::beast::http::verb, text method, text target, int version,
                         error_code& ec) override {
        into_.method_name = view(method);
        into_.method = to_verb(into_.method_name);
        into_.version = version;
        if (!split_target(view(target), into_)) {
            refuse(status::bad_request, ec);
        }
    }

    void on_field_impl(field_name id, text name, text value, error_code& ec) override {
        const std::string_view v = view(value);
        if (into_.headers.size() >= limit_.fields) {
            return refuse(status::request_header_fields_too_large, ec);
        }
        switch (id) {
        case field_name::content_length:
            if (lengths_++ > 0 || v.empty() || v.find_first_not_of("0123456789") != v.npos) {
                return refuse(status::bad_request, ec);
            }
            break;
        case field_name::transfer_encoding:
            if (codings_++ > 0) {
                return refuse(status::bad_request, ec);
            }
            if (!iequals(v, "chunked")) {
                return refuse(status::not_implemented, ec);
            }
            break;
        case field_name::host:
            ++hosts_;
            break;
        case field_name::expect:
            if (!iequals(v, "100-continue")) {
                return refuse(status::expectation_failed, ec);
            }
            about_.expect_continue = true;
            break;
        default:
            break;
        }
        into_.headers.add(view(name), v);
    }

    void on_header_impl(error_code&) override {}
    void on_response_impl(int, text, int, error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    std::string_view head_;
    const limits& limit_;
    request& into_;
    head_info& about_;
    status refusal_{};
    int hosts_ = 0;
    int codings_ = 0;
    int lengths_ = 0;
};

} // namespace detail

inline status read_head(std::string_view head, const limits& limit, request& into,
                        head_info& about) {
    into.headers.clear();
    into.params.clear();
    into.mounted = 0;
    about = {};
    return detail::head_sink(head, limit, into, about).read();
}

} // namespace mcp::http

namespace mcp::http {

/// What `request_parser::parse` found.
enum class parse_state : std::uint8_t {
    need_more, ///< Read more bytes and ask again.
    complete,  ///< A whole request is there; `next()` goes on to the one behind it.
    failed     ///< Not HTTP that we speak: answer with `error()` and close.
};

/// Makes requests of bytes: no socket, no clock. [RFC 9112]
///
/// It owns the buffer that the bytes are read into; the request's views point there. Steady state
/// is without allocation. Whatever is ambiguous about where a message ends is refused:
/// Content-Length beside Transfer-Encoding, more than one Content-Length, a bare LF, folded lines,
/// a coding other than chunked.
///
///     auto room = parser.prepare();
///     parser.commit(read(room));
///     if (parser.parse() == parse_state::complete) { use(parser.get()); parser.next(); }
class request_parser {
public:
    /// `what` must outlive the parser.
    explicit request_parser(const limits& what) : limits_(&what) {}

    /// Room for more bytes, never empty. Call `parse` until it needs more before asking for it.
    std::span<char> prepare();

    /// `n` bytes were put into the room of the last `prepare`.
    void commit(std::size_t n) noexcept { end_ += n; }

    /// Looks at the bytes that are there.
    parse_state parse();

    /// Drops the complete request, and with it all views into it.
    void next() noexcept;

    /// The request: whole once `parse` has said `complete`, then valid until `next`.
    http::request& get() noexcept { return request_; }

    /// Why it failed: 400, 413, 414, 417, 431, 501 or 505.
    http::status error() const noexcept { return error_; }

    /// Whether the peer may send another request on this connection.
    bool keep_alive() const noexcept { return about_.keep_alive; }

    /// True once for a request whose peer waits for `100 Continue` before it sends the body.
    bool take_expect_continue() noexcept { return std::exchange(about_.expect_continue, false); }

    /// Whether no byte of a request is there.
    bool idle() const noexcept { return begin_ == end_ && stage_ == stage::head; }

    /// Whether the head is read and the body is awaited.
    bool in_body() const noexcept { return stage_ == stage::body || stage_ == stage::chunks; }

    /// Gives back all memory if no byte is buffered: for a connection that will be quiet.
    void release() noexcept;

private:
    enum class stage : std::uint8_t { head, body, chunks, complete, failed };

    parse_state fail(status code) noexcept {
        error_ = code;
        about_.keep_alive = false;
        stage_ = stage::failed;
        return parse_state::failed;
    }

    bool find_head_end();
    parse_state parse_head();
    parse_state parse_chunks();
    parse_state finish(std::size_t raw_end);
    void move_to(char* to, std::size_t capacity_hint) noexcept;

    const limits* limits_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;    // first byte of the current request
    std::size_t end_ = 0;      // behind the last byte that was read
    std::size_t scan_ = 0;     // first byte of the head's unfinished line
    std::size_t body_ = 0;     // first byte of the body
    std::size_t body_end_ = 0; // behind the body: where it will be, or (chunked) is so far
    std::size_t raw_ = 0;      // chunked: first byte not yet decoded
    std::size_t next_ = 0;     // complete: first byte of the next request
    http::request request_;
    head_info about_;
    chunked_decoder chunks_;
    status error_ = status::bad_request;
    stage stage_ = stage::head;
};

inline std::span<char> request_parser::prepare() {
    constexpr std::size_t first = 4096;
    if (begin_ == end_ && stage_ == stage::head) {
        begin_ = end_ = scan_ = 0;
    }
    if (end_ == capacity_) {
        const std::size_t used = end_ - begin_;
        // Growth follows the bytes that came, not the length that was announced.
        const std::size_t wanted =
            std::max(first, used > capacity_ / 2 ? capacity_ * 2 : capacity_);
        auto larger = std::make_unique_for_overwrite<char[]>(wanted);
        move_to(larger.get(), wanted);
        buffer_ = std::move(larger);
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

inline void request_parser::move_to(char* to, std::size_t capacity) noexcept {
    const std::size_t gap = begin_;
    if (end_ > begin_) {
        std::memcpy(to, buffer_.get() + begin_, end_ - begin_);
    }
    if (in_body()) {
        const char* from = buffer_.get() + begin_;
        const auto moved = [&](std::string_view& v) {
            if (v.data() >= from && v.data() <= from + (end_ - begin_)) {
                v = {to + (v.data() - from), v.size()};
            }
        };
        moved(request_.method_name);
        moved(request_.target);
        moved(request_.path);
        moved(request_.query);
        for (field& f : request_.headers) {
            moved(f.name);
            moved(f.value);
        }
    }
    for (std::size_t* at : {&begin_, &end_, &scan_, &body_, &body_end_, &raw_}) {
        *at -= std::min(*at, gap);
    }
    capacity_ = capacity;
}

inline parse_state request_parser::parse() {
    switch (stage_) {
    case stage::head:
        if (!find_head_end()) {
            return stage_ == stage::failed ? parse_state::failed : parse_state::need_more;
        }
        return parse_head();
    case stage::body:
        return end_ < body_end_ ? parse_state::need_more : finish(body_end_);
    case stage::chunks:
        return parse_chunks();
    case stage::complete:
        return parse_state::complete;
    case stage::failed:
        break;
    }
    return parse_state::failed;
}

/// Finds the blank line, line by line: a bare LF is refused as soon as it is seen, and a folded
/// line as well, which Beast would join.
inline bool request_parser::find_head_end() {
    while (scan_ < end_) {
        const char* line = buffer_.get() + scan_;
        const auto* lf = static_cast<const char*>(std::memchr(line, '\n', end_ - scan_));
        const std::size_t so_far = lf != nullptr
                                       ? static_cast<std::size_t>(lf - buffer_.get()) + 1 - begin_
                                       : end_ - begin_;
        if (so_far > limits_->head_bytes) {
            fail(scan_ == begin_ ? status::uri_too_long : status::request_header_fields_too_large);
            return false;
        }
        if (lf == nullptr) {
            return false;
        }
        const bool folded = *line == ' ' || *line == '\t'; // [RFC 9112 §5.2]
        if (lf == line || lf[-1] != '\r' || folded) {
            fail(status::bad_request);
            return false;
        }
        const bool blank = lf - line == 1;
        const bool first = scan_ == begin_;
        scan_ = static_cast<std::size_t>(lf - buffer_.get()) + 1;
        if (blank && !first) {
            return true;
        }
        if (blank) {
            begin_ = scan_; // Empty lines before a request are ignored. [RFC 9112 §2.2]
        }
    }
    return false;
}

inline parse_state request_parser::parse_head() {
    const std::string_view head(buffer_.get() + begin_, scan_ - begin_);
    const status verdict = read_head(head, *limits_, request_, about_);
    if (verdict != status::ok) {
        return fail(verdict);
    }
    body_ = body_end_ = raw_ = scan_;
    if (about_.chunked) {
        chunks_ = chunked_decoder(limits_->body_bytes);
        stage_ = stage::chunks;
        return parse_chunks();
    }
    body_end_ += static_cast<std::size_t>(about_.content_length);
    stage_ = stage::body;
    return end_ < body_end_ ? parse_state::need_more : finish(body_end_);
}

inline parse_state request_parser::parse_chunks() {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    char* base = buffer_.get();
    const auto result =
        chunks_.decode(base + body_end_, base + raw_, end_ - raw_, consumed, produced);
    body_end_ += produced;
    raw_ += consumed;
    switch (result) {
    case chunked_decoder::outcome::complete:
        return finish(raw_);
    case chunked_decoder::outcome::bad:
        return fail(status::bad_request);
    case chunked_decoder::outcome::too_large:
        return fail(status::payload_too_large);
    case chunked_decoder::outcome::need_more:
        break;
    }
    raw_ = end_ = body_end_; // the framing is consumed: its room is used again
    return parse_state::need_more;
}

inline parse_state request_parser::finish(std::size_t raw_end) {
    request_.body = {buffer_.get() + body_, body_end_ - body_};
    about_.expect_continue = false;
    next_ = raw_end;
    stage_ = stage::complete;
    return parse_state::complete;
}

inline void request_parser::next() noexcept {
    begin_ = scan_ = next_;
    stage_ = stage::head;
    request_.body = {};
    constexpr std::size_t kept = 64 * 1024; // one large body is no reason to hold its memory
    if (begin_ == end_ && capacity_ > kept) {
        buffer_.reset();
        begin_ = end_ = scan_ = capacity_ = 0;
    }
}

inline void request_parser::release() noexcept {
    if (begin_ == end_) {
        buffer_.reset();
        begin_ = end_ = scan_ = capacity_ = 0;
        http::request fresh;
        fresh.remote = std::move(request_.remote);
        request_ = std::move(fresh);
    }
}

} // namespace mcp::http

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>

#include <poll.h>

namespace mcp::http {

/// One connection: reads requests, calls the handler, writes the answers in order.
///
/// It is one coroutine on its shard's thread, and owns itself until that has ended. The steady
/// state of a request is one receive and one send; there is no timer of its own, the shard's clock
/// calls `tick`.
class connection final : public shard_member, public std::enable_shared_from_this<connection> {
public:
    connection(shard& home, shard::socket socket, asio::ip::address peer)
        : shard_member(home)
        , socket_(std::move(socket))
        , parser_(home.limit)
        , since_(home.now()) {
        parser_.get().remote = std::move(peer);
    }

    /// Starts the coroutine. Call once.
    void start() {
        auto ended = asio::bind_cancellation_slot(cancel_.slot(), asio::detached);
        asio::co_spawn(asio::any_io_executor(home().executor()), run(shared_from_this()), ended);
    }

    void tick() override;
    void drain() override;
    void abort() override;

private:
    using time_point = shard::clock::time_point;
    enum class phase : std::uint8_t { idle, head, body, handling, streaming, closing };

    asio::awaitable<void> run(std::shared_ptr<connection> self);
    asio::awaitable<void> serve();
    asio::awaitable<bool> stream_body(framing how);
    asio::awaitable<void> linger();
    asio::awaitable<void> send_rest(std::string_view body);

    void enter(phase p) {
        phase_ = p;
        since_ = home().now();
    }
    void enter_reading();
    void begin_request();
    bool put_off(std::string_view& body, bool keep);
    bool send_now(std::string_view& body);
    void set_error(status code);
    void watch();
    void on_readable(std::error_code ec);
    void peer_gone();
    void close_stream();
    bool peer_hung_up();

    shard::socket socket_;
    request_parser parser_;
    response response_;
    std::string out_; // what is to be sent before anything else
    asio::cancellation_signal cancel_;
    time_point since_;      // when the phase began
    time_point last_write_; // streaming: when bytes were last written
    phase phase_ = phase::idle;
    bool sending_ = false;       // a send waits for the peer
    bool watching_ = false;      // a wait for readability is pending
    bool unread_ = false;        // bytes of a next request hide the end of the connection
    bool gone_ = false;          // the peer is gone, or cut off
    bool expired_ = false;       // a deadline has passed
    bool draining_ = false;      // the server stops: this request is the last
    bool stream_closed_ = false; // close() was called
};

inline asio::awaitable<void> connection::run(std::shared_ptr<connection> self) {
    try {
        co_await self->serve();
    } catch (...) {
        // A failed or cancelled connection has nobody left to tell; handlers report by themselves.
    }
    close_stream();
    std::error_code ignored;
    socket_.close(ignored);
    leave();
}

inline asio::awaitable<void> connection::serve() {
    while (!gone_) {
        parse_state state = parser_.parse();
        while (state == parse_state::need_more && !expired_) {
            enter_reading();
            if (!out_.empty()) {
                std::string_view nothing;
                if (!send_now(nothing)) {
                    co_await send_rest(nothing);
                }
            }
            if (gone_ || (draining_ && phase_ == phase::idle)) {
                co_return;
            }
            const detail::received got = co_await detail::receive(socket_, parser_.prepare());
            if (got.error && !expired_) {
                if (got.error != asio::error::eof || parser_.idle()) {
                    co_return;
                }
                break; // the request is cut short
            }
            parser_.commit(got.size);
            state = parser_.parse();
        }

        const bool whole = state == parse_state::complete;
        if (whole) {
            begin_request();
            std::exception_ptr failure;
            try {
                co_await home().handle(parser_.get(), response_);
            } catch (...) {
                failure = std::current_exception();
            }
            if (gone_) {
                co_return;
            }
            if (expired_) {
                co_await asio::this_coro::reset_cancellation_state();
                set_error(status::service_unavailable);
            } else if (failure) {
                home().report(failure);
                set_error(status::internal_server_error);
                response_.close = false; // the request was whole: the connection is sound
            }
        } else {
            set_error(expired_                       ? status::request_timeout
                      : state == parse_state::failed ? parser_.error()
                                                     : status::bad_request);
        }

        const int version = whole ? parser_.get().version : 11;
        const bool head_only = whole && parser_.get().method == verb::head;
        const framing how = framing_of(response_, version);
        const bool keep = whole && parser_.keep_alive() && how != framing::until_close &&
                          !response_.close && !draining_ && !expired_;
        append_head(out_, response_, {version, keep, home().date()});
        if (response_.stream && !head_only && how != framing::none) {
            const bool ended = co_await stream_body(how);
            if (!ended) {
                co_return;
            }
        } else {
            std::string_view body =
                head_only || how == framing::none ? std::string_view() : response_.body;
            close_stream();
            response_.stream.reset();
            parser_.next();
            if (!put_off(body, keep) && !send_now(body)) {
                co_await send_rest(body);
            }
        }
        if (!keep) {
            co_await linger();
            co_return;
        }
    }
}

/// Before more bytes are awaited: notes since when, and invites the body of a peer that asks.
inline void connection::enter_reading() {
    const auto now_in =
        parser_.idle() ? phase::idle : (parser_.in_body() ? phase::body : phase::head);
    if (now_in != phase_) {
        enter(now_in);
    }
    if (parser_.take_expect_continue()) {
        out_ += continue_response;
    }
}

inline void connection::begin_request() {
    response_.clear();
    stream_closed_ = false;
    enter(phase::handling);
    if (out_.empty()) {
        return;
    }
    // Answers to earlier requests must not wait for a handler that suspends.
    asio::post(home().executor(), [self = shared_from_this()] {
        if (self->phase_ == phase::handling && !self->sending_) {
            std::string_view nothing;
            self->send_now(nothing);
            self->watch();
        }
    });
}

/// Puts a small `body` behind the head, so that one buffer is sent; and if the next request is
/// there already, any body that fits. True if all shall wait for the next answer.
inline bool connection::put_off(std::string_view& body, bool keep) {
    constexpr std::size_t cheap_to_copy = 2048;
    const bool wait =
        keep && !parser_.idle() && out_.size() + body.size() < home().limit.pipelined_bytes;
    if (wait || body.size() < cheap_to_copy) {
        out_ += body;
        body = {};
    }
    return wait;
}

inline void connection::set_error(status code) {
    close_stream();
    response_.clear();
    response_.code = code;
    response_.content_type = "text/plain";
    response_.body.append(reason(code)).append("\n");
    response_.close = true;
}

} // namespace mcp::http

// ---- mcp/http/impl/connection_output.hpp

// Part of <mcp/http/connection.hpp>: how bytes leave a connection.

namespace mcp::http {

/// Writes the stream's bytes as they come; false if the connection is over.
inline asio::awaitable<bool> connection::stream_body(framing how) {
    // The request is done with: an idle stream keeps no buffer.
    std::string chunk;
    parser_.next();
    parser_.release();
    response_.headers = {};
    response_.content_type = {};
    response_.body = {};
    enter(phase::streaming);
    last_write_ = since_;
    if (draining_) {
        response_.stream->drain();
    }
    bool more = true;
    while (more && !gone_) {
        if (!response_.stream->ready() || out_.size() >= home().limit.pipelined_bytes) {
            std::string_view nothing;
            if (!send_now(nothing)) {
                co_await send_rest(nothing);
            }
            if (gone_) {
                break;
            }
            std::string().swap(out_);
            watch();
        }
        try {
            more = co_await response_.stream->read(chunk);
        } catch (...) {
            home().report(std::current_exception());
            gone_ = true; // an answer that is cut short must look so
        }
        if (how == framing::chunked) {
            append_chunk(out_, chunk);
        } else {
            out_ += chunk;
        }
        std::string().swap(chunk);
    }
    if (!more) {
        response_.stream.reset();
    }
    if (!gone_) {
        std::string_view end = how == framing::chunked ? last_chunk : std::string_view();
        if (!send_now(end)) {
            co_await send_rest(end);
        }
    }
    enter(phase::idle);
    co_return !gone_;
}

/// Sends `out_` and then `body` as far as the socket takes them at once, and takes what is sent
/// off both. True if all is sent or the connection is broken.
inline bool connection::send_now(std::string_view& body) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(out_), asio::buffer(body)};
    std::error_code ec;
    const std::size_t sent =
        body.empty() ? socket_.send(both[0], 0, ec) : socket_.send(both, 0, ec);
    last_write_ = home().now();
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) {
        gone_ = true;
    }
    if (gone_ || sent == out_.size() + body.size()) {
        out_.clear();
        return true;
    }
    const std::size_t of_out = std::min(sent, out_.size());
    body.remove_prefix(sent - of_out);
    out_.erase(0, of_out);
    return false;
}

/// Sends what `send_now` has left, waiting for the peer.
inline asio::awaitable<void> connection::send_rest(std::string_view body) {
    std::error_code ec;
    std::array<asio::const_buffer, 2> rest{asio::buffer(out_), asio::buffer(body)};
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    sending_ = true;
    while (!ec && asio::buffer_size(rest) > 0) {
        std::size_t n = co_await socket_.async_send(rest, into_ec);
        last_write_ = home().now();
        for (auto& part : rest) {
            const std::size_t taken = std::min(n, part.size());
            part += taken;
            n -= taken;
        }
    }
    sending_ = false;
    gone_ = gone_ || ec;
    out_.clear();
}

/// Lets the peer read the answer before the connection is reset by what it still sends.
/// [RFC 9112 §9.6]
inline asio::awaitable<void> connection::linger() {
    if (gone_) {
        co_return;
    }
    enter(phase::closing);
    std::error_code ec;
    socket_.shutdown(asio::socket_base::shutdown_send, ec);
    std::array<char, 512> sink;
    for (std::size_t dropped = 0; !ec && dropped < 1024 * 1024;) {
        const detail::received got = co_await detail::receive(socket_, sink);
        dropped += got.size;
        ec = got.error;
    }
}

} // namespace mcp::http

// ---- mcp/http/impl/connection_watch.hpp

// Part of <mcp/http/connection.hpp>: how a connection ends, by its deadlines, by the peer or by the
// server.

namespace mcp::http {

inline void connection::tick() {
    const auto age = home().now() - since_;
    const limits& limit = home().limit;
    const auto past = [age](std::chrono::milliseconds allowed) { return age >= allowed; };
    if (sending_ && home().now() - last_write_ >= limit.write_timeout) {
        return abort();
    }
    std::error_code ignored;
    switch (phase_) {
    case phase::idle:
        if (past(limit.idle_timeout)) {
            abort();
        }
        break;
    case phase::head:
    case phase::body:
        if (past(phase_ == phase::head ? limit.head_timeout : limit.body_timeout) && !sending_) {
            expired_ = true;
            socket_.cancel(ignored);
        }
        break;
    case phase::handling:
        if (limit.request_timeout.count() > 0 && past(limit.request_timeout) && !expired_) {
            expired_ = true;
            cancel_.emit(asio::cancellation_type::terminal);
        } else if (age > age.zero()) {
            watch(); // most handlers are done long before: only slow ones pay for this
        }
        break;
    case phase::streaming:
        if (!sending_ && home().now() - last_write_ >= limit.keep_alive_interval) {
            last_write_ = home().now();
            response_.stream->idle();
        }
        break;
    case phase::closing:
        if (past(std::chrono::seconds(2))) {
            abort();
        }
        break;
    }
    if (unread_ && !gone_ && peer_hung_up()) {
        peer_gone();
    }
}

inline void connection::drain() {
    draining_ = true;
    if (phase_ == phase::idle && !sending_) {
        abort();
    } else if (phase_ == phase::streaming && response_.stream && !gone_) {
        response_.stream->drain();
    }
}

inline void connection::abort() {
    peer_gone();
    std::error_code ignored;
    socket_.close(ignored);
}

/// Waits beside the handler or the stream for the peer to say more, or goodbye.
inline void connection::watch() {
    if (watching_ || unread_ || gone_) {
        return;
    }
    watching_ = true;
    socket_.async_wait(shard::socket::wait_read,
                       [self = shared_from_this()](std::error_code ec) { self->on_readable(ec); });
}

inline void connection::on_readable(std::error_code ec) {
    watching_ = false;
    if (ec || gone_ || (phase_ != phase::handling && phase_ != phase::streaming)) {
        return;
    }
    char byte = 0;
    const std::size_t n =
        socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    if (ec == asio::error::would_block) {
        watch();
    } else if (ec || n == 0) {
        peer_gone();
    } else {
        unread_ = true;
    }
}

/// As `on_readable`, for a peer that sent more before it left.
inline bool connection::peer_hung_up() {
    if (phase_ != phase::handling && phase_ != phase::streaming) {
        unread_ = false;
        return false;
    }
    pollfd one{socket_.native_handle(), POLLRDHUP, 0};
    return ::poll(&one, 1, 0) > 0;
}

inline void connection::peer_gone() {
    if (std::exchange(gone_, true)) {
        return;
    }
    if (phase_ == phase::streaming) {
        close_stream();
    } else if (phase_ == phase::handling) {
        cancel_.emit(asio::cancellation_type::terminal);
    }
}

inline void connection::close_stream() {
    if (response_.stream && !std::exchange(stream_closed_, true)) {
        response_.stream->close();
    }
}

} // namespace mcp::http

// ---- mcp/http/cors.hpp

namespace mcp::http {

/// What scripts of other origins may do. [WHATWG Fetch §3.2]
struct cors_options {
    /// Origins as browsers send them (`https://app.example.com`); `*` stands for all of them.
    std::vector<std::string> origins{};
    std::string methods = "GET, POST, DELETE, OPTIONS";
    std::string request_headers = "Content-Type, Accept, Authorization, Last-Event-ID, "
                                  "Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name";
    std::string exposed_headers = "Mcp-Session-Id, WWW-Authenticate";
    std::chrono::seconds max_age = std::chrono::hours(1); ///< how long a preflight is remembered
};

/// Puts CORS around a handler: answers preflights and marks responses to origins that are allowed.
/// Requests of other origins go through unmarked; refusing them is the endpoint's own decision.
///
///     router.mount("/mcp", mcp::http::cors{endpoint, {.origins = {"https://app.example.com"}}});
class cors {
public:
    cors(handler inner, cors_options options)
        : inner_(std::move(inner))
        , options_(std::move(options)) {}

    asio::awaitable<void> operator()(request& q, response& r) const {
        const auto origin = q.headers.find("Origin");
        if (origin && allows(*origin)) {
            r.set("Access-Control-Allow-Origin", *origin);
            r.set("Access-Control-Expose-Headers", options_.exposed_headers);
            if (q.method == verb::options && q.headers.find("Access-Control-Request-Method")) {
                r.code = status::no_content;
                r.set("Access-Control-Allow-Methods", options_.methods);
                r.set("Access-Control-Allow-Headers", options_.request_headers);
                r.set("Access-Control-Max-Age", std::to_string(options_.max_age.count()));
                r.set("Vary", "Origin");
                return nothing();
            }
        }
        r.set("Vary", "Origin"); // also when it is not allowed: a cache must not mix the two
        return inner_(q, r);
    }

private:
    bool allows(std::string_view origin) const {
        return std::any_of(options_.origins.begin(), options_.origins.end(),
                           [&](const std::string& o) { return o == "*" || o == origin; });
    }

    static asio::awaitable<void> nothing() { co_return; }

    handler inner_;
    cors_options options_;
};

} // namespace mcp::http

// ---- mcp/http/router.hpp

// ---- mcp/http/url.hpp

#include <boost/url/encoding_opts.hpp>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>

namespace mcp::http {

/// Takes the percent-encoding off; `nullopt` if an escape is broken or stands for NUL.
/// `+` stays as it is: see `query_value` for forms. [RFC 3986 §2.1]
inline std::optional<std::string> percent_decode(std::string_view text) {
    if (text.find('%') == text.npos) {
        return std::string(text);
    }
    const auto view = boost::urls::make_pct_string_view(text);
    if (!view) {
        return std::nullopt;
    }
    std::string out = view->decode();
    if (out.find('\0') != out.npos) {
        return std::nullopt;
    }
    return out;
}

/// The decoded value of the first parameter `name` of a query; empty if it has no `=`.
/// `+` is a space. `nullopt` if there is none, or if the query is not well formed.
inline std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    const auto parsed = boost::urls::parse_query(query);
    if (!parsed) {
        return std::nullopt;
    }
    for (const auto& parameter : *parsed) {
        boost::urls::encoding_opts form;
        form.space_as_plus = true;
        if (parameter.key.decode(form) == name) {
            return parameter.value.decode(form);
        }
    }
    return std::nullopt;
}

/// Scheme, host and port of a web origin, or (without the scheme) of a Host field.
struct origin {
    std::string scheme;     ///< lower case; empty for an authority
    std::string host;       ///< lower case, decoded, without brackets
    std::uint16_t port = 0; ///< 0 if none is given

    /// Whether the host is this machine by name or address: `localhost`, `127.0.0.0/8`, `::1`.
    bool is_loopback() const {
        return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
               (host.starts_with("127.") && boost::urls::parse_ipv4_address(host).has_value());
    }
};

/// Reads a Host field such as `localhost:8000` or `[::1]`. [RFC 9110 §7.2]
/// Names are taken as they are, without percent-encoding.
inline std::optional<origin> parse_host(std::string_view text) {
    // By hand: Boost.URL 1.81 refuses names that begin like an address ("127.0.0.1.nip.io").
    origin out;
    const auto end = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
    const auto name = text.substr(0, end);
    const auto port = end < text.size() ? text.substr(end) : std::string_view();
    if (name.starts_with('[')) {
        const auto address = name.substr(1, name.size() - 2);
        if (end == 0 || !boost::urls::parse_ipv6_address(address)) {
            return std::nullopt;
        }
        out.host = address;
    } else {
        for (const char c : name) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
                return std::nullopt;
            }
        }
        out.host = name;
    }
    if (!port.empty()) {
        const auto* last = port.data() + port.size();
        const auto read = std::from_chars(port.data() + 1, last, out.port);
        if (port[0] != ':' || read.ec != std::errc() || read.ptr != last) {
            return std::nullopt;
        }
    }
    if (name.empty()) {
        return std::nullopt;
    }
    for (char& c : out.host) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

/// Reads an Origin field such as `https://example.com:8443`. `nullopt` for `null` and for anything
/// with a path, a query or user information. [RFC 6454 §7]
inline std::optional<origin> parse_origin(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == text.npos || colon == 0) {
        return std::nullopt;
    }
    std::string scheme(text.substr(0, colon));
    for (char& c : scheme) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!fits || scheme.front() < 'A') {
            return std::nullopt;
        }
    }
    auto out = parse_host(text.substr(colon + 3));
    if (out) {
        out->scheme = std::move(scheme);
    }
    return out;
}

} // namespace mcp::http

namespace mcp::http {

/// A path pattern such as `/users/{id:int}/files/{rest:path}`.
///
/// Segments are literal or a parameter: `{name}` any one segment, `{name:int}` a 64-bit integer,
/// `{name:uuid}`, and at the end `{name:path}` all that is left, slashes included: perhaps nothing,
/// but the slash before it must be there. Literals compare with the percent-decoded path. A `.` or
/// `..` never fills a parameter.
class path_pattern {
public:
    /// Throws `std::invalid_argument` if the pattern does not start with `/` or is malformed.
    explicit path_pattern(std::string_view text);

    /// Matches the whole of `path`, or with `prefix` some of its first segments. Gives how many
    /// bytes of `path` it took and adds the parameters to `found`; `nullopt` leaves it cleared.
    std::optional<std::size_t> match(std::string_view path, bool prefix, path_params& found) const;

    /// Less: to be tried before. A literal goes before `int` and `uuid`, these before any segment,
    /// that before `path`; a longer pattern before its own prefix.
    std::strong_ordering operator<=>(const path_pattern& other) const noexcept;
    bool operator==(const path_pattern& other) const noexcept { return *this <=> other == 0; }

private:
    enum class kind : std::uint8_t { literal, integer, uuid, any, rest };
    struct segment {
        kind what = kind::literal;
        std::string text; // the literal, or the parameter's name
    };

    static segment to_segment(std::string_view text);
    static bool fits(kind what, std::string_view value);

    std::vector<segment> segments_;
};

/// Finds the handler of a path. Is itself a handler, and can be mounted in another router's place.
///
///     router app;
///     app.add(verb::get, "/users/{id:int}", show_user);
///     app.mount("/mcp/{user:uuid}", mcp::streamable_http{server});
///     app.fallback(existing_app);
///
/// The most specific pattern wins, whatever the order they were added in. A path that is known
/// under other methods only is answered with 405 and `Allow`; `OPTIONS` gets 204 and `Allow`; GET
/// handlers answer HEAD as well. Set up before serving; routing is `const` and thread-safe.
class router {
public:
    /// Answers `method` on paths that match as a whole.
    void add(verb method, std::string_view pattern, handler answer) {
        insert({path_pattern(pattern), std::move(answer), method, false});
    }

    /// Answers every method on every path whose first segments match; `request::mounted` says how
    /// much of the path they are.
    void mount(std::string_view prefix, handler answer) {
        while (prefix.size() > 1 && prefix.ends_with('/')) {
            prefix.remove_suffix(1);
        }
        insert({path_pattern(prefix), std::move(answer), verb::other, true});
    }

    /// Answers what nothing else does; 404 without it.
    void fallback(handler answer) { fallback_ = std::move(answer); }

    /// Routes `q` and fills its `params` and `mounted`.
    asio::awaitable<void> operator()(request& q, response& r) const;

private:
    struct route {
        path_pattern pattern;
        handler answer;
        verb method;
        bool is_mount;
    };

    void insert(route r) {
        const auto after = [](const route& a, const route& b) {
            return a.is_mount != b.is_mount ? b.is_mount : a.pattern < b.pattern;
        };
        routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), r, after), std::move(r));
    }

    static asio::awaitable<void> nothing() { co_return; }

    std::vector<route> routes_;
    handler fallback_;
};

inline path_pattern::path_pattern(std::string_view text) {
    if (!text.starts_with('/')) {
        throw std::invalid_argument("path pattern must start with '/': " + std::string(text));
    }
    text.remove_prefix(1);
    while (!text.empty() || !segments_.empty()) {
        if (!segments_.empty() && segments_.back().what == kind::rest) {
            throw std::invalid_argument("{name:path} must end the path pattern");
        }
        const auto slash = text.find('/');
        segments_.push_back(to_segment(text.substr(0, slash)));
        if (slash == text.npos) {
            break;
        }
        text.remove_prefix(slash + 1);
    }
}

inline path_pattern::segment path_pattern::to_segment(std::string_view text) {
    if (!text.starts_with('{')) {
        if (text.find_first_of("{}") != text.npos) {
            throw std::invalid_argument("a parameter must fill its path segment: " +
                                        std::string(text));
        }
        return {kind::literal, std::string(text)};
    }
    const auto inner = text.substr(1, text.size() - 1 - (text.ends_with('}') ? 1 : 0));
    const auto colon = inner.find(':');
    const auto name = inner.substr(0, colon);
    const auto converter = colon == inner.npos ? std::string_view("") : inner.substr(colon + 1);
    constexpr std::pair<std::string_view, kind> known[] = {
        {"", kind::any}, {"int", kind::integer}, {"uuid", kind::uuid}, {"path", kind::rest}};
    const auto* found = std::find_if(std::begin(known), std::end(known),
                                     [&](const auto& k) { return k.first == converter; });
    if (!text.ends_with('}') || name.empty() || name.find_first_of("{}") != name.npos ||
        found == std::end(known)) {
        throw std::invalid_argument("not a path parameter: " + std::string(text));
    }
    return {found->second, std::string(name)};
}

inline bool path_pattern::fits(kind what, std::string_view value) {
    if (value.empty() || value == "." || value == "..") {
        return false;
    }
    if (what == kind::integer) {
        std::int64_t number = 0;
        const auto* end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, number);
        return read.ec == std::errc() && read.ptr == end;
    }
    return what != kind::uuid || is_uuid(value);
}

inline std::optional<std::size_t> path_pattern::match(std::string_view path, bool prefix,
                                                      path_params& found) const {
    found.clear();
    std::size_t at = 0; // on the slash before the next segment, or at the end
    std::string decoded;
    const auto fail = [&] {
        found.clear();
        return std::nullopt;
    };
    const auto take = [&](std::string_view raw) -> std::optional<std::string_view> {
        if (raw.find('%') == raw.npos) {
            return raw;
        }
        auto plain = percent_decode(raw);
        if (!plain) {
            return std::nullopt;
        }
        decoded = std::move(*plain);
        return decoded;
    };
    for (const segment& s : segments_) {
        if (at >= path.size() || path[at] != '/') {
            return fail();
        }
        if (s.what == kind::rest) {
            std::string rest;
            while (at < path.size()) {
                const auto end = std::min(path.find('/', at + 1), path.size());
                const auto part = take(path.substr(at + 1, end - at - 1));
                if (!part || *part == "." || *part == "..") {
                    return fail();
                }
                rest += *part;
                at = end;
                if (at < path.size()) {
                    rest += '/';
                }
            }
            found.add(s.text, rest);
            return at;
        }
        const auto end = std::min(path.find('/', at + 1), path.size());
        const auto value = take(path.substr(at + 1, end - at - 1));
        if (!value || (s.what == kind::literal ? *value != s.text : !fits(s.what, *value))) {
            return fail();
        }
        if (s.what != kind::literal) {
            found.add(s.text, *value);
        }
        at = end;
    }
    const bool whole = at == path.size() || (segments_.empty() && path == "/");
    if (whole || (prefix && path[at] == '/')) {
        return at;
    }
    return fail();
}

inline std::strong_ordering path_pattern::operator<=>(const path_pattern& other) const noexcept {
    for (std::size_t i = 0; i < std::min(segments_.size(), other.segments_.size()); ++i) {
        const auto rank = [](kind k) { return k == kind::uuid ? kind::integer : k; };
        if (const auto o = rank(segments_[i].what) <=> rank(other.segments_[i].what); o != 0) {
            return o;
        }
    }
    return other.segments_.size() <=> segments_.size();
}

inline asio::awaitable<void> router::operator()(request& q, response& r) const {
    std::string allowed;
    for (const route& each : routes_) {
        if (each.is_mount && !allowed.empty()) {
            break;
        }
        const auto taken = each.pattern.match(q.path, each.is_mount, q.params);
        if (!taken) {
            continue;
        }
        q.mounted = each.is_mount ? *taken : 0;
        if (each.is_mount || each.method == q.method ||
            (each.method == verb::get && q.method == verb::head)) {
            return each.answer(q, r);
        }
        allowed.append(to_string(each.method)).append(each.method == verb::get ? ", HEAD, " : ", ");
    }
    q.params.clear();
    if (allowed.empty() && fallback_) {
        return fallback_(q, r);
    }
    if (!allowed.empty()) {
        r.set("Allow", allowed + "OPTIONS");
    }
    r.code = allowed.empty()             ? status::not_found
             : q.method == verb::options ? status::no_content
                                         : status::method_not_allowed;
    if (r.code != status::no_content) {
        r.content_type = "text/plain";
        r.body.append(reason(r.code)).append("\n");
    }
    return nothing();
}

} // namespace mcp::http

// ---- mcp/http/server.hpp

#include <asio/basic_socket_acceptor.hpp>
#include <asio/steady_timer.hpp>

#include <sys/socket.h>
#include <thread>

namespace mcp::http {

/// How a `server` listens and runs.
struct server_options {
    std::string host = "127.0.0.1"; ///< An address to bind, or a name that resolves to one.
    std::uint16_t port = 8000;      ///< 0: any free port; `server::port` tells which.
    unsigned threads = 1;           ///< Event loops, each with its own connections.
    http::limits limits{};
    /// What a handler or a stream threw; called on the thread of the connection.
    std::function<void(std::exception_ptr)> on_error{};
    /// How often deadlines are looked at. All times of `limits` are that coarse.
    std::chrono::milliseconds clock_interval{500};
};

/// An HTTP/1.1 server: one event loop per thread, each accepting for itself (SO_REUSEPORT).
///
///     mcp::http::server server{router, {.port = 8000}};
///     server.run();
///
/// `stop` may be called from any thread; the other members from one thread at a time.
class server {
public:
    explicit server(handler answer, server_options options = {});
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Stops without grace if it still runs, joins, and cancels what is left.
    ~server();

    /// Binds and listens. Throws `std::system_error` if the address is not to be had, also if
    /// another process listens there. `run` and `start` do it if it was not done.
    void listen();

    /// The port that is listened on; 0 before `listen`.
    std::uint16_t port() const noexcept { return port_; }

    /// Serves on this thread and on `threads - 1` further ones until `stop`; joins them.
    void run();

    /// Serves on threads of its own; returns at once. `join` waits for their end.
    void start();
    void join();

    /// Ends gracefully: accepts no more, lets streams say goodbye and running requests finish, and
    /// cancels what is left after `limits::shutdown_timeout`. Returns at once.
    void stop();

    /// The loops, for what else is to run there.
    asio::any_io_executor executor(std::size_t thread) const;
    std::size_t threads() const noexcept { return workers_.size(); }

    /// Connections open now.
    std::size_t connections() const noexcept { return open_.load(std::memory_order_relaxed); }

    /// For tests: makes the clock of every loop jump, so that deadlines pass without waiting.
    void advance_clock(std::chrono::milliseconds by);

private:
    class worker;

    handler handler_;
    server_options options_;
    std::atomic<std::size_t> open_{0};
    std::atomic<std::size_t> undrained_{0};
    std::vector<std::unique_ptr<worker>> workers_;
    std::vector<std::thread> threads_;
    std::uint16_t port_ = 0;
};

/// One event loop with its acceptor, its clock and its connections.
class server::worker {
public:
    explicit worker(server& owner)
        : owner_(owner)
        , shard_(loop_, owner.handler_, owner.options_.limits, owner.options_.on_error,
                 owner.open_) {}

    void listen(const asio::ip::tcp::endpoint& at, bool share) {
        acceptor_.open(at.protocol());
        acceptor_.set_option(asio::socket_base::reuse_address(true));
        if (share) {
            using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
            acceptor_.set_option(reuse_port(true));
        }
        acceptor_.bind(at);
        acceptor_.listen();
        acceptor_.non_blocking(true);
        accept();
    }

    asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
    asio::io_context& loop() { return loop_; }

    void drain() {
        if (std::exchange(draining_, true)) {
            return;
        }
        std::error_code ignored;
        acceptor_.close(ignored);
        stop_at_ = read_clock() + owner_.options_.limits.shutdown_timeout;
        shard_.drain();
        if (ticking_) {
            clock_.cancel();
        } else {
            arm();
        }
    }

    /// Lets what waits for other things than the loop come to its end. Not while the loop runs.
    void cut_off() {
        draining_ = true;
        loop_.restart();
        shard_.abort();
        loop_.poll();
    }

    void advance(std::chrono::milliseconds by) {
        ahead_ += by;
        on_tick();
    }

private:
    shard::clock::time_point read_clock() const { return shard::clock::now() + ahead_; }

    void accept() {
        acceptor_.async_accept(
            peer_, [this](std::error_code ec, shard::socket socket) { on_accept(ec, socket); });
    }

    void on_accept(std::error_code ec, shard::socket& socket) {
        if (draining_) {
            return;
        }
        if (ec) {
            starved_ = true; // No descriptors left, most likely: the clock tries again.
            return arm();
        }
        if (!ticking_) {
            update_clock();
        }
        std::error_code failed;
        socket.non_blocking(true, failed);
        socket.set_option(asio::ip::tcp::no_delay(true), failed);
        if (owner_.open_.load(std::memory_order_relaxed) >= owner_.options_.limits.connections) {
            constexpr std::string_view full = "HTTP/1.1 503 Service Unavailable\r\n"
                                              "Content-Length: 0\r\nConnection: close\r\n\r\n";
            socket.send(asio::buffer(full), 0, failed);
        } else {
            std::make_shared<connection>(shard_, std::move(socket), peer_.address())->start();
            arm();
        }
        accept();
    }

    void update_clock() {
        using std::chrono::system_clock;
        shard_.tick(read_clock(), std::chrono::floor<std::chrono::seconds>(system_clock::now()));
    }

    void on_tick() {
        update_clock();
        if (starved_ && !draining_) {
            starved_ = false;
            accept();
        }
        if (draining_ && read_clock() >= stop_at_) {
            shard_.abort();
        }
        arm();
    }

    /// The clock ticks while there is a connection, or a stop to be finished.
    void arm() {
        if (draining_ && shard_.size() == 0) {
            return finish();
        }
        if (ticking_ || (shard_.size() == 0 && !starved_)) {
            return;
        }
        ticking_ = true;
        auto interval = owner_.options_.clock_interval;
        if (draining_) {
            interval = std::min(interval, std::chrono::milliseconds(20));
        }
        clock_.expires_after(interval);
        clock_.async_wait([this](std::error_code) {
            ticking_ = false;
            on_tick();
        });
    }

    /// Loops end together: a request of one may wait for work on another.
    void finish() {
        if (!std::exchange(finished_, true) && --owner_.undrained_ == 0) {
            for (auto& each : owner_.workers_) {
                each->loop_.stop();
            }
        }
    }

    server& owner_;
    // The loop destroys suspended connections, which leave the shard.
    shard shard_;
    asio::io_context loop_{1};
    asio::executor_work_guard<shard::executor_type> alive_{loop_.get_executor()};
    asio::basic_socket_acceptor<asio::ip::tcp, shard::executor_type> acceptor_{
        loop_.get_executor()};
    asio::basic_waitable_timer<shard::clock, asio::wait_traits<shard::clock>, shard::executor_type>
        clock_{loop_.get_executor()};
    asio::ip::tcp::endpoint peer_;
    shard::clock::time_point stop_at_{};
    std::chrono::milliseconds ahead_{0};
    bool ticking_ = false;
    bool draining_ = false;
    bool starved_ = false;
    bool finished_ = false;
};

inline server::server(handler answer, server_options options)
    : handler_(std::move(answer))
    , options_(std::move(options)) {
    for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) {
        workers_.push_back(std::make_unique<worker>(*this));
    }
    undrained_ = workers_.size();
}

inline server::~server() {
    for (auto& each : workers_) {
        each->loop().stop();
    }
    join();
    for (auto& each : workers_) {
        each->cut_off();
    }
}

inline void server::listen() {
    if (port_ != 0) {
        return;
    }
    using asio::ip::tcp;
    tcp::resolver resolver(workers_.front()->loop());
    const auto found = resolver.resolve(options_.host, std::to_string(options_.port),
                                        tcp::resolver::passive | tcp::resolver::numeric_service);
    tcp::endpoint at = *found.begin();
    const bool share = workers_.size() > 1;
    if (share && at.port() != 0) {
        // SO_REUSEPORT would let two servers share a port unnoticed: bind it alone first.
        tcp::acceptor alone(workers_.front()->loop(), at, true);
    }
    for (auto& each : workers_) {
        each->listen(at, share);
        at.port(each->endpoint().port());
    }
    port_ = at.port();
}

inline void server::run() {
    listen();
    for (std::size_t i = 1; i < workers_.size(); ++i) {
        threads_.emplace_back([loop = &workers_[i]->loop()] { loop->run(); });
    }
    workers_.front()->loop().run();
    join();
}

inline void server::start() {
    listen();
    for (auto& each : workers_) {
        threads_.emplace_back([loop = &each->loop()] { loop->run(); });
    }
}

inline void server::join() {
    for (auto& each : threads_) {
        each.join();
    }
    threads_.clear();
}

inline void server::stop() {
    for (auto& each : workers_) {
        asio::post(each->loop(), [w = each.get()] { w->drain(); });
    }
}

inline asio::any_io_executor server::executor(std::size_t thread) const {
    return workers_.at(thread)->loop().get_executor();
}

inline void server::advance_clock(std::chrono::milliseconds by) {
    for (auto& each : workers_) {
        asio::post(each->loop(), [w = each.get(), by] { w->advance(by); });
    }
}

} // namespace mcp::http

// ---- mcp/sse/event.hpp

namespace mcp::sse {

/// An event of a server-sent event stream. [WHATWG HTML §9.2]
///
/// A field that is empty (or `nullopt`) is not written, `data` apart.
struct event {
    std::string_view data;   ///< may hold line breaks: one `data` line is written for each line
    std::string_view id{};   ///< no CR, LF or NUL; what is in it is left out of the stream
    std::string_view name{}; ///< the event type; "message" is understood if there is none
    std::optional<std::chrono::milliseconds> retry{}; ///< when a client is to reconnect
};

namespace detail {

inline void append_line(std::string& out, std::string_view field, std::string_view value,
                        std::string_view left_out = "\r\n") {
    out += field;
    for (const char c : value) {
        if (left_out.find(c) == left_out.npos) {
            out += c;
        }
    }
    out += '\n';
}

} // namespace detail

/// Appends `data` as one or more `data` lines, without the blank line that ends the event.
inline void append_data(std::string& out, std::string_view data) {
    while (true) {
        const auto end = data.find_first_of("\r\n");
        out.append("data: ").append(data.substr(0, end)) += '\n';
        if (end == data.npos) {
            return;
        }
        const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
        data.remove_prefix(end + (pair ? 2 : 1));
    }
}

/// Appends one event with its closing blank line. Nothing in it can break out of its field.
inline void append_event(std::string& out, const event& e) {
    if (!e.name.empty()) {
        detail::append_line(out, "event: ", e.name);
    }
    if (!e.id.empty()) {
        // A NUL would make the peer ignore the id.
        detail::append_line(out, "id: ", e.id, std::string_view("\r\n\0", 3));
    }
    if (e.retry) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, e.retry->count()).ptr;
        out.append("retry: ").append(digits, end) += '\n';
    }
    append_data(out, e.data);
    out += '\n';
}

/// Appends a comment, which peers ignore: a keep-alive. Line breaks in `text` are dropped.
inline void append_comment(std::string& out, std::string_view text = {}) {
    detail::append_line(out, text.empty() ? ":" : ": ", text);
    out += '\n';
}

} // namespace mcp::sse

// ---- mcp/sse/parser.hpp

namespace mcp::sse {

/// An event as a client receives it.
struct received_event {
    std::string name = "message"; ///< the event type
    std::string data;
    std::string last_event_id; ///< of this event, or inherited from one before
};

/// Reads a server-sent event stream from any split of its bytes. [WHATWG HTML §9.2.6]
///
///     parser.feed(bytes);
///     while (auto event = parser.next()) { … }
///
/// Lines end in CR, LF or CRLF; a byte order mark at the start and comments are skipped. An event
/// without data is not dispatched, but its id and its `retry` hold.
class parser {
public:
    /// An event, or a single line, beyond `max_event_bytes` ends the stream: see `failed`.
    explicit parser(std::size_t max_event_bytes = 16 * 1024 * 1024) : limit_(max_event_bytes) {}

    /// Adds bytes. Whatever is fed after a failure is ignored.
    void feed(std::string_view bytes) {
        if (!failed_) {
            input_.erase(0, std::exchange(at_, 0));
            input_ += bytes;
        }
    }

    /// The next whole event; `nullopt` until more bytes come.
    std::optional<received_event> next();

    /// The id to resume with: the `Last-Event-ID` of a reconnect. Empty if there was none.
    const std::string& last_event_id() const noexcept { return last_id_; }

    /// The reconnection time that the server has asked for last.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

    /// Whether a limit was passed; nothing more will come.
    bool failed() const noexcept { return failed_; }

private:
    std::optional<std::string_view> take_line();
    void take_field(std::string_view line);

    std::string input_;
    std::size_t at_ = 0;      // first byte not yet read
    std::size_t scanned_ = 0; // bytes behind `at_` known to hold no line end
    std::size_t limit_;
    std::string name_;
    std::string data_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool has_data_ = false;
    bool started_ = false;
    bool after_cr_ = false; // a LF that comes next belongs to the line before
    bool failed_ = false;
};

inline std::optional<std::string_view> parser::take_line() {
    if (after_cr_ && at_ < input_.size()) {
        at_ += input_[at_] == '\n' ? 1 : 0;
        after_cr_ = false;
    }
    if (!started_) {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        const auto head = std::string_view(input_).substr(at_, mark.size());
        if (head.size() < mark.size() && mark.starts_with(head)) {
            return std::nullopt;
        }
        at_ += head == mark ? mark.size() : 0;
        started_ = true;
    }
    const auto end = input_.find_first_of("\r\n", at_ + scanned_);
    if (end == std::string::npos) {
        scanned_ = input_.size() - at_;
        failed_ = scanned_ > limit_;
        return std::nullopt;
    }
    const auto line = std::string_view(input_).substr(at_, end - at_);
    after_cr_ = input_[end] == '\r';
    at_ = end + 1;
    scanned_ = 0;
    return line;
}

inline void parser::take_field(std::string_view line) {
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (field == "data") {
        data_.append(has_data_ ? "\n" : "").append(value);
        has_data_ = true;
        failed_ = data_.size() > limit_;
    } else if (field == "event") {
        name_ = value;
    } else if (field == "id") {
        if (value.find('\0') == value.npos) {
            last_id_ = value;
        }
    } else if (field == "retry") {
        std::int64_t ms = 0;
        const auto* end = value.data() + value.size();
        const bool digits = value.find_first_not_of("0123456789") == value.npos;
        const auto read = std::from_chars(value.data(), end, ms);
        if (digits && read.ec == std::errc()) {
            retry_ = std::chrono::milliseconds(ms);
        }
    }
}

inline std::optional<received_event> parser::next() {
    while (!failed_) {
        const auto line = take_line();
        if (!line) {
            break;
        }
        if (!line->empty()) {
            take_field(*line);
            continue;
        }
        const bool dispatch = std::exchange(has_data_, false);
        received_event event;
        if (!name_.empty()) {
            event.name = std::exchange(name_, {});
        }
        event.data = std::exchange(data_, {});
        if (dispatch) {
            event.last_event_id = last_id_;
            return event;
        }
    }
    return std::nullopt;
}

} // namespace mcp::sse

// ---- mcp/auth/auth_backend.hpp

// ---- mcp/auth/principal.hpp

namespace mcp {

/// Who makes a request, as an `auth_backend` has found out.
struct principal {
    std::string subject; ///< names the caller; what sessions and states are bound to. Never empty.
    std::vector<std::string> scopes{};   ///< what the caller was granted
    std::vector<std::string> audience{}; ///< whom the token is for
    std::optional<std::chrono::sys_seconds> expires{};
    json_object claims{}; ///< all that the backend knows of the caller

    bool has_scope(std::string_view scope) const {
        return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    }
};

} // namespace mcp

namespace mcp {

/// Why a request is not let in.
struct auth_failure {
    enum class reason : std::uint8_t {
        no_token,      ///< 401 without an error code [RFC 6750 §3.1]
        invalid_token, ///< 401: malformed, unknown, expired, revoked, or for another audience
        bad_request,   ///< 400: the credentials are not of the form that they must have
        unavailable,   ///< 503: whoever knows the answer cannot be reached
    };

    reason why = reason::no_token;
    std::string description{}; ///< one sentence that the peer may see; no secrets
};

/// What an authentication gives.
using auth_result = result<principal, auth_failure>;

/// Finds out who makes a request.
///
/// `authenticate` is called for every request, from all event loops at once, and returns
/// `auth_result` or `asio::awaitable<auth_result>`; the request outlives what it returns. A backend
/// that blocks its thread says so by `static constexpr bool blocking = true`, and is then called on
/// the server's pool. A failure is never an exception: what is thrown is answered with 500.
///
/// [MCP 2026-07-28 basic/authorization]
template <class T>
concept auth_backend = requires(T& backend, const http::request& request) {
    { backend.authenticate(request) };
    requires std::same_as<awaited_t<decltype(backend.authenticate(request))>, auth_result>;
};

/// The token of `Authorization: Bearer <token>`; nothing if there is no such header. More than one
/// Authorization header, or another scheme, is no token. [RFC 6750 §2.1]
inline std::optional<std::string_view> bearer_token(const http::request& request) {
    const auto value = request.headers.find("authorization");
    if (!value || request.headers.count("authorization") != 1)
        return std::nullopt;
    constexpr std::string_view scheme = "bearer ";
    if (value->size() <= scheme.size() || !http::iequals(value->substr(0, scheme.size()), scheme))
        return std::nullopt;
    std::string_view token = value->substr(scheme.size());
    while (token.starts_with(' '))
        token.remove_prefix(1);
    return token.empty() ? std::nullopt : std::optional(token);
}

/// Any `auth_backend`, for the code that is the same for all.
class any_auth_backend {
public:
    template <auth_backend Backend>
    any_auth_backend(std::shared_ptr<Backend> backend, pool_source pool)
        : authenticate_([b = std::move(backend), p = std::move(pool)](const http::request& q) {
            return call_collaborator<Backend>(p, [b, &q] { return b->authenticate(q); });
        }) {}

    /// The request outlives what is returned.
    pending<auth_result> authenticate(const http::request& request) const {
        return authenticate_(request);
    }

private:
    std::function<pending<auth_result>(const http::request&)> authenticate_;
};

/// Lets everybody in, as nobody in particular: for servers that need no authentication.
class allow_any {
public:
    auth_result authenticate(const http::request&) const { return principal{"anonymous"}; }
};

static_assert(auth_backend<allow_any>);

} // namespace mcp

// ---- mcp/auth/protected_resource.hpp

namespace mcp {

/// What clients must know to get a token for this server. [RFC 9728 §2]
struct protected_resource {
    /// The URL of the MCP endpoint as clients write it, for example `https://example.com/mcp`.
    std::string resource{};
    std::vector<std::string> authorization_servers{}; ///< issuer URLs, at least one
    std::vector<std::string> scopes_supported{};
    std::string documentation{}; ///< a page for developers
    std::string name{};          ///< for people
    std::string realm = "mcp";   ///< of challenges [RFC 9110 §11.5]
};

/// The metadata document. [RFC 9728 §3.2]
inline std::string metadata_document(const protected_resource& of) {
    std::string text;
    json_writer w(text);
    const auto list = [&](std::string_view key, const std::vector<std::string>& values) {
        if (values.empty())
            return;
        w.key(key);
        w.begin_array();
        for (const std::string& each : values)
            w.value(std::string_view(each));
        w.end_array();
    };
    w.begin_object();
    w.member("resource", std::string_view(of.resource));
    list("authorization_servers", of.authorization_servers);
    list("scopes_supported", of.scopes_supported);
    list("bearer_methods_supported", {"header"});
    if (!of.name.empty())
        w.member("resource_name", std::string_view(of.name));
    if (!of.documentation.empty())
        w.member("resource_documentation", std::string_view(of.documentation));
    w.end_object();
    return text;
}

/// Where the metadata document of a resource is found: the well-known part goes between the host
/// and the path or query. [RFC 9728 §3.1]
inline std::string metadata_url(std::string_view resource) {
    constexpr std::string_view well_known = "/.well-known/oauth-protected-resource";
    const auto scheme = resource.find("://");
    const auto end =
        scheme == resource.npos ? resource.npos : resource.find_first_of("/?", scheme + 3);
    std::string url(resource.substr(0, end));
    url += well_known;
    std::string_view rest = end == resource.npos ? std::string_view() : resource.substr(end);
    if (rest == "/" || rest.starts_with("/?"))
        rest.remove_prefix(1);
    return url.append(rest);
}

/// The value of `WWW-Authenticate` for a request that is refused: with `error`, as
/// `invalid_token` or `insufficient_scope`, and all the scopes that it needs.
/// [RFC 6750 §3] [RFC 9728 §5.1]
inline std::string challenge(const protected_resource& of, std::string_view error = {},
                             const std::vector<std::string>& scopes = {},
                             std::string_view description = {}) {
    std::string text = "Bearer ";
    const auto parameter = [&](std::string_view name, std::string_view value) {
        if (text.back() != ' ')
            text += ", ";
        text.append(name).append("=\"");
        for (const char c : value) {
            if (c == '"' || c == '\\')
                text += '\\';
            if (c >= 0x20 && c < 0x7f)
                text += c;
        }
        text += '"';
    };
    parameter("realm", of.realm);
    if (!of.resource.empty())
        parameter("resource_metadata", metadata_url(of.resource));
    std::string all;
    for (const std::string& scope : scopes.empty() ? of.scopes_supported : scopes)
        all.append(all.empty() ? "" : " ").append(scope);
    if (!all.empty())
        parameter("scope", all);
    if (!error.empty())
        parameter("error", error);
    if (!description.empty())
        parameter("error_description", description);
    return text;
}

} // namespace mcp

// ---- mcp/auth/static_tokens.hpp

namespace mcp {

/// Lets in whoever has one of a few tokens that are known beforehand: an `auth_backend` for scripts
/// and small houses, where nobody wants an authorization server.
///
///     mcp::static_tokens tokens{{std::getenv("ANN_TOKEN"), {.subject = "ann", .scopes =
///     {"read"}}}}; mcp::server server{"house", "1.0", std::move(tokens)};
///
/// The tokens are kept as they are, in memory: not hashed, so take them from the environment or a
/// file, and make each of at least 128 random bits (`random_token(32)`). A given token is compared
/// with all of them, and each time to its end, so that the time tells nothing of how much of a
/// guess was right, nor of whose token it is; it may tell how long tokens are.
///
/// All tokens are added before the server runs.
class static_tokens {
public:
    static_tokens() = default;
    static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens) {
        for (const auto& [token, who] : tokens)
            add(token, who);
    }

    /// Throws `std::invalid_argument` if the token cannot be written in a header [RFC 6750 §2.1] or
    /// is there already, or if the subject is empty.
    static_tokens& add(std::string token, principal who) {
        if (!is_token(token))
            throw std::invalid_argument("static_tokens: a token has characters of A-Z a-z 0-9 "
                                        "- . _ ~ + /, and may end in =");
        if (who.subject.empty())
            throw std::invalid_argument("static_tokens: a token must name somebody");
        for (const entry& each : entries_)
            if (each.token == token)
                throw std::invalid_argument("static_tokens: a token is there twice");
        entries_.push_back({std::move(token), std::move(who)});
        return *this;
    }

    auth_result authenticate(const http::request& request) const {
        if (request.headers.count("authorization") > 1)
            return auth_failure{auth_failure::reason::bad_request,
                                "There is more than one Authorization header"};
        const auto given = bearer_token(request);
        if (!given)
            return auth_failure{};
        const entry* found = nullptr;
        for (const entry& each : entries_)
            if (same(*given, each.token))
                found = &each;
        if (!found)
            return auth_failure{auth_failure::reason::invalid_token, "The token is not known here"};
        if (found->who.expires && *found->who.expires <= std::chrono::system_clock::now())
            return auth_failure{auth_failure::reason::invalid_token, "The token has expired"};
        return found->who;
    }

private:
    struct entry {
        std::string token;
        principal who;
    };

    static bool is_token(std::string_view text) {
        const auto padding = text.find_last_not_of('=');
        return padding != text.npos &&
               text.substr(0, padding + 1)
                       .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-._~+/") == text.npos;
    }

    /// Takes a time that only the lengths decide.
    static bool same(std::string_view given, std::string_view token) {
        volatile unsigned different = given.size() == token.size() ? 0U : 1U;
        for (std::size_t i = 0; i < given.size(); ++i)
            different = different | (static_cast<unsigned char>(given[i]) ^
                                     static_cast<unsigned char>(token[i % token.size()]));
        return different == 0;
    }

    std::vector<entry> entries_;
};

static_assert(auth_backend<static_tokens>);

} // namespace mcp

// ---- mcp/broker/memory_broker.hpp

// ---- mcp/broker/sse_broker.hpp

// ---- mcp/broker/subscriber.hpp

namespace mcp {

/// Takes the messages of the topics that it is subscribed to: the server's end of a stream.
class subscriber {
public:
    virtual ~subscriber() = default;

    /// Takes one message; false if it cannot (the stream has ended or its queue is full).
    /// Called from any thread, for several publishers at once, and perhaps once more just after
    /// `unsubscribe`; must not block or call the broker.
    virtual bool deliver(std::string_view topic, const std::string& message) = 0;

    /// Another subscriber has claimed the topic: this stream is to end now. Any thread.
    virtual void taken_over() noexcept {}
};

} // namespace mcp

namespace mcp {

/// Carries messages by topic from whoever publishes to whoever is subscribed, in this process or in
/// others.
///
/// - `subscribe(topic, who)` — adds `who`; when it has returned (or its awaitable has completed),
///   every message published afterwards is delivered. Twice is once.
/// - `claim(topic, who)` — the same, and every other subscriber of the topic, wherever it is, is
///   told by `taken_over` and gets nothing more.
/// - `unsubscribe(topic, who)` — takes `who` away; sync, does not wait, no failure.
/// - `publish(topic, message)` — gives the message to all subscribers, in order for one publisher
///   and topic; how many took it, as far as is known.
///
/// The broker holds `who` while it is subscribed and calls `deliver` from any thread, for
/// several publishers at once. All members may be called from any thread at once; the first, second
/// and fourth may be sync or awaitable, and an awaitable may be awaited on any executor. Failures
/// are exceptions: the request that needs it is answered with 503.
template <class T>
concept sse_broker = requires(T& broker, std::string topic, std::shared_ptr<subscriber> who,
                              const subscriber* gone, std::string message) {
    { broker.subscribe(topic, who) };
    { broker.claim(topic, who) };
    { broker.unsubscribe(topic, gone) } -> std::same_as<void>;
    { broker.publish(topic, message) };
    requires std::same_as<awaited_t<decltype(broker.subscribe(topic, who))>, void>;
    requires std::same_as<awaited_t<decltype(broker.claim(topic, who))>, void>;
    requires std::convertible_to<awaited_t<decltype(broker.publish(topic, message))>, std::size_t>;
};

/// Any `sse_broker`, for the code that is the same for all.
class any_broker {
public:
    template <sse_broker Broker>
    any_broker(std::shared_ptr<Broker> broker, pool_source pool)
        : self_(std::make_unique<model<Broker>>(std::move(broker), std::move(pool))) {}

    pending<nothing> subscribe(std::string topic, std::shared_ptr<subscriber> who) const {
        return self_->subscribe(std::move(topic), std::move(who));
    }
    pending<nothing> claim(std::string topic, std::shared_ptr<subscriber> who) const {
        return self_->claim(std::move(topic), std::move(who));
    }
    void unsubscribe(const std::string& topic, const subscriber* who) const {
        self_->unsubscribe(topic, who);
    }
    pending<std::size_t> publish(std::string topic, std::string message) const {
        return self_->publish(std::move(topic), std::move(message));
    }

    /// Whether sessions have streams of their own: false only if the broker says so by
    /// `static constexpr bool streams = false`.
    bool streams() const noexcept { return self_->streams(); }

    /// Subscribes without waiting for the confirmation.
    void join(std::string topic, std::shared_ptr<subscriber> who) const {
        self_->join(std::move(topic), std::move(who));
    }

    /// Publishes without waiting for what becomes of it.
    void post(std::string topic, std::string message) const {
        self_->post(std::move(topic), std::move(message));
    }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<nothing> subscribe(std::string, std::shared_ptr<subscriber>) = 0;
        virtual pending<nothing> claim(std::string, std::shared_ptr<subscriber>) = 0;
        virtual void unsubscribe(const std::string&, const subscriber*) = 0;
        virtual pending<std::size_t> publish(std::string, std::string) = 0;
        virtual bool streams() const noexcept = 0;
        virtual void join(std::string, std::shared_ptr<subscriber>) = 0;
        virtual void post(std::string, std::string) = 0;
    };

    template <class Broker>
    struct model final : interface {
        model(std::shared_ptr<Broker> b, pool_source p)
            : broker(std::move(b))
            , pool(std::move(p)) {}

        pending<nothing> subscribe(std::string topic, std::shared_ptr<subscriber> who) override {
            return call_collaborator<Broker>(
                pool, [b = broker, topic = std::move(topic), who = std::move(who)] {
                    return b->subscribe(topic, who);
                });
        }
        pending<nothing> claim(std::string topic, std::shared_ptr<subscriber> who) override {
            return call_collaborator<Broker>(
                pool, [b = broker, topic = std::move(topic), who = std::move(who)] {
                    return b->claim(topic, who);
                });
        }
        void unsubscribe(const std::string& topic, const subscriber* who) override {
            broker->unsubscribe(topic, who);
        }
        pending<std::size_t> publish(std::string topic, std::string message) override {
            return call_collaborator<Broker>(
                pool, [b = broker, topic = std::move(topic), message = std::move(message)] {
                    return b->publish(topic, message);
                });
        }
        bool streams() const noexcept override {
            if constexpr (requires { Broker::streams; })
                return Broker::streams;
            else
                return true;
        }
        void join(std::string topic, std::shared_ptr<subscriber> who) override {
            leave_to_itself(subscribe(std::move(topic), std::move(who)));
        }
        void post(std::string topic, std::string message) override {
            leave_to_itself(publish(std::move(topic), std::move(message)));
        }

        template <class T>
        void leave_to_itself(pending<T> step) {
            if (!step.ready())
                asio::co_spawn(pool(), settle(std::move(step)), asio::detached);
        }
        template <class T>
        static asio::awaitable<void> settle(pending<T> step) {
            try {
                co_await step.settle();
            } catch (...) { // who does not wait does not ask what became of it
            }
        }

        std::shared_ptr<Broker> broker;
        pool_source pool;
    };

    std::unique_ptr<interface> self_;
};

} // namespace mcp

namespace mcp {

/// The embedded `sse_broker`: topics of this process.
///
/// Message by message, for whoever is subscribed at that moment: nothing is kept.
class memory_broker {
public:
    memory_broker() = default;
    /// For handing it to a server; nothing may be going on.
    memory_broker(memory_broker&& other) noexcept : topics_(std::move(other.topics_)) {}

    /// Adds `who` to the topic; twice is once.
    void subscribe(std::string_view topic, std::shared_ptr<subscriber> who) {
        std::lock_guard lock(mutex_);
        auto& list = topics_[std::string(topic)];
        for (const auto& present : list)
            if (present == who)
                return;
        list.push_back(std::move(who));
    }

    /// Makes `who` the only subscriber of the topic; the others are told by `taken_over`.
    void claim(std::string_view topic, std::shared_ptr<subscriber> who) {
        std::vector<std::shared_ptr<subscriber>> displaced;
        {
            std::lock_guard lock(mutex_);
            auto& list = topics_[std::string(topic)];
            displaced.swap(list);
            list.push_back(who);
        }
        for (const auto& old : displaced)
            if (old != who)
                old->taken_over();
    }

    /// Takes `who` from the topic, if it is there.
    void unsubscribe(std::string_view topic, const subscriber* who) {
        std::shared_ptr<subscriber> last; // must not be destroyed under the lock
        std::lock_guard lock(mutex_);
        const auto found = topics_.find(std::string(topic));
        if (found == topics_.end())
            return;
        auto& list = found->second;
        for (auto each = list.begin(); each != list.end(); ++each) {
            if (each->get() != who)
                continue;
            last = std::move(*each);
            list.erase(each);
            break;
        }
        if (list.empty())
            topics_.erase(found);
    }

    /// Gives the message to all subscribers of the topic, on the calling thread; how many took it.
    std::size_t publish(std::string_view topic, const std::string& message) {
        std::vector<std::shared_ptr<subscriber>> listeners;
        {
            std::lock_guard lock(mutex_);
            const auto found = topics_.find(std::string(topic));
            if (found == topics_.end())
                return 0;
            listeners = found->second;
        }
        std::size_t taken = 0;
        for (const auto& listener : listeners)
            taken += listener->deliver(topic, message) ? 1U : 0U;
        return taken;
    }

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::vector<std::shared_ptr<subscriber>>> topics_;
};

static_assert(sse_broker<memory_broker>);

/// A `memory_broker` whose server has no streams for sessions: GET is answered with 405.
class no_broker : public memory_broker {
public:
    static constexpr bool streams = false;
};

} // namespace mcp

// ---- mcp/limit/fixed_window.hpp

// ---- mcp/limit/impl/keyed.hpp

// ---- mcp/limit/rate.hpp

namespace mcp {

/// So many requests in such a time.
struct rate {
    std::uint32_t permits = 60;
    std::chrono::milliseconds per = std::chrono::minutes(1);
};

/// Settings of the limiters of this process.
struct limiter_options {
    std::size_t keys = 100'000; ///< known at a time; beyond, those that have been idle longest go
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The rate, if it is one; throws `std::invalid_argument` otherwise.
inline rate checked(rate limit) {
    if (limit.permits == 0 || limit.per.count() <= 0)
        throw std::invalid_argument("a rate needs at least one permit and a time above zero");
    return limit;
}

} // namespace mcp

#include <list>

namespace mcp::detail {

/// A bounded table of what is known of each key. Movable, thread-safe.
template <class State>
class keyed {
public:
    explicit keyed(limiter_options options)
        : shared_(std::make_unique<shared>(std::move(options))) {}

    /// Calls `f(state, milliseconds since the table was made)` for the key, alone.
    template <class F>
    auto with(std::string_view key, F f) const {
        std::lock_guard lock(shared_->mutex);
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            shared_->options.now() - shared_->start);
        return f(state_of(std::string(key)), now);
    }

    std::size_t size() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->table.size();
    }

private:
    using order = std::list<std::pair<std::string, State>>;
    struct shared {
        explicit shared(limiter_options o) : options(std::move(o)), start(options.now()) {}
        const limiter_options options;
        const std::chrono::steady_clock::time_point start;
        std::mutex mutex;
        order used; ///< the latest first
        std::unordered_map<std::string, typename order::iterator> table;
    };

    State& state_of(const std::string& key) const {
        auto& [options, start, mutex, used, table] = *shared_;
        if (const auto at = table.find(key); at != table.end()) {
            used.splice(used.begin(), used, at->second);
            return at->second->second;
        }
        if (table.size() >= options.keys && !used.empty()) {
            table.erase(used.back().first);
            used.pop_back();
        }
        used.emplace_front(key, State());
        table.emplace(key, used.begin());
        return used.front().second;
    }

    std::unique_ptr<shared> shared_;
};

} // namespace mcp::detail

// ---- mcp/limit/rate_limiter.hpp

namespace mcp {

/// Whether a request may pass, and if not, when to come back.
struct rate_decision {
    bool allowed = true;
    std::chrono::milliseconds retry_after{0};
};

/// Counts requests by key, a caller's subject or address.
///
/// `acquire(key)` takes one permit and tells whether there was one. It may be called from any
/// thread at once, and may be sync, awaitable (awaited on any executor), or `blocking`.
template <class T>
concept rate_limiter = requires(T& limiter, std::string key) {
    { limiter.acquire(key) };
    requires std::same_as<awaited_t<decltype(limiter.acquire(key))>, rate_decision>;
};

/// Any `rate_limiter`, for the code that is the same for all.
class any_rate_limiter {
public:
    template <rate_limiter Limiter>
    any_rate_limiter(std::shared_ptr<Limiter> limiter, pool_source pool)
        : acquire_([l = std::move(limiter), p = std::move(pool)](std::string key) {
            return call_collaborator<Limiter>(
                p, [l, key = std::move(key)] { return l->acquire(key); });
        }) {}

    pending<rate_decision> acquire(std::string key) const { return acquire_(std::move(key)); }

private:
    std::function<pending<rate_decision>(std::string)> acquire_;
};

} // namespace mcp

namespace mcp {

/// A `rate_limiter` that counts in windows of time, one after the other. The cheapest; at the
/// border of two windows it lets twice the rate through.
class fixed_window {
public:
    explicit fixed_window(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        std::chrono::milliseconds::rep window = -1;
        std::uint32_t used = 0;
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        const auto window = now / limit_.per;
        if (of.window != window)
            of = {window, 0};
        if (of.used >= limit_.permits)
            return {false, limit_.per * (window + 1) - now};
        ++of.used;
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<fixed_window>);

} // namespace mcp

// ---- mcp/limit/sliding_window.hpp

namespace mcp {

/// A `rate_limiter` that keeps the rate in every window of time, wherever it begins, by the time of
/// each request that passed.
class sliding_window {
public:
    explicit sliding_window(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        std::deque<std::chrono::milliseconds> passed; ///< within the last window
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        while (!of.passed.empty() && of.passed.front() <= now - limit_.per)
            of.passed.pop_front();
        if (of.passed.size() >= limit_.permits)
            return {false, of.passed.front() + limit_.per - now};
        of.passed.push_back(now);
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<sliding_window>);

} // namespace mcp

// ---- mcp/limit/token_bucket.hpp

namespace mcp {

/// A `rate_limiter` of tokens that come evenly, at the rate, into a bucket that holds `permits`:
/// bursts up to that many, the rate in the long run.
class token_bucket {
public:
    explicit token_bucket(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        double missing = 0; ///< tokens; so that a new bucket is full
        std::chrono::milliseconds at{0};
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        const double each = static_cast<double>(limit_.per.count()) / limit_.permits;
        const double come = static_cast<double>((now - of.at).count()) / each;
        of.missing = std::max(0.0, of.missing - come);
        of.at = now;
        const double lacking = of.missing + 1 - limit_.permits;
        if (lacking > 1e-9)
            return {false, std::chrono::milliseconds(std::llround(std::ceil(lacking * each)))};
        of.missing += 1;
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<token_bucket>);

} // namespace mcp

// ---- mcp/replay/memory_log.hpp

// ---- mcp/replay/replay_log.hpp

namespace mcp {

/// One event of a stream: its place, and its message.
struct replay_event {
    std::uint64_t sequence = 0;
    std::string message;
};

/// What a log has of a stream after some place.
struct replayed {
    std::vector<replay_event> events; ///< in order
    bool whole = true;                ///< false if events between are lost: the client is told
};

/// Records the events of streams, so that a client that lost its connection gets what it missed.
///
/// - `append(session, stream, message)` — records the message; its sequence: 1 for the first of a
///   stream, then one more for each, whatever process appends.
/// - `after(session, stream, sequence)` — the events of the stream after that one.
/// - `forget(session)` — the session has ended.
///
/// Logs are bounded in number of events and in time. All members may be called from any thread at
/// once; they may be sync, awaitable (awaited on any executor), or `blocking`.
template <class T>
concept replay_log = requires(T& log, std::string session, std::uint64_t number,
                              std::string message) {
    { log.append(session, number, message) };
    { log.after(session, number, number) };
    { log.forget(session) };
    requires std::same_as<awaited_t<decltype(log.append(session, number, message))>, std::uint64_t>;
    requires std::same_as<awaited_t<decltype(log.after(session, number, number))>, replayed>;
    requires std::same_as<awaited_t<decltype(log.forget(session))>, void>;
};

/// Any `replay_log`, for the code that is the same for all.
class any_replay_log {
public:
    template <replay_log Log>
    any_replay_log(std::shared_ptr<Log> log, pool_source pool)
        : self_(std::make_unique<model<Log>>(std::move(log), std::move(pool))) {}

    pending<std::uint64_t> append(std::string session, std::uint64_t stream,
                                  std::string message) const {
        return self_->append(std::move(session), stream, std::move(message));
    }
    pending<replayed> after(std::string session, std::uint64_t stream,
                            std::uint64_t sequence) const {
        return self_->after(std::move(session), stream, sequence);
    }
    pending<nothing> forget(std::string session) const { return self_->forget(std::move(session)); }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<std::uint64_t> append(std::string, std::uint64_t, std::string) = 0;
        virtual pending<replayed> after(std::string, std::uint64_t, std::uint64_t) = 0;
        virtual pending<nothing> forget(std::string) = 0;
    };

    template <class Log>
    struct model final : interface {
        model(std::shared_ptr<Log> l, pool_source p) : log(std::move(l)), pool(std::move(p)) {}

        pending<std::uint64_t> append(std::string session, std::uint64_t stream,
                                      std::string message) override {
            return call_collaborator<Log>(pool, [l = log, session = std::move(session), stream,
                                                 message = std::move(message)] {
                return l->append(session, stream, message);
            });
        }
        pending<replayed> after(std::string session, std::uint64_t stream,
                                std::uint64_t sequence) override {
            return call_collaborator<Log>(
                pool, [l = log, session = std::move(session), stream, sequence] {
                    return l->after(session, stream, sequence);
                });
        }
        pending<nothing> forget(std::string session) override {
            return call_collaborator<Log>(
                pool, [l = log, session = std::move(session)] { return l->forget(session); });
        }

        std::shared_ptr<Log> log;
        pool_source pool;
    };

    std::unique_ptr<interface> self_;
};

} // namespace mcp

namespace mcp {

/// Limits of a `memory_log`.
struct memory_log_options {
    std::size_t events = 1024;     ///< kept for each session, all its streams together
    std::size_t sessions = 10'000; ///< that have a log; beyond, the one unused for longest goes
};

/// The embedded `replay_log`: events live in this process. Thread-safe.
class memory_log {
public:
    explicit memory_log(memory_log_options options = {})
        : shared_(std::make_unique<shared>(options)) {}

    std::uint64_t append(std::string_view session, std::uint64_t stream, std::string message) {
        std::lock_guard lock(shared_->mutex);
        journal& of = journal_of(session);
        const std::uint64_t sequence = ++of.last[stream];
        if (of.events.size() >= shared_->options.events && !of.events.empty())
            of.events.pop_front();
        of.events.push_back({stream, {sequence, std::move(message)}});
        return sequence;
    }

    replayed after(std::string_view session, std::uint64_t stream, std::uint64_t sequence) const {
        replayed found;
        std::lock_guard lock(shared_->mutex);
        const auto at = shared_->journals.find(std::string(session));
        if (at == shared_->journals.end())
            return found;
        const auto last = at->second.last.find(stream);
        if (last == at->second.last.end())
            return found;
        std::uint64_t next = sequence + 1;
        for (const auto& [of, event] : at->second.events) {
            if (of != stream || event.sequence <= sequence)
                continue;
            found.whole = found.whole && event.sequence == next;
            next = event.sequence + 1;
            found.events.push_back(event);
        }
        found.whole = found.whole && next > last->second;
        return found;
    }

    void forget(std::string_view session) {
        std::lock_guard lock(shared_->mutex);
        shared_->journals.erase(std::string(session));
    }

private:
    struct journal {
        std::deque<std::pair<std::uint64_t, replay_event>> events;
        std::map<std::uint64_t, std::uint64_t> last; ///< sequence by stream
        std::uint64_t used = 0;
    };
    /// Kept apart so that a log can be moved into the server that it is given to.
    struct shared {
        explicit shared(memory_log_options o) : options(o) {}
        const memory_log_options options;
        mutable std::mutex mutex;
        std::unordered_map<std::string, journal> journals;
        std::uint64_t uses = 0;
    };

    journal& journal_of(std::string_view session) {
        auto& journals = shared_->journals;
        auto at = journals.find(std::string(session));
        if (at == journals.end()) {
            if (journals.size() >= shared_->options.sessions && !journals.empty())
                journals.erase(std::min_element(
                    journals.begin(), journals.end(),
                    [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
            at = journals.try_emplace(std::string(session)).first;
        }
        at->second.used = ++shared_->uses;
        return at->second;
    }

    std::unique_ptr<shared> shared_;
};

static_assert(replay_log<memory_log>);

} // namespace mcp

// ---- mcp/session/memory_sessions.hpp

// ---- mcp/session/session_store.hpp

// ---- mcp/session/session_record.hpp

namespace mcp {

/// All that is known of a session of a legacy client: any process can serve its next request with
/// it. [MCP 2025-11-25 basic/transports]
struct session_record {
    using clock = std::chrono::system_clock;

    std::string id;
    std::string owner; ///< the subject that may use it; empty without authentication
    mcp::revision revision = latest_legacy;
    implementation client;
    client_capabilities capabilities;
    log_level threshold = log_level::info;
    std::vector<std::string> subscriptions; ///< URIs of resources
    clock::time_point created{};
};

/// The record as JSON text, for stores that keep text.
std::string to_text(const session_record& record);

/// The record that a text was made of; nothing if it is none.
std::optional<session_record> session_from_text(std::string_view text);

inline std::string to_text(const session_record& record) {
    using std::chrono::milliseconds;
    std::string text;
    json_writer w(text);
    w.begin_object();
    w.member("id", std::string_view(record.id));
    w.member("owner", std::string_view(record.owner));
    w.member("revision", to_string(record.revision));
    w.key("client");
    write(w, record.client, latest);
    w.key("capabilities");
    write(w, record.capabilities, record.revision);
    w.member("threshold", to_string(record.threshold));
    w.key("subscriptions");
    w.begin_array();
    for (const std::string& uri : record.subscriptions)
        w.value(std::string_view(uri));
    w.end_array();
    w.member("created",
             std::chrono::duration_cast<milliseconds>(record.created.time_since_epoch()).count());
    w.end_object();
    return text;
}

inline std::optional<session_record> session_from_text(std::string_view text) {
    const auto parsed = parse_json(text);
    if (!parsed)
        return std::nullopt;
    member_reader r(*parsed);
    session_record record;
    std::string version;
    std::int64_t created = 0;
    r.need("id", record.id);
    r.need("owner", record.owner);
    r.need("revision", version);
    r.need("client", record.client, read_implementation);
    r.need("capabilities", record.capabilities, read_client_capabilities);
    r.need("threshold", record.threshold, read_log_level);
    r.need("subscriptions", record.subscriptions);
    r.need("created", created);
    const auto known = parse_revision(version);
    if (r.failed() || !known)
        return std::nullopt;
    record.revision = *known;
    record.created = session_record::clock::time_point(std::chrono::milliseconds(created));
    return record;
}

} // namespace mcp

namespace mcp {

/// A record as stores give it: shared, because it does not change.
using session_ptr = std::shared_ptr<const session_record>;

/// Keeps the sessions of legacy clients.
///
/// - `create(record)` — keeps a new record; false if there is no room (503).
/// - `find(id)` — the record, or null if it is unknown or has expired; marks it as used.
/// - `update(record)` — replaces what is kept under its id; false if there is none.
/// - `erase(id)` — forgets it; false if there was none.
///
/// Who keeps records sees to their age: idle time since the last `find`, and age since `created`.
/// All members may be called from any thread at once; they may be sync or awaitable (awaited on any
/// executor), or the store may say `static constexpr bool blocking = true`. A store that
/// cannot be reached throws `unavailable`.
template <class T>
concept session_store = requires(T& store, session_record record, std::string id) {
    { store.create(record) };
    { store.find(id) };
    { store.update(record) };
    { store.erase(id) };
    requires std::same_as<awaited_t<decltype(store.create(record))>, bool>;
    requires std::same_as<awaited_t<decltype(store.find(id))>, session_ptr>;
    requires std::same_as<awaited_t<decltype(store.update(record))>, bool>;
    requires std::same_as<awaited_t<decltype(store.erase(id))>, bool>;
};

/// Any `session_store`, for the code that is the same for all.
class any_session_store {
public:
    template <session_store Store>
    any_session_store(std::shared_ptr<Store> store, pool_source pool)
        : self_(std::make_unique<model<Store>>(std::move(store), std::move(pool))) {}

    pending<bool> create(session_record record) const { return self_->create(std::move(record)); }
    pending<session_ptr> find(std::string id) const { return self_->find(std::move(id)); }
    pending<bool> update(session_record record) const { return self_->update(std::move(record)); }
    pending<bool> erase(std::string id) const { return self_->erase(std::move(id)); }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<bool> create(session_record) = 0;
        virtual pending<session_ptr> find(std::string) = 0;
        virtual pending<bool> update(session_record) = 0;
        virtual pending<bool> erase(std::string) = 0;
    };

    template <class Store>
    struct model final : interface {
        model(std::shared_ptr<Store> s, pool_source p) : store(std::move(s)), pool(std::move(p)) {}

        pending<bool> create(session_record record) override {
            return call_collaborator<Store>(
                pool, [s = store, record = std::move(record)] { return s->create(record); });
        }
        pending<session_ptr> find(std::string id) override {
            return call_collaborator<Store>(
                pool, [s = store, id = std::move(id)] { return s->find(id); });
        }
        pending<bool> update(session_record record) override {
            return call_collaborator<Store>(
                pool, [s = store, record = std::move(record)] { return s->update(record); });
        }
        pending<bool> erase(std::string id) override {
            return call_collaborator<Store>(
                pool, [s = store, id = std::move(id)] { return s->erase(id); });
        }

        std::shared_ptr<Store> store;
        pool_source pool;
    };

    std::unique_ptr<interface> self_;
};

} // namespace mcp

namespace mcp {

/// How long, and how many, sessions are kept.
struct session_limits {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    std::chrono::seconds sweep = std::chrono::minutes(5);  ///< how often the old ones are removed
    std::size_t capacity = 100'000;                        ///< more are refused with 503
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `session_store`: records live in this process, and end with it.
class memory_sessions {
public:
    explicit memory_sessions(session_limits limits = {})
        : shared_(std::make_unique<shared>(std::move(limits))) {}

    bool create(const session_record& record) {
        const auto now = shared_->limits.now();
        sweep(now);
        if (shared_->count.load(std::memory_order_relaxed) >= shared_->limits.capacity)
            return false;
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const bool made =
            home.sessions
                .try_emplace(record.id, kept{std::make_shared<session_record>(record), now, now})
                .second;
        if (made)
            shared_->count.fetch_add(1, std::memory_order_relaxed);
        return made;
    }

    session_ptr find(std::string_view id) {
        const auto now = shared_->limits.now();
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end() || expired(found->second, now))
            return nullptr;
        found->second.seen = now;
        return found->second.record;
    }

    bool update(const session_record& record) {
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(record.id);
        if (found == home.sessions.end())
            return false;
        found->second.record = std::make_shared<session_record>(record);
        return true;
    }

    bool erase(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end())
            return false;
        home.sessions.erase(found);
        shared_->count.fetch_sub(1, std::memory_order_relaxed);
        return true;
    }

    /// Sessions that are kept, those among them that have expired but are not yet swept included.
    std::size_t size() const noexcept { return shared_->count.load(std::memory_order_relaxed); }

private:
    using time_point = std::chrono::steady_clock::time_point;

    struct kept {
        session_ptr record;
        time_point created;
        time_point seen;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        std::mutex mutex;
        std::unordered_map<std::string, kept, text_hash, std::equal_to<>> sessions;
    };
    /// Kept apart so that a store can be moved into the server that it is given to.
    struct shared {
        explicit shared(session_limits l) : limits(std::move(l)) {}
        const session_limits limits;
        std::array<shard, 16> shards;
        std::atomic<std::size_t> count{0};
        std::mutex sweep_mutex;
        time_point swept{};
    };

    shard& shard_of(std::string_view id) {
        return shared_->shards[std::hash<std::string_view>{}(id) % shared_->shards.size()];
    }

    bool expired(const kept& each, time_point now) const {
        return now - each.seen > shared_->limits.idle || now - each.created > shared_->limits.age;
    }

    void sweep(time_point now) {
        {
            std::lock_guard lock(shared_->sweep_mutex);
            if (now - shared_->swept < shared_->limits.sweep)
                return;
            shared_->swept = now;
        }
        for (shard& each : shared_->shards) {
            std::lock_guard lock(each.mutex);
            const std::size_t removed = std::erase_if(
                each.sessions, [&](const auto& entry) { return expired(entry.second, now); });
            shared_->count.fetch_sub(removed, std::memory_order_relaxed);
        }
    }

    std::unique_ptr<shared> shared_;
};

static_assert(session_store<memory_sessions>);

} // namespace mcp

// ---- mcp/state/parked_state.hpp

// ---- mcp/state/request_state.hpp

namespace mcp {

/// What a request state is bound to: it opens only for the same caller and the same request.
struct state_binding {
    std::string owner;   ///< the caller's subject; empty without authentication
    std::string request; ///< method and parameters in one canonical text

    state_binding(std::string owner_, std::string request_)
        : owner(std::move(owner_))
        , request(std::move(request_)) {}
};

/// Keeps what a call has learnt from its client between the rounds of that call.
///
/// A modern call that needs input ends with `input_required` and an opaque `requestState`; the
/// client sends that back with its answers. `seal` makes the opaque text, `open` gives the payload
/// back, or nothing if the text is unknown, altered, expired, or bound to something else. The text
/// is attacker controlled. Both may be sync or awaitable; both may be called from any thread, many
/// at once. [MCP 2026-07-28 basic/patterns/mrtr]
template <class T>
concept request_state =
    requires(T& state, const state_binding& binding, std::string payload, std::string_view text) {
        { state.seal(binding, payload) };
        { state.open(binding, text) };
        requires std::same_as<awaited_t<decltype(state.seal(binding, payload))>, std::string>;
        requires std::same_as<awaited_t<decltype(state.open(binding, text))>,
                              std::optional<std::string>>;
    };

/// Any `request_state`, for the code that is the same for all.
class any_request_state {
public:
    template <request_state State>
    explicit any_request_state(std::shared_ptr<State> state)
        : self_(std::make_unique<model<State>>(std::move(state))) {}

    asio::awaitable<std::string> seal(const state_binding& binding, std::string payload) const {
        return self_->seal(binding, std::move(payload));
    }
    asio::awaitable<std::optional<std::string>> open(const state_binding& binding,
                                                     std::string_view text) const {
        return self_->open(binding, text);
    }

private:
    struct interface {
        virtual ~interface() = default;
        virtual asio::awaitable<std::string> seal(const state_binding&, std::string) = 0;
        virtual asio::awaitable<std::optional<std::string>> open(const state_binding&,
                                                                 std::string_view) = 0;
    };
    template <class State>
    struct model final : interface {
        explicit model(std::shared_ptr<State> s) : state(std::move(s)) {}
        asio::awaitable<std::string> seal(const state_binding& binding,
                                          std::string payload) override {
            if constexpr (is_awaitable_v<decltype(state->seal(binding, std::move(payload)))>)
                return state->seal(binding, std::move(payload));
            else
                return detail::ready_value(state->seal(binding, std::move(payload)));
        }
        asio::awaitable<std::optional<std::string>> open(const state_binding& binding,
                                                         std::string_view text) override {
            if constexpr (is_awaitable_v<decltype(state->open(binding, text))>)
                return state->open(binding, text);
            else
                return detail::ready_value(state->open(binding, text));
        }
        std::shared_ptr<State> state;
    };
    std::unique_ptr<interface> self_;
};

} // namespace mcp

#include <iterator>

namespace mcp {

/// Limits of `parked_state`.
struct parked_state_options {
    std::chrono::seconds ttl = std::chrono::minutes(10); ///< how long a client may take to answer
    std::size_t capacity = 10'000; ///< calls parked at once; the oldest goes when it is full
    /// Of all that is parked: clients decide how long their requests and answers are.
    std::size_t capacity_bytes = 64 * 1024 * 1024;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `request_state`: payloads stay in this process, clients get a handle.
///
/// A handle is 24 random bytes, opens once, and expires. Needs no cryptography library; a server of
/// several processes uses `sealed_state` instead, because a handle means nothing to another
/// process. Thread-safe.
class parked_state {
public:
    explicit parked_state(parked_state_options options = {}) : options_(std::move(options)) {}

    std::string seal(const state_binding& binding, std::string payload) {
        std::string handle = random_token(24);
        const auto now = options_.now();
        parked made{handle, binding.owner, binding.request, std::move(payload), now + options_.ttl};
        const std::size_t bytes = made.bytes();
        std::lock_guard lock(mutex_);
        while (!oldest_first_.empty() &&
               (oldest_first_.front().expires <= now || oldest_first_.size() >= options_.capacity ||
                bytes_ + bytes > options_.capacity_bytes))
            remove_oldest();
        bytes_ += bytes;
        oldest_first_.push_back(std::move(made));
        const auto entry = std::prev(oldest_first_.end());
        index_.emplace(entry->handle, entry);
        return handle;
    }

    std::optional<std::string> open(const state_binding& binding, std::string_view handle) {
        std::lock_guard lock(mutex_);
        const auto found = index_.find(handle);
        if (found == index_.end())
            return std::nullopt;
        const auto entry = found->second;
        if (entry->owner != binding.owner || entry->request != binding.request)
            return std::nullopt; // stays for its owner
        bytes_ -= entry->bytes();
        std::optional<std::string> payload;
        if (entry->expires > options_.now())
            payload = std::move(entry->payload);
        index_.erase(found);
        oldest_first_.erase(entry);
        return payload;
    }

    /// How many calls are parked.
    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return oldest_first_.size();
    }

private:
    struct parked {
        std::string handle;
        std::string owner;
        std::string request;
        std::string payload;
        std::chrono::steady_clock::time_point expires;

        std::size_t bytes() const noexcept {
            return handle.size() + owner.size() + request.size() + payload.size();
        }
    };

    void remove_oldest() {
        bytes_ -= oldest_first_.front().bytes();
        index_.erase(oldest_first_.front().handle);
        oldest_first_.pop_front();
    }

    parked_state_options options_;
    mutable std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<parked> oldest_first_;
    std::unordered_map<std::string_view, std::list<parked>::iterator> index_;
};

static_assert(request_state<parked_state>);

} // namespace mcp

// ---- mcp/server/call.hpp

// ---- mcp/server/context.hpp

// ---- mcp/server/environment.hpp

// ---- mcp/server/options.hpp

namespace mcp {

/// Who the server is, as clients see it.
struct server_info {
    std::string name;
    std::string version;
    std::string title{}; ///< for people; the name if empty
    std::string description{};
    std::string website_url{};
    std::vector<icon> icons{};
    std::string instructions{}; ///< how a model should use this server
};

/// What can be set about a server; each member has a default that is fit for production.
struct server_options {
    /// How many entries a page of a list holds.
    std::size_t page_size = 250;
    /// Show the text of unexpected exceptions to clients. For development.
    bool expose_exceptions = false;
    /// Serve clients that start with the initialize handshake (2024-11-05 to 2025-11-25).
    bool legacy = true;
    /// Serve clients that send their metadata with each request (2026-07-28).
    bool modern = true;
    /// How long, and by whom, modern clients may cache lists and resources.
    cache_policy caching{};
    /// How long a handler waits for the client's answer on the legacy wire.
    std::chrono::milliseconds client_answer_timeout = std::chrono::minutes(5);
    /// Threads for handlers wrapped by `mcp::blocking`.
    std::size_t blocking_threads = 4;
    /// How many rounds, and for how long each, a modern call may ask its client.
    std::chrono::seconds input_ttl = std::chrono::minutes(10);
    /// Leave out of lists what the caller lacks the scopes for; else it is listed and refused.
    bool hide_forbidden = false;
    /// What clients are told about how to get a token, in challenges. See `protected_resource`.
    protected_resource resource{};
    /// Extensions that the server speaks, by name, with their settings.
    json_object extensions{};
    /// Messages below this level are not logged.
    log_level level = log_level::info;
    /// Where the server's own log goes; standard error if empty. Called from any thread.
    std::function<void(log_level, std::string_view)> log{};
};

} // namespace mcp

#include <asio/thread_pool.hpp>

#include <cstdio>

namespace mcp {

/// What all requests of a server share: who it is, its settings, its log, its topics, its pool.
class server_environment {
public:
    /// With the embedded collaborators; a server puts its own in their place.
    explicit server_environment(server_info who)
        : info(std::move(who))
        , topics(std::make_shared<memory_broker>(), pool_source([this] { return pool(); }))
        , sessions(std::make_shared<memory_sessions>(), pool_source([this] { return pool(); }))
        , state(std::make_shared<parked_state>()) {}
    server_environment(const server_environment&) = delete;
    server_environment& operator=(const server_environment&) = delete;

    const server_info info;
    server_options options;
    any_broker topics;
    any_session_store sessions;
    any_request_state state;
    /// Makes the streams of sessions resumable; without one they are not.
    std::optional<any_replay_log> replay;
    /// Who finds out who calls; without one, nobody asks.
    std::optional<any_auth_backend> auth;
    /// How often one caller may come; without one, as often as he likes.
    std::optional<any_rate_limiter> limiter;

    /// Writes to the server's log if `level` is high enough. Any thread.
    void log(log_level level, std::string_view text) const {
        if (level < options.level)
            return;
        if (options.log)
            return options.log(level, text);
        std::string line;
        line.append(info.name).append(" [").append(to_string(level)).append("] ").append(text);
        line += '\n';
        std::fwrite(line.data(), 1, line.size(), stderr);
    }

    /// Where `mcp::blocking` handlers run; started with the first of them.
    asio::thread_pool::executor_type pool() {
        std::lock_guard lock(mutex_);
        if (!pool_)
            pool_.emplace(options.blocking_threads == 0 ? 1 : options.blocking_threads);
        return pool_->get_executor();
    }

    /// Waits for the blocking handlers that run. Called before the event loops go away.
    void join_pool() {
        std::lock_guard lock(mutex_);
        if (pool_) {
            pool_->join();
            pool_.reset();
        }
    }

private:
    std::mutex mutex_;
    std::optional<asio::thread_pool> pool_;
};

} // namespace mcp

// ---- mcp/server/input.hpp

namespace mcp {

// The questions that `context::ask` puts to a client. Each has a `key` that names it among the
// questions of one call; an empty one is named by its order, so a handler whose questions depend on
// more than earlier answers names them itself. Each says what the client must be able to do
// (`needs`), how it is asked (`request`), and what its answer is (`read`, `answer_type`).

/// A form with the members of `T`, to be filled in by the user.
template <class T>
class elicitation {
public:
    using answer_type = elicit_result<T>;

    elicitation(std::string key, std::string message)
        : key_(std::move(key))
        , message_(std::move(message)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        needed.elicitation_form = true;
        return needed;
    }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        write(w, form_elicitation(message_, std::string(elicitation_schema_of<T>)), r);
        return {key_, elicit_method, std::move(params)};
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_elicit_result<T>(answer, path);
    }

private:
    std::string key_;
    std::string message_;
};

/// A form, or a page to visit, that is described at run time; values come as JSON.
class open_elicitation {
public:
    using answer_type = elicit_result<json_object>;

    open_elicitation(std::string key, form_elicitation form)
        : key_(std::move(key))
        , form_(std::move(form)) {}
    open_elicitation(std::string key, url_elicitation url)
        : key_(std::move(key))
        , url_(std::move(url)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        (url_.url.empty() ? needed.elicitation_form : needed.elicitation_url) = true;
        return needed;
    }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        if (url_.url.empty())
            write(w, form_, r);
        else
            write(w, url_, r);
        return {key_, elicit_method, std::move(params)};
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_elicit_result(answer, path);
    }

private:
    std::string key_;
    form_elicitation form_;
    url_elicitation url_;
};

/// A message from the client's model.
class sampling {
public:
    using answer_type = sampling_result;

    sampling(std::string key, sampling_request what)
        : key_(std::move(key))
        , what_(std::move(what)) {}

    client_capabilities needs() const { return what_.needs(); }
    input_request request(mcp::revision r) const {
        std::string params;
        json_writer w(params);
        write(w, what_, r);
        return {key_, sampling_method, std::move(params)};
    }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_sampling_result(answer, path);
    }

private:
    std::string key_;
    sampling_request what_;
};

/// The places that the client lets the server work in.
class list_roots {
public:
    using answer_type = std::vector<root>;

    explicit list_roots(std::string key = {}) : key_(std::move(key)) {}

    client_capabilities needs() const {
        client_capabilities needed;
        needed.roots = true;
        return needed;
    }
    input_request request(mcp::revision) const { return {key_, roots_method}; }
    static result<answer_type, decode_error> read(const json& answer, std::string_view path) {
        return read_roots(answer, path);
    }

private:
    std::string key_;
};

} // namespace mcp

// ---- mcp/server/input_round.hpp

#include <set>

namespace mcp {

/// What one modern call has learnt from its client so far, and what it asks for next.
///
/// The handler runs from its start in every round; questions that were answered in earlier rounds
/// return at once. A question without an answer suspends the handler for good: the round ends, the
/// client is told what is missing, and the coroutine is destroyed where it stands. Used on the
/// executor of the call. [MCP 2026-07-28 basic/patterns/mrtr]
class input_round {
public:
    /// `ended` is called when the handler first waits for something that is not there.
    explicit input_round(std::function<void()> ended) : ended_(std::move(ended)) {}

    /// Adds what was learnt in earlier rounds: the payload of a request state. False if malformed.
    bool restore(std::string_view payload) {
        const auto parsed = parse_json(payload);
        if (!parsed || !parsed->is_object())
            return false;
        const json_object& object = parsed->get_object();
        const json* answers = object.if_contains("answers");
        const json* once = object.if_contains("once");
        if (!answers || !answers->is_object() || !once || !once->is_object())
            return false;
        answers_ = answers->get_object();
        once_ = once->get_object();
        return true;
    }

    /// Adds the client's new answers; one that is known already stays as it was.
    void add(const json_object& responses) {
        for (const auto& entry : responses)
            answers_.emplace(entry.key(), entry.value());
    }

    /// What is known, as the payload of a request state: of the answers those that the handler has
    /// looked at, so that a client cannot fill the state with others.
    std::string payload() const {
        std::string text;
        json_writer w(text);
        w.begin_object();
        w.key("answers");
        w.begin_object();
        for (const auto& entry : answers_)
            if (used_.contains(entry.key()))
                w.member(entry.key(), entry.value());
        w.end_object();
        w.member("once", once_);
        w.end_object();
        return text;
    }

    const json* answer(std::string_view key) {
        const json* known = answers_.if_contains(key);
        if (known)
            used_.emplace(key);
        return known;
    }

    const json* remembered(std::string_view key) const { return once_.if_contains(key); }
    void remember(std::string_view key, json value) {
        once_.insert_or_assign(key, std::move(value));
    }

    const std::vector<input_request>& missing() const noexcept { return missing_; }

    /// Suspends the handler for good, to be destroyed with the round.
    asio::awaitable<void> wait_for(std::vector<input_request> questions) {
        for (auto& each : questions)
            missing_.push_back(std::move(each));
        auto park = [this](auto handler) {
            parked_.push_back(
                std::make_unique<parked_handler<decltype(handler)>>(std::move(handler)));
            if (parked_.size() == 1)
                ended_();
        };
        return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(park),
                                                                            asio::use_awaitable);
    }

    /// Destroys what waits. The coroutines unwind on their executor.
    void drop() { parked_.clear(); }

private:
    struct parked {
        virtual ~parked() = default;
    };
    template <class Handler>
    struct parked_handler final : parked {
        explicit parked_handler(Handler h) : handler(std::move(h)) {}
        Handler handler;
    };

    std::function<void()> ended_;
    json_object answers_;
    std::set<std::string, std::less<>> used_;
    json_object once_;
    std::vector<input_request> missing_;
    std::vector<std::unique_ptr<parked>> parked_;
};

} // namespace mcp

// ---- mcp/server/legacy/session.hpp

// ---- mcp/server/message_sink.hpp

namespace mcp {

/// How an answer is shown on a transport that has status codes of its own, such as HTTP.
///
/// Only what the protocol refuses at its gate has a status; what a handler answers, errors
/// included, is `ok`. [MCP 2026-07-28 basic/transports/streamable-http]
enum class reply_status : std::uint16_t {
    ok = 200,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
};

/// Where the messages of one request go: the transport's side of it.
///
/// All members may be called from any thread.
class message_sink {
public:
    virtual ~message_sink() = default;

    /// Sends a notification, or on the legacy wire a request, that belongs to the request.
    virtual void send(std::string message) = 0;

    /// Ends the request with its response; empty if it was cancelled and gets none. Called once.
    virtual void finish(std::string response, reply_status status) = 0;

    /// Lets the client come back later for what follows, where the transport can. [SEP-1699]
    virtual void close_stream() {}
};

} // namespace mcp

// ---- mcp/server/topics.hpp

namespace mcp {

/// The broker topic of a list.
constexpr std::string_view list_topic(list_kind kind) noexcept {
    switch (kind) {
    case list_kind::tools:
        return "tools/list_changed";
    case list_kind::resources:
        return "resources/list_changed";
    case list_kind::prompts:
        return "prompts/list_changed";
    }
    return {};
}

/// The broker topic of a resource.
inline std::string resource_topic(std::string_view uri) {
    return "resource:" + std::string(uri);
}

/// The broker topic of what is sent to a legacy session's own stream.
inline std::string session_topic(std::string_view id) {
    return "session:" + std::string(id);
}

/// The broker topic by which processes tell each other that the record of a session has changed.
inline std::string record_topic(std::string_view id) {
    return "record:" + std::string(id);
}

/// The broker topic of the response stream of one request.
inline std::string stream_topic(std::string_view session, std::uint64_t stream) {
    return "stream:" + std::string(session) + ':' + std::to_string(stream);
}

} // namespace mcp

namespace mcp::legacy {

/// What a client said of itself in `initialize`. [MCP 2025-11-25 basic/lifecycle]
struct handshake {
    mcp::revision revision = latest_legacy;
    implementation client;
    client_capabilities capabilities;
};

/// One client of the handshake era while this process serves it: what is under way for it.
///
/// All members may be called from any thread.
class session {
public:
    /// `request_prefix`, if any, begins the ids of requests to the client: where several processes
    /// serve a session, it says which of them waits for the answer.
    session(std::string id, handshake with, std::string request_prefix = {})
        : id_(std::move(id))
        , handshake_(std::move(with))
        , request_prefix_(std::move(request_prefix)) {}
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// The session id; empty on transports that have one client per process.
    const std::string& id() const noexcept { return id_; }
    mcp::revision revision() const noexcept { return handshake_.revision; }
    const implementation& client() const noexcept { return handshake_.client; }
    const client_capabilities& capabilities() const noexcept { return handshake_.capabilities; }

    /// The least severe level that the client wants, by `logging/setLevel`.
    log_level threshold() const noexcept { return threshold_.load(std::memory_order_relaxed); }
    void threshold(log_level level) noexcept {
        if (threshold_.exchange(level, std::memory_order_relaxed) != level)
            changed_ = true;
    }

    /// The URIs of the resources that the client has subscribed to.
    std::vector<std::string> subscriptions() const {
        std::lock_guard lock(mutex_);
        return {subscriptions_.begin(), subscriptions_.end()};
    }

    /// Takes over what is on record, as other processes may have changed it.
    void refresh(log_level level, const std::vector<std::string>& uris) {
        threshold_.store(level, std::memory_order_relaxed);
        std::lock_guard lock(mutex_);
        subscriptions_ = {uris.begin(), uris.end()};
    }

    /// Whether the level or the subscriptions have changed since the last call.
    bool take_changed() noexcept { return changed_.exchange(false); }

    /// Sends a question as a request by way of `via` and waits for the answer.
    ///
    /// Resumes on the caller's executor. Throws `protocol_error` if the client answers with an
    /// error or not in time, `operation_aborted` if the caller is cancelled.
    asio::awaitable<json> ask(input_request what, message_sink& via,
                              std::chrono::milliseconds timeout);

    /// Takes a response of the client; false if nothing waits for it.
    bool answer(const jsonrpc::message& response);

    /// The client will answer no more: what is asked, now or later, fails at once.
    void hang_up();

    /// Notes that a request is under way, and how to cancel it; `ended` forgets it.
    void began(const jsonrpc::id& id, std::function<void()> cancel) {
        std::lock_guard lock(mutex_);
        under_way_.insert_or_assign(id, std::move(cancel));
    }
    void ended(const jsonrpc::id& id) {
        std::lock_guard lock(mutex_);
        under_way_.erase(id);
    }

    /// Cancels the request, if it is still under way. [MCP 2025-11-25 basic/utilities/cancellation]
    bool cancel(const jsonrpc::id& id) {
        std::function<void()> cancel;
        {
            std::lock_guard lock(mutex_);
            const auto found = under_way_.find(id);
            if (found == under_way_.end())
                return false;
            cancel = found->second;
        }
        cancel();
        return true;
    }

    /// Cancels all that is under way: the session has ended.
    void cancel_all() {
        std::vector<std::function<void()>> all;
        {
            std::lock_guard lock(mutex_);
            for (const auto& [id, cancel] : under_way_)
                all.push_back(cancel);
        }
        for (const auto& cancel : all)
            cancel();
    }

    /// Gives the messages of the topics that every client gets to `stream`, until `leave`.
    void listen(const any_broker& topics, std::shared_ptr<subscriber> stream) {
        for (const std::string_view topic : common_topics)
            topics.join(std::string(topic), stream);
        std::lock_guard lock(mutex_);
        stream_ = std::move(stream);
    }

    /// Ends all that the session listens to.
    void leave(const any_broker& topics) {
        std::shared_ptr<subscriber> stream;
        std::set<std::string> uris;
        {
            std::lock_guard lock(mutex_);
            stream.swap(stream_);
            uris.swap(subscriptions_);
        }
        if (!stream)
            return;
        for (const std::string_view topic : common_topics)
            topics.unsubscribe(std::string(topic), stream.get());
        for (const std::string& uri : uris)
            topics.unsubscribe(resource_topic(uri), stream.get());
    }

    /// Resource subscriptions. [MCP 2025-11-25 server/resources]
    void subscribe(const any_broker& topics, std::string_view uri) {
        std::lock_guard lock(mutex_);
        if (!subscriptions_.emplace(uri).second)
            return;
        changed_ = true;
        if (stream_)
            topics.join(resource_topic(uri), stream_);
    }
    void unsubscribe(const any_broker& topics, std::string_view uri) {
        std::lock_guard lock(mutex_);
        if (subscriptions_.erase(std::string(uri)) == 0)
            return;
        changed_ = true;
        if (stream_)
            topics.unsubscribe(resource_topic(uri), stream_.get());
    }

    static constexpr std::array common_topics{list_topic(list_kind::tools),
                                              list_topic(list_kind::prompts),
                                              list_topic(list_kind::resources)};

private:
    /// An id for a request to the client.
    jsonrpc::id make_id() {
        const std::int64_t number = next_id_++;
        return request_prefix_.empty()
                   ? jsonrpc::id(number)
                   : jsonrpc::id(std::string_view(request_prefix_ + std::to_string(number)));
    }

    struct waiting {
        waiting(asio::any_io_executor e, std::chrono::milliseconds timeout)
            : executor(e)
            , timer(std::move(e), timeout) {}

        /// The timer belongs to the executor of the coroutine that waits.
        static void wake(std::shared_ptr<waiting> sleeper) {
            auto executor = sleeper->executor;
            asio::post(executor, [sleeper = std::move(sleeper)] { sleeper->timer.cancel(); });
        }

        asio::any_io_executor executor;
        asio::steady_timer timer; // expires: no answer; cancelled: there is one
        std::optional<json> result;
        std::optional<jsonrpc::error> error;
        bool abandoned = false;
    };

    static jsonrpc::error gone(const std::string& method) {
        return {jsonrpc::errc::internal_error, "the client went before it answered " + method};
    }

    const std::string id_;
    const handshake handshake_;
    const std::string request_prefix_;
    std::atomic<bool> changed_{false};
    std::atomic<log_level> threshold_{log_level::info};

    mutable std::mutex mutex_;
    bool hung_up_ = false;
    std::int64_t next_id_ = 1;
    std::unordered_map<jsonrpc::id, std::shared_ptr<waiting>> waiting_;
    std::unordered_map<jsonrpc::id, std::function<void()>> under_way_;
    std::set<std::string> subscriptions_;
    std::shared_ptr<subscriber> stream_;
};

inline asio::awaitable<json> session::ask(input_request what, message_sink& via,
                                          std::chrono::milliseconds timeout) {
    auto executor = co_await asio::this_coro::executor;
    const auto wait = std::make_shared<waiting>(executor, timeout);
    jsonrpc::id id;
    {
        std::lock_guard lock(mutex_);
        if (hung_up_)
            throw protocol_error(gone(what.method));
        id = make_id();
        waiting_.emplace(id, wait);
    }
    std::string message;
    jsonrpc::write_request(message, id, what.method, what.params);
    via.send(std::move(message));

    std::error_code error;
    co_await wait->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    {
        std::lock_guard lock(mutex_);
        waiting_.erase(id);
        if (wait->result)
            co_return std::move(*wait->result);
    }
    if (wait->abandoned)
        throw protocol_error(gone(what.method));
    if (wait->error)
        throw protocol_error(jsonrpc::errc::internal_error,
                             "the client refused " + what.method + ": " + wait->error->message);
    if (!error)
        throw protocol_error(jsonrpc::errc::internal_error,
                             "the client did not answer " + what.method + " in time");
    throw std::system_error(asio::error::operation_aborted);
}

inline bool session::answer(const jsonrpc::message& response) {
    std::shared_ptr<waiting> wait;
    {
        std::lock_guard lock(mutex_);
        const auto found = waiting_.find(response.id);
        if (found == waiting_.end())
            return false;
        wait = std::move(found->second);
        waiting_.erase(found);
        if (response.kind == jsonrpc::message_kind::result)
            wait->result.emplace(*response.result, json_storage{});
        else
            wait->error = response.error;
    }
    waiting::wake(std::move(wait));
    return true;
}

inline void session::hang_up() {
    std::unordered_map<jsonrpc::id, std::shared_ptr<waiting>> all;
    {
        std::lock_guard lock(mutex_);
        hung_up_ = true;
        all.swap(waiting_);
        for (const auto& [id, wait] : all)
            wait->abandoned = true;
    }
    for (auto& [id, wait] : all)
        waiting::wake(std::move(wait));
}

} // namespace mcp::legacy

namespace mcp {

/// Who sends a request, and how messages about it get back: what a transport knows.
struct caller {
    mcp::revision revision = latest;
    message_sink* sink = nullptr;
    legacy::session* session = nullptr;        ///< of the handshake era; null on the modern wire
    const http::path_params* path = nullptr;   ///< what the router found in the path, if any
    const mcp::principal* principal = nullptr; ///< who calls; null without an auth backend
};

/// What a handler can do besides return: learn who calls, report progress, log, ask the client.
///
/// A handler takes `mcp::context&` anywhere among its parameters. The context lives until the
/// handler has ended. A `mcp::blocking` handler may use it from its pool thread.
class context {
public:
    /// `params` are those of the request; all arguments outlive the context.
    context(server_environment& environment, const caller& who, const json_object* params) noexcept
        : environment_(environment)
        , who_(who)
        , params_(params) {}
    context(const context&) = delete;
    context& operator=(const context&) = delete;

    /// The protocol revision that the request speaks.
    mcp::revision revision() const noexcept { return who_.revision; }

    /// The client, as it names itself; modern clients need not.
    std::optional<implementation> client() const;

    /// What the client can do.
    client_capabilities capabilities() const;

    /// The `_meta` of the request; null if it has none. Trace context is found here.
    const json_object* request_meta() const noexcept;

    /// The parameters of the request, whole; null if it has none.
    const json_object* params() const noexcept { return params_; }

    /// The id of the session of a legacy client; empty if there is none.
    std::string_view session_id() const noexcept {
        return who_.session ? std::string_view(who_.session->id()) : std::string_view();
    }

    /// Who calls, as the server's auth backend has found out; null without one.
    const mcp::principal* principal() const noexcept { return who_.principal; }

    /// A path parameter of the route that the server is mounted at, as `{user:uuid}`; empty if
    /// there is none of that name or it is no `T`.
    template <class T = std::string>
    std::optional<T> path_param(std::string_view name) const;

    /// Whether the caller has given up. Awaiting handlers are cancelled by Asio; others may look.
    bool cancelled() const noexcept { return cancelled_ && cancelled_->load(); }

    /// Tells the client how far the work is, if it wants to know. `value` must grow: what does not
    /// is dropped. [MCP 2026-07-28 basic/utilities/progress]
    void progress(double value, std::optional<double> total = {}, std::string_view message = {});

    /// Sends a log message to the client, if it wants that level. [MCP 2026-07-28 server/logging]
    void log(log_level level, const json& data, std::string_view logger = {});
    void debug(std::string_view text) { log(log_level::debug, json(text)); }
    void info(std::string_view text) { log(log_level::info, json(text)); }
    void warning(std::string_view text) { log(log_level::warning, json(text)); }
    void error(std::string_view text) { log(log_level::error, json(text)); }

    /// Asks the user to fill in a form with the members of `T`: a flat struct of primitives and
    /// enums. [MCP 2026-07-28 client/elicitation]
    ///
    /// The same line of code serves both wires. On the legacy wire it is a request to the client;
    /// on the modern one the call ends here, and the handler runs again from its start when the
    /// client comes back with the answer: what must happen once goes into `once`. Throws
    /// `protocol_error` if the client cannot do it; is cancelled with the request. `key`: see
    /// `input.hpp`.
    template <class T>
    asio::awaitable<elicit_result<T>> elicit(std::string message, std::string key = {}) {
        elicitation<T> what(std::move(key), std::move(message));
        auto answers = co_await ask(std::move(what));
        co_return std::move(std::get<0>(answers));
    }

    /// The same for a form whose schema is known only at run time, as JSON text.
    asio::awaitable<elicit_result<json_object>> elicit(std::string message, std::string schema,
                                                       std::string key = {});

    /// Asks the user to go to a URL; the answer has no content. `id` names the elicitation for
    /// `notifications/elicitation/complete` of 2025-11-25.
    asio::awaitable<elicit_result<json_object>>
    elicit_url(std::string message, std::string url, std::string id = {}, std::string key = {});

    /// Asks the client's model for a message. [MCP 2026-07-28 client/sampling]
    asio::awaitable<sampling_result> sample(sampling_request request, std::string key = {});

    /// Asks for the client's roots. [MCP 2026-07-28 client/roots]
    asio::awaitable<std::vector<root>> roots(std::string key = {});

    /// Asks several questions in one round; a tuple of their answers, in order.
    ///
    ///     auto answers = co_await ctx.ask(mcp::elicitation<person>("who", "Who are you?"),
    ///                                     mcp::list_roots("roots"));
    ///     auto& [who, roots] = answers;
    template <class... Questions>
    asio::awaitable<std::tuple<typename Questions::answer_type...>> ask(Questions... questions);

    /// Runs `f` once per call, however many rounds the call takes: its result is kept with the
    /// call's state. `f` may return `T` or `asio::awaitable<T>`; `T` must go through JSON.
    template <class F>
    asio::awaitable<invoke_awaited_t<F&>> once(std::string key, F f);

    /// Ends the SSE stream that carries this request; the client comes back for the rest. Does
    /// nothing where that is not possible. [MCP 2025-11-25 basic/transports, SEP-1699]
    void close_stream() { who_.sink->close_stream(); }

    /// Whether the response has been sent: nothing may follow it.
    bool finished() const noexcept { return finished_ && finished_->load(); }

    /// Notes which scopes the caller lacks, for the transport's challenge.
    void forbid(std::vector<std::string> needed) { lacking_ = std::move(needed); }
    const std::vector<std::string>& lacking() const noexcept { return lacking_; }

    /// What the server's requests share. For the library's own layers and for extensions.
    server_environment& environment() const noexcept { return environment_; }
    const caller& who() const noexcept { return who_; }

private:
    friend class async_call;

    void require(const client_capabilities& needed) const;
    asio::awaitable<std::vector<json>> put(std::vector<input_request> questions);
    std::optional<log_level> threshold() const;

    server_environment& environment_;
    const caller who_;
    const json_object* params_;
    const std::atomic<bool>* cancelled_ = nullptr;
    const std::atomic<bool>* finished_ = nullptr;
    input_round* round_ = nullptr;
    std::size_t questions_ = 0;
    std::vector<std::string> lacking_;
    std::optional<double> progress_;
};

} // namespace mcp

// ---- mcp/server/impl/context.hpp

// ---- mcp/server/text_value.hpp

namespace mcp {

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

} // namespace detail

/// A type that a piece of a URI, a path or a prompt's argument can be turned into.
template <class T>
concept text_value = std::same_as<T, std::string> || std::same_as<T, bool> || std::integral<T> ||
                     std::floating_point<T> || std::is_enum_v<T>;

/// The value that `text` spells as a whole; nothing if it spells none. Enums go by name.
template <text_value T>
std::optional<T> from_text(std::string_view text) {
    if constexpr (std::same_as<T, std::string>) {
        return std::string(text);
    } else if constexpr (std::same_as<T, bool>) {
        if (text == "true")
            return true;
        if (text == "false")
            return false;
        return std::nullopt;
    } else if constexpr (std::is_enum_v<T>) {
        return reflect::enum_from_name<T>(text);
    } else {
        T value{};
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size())
            return std::nullopt;
        if constexpr (std::floating_point<T>)
            if (!std::isfinite(value)) // "nan" and "inf" are no numbers to a client
                return std::nullopt;
        return value;
    }
}

/// What `from_text<T>` wants, for error messages.
template <text_value T>
constexpr std::string_view text_kind() {
    if constexpr (std::same_as<T, std::string>)
        return "text";
    else if constexpr (std::same_as<T, bool>)
        return "true or false";
    else if constexpr (std::is_enum_v<T>)
        return "one of the listed names";
    else if constexpr (std::integral<T>)
        return "an integer";
    else
        return "a number";
}

} // namespace mcp

namespace mcp {

inline const json_object* context::request_meta() const noexcept {
    const json* meta = params_ ? params_->if_contains("_meta") : nullptr;
    return meta ? meta->if_object() : nullptr;
}

inline std::optional<implementation> context::client() const {
    if (who_.session)
        return who_.session->client();
    const json_object* meta = request_meta();
    const json* info = meta ? meta->if_contains(meta_key::client_info) : nullptr;
    auto read =
        info ? read_implementation(*info) : result<implementation, decode_error>(decode_error{});
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

inline client_capabilities context::capabilities() const {
    if (who_.session)
        return who_.session->capabilities();
    const json_object* meta = request_meta();
    const json* given = meta ? meta->if_contains(meta_key::client_capabilities) : nullptr;
    if (!given)
        return {};
    auto read = read_client_capabilities(*given);
    return read ? std::move(*read) : client_capabilities();
}

template <class T>
std::optional<T> context::path_param(std::string_view name) const {
    static_assert(text_value<T>, "mcp: a path parameter is a string, bool, number or enum");
    const auto text = who_.path ? who_.path->find(name) : std::nullopt;
    return text ? from_text<T>(*text) : std::nullopt;
}

inline void context::progress(double value, std::optional<double> total, std::string_view message) {
    if (finished() || !std::isfinite(value) || (progress_ && value <= *progress_))
        return;
    if (total && !std::isfinite(*total))
        total.reset();
    const json_object* meta = request_meta();
    const json* member = meta ? meta->if_contains(meta_key::progress_token) : nullptr;
    const auto token = member ? progress_token::from(*member) : std::nullopt;
    if (!token)
        return;
    progress_ = value;
    std::string text;
    write_progress(text, *token, progress_update(value, total, std::string(message)), revision());
    who_.sink->send(std::move(text));
}

inline std::optional<log_level> context::threshold() const {
    if (who_.session)
        return who_.session->threshold();
    const json_object* meta = request_meta();
    const json* level = meta ? meta->if_contains(meta_key::log_level) : nullptr;
    return level && level->is_string() ? parse_log_level(level->get_string()) : std::nullopt;
}

inline void context::log(log_level level, const json& data, std::string_view logger) {
    const auto wanted = threshold();
    if (finished() || !wanted || level < *wanted)
        return;
    std::string text;
    write_log(text, log_message(level, encode(data), std::string(logger)));
    who_.sink->send(std::move(text));
}

inline asio::awaitable<elicit_result<json_object>>
context::elicit(std::string message, std::string schema, std::string key) {
    open_elicitation what(std::move(key), form_elicitation(std::move(message), std::move(schema)));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<elicit_result<json_object>>
context::elicit_url(std::string message, std::string url, std::string id, std::string key) {
    if (id.empty())
        id = random_token(16); // 2025-11-25 wants a name for each
    open_elicitation what(std::move(key),
                          url_elicitation(std::move(message), std::move(url), std::move(id)));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<sampling_result> context::sample(sampling_request request, std::string key) {
    sampling what(std::move(key), std::move(request));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<std::vector<root>> context::roots(std::string key) {
    list_roots what(std::move(key));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

template <class... Questions>
asio::awaitable<std::tuple<typename Questions::answer_type...>>
context::ask(Questions... questions) {
    (require(questions.needs()), ...);
    std::vector<input_request> requests;
    (requests.push_back(questions.request(revision())), ...);
    for (input_request& each : requests)
        if (each.key.empty())
            each.key =
                each.method.substr(0, each.method.find('/')) + '-' + std::to_string(++questions_);
    const std::vector<input_request> asked = requests;
    const std::vector<json> answers = co_await put(std::move(requests));
    std::size_t at = 0;
    const auto read = [&]<class Question>(const Question&) {
        const std::size_t i = at++;
        auto answer = Question::read(answers[i], "inputResponses." + asked[i].key);
        if (!answer)
            throw protocol_error(invalid_params("params." + answer.error().what()));
        return std::move(*answer);
    };
    co_return std::tuple<typename Questions::answer_type...>{read(questions)...};
}

inline void context::require(const client_capabilities& needed) const {
    const client_capabilities missing = capabilities().missing(needed);
    if (missing.empty())
        return;
    throw protocol_error(missing_client_capability(missing));
}

inline asio::awaitable<std::vector<json>> context::put(std::vector<input_request> questions) {
    std::vector<json> answers;
    if (who_.session) {
        for (const input_request& each : questions)
            answers.push_back(co_await who_.session->ask(
                each, *who_.sink, environment_.options.client_answer_timeout));
        co_return answers;
    }
    std::vector<input_request> missing;
    for (const input_request& each : questions) {
        if (const json* known = round_->answer(each.key))
            answers.push_back(*known);
        else
            missing.push_back(each);
    }
    if (!missing.empty())
        co_await round_->wait_for(std::move(missing));
    co_return answers;
}

template <class F>
asio::awaitable<invoke_awaited_t<F&>> context::once(std::string key, F f) {
    using value_type = invoke_awaited_t<F&>;
    if (round_) {
        if (const json* known = round_->remembered(key)) {
            if constexpr (std::is_void_v<value_type>) {
                co_return;
            } else {
                auto value = decode<value_type>(*known, "once." + key);
                if (!value)
                    throw protocol_error(invalid_params("params.requestState: is not from this "
                                                        "version of the server"));
                co_return std::move(*value);
            }
        }
    }
    if constexpr (std::is_void_v<value_type>) {
        co_await mcp::invoke(f);
        if (round_)
            round_->remember(key, json());
    } else {
        auto value = co_await mcp::invoke(f);
        if (round_)
            round_->remember(key, *parse_json(encode(value)));
        co_return value;
    }
}

} // namespace mcp

// ---- mcp/server/failure.hpp

// ---- mcp/server/permission.hpp

namespace mcp {

/// The JSON-RPC error of a request that its caller may not make.
inline constexpr int forbidden_code = -31403;

/// Thrown when a caller may not do something; over HTTP the status is 403 with a challenge that
/// lists the scopes that are needed, all of them. [MCP 2026-07-28 basic/authorization]
class forbidden : public protocol_error {
public:
    explicit forbidden(std::vector<std::string> needed = {})
        : protocol_error(forbidden_code, "You may not do this", data(needed))
        , scopes_(std::move(needed)) {}

    /// What the caller's token must have been granted.
    const std::vector<std::string>& scopes() const noexcept { return scopes_; }

private:
    static std::string data(const std::vector<std::string>& needed) {
        if (needed.empty())
            return {};
        std::string text;
        json_writer w(text);
        w.begin_object();
        w.key("requiredScopes");
        w.begin_array();
        for (const std::string& each : needed)
            w.value(std::string_view(each));
        w.end_array();
        w.end_object();
        return text;
    }

    std::vector<std::string> scopes_;
};

/// Who may call something: scopes that his token must have, and predicates.
///
/// A server without an auth backend has no callers to speak of: what needs permission is then
/// refused to everybody.
class permission {
public:
    using predicate = std::function<asio::awaitable<bool>(const principal&, const json_object&)>;

    permission() = default;

    std::vector<std::string> scopes{};
    /// Is given the caller and the request's parameters.
    std::vector<predicate> predicates{};

    bool empty() const noexcept { return scopes.empty() && predicates.empty(); }

    /// Whether the caller has all scopes.
    bool has_scopes(const principal* who) const {
        if (scopes.empty())
            return who != nullptr || predicates.empty();
        if (!who)
            return false;
        for (const std::string& each : scopes)
            if (!who->has_scope(each))
                return false;
        return true;
    }

    /// Throws `forbidden` unless the caller has all scopes.
    void check_scopes(const principal* who) const {
        if (!has_scopes(who))
            throw forbidden(scopes);
    }

    /// Throws `forbidden` unless all predicates hold. After `check_scopes`.
    asio::awaitable<void> check(const principal& who, const json_object& params) const {
        for (const predicate& each : predicates) {
            const bool allowed = co_await each(who, params);
            if (!allowed)
                throw forbidden();
        }
    }

    friend permission operator&(permission a, const permission& b) {
        a.scopes.insert(a.scopes.end(), b.scopes.begin(), b.scopes.end());
        a.predicates.insert(a.predicates.end(), b.predicates.begin(), b.predicates.end());
        return a;
    }
};

/// Lets only callers pass whose token has all these scopes.
///
///     server.tool<deploy, "service">("Deploy a service", mcp::scopes("deploy"));
template <std::convertible_to<std::string>... Scopes>
permission scopes(Scopes... names) {
    permission made;
    (made.scopes.emplace_back(std::move(names)), ...);
    return made;
}

/// Lets only callers pass of whom `f` says so: `f(const mcp::principal&, const mcp::json_object&
/// params)`, returning `bool` or `asio::awaitable<bool>`. The parameters are those of the request,
/// for a tool `{"name": …, "arguments": {…}}`.
template <class F>
permission allow_if(F f) {
    using returned = std::invoke_result_t<const F&, const principal&, const json_object&>;
    static_assert(std::same_as<awaited_t<returned>, bool>,
                  "mcp: the predicate of allow_if returns bool or asio::awaitable<bool>");
    permission made;
    made.predicates.push_back([f = std::move(f)](const principal& who, const json_object& params) {
        return mcp::invoke(f, who, params);
    });
    return made;
}

} // namespace mcp

// ---- mcp/server/result_writer.hpp

namespace mcp {

/// Writes one response in place: the envelope, then the members of its result by whoever answers,
/// then what the revision adds to every result.
///
///     result_writer w(out, id, revision::v2026_07_28, server_meta);
///     w.json().member("content", …);
///     w.finish();
class result_writer {
public:
    /// Appends to `out`. `server_info` is the server's `Implementation` as JSON text. All must
    /// outlive the writer.
    result_writer(std::string& out, const jsonrpc::id& id, mcp::revision revision,
                  std::string_view server_info)
        : out_(out)
        , id_(id)
        , revision_(revision)
        , server_info_(server_info)
        , start_(out.size()) {
        begin();
    }

    mcp::revision revision() const noexcept { return revision_; }

    /// Where the members of the result go.
    json_writer& json() noexcept { return *json_; }

    /// Where a whole result goes, in place of members: what `write` of the protocol's result types
    /// makes, given `server_info`.
    json_writer& whole() {
        out_.resize(body_);
        whole_ = true;
        return json_.emplace(out_);
    }
    std::string_view server_info() const noexcept { return server_info_; }

    /// Members for the `_meta` of the result, beside the server's own.
    void meta(json_object members) { meta_ = std::move(members); }

    /// The `resultType`, "complete" unless said. A text constant. [MCP 2026-07-28 basic/index]
    void type(std::string_view name) noexcept { type_ = name; }

    /// Takes back what was written of the result.
    void restart() {
        out_.resize(start_);
        meta_.clear();
        type_ = "complete";
        begin();
    }

    /// Takes back the whole response.
    void discard() { out_.resize(start_); }

    /// Ends the response.
    void finish() {
        if (whole_)
            return jsonrpc::end_response(out_);
        const bool modern = has_result_type(revision_);
        if (modern)
            json_->member("resultType", type_);
        if (modern || !meta_.empty()) {
            json_->key("_meta");
            json_->begin_object();
            if (modern && !meta_.contains(meta_key::server_info))
                json_->member_raw(meta_key::server_info, server_info_);
            for (const auto& entry : meta_)
                json_->member(entry.key(), entry.value());
            json_->end_object();
        }
        json_->end_object();
        jsonrpc::end_response(out_);
    }

    /// Makes the response an error instead of a result, and ends it.
    void fail(const jsonrpc::error& error) {
        out_.resize(start_);
        jsonrpc::write_error(out_, id_, error);
    }

private:
    void begin() {
        whole_ = false;
        jsonrpc::begin_response(out_, id_);
        body_ = out_.size();
        json_.emplace(out_);
        json_->begin_object();
    }

    std::string& out_;
    const jsonrpc::id& id_;
    mcp::revision revision_;
    std::string_view server_info_;
    std::size_t start_;
    std::size_t body_ = 0; // after `"result":`
    bool whole_ = false;
    std::optional<json_writer> json_;
    json_object meta_;
    std::string_view type_ = "complete";
};

} // namespace mcp

#include <typeinfo>

namespace mcp {

/// The text of an exception, for the log.
inline std::string describe_exception(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        return std::string(typeid(e).name()) + ": " + e.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

/// What a peer may see of an unexpected exception; the log gets the whole.
inline std::string public_text(server_environment& environment, std::string_view what,
                               const std::exception_ptr& failure) {
    const std::string whole = describe_exception(failure);
    environment.log(log_level::warning, std::string(what) + " failed: " + whole);
    if (environment.options.expose_exceptions)
        return whole;
    return std::string(what) + " failed; the server's log has the reason";
}

/// Makes a response of what a handler threw.
inline reply_status write_failure(server_environment& environment, result_writer& writer,
                                  std::string_view method, const jsonrpc::id& id,
                                  const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const forbidden& e) {
        writer.fail(e.error());
        return reply_status::forbidden;
    } catch (const protocol_error& e) {
        writer.fail(e.error());
        // Legacy clients take any other status for a failure of the transport.
        return is_modern(writer.revision()) && is_bad_request(e.error().code)
                   ? reply_status::bad_request
                   : reply_status::ok;
    } catch (...) {
        const std::string what = std::string(method) + " (id " + std::string(id.text()) + ")";
        writer.fail({jsonrpc::errc::internal_error, public_text(environment, what, failure)});
        return reply_status::ok;
    }
}

} // namespace mcp

namespace mcp {

/// The part of a request that must be awaited: writes the members of the result.
using job = std::function<asio::awaitable<void>(context&, result_writer&)>;

/// A request that could not be answered at once: owns all that its handler refers to, runs it on an
/// executor, and gives the response to its sink.
///
/// Lives until it is finished, whatever becomes of the connection that it came by.
class async_call : public std::enable_shared_from_this<async_call> {
public:
    /// What the call keeps of its request.
    struct request {
        jsonrpc::id id;
        std::string method;
        json_object params;
        http::path_params path;
        std::shared_ptr<const mcp::principal> principal; ///< null without an auth backend
        mcp::revision revision = latest;
        std::shared_ptr<legacy::session> session; ///< null on the modern wire
        std::string server_info;                  ///< JSON text
    };

    async_call(server_environment& environment, asio::any_io_executor executor, request what,
               std::shared_ptr<message_sink> sink, job work)
        : environment_(environment)
        , executor_(std::move(executor))
        , request_(std::move(what))
        , sink_(std::move(sink))
        , job_(std::move(work))
        , round_(
              [this] { asio::post(executor_, [self = shared_from_this()] { end_round(self); }); })
        , context_(environment_,
                   caller{request_.revision, sink_.get(), request_.session.get(), &request_.path,
                          request_.principal.get()},
                   &request_.params) {
        context_.cancelled_ = &cancelled_;
        context_.finished_ = &finished_;
        context_.round_ = &round_;
    }

    /// Runs the handler up to its first suspension, and then on the executor.
    void start() {
        auto self = shared_from_this();
        if (request_.session) {
            request_.session->began(request_.id, [weak = weak_from_this()] {
                if (const auto call = weak.lock())
                    call->cancel();
            });
        }
        auto ended = [self](std::exception_ptr failure) {
            if (failure)
                self->finish({}, reply_status::ok);
        };
        asio::co_spawn(executor_, run(self), asio::bind_cancellation_slot(signal_.slot(), ended));
    }

    /// The scopes that the caller lacked, once the call has ended by that.
    const std::vector<std::string>& lacking() const noexcept { return context_.lacking(); }

    /// Cancels the handler; its response, if any, is dropped. Any thread.
    void cancel() {
        if (cancelled_.exchange(true))
            return;
        asio::post(executor_, [self = shared_from_this()] {
            self->signal_.emit(asio::cancellation_type::terminal);
            self->round_.drop();
            self->finish({}, reply_status::ok);
        });
    }

private:
    static asio::awaitable<void> run(std::shared_ptr<async_call> self) {
        std::string answer;
        result_writer writer(answer, self->request_.id, self->request_.revision,
                             self->request_.server_info);
        reply_status status = reply_status::ok;
        try {
            if (is_modern(self->request_.revision))
                co_await self->restore_round();
            co_await self->job_(self->context_, writer);
            writer.finish();
        } catch (const forbidden& e) {
            self->context_.forbid(e.scopes());
            writer.fail(e.error());
            status = reply_status::forbidden;
        } catch (...) {
            if (!self->cancelled_)
                status = write_failure(self->environment_, writer, self->request_.method,
                                       self->request_.id, std::current_exception());
        }
        self->finish(std::move(answer), status);
    }

    /// Takes in what earlier rounds of this call have learnt. [MCP 2026-07-28 basic/patterns/mrtr]
    asio::awaitable<void> restore_round() {
        const auto retry = read_input_retry(&request_.params);
        if (!retry)
            throw protocol_error(invalid_params("params." + retry.error().what()));
        if (retry->request_state) {
            const state_binding binding = bind();
            const auto payload = co_await environment_.state.open(binding, *retry->request_state);
            if (!payload || !round_.restore(*payload))
                throw protocol_error(
                    invalid_params("params.requestState: unknown, altered or expired; send the "
                                   "request again without it"));
        }
        if (retry->responses)
            round_.add(*retry->responses);
    }

    /// What a request state of this call is bound to: all but what changes from round to round.
    state_binding bind() const {
        json_object same(request_.params, json_storage{});
        for (const std::string_view key : {"_meta", "requestState", "inputResponses"})
            same.erase(key);
        std::string text = request_.method;
        json_writer w(text);
        write_sorted(w, json(std::move(same)));
        return {request_.principal ? request_.principal->subject : std::string(), std::move(text)};
    }

    /// Objects by key: a client may send its members in another order the next time.
    static void write_sorted(json_writer& w, const json& value) {
        if (const json_array* array = value.if_array()) {
            w.begin_array();
            for (const json& each : *array)
                write_sorted(w, each);
            w.end_array();
        } else if (const json_object* object = value.if_object()) {
            std::map<std::string_view, const json*> members;
            for (const auto& entry : *object)
                members.emplace(entry.key(), &entry.value());
            w.begin_object();
            for (const auto& [key, member] : members) {
                w.key(key);
                write_sorted(w, *member);
            }
            w.end_object();
        } else {
            w.value(value);
        }
    }

    /// The handler waits for answers that are not there: asks for them and drops the handler.
    static void end_round(std::shared_ptr<async_call> self) {
        if (self->finished_)
            return self->round_.drop(); // cancelled meanwhile: nobody is asked any more
        asio::co_spawn(self->executor_, ask(self), asio::detached);
    }
    static asio::awaitable<void> ask(std::shared_ptr<async_call> self) {
        std::string answer;
        result_writer writer(answer, self->request_.id, self->request_.revision,
                             self->request_.server_info);
        reply_status status = reply_status::ok;
        try {
            const state_binding binding = self->bind();
            auto payload = self->round_.payload();
            const std::string state =
                co_await self->environment_.state.seal(binding, std::move(payload));
            input_required asked;
            asked.requests = self->round_.missing();
            asked.request_state = state;
            write(writer.whole(), asked, writer.server_info());
            writer.finish();
        } catch (...) {
            status = write_failure(self->environment_, writer, self->request_.method,
                                   self->request_.id, std::current_exception());
        }
        self->finish(std::move(answer), status);
        self->round_.drop();
    }

    void finish(std::string answer, reply_status status) {
        if (finished_.exchange(true))
            return;
        if (request_.session)
            request_.session->ended(request_.id);
        if (cancelled_)
            answer.clear();
        sink_->finish(std::move(answer), status);
    }

    server_environment& environment_;
    asio::any_io_executor executor_;
    const request request_;
    std::shared_ptr<message_sink> sink_;
    const job job_;
    asio::cancellation_signal signal_;
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> finished_{false};
    input_round round_;
    context context_;
};

} // namespace mcp

// ---- mcp/server/catalog.hpp

// ---- mcp/server/completion.hpp

// ---- mcp/server/operation.hpp

// ---- mcp/server/handler.hpp

namespace mcp {

class context;

/// How a handler is run; read from its type at compile time.
enum class execution {
    immediate, ///< plain function: runs on the event loop and answers without a suspension
    awaitable, ///< returns `asio::awaitable<T>`: is awaited on the event loop
    blocking   ///< wrapped by `mcp::blocking`: runs on the server's thread pool
};

namespace detail {

template <class F>
struct unblocked {
    using type = F;
    static const F& of(const F& f) noexcept { return f; }
};
template <class F>
struct unblocked<blocking_t<F>> {
    using type = F;
    static const F& of(const blocking_t<F>& f) noexcept { return f.function(); }
};

/// Something that stands for a value that comes later, but not one that this library can await.
template <class R>
concept foreign_promise = !is_awaitable_v<R> && std::is_class_v<R> &&
                          (requires { typename R::promise_type; } ||
                           requires(R& r) { r.await_ready(); } ||
                           requires(R& r) { r.operator co_await(); } ||
                           requires(R& r) { r.get(); r.wait(); r.valid(); });

template <class R>
struct checked {
    static_assert(!foreign_promise<R>,
                  "mcp: a handler returns its value, or asio::awaitable of it; wrap one that waits "
                  "for a std::future or the like in mcp::blocking and return the value");
    using type = std::conditional_t<foreign_promise<R>, void, R>; // one error is enough
};
template <class R>
using checked_result = typename checked<R>::type;

template <class F>
struct readable {
    using signature = reflect::function_signature<void>;
    static_assert(reflect::has_signature<F>,
                  "mcp: the handler is no function, or its operator() is a template or overloaded, "
                  "so that its parameters cannot be read");
};
template <class F>
    requires reflect::has_signature<F>
struct readable<F> {
    using signature = reflect::signature_of<F>;
};

template <class Parameter>
inline constexpr bool is_context = std::is_same_v<std::remove_cvref_t<Parameter>, context>;

template <class Parameter>
using without_context =
    std::conditional_t<is_context<Parameter>, std::tuple<>,
                       std::tuple<std::type_identity<std::remove_cvref_t<Parameter>>>>;

/// Whether one parameter of that type stands for all that a handler takes.
template <class T>
inline constexpr bool is_whole_input = reflect::aggregate_struct<T> || std::is_same_v<T, json>;

template <class Parameters>
struct inputs;
template <class... Ps>
struct inputs<std::tuple<Ps...>> {
    using type = decltype(std::tuple_cat(without_context<Ps>{}...));
};

template <fixed_string... Names, class... Ps>
consteval auto input_type(std::tuple<std::type_identity<Ps>...>) {
    if constexpr (sizeof...(Names) > 0) {
        static_assert(sizeof...(Names) == sizeof...(Ps),
                      "mcp: give exactly one name for each parameter of the handler "
                      "(mcp::context& takes none)");
        if constexpr (sizeof...(Names) == sizeof...(Ps))
            return std::type_identity<arguments<arg<Names, Ps>...>>{};
        else // one error is enough
            return std::type_identity<arguments<arg<"", Ps>...>>{};
    } else if constexpr ((reflect::is_arg<Ps> && ...)) {
        return std::type_identity<arguments<Ps...>>{};
    } else if constexpr (sizeof...(Ps) == 1 && (is_whole_input<Ps> && ...)) {
        return std::get<0>(std::tuple<std::type_identity<Ps>...>{});
    } else {
        static_assert(
            sizeof...(Ps) == 0,
            "mcp: the handler's parameters have no names: write tool<f, \"a\", \"b\">, or "
            "take one struct, or parameters of type mcp::arg<\"name\", T>");
        return std::type_identity<arguments<arg<"", Ps>...>>{};
    }
}

} // namespace detail

/// What a handler of type `F` takes and gives, and how to call it with decoded input.
///
/// `Names` are the parameters' names in order, `mcp::context&` left out.
template <class F, fixed_string... Names>
struct binding {
    using callable = typename detail::unblocked<F>::type;
    using signature = typename detail::readable<callable>::signature;
    using parameters = typename signature::parameters;
    /// `mcp::arguments<…>`, or the one struct, or the `mcp::json`, that the handler takes.
    using input_type = typename decltype(detail::input_type<Names...>(
        typename detail::inputs<parameters>::type{}))::type;
    using returned_type = typename signature::result_type;
    /// What the handler gives in the end, awaited if it has to be.
    using result_type = detail::checked_result<std::remove_cvref_t<awaited_t<returned_type>>>;

    static constexpr bool is_blocking = is_blocking_v<F>;
    static constexpr execution how = is_blocking                     ? execution::blocking
                                     : is_awaitable_v<returned_type> ? execution::awaitable
                                                                     : execution::immediate;
    static_assert(!(is_blocking && is_awaitable_v<returned_type>),
                  "mcp: mcp::blocking is for plain functions; a handler that returns "
                  "asio::awaitable is awaited as it is");

    /// Calls `f` with the members of `input`, moved; `input` and `ctx` must outlive what it
    /// returns.
    static returned_type call(const callable& f, input_type& input, context& ctx) {
        if constexpr (reflect::has_signature<callable>)
            return call(f, input, ctx, std::make_index_sequence<std::tuple_size_v<parameters>>{});
    }

private:
    template <std::size_t... Is>
    static returned_type call(const callable& f, [[maybe_unused]] input_type& input,
                              [[maybe_unused]] context& ctx, std::index_sequence<Is...>) {
        return const_cast<callable&>(f)(argument<Is>(input, ctx)...);
    }

    /// The place of parameter `I` among those that are not the context.
    template <std::size_t I>
    static consteval std::size_t place() {
        return []<std::size_t... Js>(std::index_sequence<Js...>) {
            return (std::size_t{0} + ... +
                    (detail::is_context<std::tuple_element_t<Js, parameters>> ? 0u : 1u));
        }(std::make_index_sequence<I>{});
    }

    template <std::size_t I>
    static decltype(auto) argument(input_type& input, context& ctx) {
        using parameter = std::tuple_element_t<I, parameters>;
        using bare = std::remove_cvref_t<parameter>;
        if constexpr (detail::is_context<parameter>) {
            static_assert(std::is_same_v<parameter, context&>,
                          "mcp: take the context by reference, as mcp::context&");
            return (ctx);
        } else {
            static_assert(!std::is_lvalue_reference_v<parameter> ||
                              std::is_const_v<std::remove_reference_t<parameter>>,
                          "mcp: take parameters by value or by const reference");
            if constexpr (!reflect::is_arguments<input_type>)
                return std::move(input);
            else if constexpr (reflect::is_arg<bare>)
                return bare{std::move(std::get<place<I>()>(input.values))};
            else
                return std::move(std::get<place<I>()>(input.values));
        }
    }
};

} // namespace mcp

namespace mcp {

/// Something of a server that can be called: a tool, a resource, a prompt, a completion.
class operation {
public:
    operation() = default;
    virtual ~operation() = default;
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    /// Who may call it. Set before it is registered.
    mcp::permission permission;

    /// How it runs: an immediate one by `run`, the others by `run_async`.
    virtual execution how() const noexcept = 0;

    /// Runs it and writes the members of the result. Throws what becomes an error response.
    virtual void run(context& ctx, result_writer& out) const = 0;

    /// The same, to be awaited; the operation must outlive what is returned.
    virtual asio::awaitable<void> run_async(context& ctx, result_writer& out) const = 0;
};

/// A `Base` (a kind of operation) made of a callable.
///
/// `Policy` says what is particular to the kind: `input<T>(base, ctx, out)` gives the handler's
/// input, or nothing if it has written why not; `output(base, ctx, out, value…)` writes what was
/// returned; `failed(base, ctx, out, exception)` writes, or rethrows, what was thrown.
template <class Base, class Policy, class F, fixed_string... Names>
class bound_operation : public Base {
    using bound = binding<F, Names...>;

public:
    using input_type = typename bound::input_type;
    using result_type = typename bound::result_type;

    template <class... Args>
    explicit bound_operation(F f, Args&&... args)
        : Base(std::forward<Args>(args)...)
        , f_(std::move(f)) {}

    execution how() const noexcept override { return bound::how; }

    void run([[maybe_unused]] context& ctx, [[maybe_unused]] result_writer& out) const override {
        if constexpr (bound::how == execution::immediate) {
            auto input = Policy::template input<input_type>(*this, ctx, out);
            if (!input)
                return;
            try {
                if constexpr (std::is_void_v<result_type>) {
                    bound::call(f_, *input, ctx);
                    Policy::output(*this, ctx, out);
                } else {
                    Policy::output(*this, ctx, out, bound::call(f_, *input, ctx));
                }
            } catch (...) {
                Policy::failed(*this, ctx, out, std::current_exception());
            }
        }
    }

    asio::awaitable<void> run_async(context& ctx, result_writer& out) const override {
        if constexpr (bound::how == execution::immediate) {
            run(ctx, out);
        } else {
            auto input = Policy::template input<input_type>(*this, ctx, out);
            if (!input)
                co_return;
            std::exception_ptr failure;
            try {
                if constexpr (std::is_void_v<result_type>) {
                    co_await call(ctx, *input);
                    Policy::output(*this, ctx, out);
                } else {
                    const auto value = co_await call(ctx, *input);
                    Policy::output(*this, ctx, out, value);
                }
            } catch (...) {
                failure = std::current_exception();
            }
            if (failure)
                Policy::failed(*this, ctx, out, failure);
        }
        co_return;
    }

private:
    asio::awaitable<result_type> call(context& ctx, input_type& input) const {
        if constexpr (bound::how == execution::blocking) {
            auto work = [this, &ctx, &input] {
                return bound::call(detail::unblocked<F>::of(f_), input, ctx);
            };
            return offload(ctx.environment().pool(), std::move(work));
        } else {
            return bound::call(f_, input, ctx);
        }
    }

    F f_;
};

} // namespace mcp

namespace mcp {

/// What completes one argument of a prompt, or one variable of a resource template.
/// [MCP 2026-07-28 server/utilities/completion]
class completion_entry : public operation {
public:
    completion_entry(completion_params::target kind, std::string_view name,
                     std::string_view argument)
        : key_(key_of(kind, name, argument)) {}

    std::string_view key() const noexcept { return key_; }

    /// How a completion is found. Prompt names and templates hold no line breaks.
    static std::string key_of(completion_params::target kind, std::string_view name,
                              std::string_view argument) {
        std::string key(kind == completion_params::target::prompt ? "p\n" : "r\n");
        return key.append(name).append("\n").append(argument);
    }

private:
    std::string key_;
};

namespace detail {

template <>
inline constexpr bool is_whole_input<completion_params> = true;

struct completion_policy {
    /// The handler takes the text typed so far, or the whole `completion_params`.
    template <class Input>
    static std::optional<Input> input(const completion_entry&, context& ctx, result_writer&) {
        auto params = read_completion_params(ctx.params());
        if (!params)
            throw protocol_error(invalid_params("params." + params.error().what()));
        if constexpr (std::same_as<Input, completion_params>)
            return std::move(*params);
        else if constexpr (std::same_as<Input, arguments<arg<"value", std::string>>>)
            return Input{{std::move(params->value)}};
        else
            static_assert(sizeof(Input) == 0,
                          "mcp: a completion takes what was typed, as std::string, or the whole "
                          "mcp::completion_params; and mcp::context& if it wants");
    }

    template <class Value>
    static void output(const completion_entry&, context&, result_writer& out, const Value& value) {
        static_assert(std::is_constructible_v<completion_result, const Value&>,
                      "mcp: a completion returns std::vector<std::string> or "
                      "mcp::completion_result");
        if constexpr (std::is_constructible_v<completion_result, const Value&>)
            write(out.whole(), completion_result(value), out.revision(), out.server_info());
    }

    static void failed(const completion_entry&, context&, result_writer&,
                       const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }
};

template <class F>
inline constexpr bool completes_text = std::same_as<
    typename inputs<typename readable<typename unblocked<F>::type>::signature::parameters>::type,
    std::tuple<std::type_identity<std::string>>>;

} // namespace detail

/// A completion made of a callable that takes what was typed (`std::string`), or the whole
/// `mcp::completion_params`, and returns strings or `mcp::completion_result`.
template <class F>
using bound_completion =
    std::conditional_t<detail::completes_text<F>,
                       bound_operation<completion_entry, detail::completion_policy, F, "value">,
                       bound_operation<completion_entry, detail::completion_policy, F>>;

} // namespace mcp

// ---- mcp/server/prompt.hpp

namespace mcp {

/// One prompt of a server. [MCP 2026-07-28 server/prompts]
class prompt_entry : public operation {
public:
    explicit prompt_entry(prompt_definition definition) : definition_(std::move(definition)) {}

    const prompt_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    prompt_definition definition_;
};

namespace detail {

/// One argument of a prompt: clients send text, whatever the handler takes.
template <class T>
void read_prompt_value(T& into, std::string_view name, const std::string* text) {
    if constexpr (is_optional<T>) {
        if (text)
            read_prompt_value(into.emplace(), name, text);
    } else {
        static_assert(text_value<T>, "mcp: an argument of a prompt is a string, bool, number, "
                                     "enum, or std::optional of one");
        if (!text)
            throw protocol_error(
                invalid_params("params.arguments." + std::string(name) + ": is missing"));
        auto value = from_text<T>(*text);
        if (!value)
            throw protocol_error(invalid_params("params.arguments." + std::string(name) +
                                                ": expected " + std::string(text_kind<T>())));
        into = std::move(*value);
    }
}

template <class Input>
struct prompt_input {
    static_assert(reflect::is_arguments<Input>,
                  "mcp: name the arguments of a prompt, as in prompt<f, \"a\", \"b\">");
};

/// What a prompt's handler takes, as a list of arguments and from a request.
template <class... Args>
struct prompt_input<arguments<Args...>> {
    static std::vector<prompt_argument> describe() {
        return {prompt_argument(std::string(Args::name), std::string(Args::description),
                                !is_optional<typename Args::value_type>)...};
    }

    static arguments<Args...> read(const prompt_params& params) {
        arguments<Args...> input{};
        [&]<std::size_t... Is>(std::index_sequence<Is...>) {
            (read_prompt_value(std::get<Is>(input.values), Args::name, params.find(Args::name)),
             ...);
        }(std::index_sequence_for<Args...>{});
        for (const auto& [name, value] : params.arguments)
            if (!((name == Args::name) || ...))
                throw protocol_error(invalid_params("params.arguments." + name +
                                                    ": is not an argument of " + params.name));
        return input;
    }
};

struct prompt_policy {
    template <class Input>
    static std::optional<Input> input(const prompt_entry&, context& ctx, result_writer&) {
        const auto params = read_prompt_params(ctx.params());
        if (!params)
            throw protocol_error(invalid_params("params." + params.error().what()));
        return prompt_input<Input>::read(*params);
    }

    template <class Value>
    static void output(const prompt_entry& which, context&, result_writer& out,
                       const Value& value) {
        static_assert(std::is_convertible_v<const Value&, prompt_result> ||
                          std::is_convertible_v<const Value&, content>,
                      "mcp: a prompt returns text, mcp::content, mcp::prompt_message, a vector of "
                      "them, or mcp::prompt_result");
        prompt_result result = [&] {
            if constexpr (std::is_convertible_v<const Value&, prompt_result>)
                return prompt_result(value);
            else
                return prompt_result(user_message(value));
        }();
        if (result.description.empty())
            result.description = which.definition().description;
        write(out.whole(), result, out.revision(), out.server_info());
    }

    static void failed(const prompt_entry&, context&, result_writer&,
                       const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }
};

} // namespace detail

/// A prompt made of a callable.
template <class F, fixed_string... Names>
class bound_prompt final
    : public bound_operation<prompt_entry, detail::prompt_policy, F, Names...> {
    using base = bound_operation<prompt_entry, detail::prompt_policy, F, Names...>;

public:
    bound_prompt(prompt_definition definition, F f)
        : base(std::move(f), with_arguments(std::move(definition))) {}

private:
    static prompt_definition with_arguments(prompt_definition definition) {
        definition.arguments = detail::prompt_input<typename base::input_type>::describe();
        return definition;
    }
};

} // namespace mcp

// ---- mcp/server/resource.hpp

namespace mcp {

/// One resource of a server. [MCP 2026-07-28 server/resources]
class resource_entry : public operation {
public:
    explicit resource_entry(resource_definition definition) : definition_(std::move(definition)) {}

    const resource_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.uri; }
    std::string_view mime_type() const noexcept { return definition_.mime_type; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    resource_definition definition_;
};

/// A family of resources that share a URI template. [RFC 6570]
class template_entry : public operation {
public:
    explicit template_entry(resource_template_definition definition)
        : definition_(std::move(definition))
        , pattern_(definition_.uri_template) {}

    const resource_template_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.uri_template; }
    std::string_view mime_type() const noexcept { return definition_.mime_type; }
    const uri_template& pattern() const noexcept { return pattern_; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    resource_template_definition definition_;
    uri_template pattern_;
};

namespace detail {

/// The URI that a resources/read asks for.
inline std::string_view requested_uri(const context& ctx) {
    const json* uri = ctx.params() ? ctx.params()->if_contains("uri") : nullptr;
    if (!uri || !uri->is_string())
        throw protocol_error(invalid_params("params.uri: expected string"));
    return uri->get_string();
}

/// How resources give, by the type that the handler returns: `resource_result`,
/// `resource_contents`, a vector of them, `bytes`, text; any other type becomes JSON text. A
/// `std::optional` of one of these says by `nullopt` that there is no such resource.
struct resource_policy {
    template <class Value>
    static void output(const auto& which, context& ctx, result_writer& out, const Value& value) {
        const auto write_result = [&](const resource_result& made) {
            if (made.contents.empty())
                throw protocol_error(resource_not_found(requested_uri(ctx), out.revision()));
            write(out.whole(), made, out.revision(), out.server_info(),
                  ctx.environment().options.caching);
        };
        if constexpr (is_optional<Value>) {
            if (!value)
                throw protocol_error(resource_not_found(requested_uri(ctx), out.revision()));
            output(which, ctx, out, *value);
        } else if constexpr (std::same_as<Value, resource_result>)
            write_result(value);
        else
            write_result(resource_result(contents(which, ctx, value)));
    }

    static void failed(const auto&, context&, result_writer&, const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }

private:
    template <class Value>
    static std::vector<resource_contents> contents(const auto& which, context& ctx,
                                                   const Value& value) {
        const auto mime = [&](std::string_view otherwise) {
            return std::string(which.mime_type().empty() ? otherwise : which.mime_type());
        };
        const std::string uri(requested_uri(ctx));
        if constexpr (std::same_as<Value, std::vector<resource_contents>>)
            return value;
        else if constexpr (std::same_as<Value, resource_contents>)
            return {value};
        else if constexpr (std::same_as<Value, bytes>)
            return {resource_contents(uri, mime("application/octet-stream"), value)};
        else if constexpr (std::is_convertible_v<const Value&, std::string_view>)
            return {
                resource_contents(uri, mime("text/plain"), std::string(std::string_view(value)))};
        else
            return {resource_contents(uri, mime("application/json"), encode(value))};
    }
};

/// The handler of one resource takes nothing, or the context.
struct static_resource_policy : resource_policy {
    template <class Input>
    static std::optional<Input> input(const resource_entry&, context&, result_writer&) {
        static_assert(
            std::same_as<Input, arguments<>>,
            "mcp: the handler of a resource takes nothing but mcp::context&; for one with "
            "parameters write a URI template, as resource<\"notes://{id}\">");
        return Input{};
    }
};

/// The handler of a template takes its variables, in the order in which they stand in it.
struct template_policy : resource_policy {
    template <class Input>
    static std::optional<Input> input(const template_entry& which, context& ctx, result_writer&) {
        const std::string_view uri = requested_uri(ctx);
        const auto found = which.pattern().match(uri);
        if (!found)
            throw protocol_error(resource_not_found(uri, ctx.revision()));
        const auto names = which.pattern().variables();
        Input input{};
        std::size_t at = 0;
        std::apply([&](auto&... value) { (take(value, names[at++], *found), ...); }, input.values);
        return input;
    }

private:
    template <class T>
    static void take(T& into, std::string_view name, const uri_variables& found) {
        const std::string* text = found.find(name);
        if constexpr (is_optional<T>) {
            if (text)
                into = convert<typename T::value_type>(name, *text);
        } else {
            into = convert<T>(name, text ? std::string_view(*text) : std::string_view());
        }
    }

    template <class T>
    static T convert(std::string_view name, std::string_view text) {
        static_assert(text_value<T>, "mcp: a variable of a URI template is a string, bool, number, "
                                     "enum, or std::optional of one");
        auto value = from_text<T>(text);
        if (!value)
            throw protocol_error(invalid_params("params.uri: " + std::string(name) + " must be " +
                                                std::string(text_kind<T>())));
        return std::move(*value);
    }
};

} // namespace detail

/// A resource made of a callable.
template <class F>
using bound_resource = bound_operation<resource_entry, detail::static_resource_policy, F>;

/// A resource template made of a callable; `Names` are the template's variables.
template <class F, fixed_string... Names>
using bound_template = bound_operation<template_entry, detail::template_policy, F, Names...>;

} // namespace mcp

// ---- mcp/server/tool.hpp

// ---- mcp/server/tool_output.hpp

namespace mcp {

namespace detail {

template <class T>
inline constexpr bool is_text = std::is_convertible_v<const T, std::string_view>;

template <class T>
inline constexpr bool is_content = std::is_convertible_v<T, content> && !is_text<T>;

template <class T>
inline constexpr bool is_object_map = false;
template <class V, class... Rest>
inline constexpr bool is_object_map<std::map<std::string, V, Rest...>> = true;
template <class V, class... Rest>
inline constexpr bool is_object_map<std::unordered_map<std::string, V, Rest...>> = true;

} // namespace detail

/// Whether a tool that returns `R` shows it as `structuredContent` and has an output schema: any
/// type that is not text, content, `tool_result` or nothing.
template <class R>
inline constexpr bool is_structured =
    !std::is_void_v<R> && !detail::is_text<R> && !detail::is_content<R> &&
    !std::same_as<R, std::vector<content>> && !std::same_as<R, tool_result>;

/// Whether `R` is shown as `{"result": …}` to legacy clients, which take only objects.
template <class R>
inline constexpr bool wraps_result = is_structured<R> && !std::same_as<R, mcp::json> &&
                                     !reflect::aggregate_struct<R> && !detail::is_object_map<R>;

/// The output schema of a tool that returns `R`, as JSON text; empty if it has none.
template <class R>
constexpr std::string_view output_schema_of() {
    if constexpr (!is_structured<R> || std::same_as<R, mcp::json>)
        return {};
    else
        return schema_of<R>;
}

/// The same for clients that take only objects.
template <class R>
constexpr std::string_view wrapped_schema_of() {
    if constexpr (wraps_result<R>)
        return schema_of<arguments<arg<"result", R>>>;
    else
        return output_schema_of<R>();
}

/// Makes the result a tool error: models read the text and can react. [MCP 2026-07-28 server/tools]
inline void write_tool_error(result_writer& out, std::string_view why) {
    out.restart();
    json_writer& w = out.json();
    w.key("content");
    w.begin_array();
    write(w, content(text(std::string(why))), out.revision());
    w.end_array();
    w.member("isError", true);
}

/// Writes an empty success.
inline void write_tool_output(result_writer& out) {
    out.json().member_raw("content", "[]");
}

/// Writes what a tool has returned, by its type.
template <class R>
void write_tool_output(result_writer& out, const R& value) {
    json_writer& w = out.json();
    const mcp::revision r = out.revision();
    if constexpr (std::same_as<R, tool_result>) {
        write(out.whole(), value, r, out.server_info());
    } else if constexpr (detail::is_text<R>) {
        // The commonest answer is written without a content object in between.
        w.key("content");
        w.begin_array();
        w.begin_object();
        w.member("type", "text");
        w.member("text", std::string_view(value));
        w.end_object();
        w.end_array();
    } else if constexpr (std::same_as<R, std::vector<content>>) {
        w.key("content");
        w.begin_array();
        for (const content& each : value)
            write(w, each, r);
        w.end_array();
    } else if constexpr (detail::is_content<R>) {
        w.key("content");
        w.begin_array();
        write(w, content(value), r);
        w.end_array();
    } else {
        thread_local std::string scratch;
        scratch.clear();
        encode(scratch, value);
        w.key("content");
        w.begin_array();
        w.begin_object();
        w.member("type", "text");
        w.member("text", std::string_view(scratch));
        w.end_object();
        w.end_array();
        if (!has_structured_content(r))
            return;
        if constexpr (wraps_result<R>) {
            if (!has_any_structured_content(r)) {
                w.key("structuredContent");
                w.begin_object();
                w.member_raw("result", scratch);
                w.end_object();
                return;
            }
        }
        if (has_any_structured_content(r) || scratch.starts_with('{'))
            w.member_raw("structuredContent", scratch);
    }
}

} // namespace mcp

namespace mcp {

/// One tool of a server: what clients see of it, and how it is called. [MCP 2026-07-28
/// server/tools]
class tool_entry : public operation {
public:
    /// Throws `std::invalid_argument` if an `x-mcp-header` of the input schema breaks a rule.
    /// `legacy_output` is the output schema for clients that take only objects, if it differs.
    explicit tool_entry(tool_definition definition, std::string_view legacy_output = {})
        : definition_(std::move(definition))
        , legacy_output_(legacy_output) {
        const auto schema = parse_json(definition_.input_schema);
        auto found = schema ? find_header_parameters(*schema) : header_parameters{};
        if (!found.error.empty())
            throw std::invalid_argument("tool " + definition_.name + ": " + found.error);
        headers_ = std::move(found.list);
    }

    const tool_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    /// The arguments that modern clients mirror as headers: `x-mcp-header` in the input schema.
    const std::vector<header_parameter>& mirrored() const noexcept { return headers_; }

    /// Writes what `tools/list` shows.
    void write_definition(json_writer& w, mcp::revision r) const {
        if (is_modern(r) || legacy_output_.empty())
            return write(w, definition_, r);
        tool_definition legacy = definition_;
        legacy.output_schema = legacy_output_;
        write(w, legacy, r);
    }

private:
    tool_definition definition_;
    std::string legacy_output_;
    std::vector<header_parameter> headers_;
};

namespace detail {

/// The `arguments` of a tools/call; an empty object if there are none.
inline const json& tool_arguments(const context& ctx) {
    static const json none(json_object{});
    const json* given = ctx.params() ? ctx.params()->if_contains("arguments") : nullptr;
    return given ? *given : none;
}

/// How tools take and give: what goes wrong becomes a result that models can read.
struct tool_policy {
    template <class Input>
    static std::optional<Input> input(const tool_entry&, context& ctx, result_writer& out) {
        auto decoded = decode<Input>(tool_arguments(ctx), "arguments");
        if (decoded)
            return std::move(*decoded);
        write_tool_error(out, decoded.error().what());
        return std::nullopt;
    }

    template <class... Value>
    static void output(const tool_entry&, context&, result_writer& out, const Value&... value) {
        write_tool_output(out, value...);
    }

    static void failed(const tool_entry& which, context& ctx, result_writer& out,
                       const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const protocol_error&) {
            throw;
        } catch (const tool_error& e) {
            out.restart();
            write_tool_output(out, e.result());
        } catch (...) {
            if (ctx.cancelled())
                throw; // nobody waits for the answer
            const std::string what = "tool " + std::string(which.key());
            write_tool_error(out, public_text(ctx.environment(), what, failure));
        }
    }
};

} // namespace detail

/// A tool made of a callable: arguments are decoded, what it returns is encoded.
template <class F, fixed_string... Names>
class bound_tool final : public bound_operation<tool_entry, detail::tool_policy, F, Names...> {
    using base = bound_operation<tool_entry, detail::tool_policy, F, Names...>;
    using result_type = typename base::result_type;

public:
    bound_tool(tool_definition definition, F f)
        : base(std::move(f), with_schemas(std::move(definition)),
               wraps_result<result_type> ? wrapped_schema_of<result_type>() : std::string_view()) {}

    static_assert(!std::is_same_v<typename base::input_type, json>,
                  "mcp: a tool that takes any JSON says its schema itself: "
                  "tool(mcp::tool_definition(name, description, schema), handler)");

private:
    static tool_definition with_schemas(tool_definition definition) {
        definition.input_schema = schema_of<typename base::input_type>;
        definition.output_schema = output_schema_of<result_type>();
        return definition;
    }
};

/// A tool whose schema is known only at run time, before its handler is known.
class raw_tool_entry : public tool_entry {
public:
    /// Throws `std::invalid_argument` if the input schema is no JSON Schema of objects.
    explicit raw_tool_entry(tool_definition definition)
        : tool_entry(std::move(definition))
        , validator_(compile(this->definition())) {}

    const schema::validator& validator() const noexcept { return validator_; }

private:
    static schema::validator compile(const tool_definition& definition) {
        const auto refuse = [&](const std::string& why) {
            return std::invalid_argument("tool " + definition.name + ": " + why);
        };
        const auto parsed = parse_json(definition.input_schema);
        if (!parsed)
            throw refuse("the input schema is not JSON: " + parsed.error().what());
        const json* type = parsed->is_object() ? parsed->get_object().if_contains("type") : nullptr;
        if (!type || *type != "object") // clients refuse the whole list otherwise
            throw refuse("the input schema must have \"type\":\"object\"");
        auto compiled = schema::validator::compile(*parsed);
        if (!compiled)
            throw refuse(compiled.error());
        return std::move(*compiled);
    }

    schema::validator validator_;
};

namespace detail {

/// How raw tools take: the arguments as they came, once they have passed the schema.
struct raw_tool_policy : tool_policy {
    template <class Input>
    static std::optional<Input> input(const raw_tool_entry& which, context& ctx,
                                      result_writer& out) {
        static_assert(std::is_same_v<Input, json>,
                      "mcp: a raw tool's handler takes const mcp::json& and, if it wants, "
                      "mcp::context&");
        const json& given = tool_arguments(ctx);
        const auto checked = which.validator().validate(given, "arguments");
        if (checked)
            return std::optional<Input>(std::in_place, given);
        write_tool_error(out, checked.error().what());
        return std::nullopt;
    }
};

} // namespace detail

/// A raw tool made of a callable that takes `const mcp::json&`.
template <class F>
using raw_tool = bound_operation<raw_tool_entry, detail::raw_tool_policy, F>;

} // namespace mcp

namespace mcp {

/// One page of a list, ready to be copied into a response.
struct list_page {
    std::string array; ///< JSON text
    bool last = true;
};

/// Things of one kind by name, in the order in which they were added; names are unique.
template <class Entry>
class entry_list {
public:
    using pointer = std::shared_ptr<const Entry>;

    /// Adds, or replaces what has the same name, which keeps its place.
    void put(pointer entry) {
        const auto found = index_.find(entry->key());
        if (found != index_.end()) {
            const std::size_t at = found->second;
            index_.erase(found); // its key belongs to the entry that goes
            entries_[at] = std::move(entry);
            index_.emplace(entries_[at]->key(), at);
            return;
        }
        entries_.push_back(std::move(entry));
        index_.emplace(entries_.back()->key(), entries_.size() - 1);
    }

    bool remove(std::string_view key) {
        const auto found = index_.find(key);
        if (found == index_.end())
            return false;
        entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(found->second));
        index_.clear();
        for (std::size_t i = 0; i < entries_.size(); ++i)
            index_.emplace(entries_[i]->key(), i);
        return true;
    }

    /// The entry, or null.
    const pointer* find(std::string_view key) const {
        const auto found = index_.find(key);
        return found == index_.end() ? nullptr : &entries_[found->second];
    }

    const std::vector<pointer>& entries() const noexcept { return entries_; }
    bool empty() const noexcept { return entries_.empty(); }

private:
    std::vector<pointer> entries_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

/// All that a server offers, at one moment. Requests read a snapshot, which does not change.
class catalog {
public:
    entry_list<tool_entry> tools;
    entry_list<resource_entry> resources;
    entry_list<template_entry> templates;
    entry_list<prompt_entry> prompts;
    entry_list<completion_entry> completions;
};

/// A catalog that is done, with its lists as text, made when first asked for. Thread-safe.
class catalog_snapshot {
public:
    catalog_snapshot(const catalog& from, std::size_t page_size)
        : catalog_(from)
        , page_size_(page_size == 0 ? 1 : page_size) {}

    const catalog* operator->() const noexcept { return &catalog_; }
    const catalog& operator*() const noexcept { return catalog_; }
    std::size_t page_size() const noexcept { return page_size_; }

    /// The pages of a list for a revision.
    template <class Entry>
    const std::vector<list_page>& pages(entry_list<Entry> catalog::* list, mcp::revision r) const {
        cache& c = std::get<caches<Entry>>(caches_)[static_cast<std::size_t>(r)];
        std::call_once(c.made, [&] { c.pages = make_pages((catalog_.*list).entries(), r); });
        return c.pages;
    }

private:
    struct cache {
        std::once_flag made;
        std::vector<list_page> pages;
    };
    template <class Entry>
    struct caches : std::array<cache, all_revisions.size()> {};

    template <class Pointer>
    std::vector<list_page> make_pages(const std::vector<Pointer>& entries, mcp::revision r) const {
        std::vector<list_page> pages;
        for (std::size_t at = 0; at == 0 || at < entries.size(); at += page_size_) {
            const std::size_t end = std::min(at + page_size_, entries.size());
            list_page page;
            json_writer w(page.array);
            w.begin_array();
            for (std::size_t i = at; i < end; ++i)
                entries[i]->write_definition(w, r);
            w.end_array();
            page.last = end == entries.size();
            pages.push_back(std::move(page));
        }
        return pages;
    }

    const catalog catalog_;
    const std::size_t page_size_;
    mutable std::tuple<caches<tool_entry>, caches<resource_entry>, caches<template_entry>,
                       caches<prompt_entry>>
        caches_;
};

/// The catalog that can change while requests run. Thread-safe.
class registry {
public:
    /// Changes the catalog; requests that run go on with what they have.
    template <class Change>
    decltype(auto) edit(Change change) {
        std::lock_guard lock(mutex_);
        current_.reset();
        return change(catalog_);
    }

    std::shared_ptr<const catalog_snapshot> read(std::size_t page_size) const {
        std::lock_guard lock(mutex_);
        if (!current_ || current_->page_size() != std::max<std::size_t>(page_size, 1))
            current_ = std::make_shared<catalog_snapshot>(catalog_, page_size);
        return current_;
    }

private:
    mutable std::mutex mutex_;
    catalog catalog_;
    mutable std::shared_ptr<const catalog_snapshot> current_;
};

} // namespace mcp

// ---- mcp/server/core.hpp

namespace mcp {

/// The part of a server that is the same whatever its collaborators are: what it offers, and how
/// requests are answered. Transports talk to this.
class server_core {
public:
    explicit server_core(server_info who) : environment_(std::move(who)) {
        for (const mcp::revision r : all_revisions) {
            json_writer w(info_[static_cast<std::size_t>(r)]);
            write(w, implementation_of(environment_.info), r);
        }
    }
    server_core(const server_core&) = delete;
    server_core& operator=(const server_core&) = delete;

    server_environment& environment() noexcept { return environment_; }
    const server_environment& environment() const noexcept { return environment_; }
    server_options& options() noexcept { return environment_.options; }
    const server_options& options() const noexcept { return environment_.options; }

    /// The server's `Implementation` as JSON text.
    std::string_view info_text(mcp::revision r) const noexcept {
        return info_[static_cast<std::size_t>(r)];
    }

    /// What is offered now.
    std::shared_ptr<const catalog_snapshot> offers() const {
        return registry_.read(environment_.options.page_size);
    }

    /// What the server can do, as it says in `initialize` and `server/discover`.
    server_capabilities capabilities() const;

    /// Answers a request: appends the response to `out` and returns true, or returns false and sets
    /// `later` to what must be awaited first. `ctx` has the request's parameters.
    ///
    /// Runs immediate handlers on the calling thread.
    bool answer(context& ctx, const jsonrpc::message& request, std::string& out,
                reply_status& status, job& later);

protected:
    registry registry_;

private:
    static implementation implementation_of(const server_info& info) {
        implementation made(info.name, info.version);
        made.title = info.title;
        made.description = info.description;
        made.website_url = info.website_url;
        made.icons = info.icons;
        return made;
    }

    server_environment environment_;
    std::array<std::string, all_revisions.size()> info_;
};

} // namespace mcp

// ---- mcp/server/impl/answer.hpp

// How server_core answers each method of the protocol.

namespace mcp::detail {

/// A parameter that must be a string.
inline std::string_view text_parameter(const context& ctx, std::string_view name) {
    const json* value = ctx.params() ? ctx.params()->if_contains(name) : nullptr;
    if (!value || !value->is_string())
        throw protocol_error(invalid_params("params." + std::string(name) + ": expected string"));
    return value->get_string();
}

/// Runs an operation if its predicates let the caller pass.
inline asio::awaitable<void> check_and_run(std::shared_ptr<const operation> what, context& ctx,
                                           result_writer& out) {
    static const json_object none;
    co_await what->permission.check(*ctx.principal(), ctx.params() ? *ctx.params() : none);
    co_await what->run_async(ctx, out);
}

/// Runs an operation now if it is immediate; else leaves it for later. Throws `forbidden` if the
/// caller lacks a scope.
template <class Operation>
bool run_or_defer(const std::shared_ptr<const Operation>& what, context& ctx, result_writer& out,
                  job& later) {
    if (!what->permission.empty()) {
        what->permission.check_scopes(ctx.principal());
        if (!what->permission.predicates.empty()) {
            later = [what](context& c, result_writer& w) { return check_and_run(what, c, w); };
            return false;
        }
    }
    if (what->how() == execution::immediate) {
        what->run(ctx, out);
        return true;
    }
    later = [what](context& c, result_writer& w) { return what->run_async(c, w); };
    return false;
}

inline bool call_tool(server_core& core, context& ctx, result_writer& out, job& later) {
    const std::string_view name = text_parameter(ctx, "name");
    const auto offers = core.offers();
    const auto* found = (*offers)->tools.find(name);
    if (!found)
        throw protocol_error(unknown_tool(name));
    return run_or_defer(*found, ctx, out, later);
}

inline bool get_prompt(server_core& core, context& ctx, result_writer& out, job& later) {
    const std::string_view name = text_parameter(ctx, "name");
    const auto offers = core.offers();
    const auto* found = (*offers)->prompts.find(name);
    if (!found)
        throw protocol_error(unknown_prompt(name));
    return run_or_defer(*found, ctx, out, later);
}

inline bool read_resource(server_core& core, context& ctx, result_writer& out, job& later) {
    const std::string_view uri = text_parameter(ctx, "uri");
    const auto offers = core.offers();
    if (const auto* found = (*offers)->resources.find(uri))
        return run_or_defer(*found, ctx, out, later);
    for (const auto& each : (*offers)->templates.entries())
        if (each->pattern().match(uri))
            return run_or_defer(each, ctx, out, later);
    throw protocol_error(resource_not_found(uri, ctx.revision()));
}

inline bool complete(server_core& core, context& ctx, result_writer& out, job& later) {
    const auto params = read_completion_params(ctx.params());
    if (!params)
        throw protocol_error(invalid_params("params." + params.error().what()));
    const auto offers = core.offers();
    const std::string key = completion_entry::key_of(params->kind, params->name, params->argument);
    if (const auto* found = (*offers)->completions.find(key))
        return run_or_defer(*found, ctx, out, later);
    const bool known = params->kind == completion_params::target::prompt
                           ? (*offers)->prompts.find(params->name) != nullptr
                           : (*offers)->templates.find(params->name) != nullptr;
    if (!known)
        throw protocol_error(invalid_params("params.ref: nothing of that name is offered here"));
    write(out.whole(), completion_result(), out.revision(), out.server_info());
    return true;
}

/// Writes those entries of a page that the caller has the scopes for.
template <class Pointer>
void write_allowed(json_writer& w, std::string_view name, const std::vector<Pointer>& entries,
                   std::size_t from, std::size_t count, const context& ctx) {
    w.key(name);
    w.begin_array();
    for (std::size_t i = from; i < std::min(from + count, entries.size()); ++i)
        if (entries[i]->permission.has_scopes(ctx.principal()))
            entries[i]->write_definition(w, ctx.revision());
    w.end_array();
}

/// Answers a list from the pages that were made when it was first asked for.
template <class Entry>
bool list(server_core& core, context& ctx, result_writer& out, std::string_view name,
          entry_list<Entry> catalog::* which) {
    const auto offers = core.offers();
    const auto& pages = offers->pages(which, ctx.revision());
    std::size_t page = 0;
    if (const json* cursor = ctx.params() ? ctx.params()->if_contains("cursor") : nullptr) {
        const auto offset = cursor->is_string() ? decode_cursor(cursor->get_string())
                                                : std::optional<std::size_t>();
        if (!offset || *offset % offers->page_size() != 0 ||
            *offset / offers->page_size() >= pages.size())
            throw protocol_error(invalid_cursor());
        page = *offset / offers->page_size();
    }
    json_writer& w = out.json();
    if (core.options().hide_forbidden)
        write_allowed(w, name, ((**offers).*which).entries(), page * offers->page_size(),
                      offers->page_size(), ctx);
    else
        w.member_raw(name, pages[page].array);
    if (!pages[page].last)
        w.member("nextCursor", std::string_view(encode_cursor((page + 1) * offers->page_size())));
    write_members(w, core.options().caching, ctx.revision());
    return true;
}

inline bool list_tools(server_core& core, context& ctx, result_writer& out, job&) {
    return list(core, ctx, out, "tools", &catalog::tools);
}
inline bool list_resources(server_core& core, context& ctx, result_writer& out, job&) {
    return list(core, ctx, out, "resources", &catalog::resources);
}
inline bool list_templates(server_core& core, context& ctx, result_writer& out, job&) {
    return list(core, ctx, out, "resourceTemplates", &catalog::templates);
}
inline bool list_prompts(server_core& core, context& ctx, result_writer& out, job&) {
    return list(core, ctx, out, "prompts", &catalog::prompts);
}

/// [MCP 2026-07-28 server/discover]
inline bool discover(server_core& core, context& ctx, result_writer& out, job&) {
    json_writer& w = out.json();
    w.key("supportedVersions");
    w.begin_array();
    for (const mcp::revision r : all_revisions)
        if (is_modern(r))
            w.value(to_string(r));
    w.end_array();
    w.key("capabilities");
    write(w, core.capabilities(), ctx.revision());
    write_present(w, "instructions", core.environment().info.instructions);
    write_members(w, core.options().caching, ctx.revision());
    return true;
}

/// [MCP 2025-11-25 basic/utilities/ping]
inline bool ping(server_core&, context&, result_writer&, job&) {
    return true;
}

/// [MCP 2025-11-25 server/utilities/logging]
inline bool set_level(server_core&, context& ctx, result_writer&, job&) {
    const auto level = read_set_level(ctx.params());
    if (!level)
        throw protocol_error(invalid_params("params." + level.error().what()));
    if (ctx.who().session)
        ctx.who().session->threshold(*level);
    return true;
}

/// [MCP 2025-11-25 server/resources, subscriptions]
inline bool subscribe(server_core& core, context& ctx, result_writer&, job&) {
    const std::string_view uri = text_parameter(ctx, "uri");
    if (legacy::session* session = ctx.who().session)
        session->subscribe(core.environment().topics, uri);
    return true;
}
inline bool unsubscribe(server_core& core, context& ctx, result_writer&, job&) {
    const std::string_view uri = text_parameter(ctx, "uri");
    if (legacy::session* session = ctx.who().session)
        session->unsubscribe(core.environment().topics, uri);
    return true;
}

/// A method of the protocol, and the wires that know it.
struct method {
    std::string_view name;
    bool legacy;
    bool modern;
    bool (*answer)(server_core&, context&, result_writer&, job&);
};

inline constexpr std::array methods{
    method{"tools/call", true, true, call_tool},
    method{"tools/list", true, true, list_tools},
    method{"resources/read", true, true, read_resource},
    method{"resources/list", true, true, list_resources},
    method{"resources/templates/list", true, true, list_templates},
    method{"prompts/get", true, true, get_prompt},
    method{"prompts/list", true, true, list_prompts},
    method{"completion/complete", true, true, complete},
    method{"server/discover", false, true, discover},
    method{"ping", true, false, ping},
    method{"logging/setLevel", true, false, set_level},
    method{"resources/subscribe", true, false, subscribe},
    method{"resources/unsubscribe", true, false, unsubscribe},
};

} // namespace mcp::detail

namespace mcp {

inline bool server_core::answer(context& ctx, const jsonrpc::message& request, std::string& out,
                                reply_status& status, job& later) {
    const bool modern = is_modern(ctx.revision());
    result_writer writer(out, request.id, ctx.revision(), info_text(ctx.revision()));
    const auto method = std::find_if(
        detail::methods.begin(), detail::methods.end(), [&](const detail::method& each) {
            return (modern ? each.modern : each.legacy) && each.name == request.method;
        });
    status = reply_status::ok;
    if (method == detail::methods.end()) {
        if (modern)
            status = reply_status::not_found;
        writer.fail(method_not_found(request.method));
        return true;
    }
    try {
        if (!method->answer(*this, ctx, writer, later)) {
            writer.discard();
            return false;
        }
        writer.finish();
    } catch (const forbidden& e) {
        ctx.forbid(e.scopes());
        writer.fail(e.error());
        status = reply_status::forbidden;
    } catch (...) {
        status = write_failure(environment_, writer, request.method, request.id,
                               std::current_exception());
    }
    return true;
}

inline server_capabilities server_core::capabilities() const {
    const auto offers = this->offers();
    server_capabilities has;
    has.tools = has.tools_list_changed = true;
    has.resources = has.resources_list_changed = has.resources_subscribe =
        !(*offers)->resources.empty() || !(*offers)->templates.empty();
    has.prompts = has.prompts_list_changed = !(*offers)->prompts.empty();
    has.completions = !(*offers)->completions.empty();
    has.logging = true;
    has.extensions = environment_.options.extensions;
    return has;
}

} // namespace mcp

// ---- mcp/server/legacy/handshake.hpp

namespace mcp::legacy {

/// What `initialize` agrees on: the client's revision if it is a legacy one that we know, else the
/// newest legacy one. [MCP 2025-11-25 basic/lifecycle]
inline result<handshake, jsonrpc::error> read_handshake(const json_object* params) {
    auto read = read_initialize_params(params);
    if (!read)
        return invalid_params("params." + read.error().what());
    return handshake{negotiate_legacy(read->protocol_version), std::move(read->client_info),
                     std::move(read->capabilities)};
}

/// Appends the response to `initialize`.
inline void write_handshake(std::string& out, const server_core& server, const jsonrpc::id& id,
                            mcp::revision agreed) {
    jsonrpc::begin_response(out, id);
    json_writer w(out);
    w.begin_object();
    w.member("protocolVersion", to_string(agreed));
    w.key("capabilities");
    write(w, server.capabilities(), agreed);
    w.member_raw("serverInfo", server.info_text(agreed));
    write_present(w, "instructions", server.environment().info.instructions);
    w.end_object();
    jsonrpc::end_response(out);
}

} // namespace mcp::legacy

// ---- mcp/server/registration.hpp

// ---- mcp/server/toolset.hpp

namespace mcp {

/// A tool as a constant: a function with the names of its parameters, and what clients are told.
template <auto Function, fixed_string... Names>
struct static_tool {
    static constexpr auto function = Function;
    static constexpr std::string_view name = reflect::symbol_name<Function>;
    static_assert(is_tool_name(name), "mcp: a tool's name is 1 to 64 letters, digits and _ . / -");

    std::string_view description;
    std::string_view title;
    tool_hints hints;
};

/// Describes a function as a tool, for a `toolset`.
///
///     constexpr auto tools = mcp::toolset(mcp::tool<add, "a", "b">("Add"),
///                                         mcp::tool<search>("Search", mcp::read_only));
template <auto Function, fixed_string... Names>
    requires std::is_pointer_v<decltype(Function)>
constexpr static_tool<Function, Names...> tool(std::string_view description, tool_hints hints = {},
                                               std::string_view title = {}) {
    return {description, title, hints};
}

/// A list of tools that is known at compile time: names are checked to differ, and a call finds its
/// tool by comparing constants, without a map.
template <class... Tools>
class toolset {
public:
    static constexpr std::size_t size = sizeof...(Tools);
    static constexpr std::array<std::string_view, size> names{Tools::name...};

    constexpr explicit toolset(Tools... tools) : tools_(tools...) {
        static_assert(distinct(), "mcp: two tools of this toolset have the same name");
    }

    constexpr const std::tuple<Tools...>& tools() const noexcept { return tools_; }

    /// The place of the tool of that name; `size` if there is none.
    static constexpr std::size_t find(std::string_view name) noexcept {
        std::size_t at = 0;
        (void)((Tools::name == name || (++at, false)) || ...);
        return at;
    }

private:
    static consteval bool distinct() {
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = i + 1; j < size; ++j)
                if (names[i] == names[j])
                    return false;
        return true;
    }

    std::tuple<Tools...> tools_;
};

} // namespace mcp

namespace mcp {

/// The name of a registration, in place of the one that is read from the code.
struct named {
    constexpr explicit named(std::string_view value_) noexcept : value(value_) {}
    std::string_view value;
};

/// The media type of a resource.
struct mime_type {
    constexpr explicit mime_type(std::string_view value_) noexcept : value(value_) {}
    std::string_view value;
};

namespace detail {

/// Puts one option of a registration into its definition.
template <class Definition, class Option>
void apply_option(Definition& to, const Option& option) {
    if constexpr (std::same_as<Option, named>)
        to.name = option.value;
    else if constexpr (std::same_as<Option, title>)
        to.title = option.text;
    else if constexpr (std::same_as<Option, icon>)
        to.icons.push_back(option);
    else if constexpr (std::same_as<Option, json_object>)
        to.meta = option;
    else if constexpr (std::same_as<Option, tool_hints> && requires { to.hints; })
        to.hints = to.hints | option;
    else if constexpr (std::same_as<Option, mime_type> && requires { to.mime_type; })
        to.mime_type = option.value;
    else if constexpr (std::same_as<Option, annotations> && requires { to.annotations; })
        to.annotations = option;
    else if constexpr (std::same_as<Option, permission>)
        (void)to; // not part of what clients see; see `permission_of`
    else
        static_assert(sizeof(Option) == 0,
                      "mcp: this registration takes no option of that type; see mcp::named, title, "
                      "icon, tool hints such as read_only, mime_type, annotations, scopes, "
                      "allow_if, and an object for _meta");
}

template <class Definition, class... Options>
Definition define(Definition definition, const Options&... options) {
    (apply_option(definition, options), ...);
    return definition;
}

/// All permissions among the options, together.
template <class... Options>
permission permission_of(const Options&... options) {
    permission all;
    [[maybe_unused]] const auto take = [&all]<class Option>(const Option& option) {
        if constexpr (std::same_as<Option, permission>)
            all = std::move(all) & option;
    };
    (take(options), ...);
    return all;
}

template <fixed_string Name>
consteval std::string_view checked_tool_name() {
    static_assert(is_tool_name(Name.view()),
                  "mcp: a tool's name is 1 to 64 letters, digits and _ . / -");
    return Name;
}

// A copy of the template is read: to g++ with -fsanitize=undefined, the address of a template
// argument is no constant.

template <fixed_string Uri>
consteval bool is_uri_template() {
    const auto text = Uri;
    return uri_template_error(text.view()) == nullptr;
}

template <fixed_string Uri>
consteval bool is_uri() {
    const auto text = Uri;
    return text.view().find("://") != std::string_view::npos;
}

template <fixed_string Uri>
consteval std::size_t template_variable_count() {
    const auto text = Uri;
    return uri_template_variable_count(text.view());
}

/// The name of the variable at a place of a URI template, as a template argument.
template <fixed_string Uri, std::size_t Index>
consteval auto template_variable() {
    constexpr std::size_t size = [] {
        const auto text = Uri;
        return uri_template_variable(text.view(), Index).size();
    }();
    const auto text = Uri;
    const std::string_view name = uri_template_variable(text.view(), Index);
    char buffer[size + 1] = {};
    for (std::size_t i = 0; i < size; ++i)
        buffer[i] = name[i];
    return fixed_string<size>(buffer);
}

} // namespace detail

/// What a server offers, and how to add to it: the face of `mcp::server`.
///
/// All members may be called at any time and from any thread, also while requests run; clients that
/// listen are told that a list has changed. Adding what is there already replaces it. Handlers are
/// called from all event loops at once.
class registration : public server_core {
public:
    using server_core::server_core;

    /// Adds a function as a tool: named like the function, with these parameter names, or with the
    /// members of the one struct that it takes.
    ///
    ///     server.tool<add, "a", "b">("Add two numbers");
    ///     server.tool<search>("Search the index", mcp::read_only);
    template <auto Function, fixed_string... Names, class... Options>
        requires std::is_pointer_v<decltype(Function)>
    void tool(std::string description, Options... options) {
        constexpr std::string_view symbol = reflect::symbol_name<Function>;
        static_assert(is_tool_name(symbol),
                      "mcp: a tool's name is 1 to 64 letters, digits and _ . / -");
        add_tool<decltype(Function), Names...>(
            detail::define(tool_definition(std::string(symbol), std::move(description), {}),
                           options...),
            Function, detail::permission_of(options...));
    }

    /// Adds a callable as a tool; its parameters are `mcp::arg<"name", T>`, or one struct.
    ///
    ///     server.tool<"greet">("Greet", [](mcp::arg<"name", std::string> name) { … });
    template <fixed_string Name, class Handler, class... Options>
    void tool(std::string description, Handler handler, Options... options) {
        add_tool<Handler>(
            detail::define(tool_definition(std::string(detail::checked_tool_name<Name>()),
                                           std::move(description), {}),
                           options...),
            std::move(handler), detail::permission_of(options...));
    }

    /// Adds a tool whose schema is known only at run time; the handler takes `const mcp::json&`.
    /// Throws `std::invalid_argument` if the name or the schema is none.
    template <class Handler>
    void tool(tool_definition definition, Handler handler, permission who = {}) {
        if (!is_tool_name(definition.name))
            throw std::invalid_argument("not a tool's name: " + definition.name);
        add<raw_tool<Handler>>(who, std::move(handler), std::move(definition));
    }

    /// Adds all tools of a compile-time list.
    template <class... Tools>
    void toolset(const mcp::toolset<Tools...>& tools) {
        std::apply([this](const auto&... each) { (this->add_static(each), ...); }, tools.tools());
    }

    /// Adds a resource, or with `{variables}` in the URI a template, whose variables are the
    /// parameters of the handler, in order.
    ///
    ///     server.resource<"config://app">("Settings", [] { return read_config(); });
    ///     server.resource<"greeting://{name}">("A greeting", [](std::string name) { … });
    template <fixed_string Uri, class Handler, class... Options>
    void resource(std::string description, Handler handler, Options... options) {
        static_assert(detail::is_uri_template<Uri>(),
                      "mcp: this is not a URI template of RFC 6570, level 1 to 3");
        constexpr std::size_t variables = detail::template_variable_count<Uri>();
        const std::string uri(Uri.view());
        if constexpr (variables == 0) {
            auto definition =
                detail::define(resource_definition(uri, uri, std::move(description)), options...);
            add<bound_resource<Handler>>(detail::permission_of(options...), std::move(handler),
                                         std::move(definition));
        } else {
            auto definition = detail::define(
                resource_template_definition(uri, uri, std::move(description)), options...);
            add_template<Uri>(detail::permission_of(options...), std::move(definition),
                              std::move(handler), std::make_index_sequence<variables>{});
        }
    }

    /// Adds a resource whose URI is known only at run time.
    template <class Handler>
    void resource(resource_definition definition, Handler handler) {
        add<bound_resource<Handler>>({}, std::move(handler), std::move(definition));
    }

    /// Adds a function as a prompt; arguments are text, numbers, bools, enums, or optional.
    template <auto Function, fixed_string... Names, class... Options>
        requires std::is_pointer_v<decltype(Function)>
    void prompt(std::string description, Options... options) {
        add_prompt<decltype(Function), Names...>(
            detail::define(prompt_definition(std::string(reflect::symbol_name<Function>),
                                             std::move(description)),
                           options...),
            Function, detail::permission_of(options...));
    }

    /// Adds a callable as a prompt; its parameters are `mcp::arg<"name", T>`.
    template <fixed_string Name, class Handler, class... Options>
    void prompt(std::string description, Handler handler, Options... options) {
        add_prompt<Handler>(
            detail::define(prompt_definition(std::string(Name.view()), std::move(description)),
                           options...),
            std::move(handler), detail::permission_of(options...));
    }

    /// Completes an argument of a prompt, or a variable of a resource template (by its text). The
    /// handler takes what was typed, and gives the candidates.
    ///
    ///     server.complete<"review", "language">([](std::string typed) { … });
    template <fixed_string Reference, fixed_string Argument, class Handler>
    void complete(Handler handler) {
        constexpr auto kind = detail::is_uri<Reference>() ? completion_params::target::resource
                                                          : completion_params::target::prompt;
        put(std::make_shared<bound_completion<Handler>>(std::move(handler), kind, Reference.view(),
                                                        Argument.view()));
    }

    /// Take away what was added; false if it was not there. Requests that run go on.
    bool remove_tool(std::string_view key) { return remove(&catalog::tools, key); }
    bool remove_prompt(std::string_view key) { return remove(&catalog::prompts, key); }
    bool remove_resource(std::string_view uri) {
        return remove(&catalog::resources, uri) || remove(&catalog::templates, uri);
    }

    /// Tells who listens that a list has changed; done by itself when entries are added or removed.
    void notify_list_changed(list_kind kind) {
        std::string message;
        write_list_changed(message, kind);
        environment().topics.post(std::string(list_topic(kind)), std::move(message));
    }

    /// Tells who is subscribed that a resource has changed.
    void notify_resource_updated(std::string_view uri) {
        std::string message;
        write_resource_updated(message, uri);
        environment().topics.post(resource_topic(uri), std::move(message));
    }

    /// Sends a message, as JSON text, to the stream of a legacy session, in whatever process that
    /// is; whether a subscriber took it. With a replay log it is recorded as well, for a client
    /// that comes back. May be awaited on any executor. Throws `unavailable`.
    asio::awaitable<bool> notify(std::string session_id, std::string message) {
        std::uint64_t sequence = 0;
        const std::string marked = '.' + std::move(message);
        if (environment().replay) {
            auto recorded = environment().replay->append(session_id, 0, marked);
            if (!recorded.ready())
                co_await recorded.settle();
            sequence = recorded.take();
        }
        auto step = environment().topics.publish(session_topic(session_id),
                                                 std::to_string(sequence) + marked);
        if (!step.ready())
            co_await step.settle();
        co_return step.take() != 0;
    }

private:
    /// Makes an entry that only `who` may call, and puts it in its place.
    template <class Entry, class... Args>
    void add(const permission& who, Args&&... args) {
        auto entry = std::make_shared<Entry>(std::forward<Args>(args)...);
        entry->permission = who;
        put(std::move(entry));
    }

    void put(std::shared_ptr<const tool_entry> entry) { put(&catalog::tools, std::move(entry)); }
    void put(std::shared_ptr<const resource_entry> entry) {
        put(&catalog::resources, std::move(entry));
    }
    void put(std::shared_ptr<const template_entry> entry) {
        put(&catalog::templates, std::move(entry));
    }
    void put(std::shared_ptr<const prompt_entry> entry) {
        put(&catalog::prompts, std::move(entry));
    }
    void put(std::shared_ptr<const completion_entry> entry) {
        registry_.edit([&](catalog& all) { all.completions.put(std::move(entry)); });
    }

    template <class Entry>
    void put(entry_list<Entry> catalog::* list, std::shared_ptr<const Entry> entry) {
        registry_.edit([&](catalog& all) { (all.*list).put(std::move(entry)); });
        notify_list_changed(kind_of(list));
    }

    template <class Entry>
    bool remove(entry_list<Entry> catalog::* list, std::string_view key) {
        const bool removed = registry_.edit([&](catalog& all) { return (all.*list).remove(key); });
        if (removed)
            notify_list_changed(kind_of(list));
        return removed;
    }

    template <class Entry>
    static constexpr list_kind kind_of(entry_list<Entry> catalog::*) noexcept {
        return std::same_as<Entry, tool_entry>     ? list_kind::tools
               : std::same_as<Entry, prompt_entry> ? list_kind::prompts
                                                   : list_kind::resources;
    }

    template <auto Function, fixed_string... Names>
    void add_static(const static_tool<Function, Names...>& each) {
        tool_definition definition(std::string(each.name), std::string(each.description), {});
        definition.title = each.title;
        definition.hints = each.hints;
        add_tool<decltype(Function), Names...>(std::move(definition), Function, {});
    }

    template <class F, fixed_string... Names, class Callable>
    void add_tool(tool_definition definition, Callable callable, const permission& who) {
        add<bound_tool<F, Names...>>(who, std::move(definition), std::move(callable));
    }

    template <class F, fixed_string... Names, class Callable>
    void add_prompt(prompt_definition definition, Callable callable, const permission& who) {
        add<bound_prompt<F, Names...>>(who, std::move(definition), std::move(callable));
    }

    template <fixed_string Uri, class Handler, std::size_t... Is>
    void add_template(const permission& who, resource_template_definition definition,
                      Handler handler, std::index_sequence<Is...>) {
        using taken = typename detail::inputs<typename detail::readable<
            typename detail::unblocked<Handler>::type>::signature::parameters>::type;
        constexpr bool fits = std::tuple_size_v<taken> == sizeof...(Is);
        static_assert(fits, "mcp: the handler of a resource template takes one parameter for each "
                            "variable of the template, in order, and mcp::context& if it wants");
        if constexpr (fits)
            add<bound_template<Handler, detail::template_variable<Uri, Is>()...>>(
                who, std::move(handler), std::move(definition));
    }
};

} // namespace mcp

// ---- mcp/server/server.hpp

namespace mcp {

namespace detail {

/// How many of the concepts a collaborator fits: it must be one.
template <class T>
inline constexpr int parts_played =
    (auth_backend<T> ? 1 : 0) + (rate_limiter<T> ? 1 : 0) + (session_store<T> ? 1 : 0) +
    (sse_broker<T> ? 1 : 0) + (replay_log<T> ? 1 : 0) + (request_state<T> ? 1 : 0);

} // namespace detail

/// An MCP server: what it offers (see `registration`) and the collaborators that it is made of.
///
///     mcp::server server{"weather", "1.0.0"};
///     mcp::server cluster{mcp::server_info{.name = "weather", .version = "1.0.0"}, my_auth{},
///                         mcp::redis_sessions{redis}, mcp::redis_broker{redis}};
///
/// A collaborator is anything that fits one of the concepts (`auth_backend`, `rate_limiter`,
/// `session_store`, `sse_broker`, `replay_log`, `request_state`), in any order. What is not given
/// has an embedded default (sessions, broker, state) or is not done (authentication, limits,
/// replay). A server is not copied or moved: transports refer to it and must end first. Any number
/// of transports and threads may serve one server.
template <class... Collaborators>
class server : public registration {
    static_assert(
        ((detail::parts_played<Collaborators> == 1) && ...),
        "mcp: a collaborator of mcp::server must fit one of its concepts: auth_backend "
        "(authenticate), rate_limiter (acquire), session_store (create, find, update, erase), "
        "sse_broker (subscribe, claim, unsubscribe, publish), replay_log (append, after, forget), "
        "request_state (seal, open); a method is missing, or takes or returns something else: "
        "check it with static_assert(mcp::session_store<my_store>), and read the concept's header");
    static_assert((0 + ... + (auth_backend<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (rate_limiter<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (session_store<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (sse_broker<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (replay_log<Collaborators> ? 1 : 0)) <= 1 &&
                      (0 + ... + (request_state<Collaborators> ? 1 : 0)) <= 1,
                  "mcp: give mcp::server one collaborator of each kind, not several");

public:
    server(std::string name, std::string version, Collaborators... collaborators)
        : server(server_info{.name = std::move(name), .version = std::move(version)},
                 std::move(collaborators)...) {}

    explicit server(server_info who, Collaborators... collaborators)
        : registration(std::move(who)) {
        (install(std::move(collaborators)), ...);
    }

    /// Waits for the blocking handlers that still run.
    ~server() { environment().join_pool(); }

private:
    template <class Collaborator>
    void install(Collaborator collaborator) {
        server_environment& shared = environment();
        const pool_source pool = [&shared] { return shared.pool(); };
        auto part = std::make_shared<Collaborator>(std::move(collaborator));
        if constexpr (auth_backend<Collaborator>)
            shared.auth.emplace(std::move(part), pool);
        else if constexpr (rate_limiter<Collaborator>)
            shared.limiter.emplace(std::move(part), pool);
        else if constexpr (session_store<Collaborator>)
            shared.sessions = any_session_store(std::move(part), pool);
        else if constexpr (sse_broker<Collaborator>)
            shared.topics = any_broker(std::move(part), pool);
        else if constexpr (replay_log<Collaborator>)
            shared.replay.emplace(std::move(part), pool);
        else if constexpr (request_state<Collaborator>)
            shared.state = any_request_state(std::move(part));
    }
};

template <class... Collaborators>
server(const char*, const char*, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(std::string, std::string, Collaborators...) -> server<Collaborators...>;
template <class... Collaborators>
server(server_info, Collaborators...) -> server<Collaborators...>;

} // namespace mcp

// ---- mcp/transport/http_policy.hpp

namespace mcp {

/// Which Host and Origin values an endpoint accepts: the guard against DNS rebinding and against
/// pages of other sites. [MCP 2025-11-25 basic/transports, security warning]
///
/// By default a peer on this machine must name the host `localhost`, `127.0.0.1` or `[::1]` (a page
/// of a site that rebinds its name to 127.0.0.1 cannot), and a browser's Origin must be such a name
/// or the host itself. Behind a proxy on the same machine, list the public names.
struct http_policy {
    /// Host names, without port, that are accepted; `*` accepts all. Unset: the default above.
    std::optional<std::vector<std::string>> hosts{};
    /// Origins, as `https://app.example.com`, that are accepted beside the default; `*` is all.
    std::vector<std::string> origins{};
};

/// The host of `authority`, without its port: `[::1]:80` is `[::1]`.
constexpr std::string_view host_of(std::string_view authority) noexcept {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        return end == authority.npos ? authority : authority.substr(0, end + 1);
    }
    return authority.substr(0, authority.find(':'));
}

/// Whether the host is a name of this machine that no DNS server can give to another.
constexpr bool is_localhost(std::string_view host) noexcept {
    return http::iequals(host, "localhost") || host == "127.0.0.1" || host == "[::1]" ||
           host == "::1";
}

/// Whether the peer is on this machine; a socket for both families shows it as `::ffff:127.0.0.1`.
inline bool is_local(const asio::ip::address& peer) {
    if (peer.is_v6() && peer.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback();
    return peer.is_loopback();
}

/// Whether the request's Host is acceptable.
inline bool accepts_host(const http_policy& policy, const http::request& request) {
    const auto value = request.headers.find("host");
    const std::string_view host = host_of(value.value_or(""));
    if (!policy.hosts)
        return !is_local(request.remote) || !value || is_localhost(host);
    return std::any_of(policy.hosts->begin(), policy.hosts->end(), [&](const std::string& allowed) {
        return allowed == "*" || http::iequals(allowed, host);
    });
}

/// Whether the request's Origin, if it has one, is acceptable.
inline bool accepts_origin(const http_policy& policy, const http::request& request) {
    const auto origin = request.headers.find("origin");
    if (!origin)
        return true;
    if (request.headers.count("origin") > 1)
        return false;
    for (const std::string& allowed : policy.origins)
        if (allowed == "*" || http::iequals(allowed, *origin))
            return true;
    const auto scheme = origin->find("://");
    if (scheme == origin->npos)
        return false; // "null" is the Origin of sandboxed and redirected pages
    const std::string_view authority = origin->substr(scheme + 3);
    const auto host = request.headers.find("host");
    if (host && http::iequals(authority, *host))
        return true;
    return !policy.hosts && is_localhost(host_of(authority));
}

/// Whether one of the media ranges of an Accept header covers `type`, as `application/json`.
/// Parameters are not looked at. [RFC 9110 §12.5.1]
constexpr bool accepts_media(std::string_view accept, std::string_view type) noexcept {
    while (!accept.empty()) {
        const auto comma = accept.find(',');
        std::string_view range = accept.substr(0, comma);
        accept.remove_prefix(comma == accept.npos ? accept.size() : comma + 1);
        range = range.substr(0, range.find(';'));
        while (range.starts_with(' ') || range.starts_with('\t'))
            range.remove_prefix(1);
        while (range.ends_with(' ') || range.ends_with('\t'))
            range.remove_suffix(1);
        if (range == "*/*" || http::iequals(range, type))
            return true;
        if (range.ends_with("/*") &&
            http::iequals(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1)))
            return true;
    }
    return false;
}

/// Whether the request accepts a response of `type`. Several Accept fields are one list, and none
/// accepts nothing: who wants the default of [RFC 9110 §12.5.1] asks for it.
inline bool accepts_media(const http::fields& headers, std::string_view type) noexcept {
    return std::any_of(headers.begin(), headers.end(), [&](const http::field& each) {
        return http::iequals(each.name, "accept") && accepts_media(each.value, type);
    });
}

/// Whether a Content-Type header names `type`, parameters aside.
constexpr bool is_media(std::string_view content_type, std::string_view type) noexcept {
    std::string_view name = content_type.substr(0, content_type.find(';'));
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return http::iequals(name, type);
}

} // namespace mcp

// ---- mcp/transport/http_reply.hpp

namespace mcp {

/// The messages of one request on their way to an HTTP response.
///
/// The response stays undecided until the first message: if the request ends before, its answer is
/// one JSON body; else the response is an SSE stream ("lazy SSE"). Thread-safe.
class http_reply final : public message_sink {
public:
    http_reply() : reader_(std::make_shared<mailbox>()) {}

    /// Called, once and from any thread, when the reader is too slow and was cut off.
    void on_overflow(std::function<void()> act) { overflow_ = std::move(act); }

    void send(std::string message) override {
        std::unique_lock lock(mutex_);
        streaming_ = true;
        const bool full = !push(message);
        lock.unlock();
        if (full && overflow_)
            overflow_();
    }

    void finish(std::string response, reply_status status) override {
        std::lock_guard lock(mutex_);
        finished_ = true;
        status_ = status;
        if (!streaming_)
            answer_ = std::move(response);
        else if (!response.empty())
            push(response);
        reader_->close();
    }

    /// Makes the response a stream now, before there is a message.
    void start_stream() {
        std::lock_guard lock(mutex_);
        streaming_ = true;
    }

    /// SSE text for the connection, if the response is a stream.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// The whole answer, if the request has ended without becoming a stream.
    std::optional<reply_status> take_answer(std::string& body) {
        std::lock_guard lock(mutex_);
        if (!finished_ || streaming_)
            return std::nullopt;
        body = std::move(answer_);
        return status_;
    }

private:
    /// False if the reader is too slow: it is cut off.
    bool push(const std::string& message) {
        std::string text;
        text.reserve(message.size() + 32);
        sse::append_event(text, sse::event{.data = message, .name = "message"});
        if (reader_->push(std::move(text)) != push_result::full)
            return true;
        reader_->abandon();
        return false;
    }

    const std::shared_ptr<mailbox> reader_;
    std::mutex mutex_;
    bool streaming_ = false;
    bool finished_ = false;
    reply_status status_ = reply_status::ok;
    std::string answer_;
    std::function<void()> overflow_;
};

/// A response body fed from a mailbox of SSE text.
class mailbox_stream final : public http::body_stream {
public:
    /// `closed` is called when the peer goes, and not when the stream ends by itself; `drained`
    /// when the server shuts down: without it, the stream goes on until its request has ended.
    explicit mailbox_stream(std::shared_ptr<mailbox> from, std::function<void()> closed = {},
                            std::function<void()> drained = {})
        : from_(std::move(from))
        , closed_(std::move(closed))
        , drained_(std::move(drained)) {}

    asio::awaitable<bool> read(std::string& out) override {
        const std::size_t before = out.size();
        std::string text;
        while (from_->try_pop(text))
            out += text;
        if (out.size() != before)
            co_return true;
        const bool more = co_await from_->wait();
        while (from_->try_pop(text))
            out += text;
        if (more && out.size() == before)
            sse::append_comment(out); // poked: a keep-alive
        co_return more || out.size() != before;
    }

    bool ready() const noexcept override { return !from_->empty() || from_->closed(); }

    void close() noexcept override {
        from_->abandon();
        if (closed_)
            closed_();
    }

    void drain() noexcept override {
        if (drained_)
            drained_();
    }

    void idle() noexcept override { from_->poke(); }

private:
    std::shared_ptr<mailbox> from_;
    std::function<void()> closed_;
    std::function<void()> drained_;
};

} // namespace mcp

// ---- mcp/transport/inbound.hpp

namespace mcp {

/// Which of the two wires a message belongs to.
enum class era : std::uint8_t { legacy, modern };

/// What the message says of its revision in its own `_meta`, be it what it may; null if nothing.
inline const json* claimed_revision(const json& message) noexcept {
    const json_object* object = message.if_object();
    const json* params = object ? object->if_contains("params") : nullptr;
    const json_object* inside = params ? params->if_object() : nullptr;
    const json* meta = inside ? inside->if_contains("_meta") : nullptr;
    const json_object* members = meta ? meta->if_object() : nullptr;
    return members ? members->if_contains(meta_key::protocol_version) : nullptr;
}

/// Whether the message claims to be of the modern wire. It is then judged as that, and there is no
/// way back.
inline bool claims_modern(const json& message) noexcept {
    return claimed_revision(message) != nullptr;
}

/// The era of one message, decided by the message itself; a transport with headers says what
/// revision its header names, if any.
///
/// `initialize` is legacy unless it claims a revision that is modern, responses unless they claim
/// any; a header that names a modern, or an unknown, revision makes the rest modern, so that what
/// is missing is told and not guessed.
inline era era_of(const json& message, std::optional<std::string_view> header = {}) noexcept {
    const json* claim = claimed_revision(message);
    const json_object* object = message.if_object();
    const json* method = object ? object->if_contains("method") : nullptr;
    if (method && method->is_string() && method->get_string() == "initialize") {
        const auto claimed =
            claim && claim->is_string() ? parse_revision(claim->get_string()) : std::nullopt;
        return claimed && is_modern(*claimed) ? era::modern : era::legacy;
    }
    if (claim)
        return era::modern;
    if (!method || !header)
        return era::legacy;
    const auto named = parse_revision(*header);
    return !named || is_modern(*named) ? era::modern : era::legacy;
}

} // namespace mcp

// ---- mcp/transport/legacy/event_id.hpp

namespace mcp::legacy {

/// Names an event among all events of a session: `<stream>-<sequence>`.
/// [MCP 2025-11-25 basic/transports, resumability]
struct event_id {
    std::uint64_t stream = 0;
    std::uint64_t sequence = 0;

    std::string text() const { return std::to_string(stream) + '-' + std::to_string(sequence); }

    /// The id that `text` spells, or nothing.
    static std::optional<event_id> parse(std::string_view text) {
        event_id id;
        const char* const end = text.data() + text.size();
        const auto stream = std::from_chars(text.data(), end, id.stream);
        if (stream.ec != std::errc() || stream.ptr == end || *stream.ptr != '-')
            return std::nullopt;
        const auto sequence = std::from_chars(stream.ptr + 1, end, id.sequence);
        if (sequence.ec != std::errc() || sequence.ptr != end)
            return std::nullopt;
        return id;
    }
};

} // namespace mcp::legacy

// ---- mcp/transport/legacy/event_stream.hpp

namespace mcp::legacy {

/// A message on its way through a broker, with its place in its stream: `<sequence>.<message>`, or
/// `<sequence>!<message>` for the last one. The sequence is 0 where there is no log.
struct envelope {
    std::uint64_t sequence = 0;
    bool last = false;
    std::string_view message;

    static std::string write(std::uint64_t sequence, std::string_view marked) {
        return std::to_string(sequence).append(marked);
    }
    static std::optional<envelope> read(std::string_view text) {
        envelope read;
        const auto number = std::from_chars(text.data(), text.data() + text.size(), read.sequence);
        const auto mark = static_cast<std::size_t>(number.ptr - text.data());
        if (number.ec != std::errc() || mark == text.size() ||
            (text[mark] != '.' && text[mark] != '!'))
            return std::nullopt;
        read.last = text[mark] == '!';
        read.message = text.substr(mark + 1);
        return read;
    }
};

/// One stream of a session as one GET reads it: the session's own (number 0), or that of a response
/// whose connection was lost.
///
/// Every event with a sequence is given once and in order, whatever way it comes: from the log, or
/// by the broker, late, twice or never. What the log has lost is told. All members may be called
/// from any thread.
class event_stream final : public subscriber, public std::enable_shared_from_this<event_stream> {
public:
    /// `after` is the last event that the client has; what it says must hold until `replayed`.
    event_stream(server_environment& environment, asio::any_io_executor executor,
                 std::string session, std::uint64_t stream, std::uint64_t after)
        : environment_(environment)
        , executor_(std::move(executor))
        , session_(std::move(session))
        , stream_(stream)
        , last_(after)
        , reader_(std::make_shared<mailbox>()) {}

    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// The first event of a stream: an id, no message, and when to come back.
    void prime(std::chrono::milliseconds retry) {
        const std::string id = event_id{stream_, last_}.text();
        std::string text;
        sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry});
        reader_->push(std::move(text));
    }

    /// Takes what the log has, and then what has come meanwhile. Called once, after the topic has
    /// been joined; without a log with nothing.
    void begin(const replayed& from_log) {
        std::lock_guard lock(mutex_);
        began_ = true;
        if (!from_log.whole && from_log.events.empty())
            tell_gap("null"); // how many is not known, nor whether more will come
        take(from_log);
    }

    /// Marks the session as used, because its client listens; ends the stream if it is no more.
    void keep_session() { asio::co_spawn(executor_, visit(shared_from_this()), asio::detached); }

    /// Looks into the log for what the broker may have lost.
    void catch_up() {
        {
            std::lock_guard lock(mutex_);
            if (!began_ || filling_ || !environment_.replay)
                return;
            filling_ = true;
        }
        asio::co_spawn(executor_, fill(shared_from_this()), asio::detached);
    }

    bool deliver(std::string_view, const std::string& text) override {
        const auto event = envelope::read(text);
        if (!event)
            return pass_on(text);
        bool gap = false;
        {
            std::lock_guard lock(mutex_);
            if (event->sequence == 0)
                return push({}, event->message);
            if (event->sequence <= last_)
                return true;
            early_.emplace(event->sequence, std::string(text));
            if (!began_)
                return true;
            flush();
            gap = !early_.empty();
        }
        if (gap)
            catch_up();
        return !reader_->closed();
    }

    void taken_over() noexcept override { reader_->close(); }

private:
    /// A message that is no event of this stream yet, such as a change of a list: it becomes one.
    bool pass_on(const std::string& message) {
        if (!environment_.replay) {
            std::lock_guard lock(mutex_);
            return push({}, message);
        }
        asio::co_spawn(executor_, record(shared_from_this(), message), asio::detached);
        return !reader_->closed();
    }

    static asio::awaitable<void> record(std::shared_ptr<event_stream> self, std::string message) {
        try {
            const std::string marked = '.' + message;
            auto step = self->environment_.replay->append(self->session_, self->stream_, marked);
            if (!step.ready())
                co_await step.settle();
            self->deliver({}, envelope::write(step.take(), marked));
        } catch (const std::exception& e) {
            self->environment_.log(log_level::warning,
                                   std::string("an event could not be recorded: ") + e.what());
            std::lock_guard lock(self->mutex_);
            self->push({}, message);
        }
    }

    static asio::awaitable<void> visit(std::shared_ptr<event_stream> self) {
        try {
            auto step = self->environment_.sessions.find(self->session_);
            if (!step.ready())
                co_await step.settle();
            if (!step.take())
                self->reader_->close();
        } catch (const std::exception&) { // the store is away: streams stay open meanwhile
        }
    }

    static asio::awaitable<void> fill(std::shared_ptr<event_stream> self) {
        try {
            std::uint64_t after = 0;
            {
                std::lock_guard lock(self->mutex_);
                after = self->last_;
            }
            auto step = self->environment_.replay->after(self->session_, self->stream_, after);
            if (!step.ready())
                co_await step.settle();
            const replayed found = step.take();
            std::lock_guard lock(self->mutex_);
            self->filling_ = false;
            self->take(found);
        } catch (const std::exception&) { // the log is away: the next event, or tick, tries again
            std::lock_guard lock(self->mutex_);
            self->filling_ = false;
        }
    }

    void take(const replayed& from_log) {
        for (const replay_event& each : from_log.events)
            if (each.sequence > last_)
                early_.try_emplace(each.sequence, envelope::write(each.sequence, each.message));
        if (!from_log.whole && !early_.empty() && early_.begin()->first > last_ + 1) {
            tell_gap(std::to_string(early_.begin()->first - last_ - 1));
            last_ = early_.begin()->first - 1;
        }
        flush();
    }

    /// Gives what follows the last event without a gap, in one piece: how much was missed is no
    /// sign of a slow reader.
    void flush() {
        std::string text;
        bool last = false;
        while (!early_.empty() && early_.begin()->first <= last_ + 1) {
            const auto node = early_.extract(early_.begin());
            if (node.key() <= last_)
                continue;
            last_ = node.key();
            const auto event = envelope::read(node.mapped());
            if (!event)
                continue;
            if (!event->message.empty())
                append(text, event_id{stream_, last_}.text(), event->message);
            last = last || event->last;
        }
        if (!text.empty())
            put(std::move(text));
        if (last)
            reader_->close();
    }

    void tell_gap(std::string_view lost) {
        std::string text;
        write_log(text, log_message(log_level::warning,
                                    R"({"lostEvents":)" + std::string(lost) + '}', "replay"));
        push({}, text);
    }

    static void append(std::string& out, std::string_view id, std::string_view message) {
        sse::append_event(out, sse::event{.data = message, .id = id, .name = "message"});
    }

    bool push(std::string_view id, std::string_view message) {
        std::string text;
        text.reserve(message.size() + id.size() + 32);
        append(text, id, message);
        return put(std::move(text));
    }

    bool put(std::string text) {
        const push_result pushed = reader_->push(std::move(text));
        if (pushed == push_result::full)
            reader_->abandon(); // too slow: it is cut off, and may come back to the log
        return pushed == push_result::taken;
    }

    server_environment& environment_;
    const asio::any_io_executor executor_;
    const std::string session_;
    const std::uint64_t stream_;

    std::mutex mutex_;
    std::uint64_t last_;
    std::map<std::uint64_t, std::string> early_; ///< envelopes that wait for those before them
    bool began_ = false;
    bool filling_ = false;
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy

// ---- mcp/transport/legacy/live_sessions.hpp

namespace mcp::legacy {

/// What this process has under way for sessions, by id: made from their records when a request
/// comes, and dropped when nothing has come for a while. Thread-safe.
class live_sessions {
public:
    /// `request_prefix` begins the ids of requests to clients.
    explicit live_sessions(std::string request_prefix)
        : request_prefix_(std::move(request_prefix)) {}

    /// The session that a record is of, up to date with it.
    std::shared_ptr<session> obtain(const session_record& record) {
        std::shared_ptr<session> found;
        {
            shard& home = shard_of(record.id);
            std::lock_guard lock(home.mutex);
            const auto now = std::chrono::steady_clock::now();
            const auto at = home.sessions.find(record.id);
            if (at != home.sessions.end()) {
                at->second.seen = now;
                found = at->second.live;
            } else {
                found = std::make_shared<session>(
                    record.id, handshake{record.revision, record.client, record.capabilities},
                    request_prefix_);
                sweep(home, now);
                home.sessions.emplace(record.id, entry{found, now});
            }
        }
        found->refresh(record.threshold, record.subscriptions);
        return found;
    }

    /// The session, if something is known of it here.
    std::shared_ptr<session> find(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto at = home.sessions.find(id);
        return at == home.sessions.end() ? nullptr : at->second.live;
    }

    /// Forgets the session and cancels what is under way for it.
    void end(std::string_view id) {
        std::shared_ptr<session> gone;
        {
            shard& home = shard_of(id);
            std::lock_guard lock(home.mutex);
            const auto at = home.sessions.find(id);
            if (at == home.sessions.end())
                return;
            gone = std::move(at->second.live);
            home.sessions.erase(at);
        }
        gone->cancel_all();
        gone->hang_up();
    }

    std::size_t size() const {
        std::size_t all = 0;
        for (const shard& each : shards_) {
            std::lock_guard lock(each.mutex);
            all += each.sessions.size();
        }
        return all;
    }

private:
    struct entry {
        std::shared_ptr<session> live;
        std::chrono::steady_clock::time_point seen;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, entry, text_hash, std::equal_to<>> sessions;
        std::chrono::steady_clock::time_point swept{};
    };

    shard& shard_of(std::string_view id) {
        return shards_[std::hash<std::string_view>{}(id) % shards_.size()];
    }

    /// Drops what nobody has used for ten minutes and nothing else holds: it can be made again.
    static void sweep(shard& home, std::chrono::steady_clock::time_point now) {
        if (now - home.swept < std::chrono::minutes(1))
            return;
        home.swept = now;
        std::erase_if(home.sessions, [now](const auto& each) {
            return now - each.second.seen > std::chrono::minutes(10) &&
                   each.second.live.use_count() == 1;
        });
    }

    const std::string request_prefix_;
    std::array<shard, 16> shards_;
};

} // namespace mcp::legacy

// ---- mcp/transport/legacy/node.hpp

namespace mcp::legacy {

/// One endpoint among the processes that serve the same sessions: by the broker it hears from the
/// others what concerns requests that run here. [DESIGN §6]
class node final : public subscriber, public std::enable_shared_from_this<node> {
public:
    explicit node(server_environment& environment)
        : environment_(environment)
        , name_(random_token(9))
        , sessions_(name_ + '.') {}

    /// Starts to hear from the others.
    void join() {
        environment_.topics.join(topic(name_), shared_from_this());
        environment_.topics.join(std::string(everybody), shared_from_this());
    }
    void leave() {
        environment_.topics.unsubscribe(topic(name_), this);
        environment_.topics.unsubscribe(std::string(everybody), this);
    }

    /// What is under way here.
    live_sessions& sessions() noexcept { return sessions_; }

    /// Gives a client's response to the request that waits for it, wherever that is. Nothing
    /// happens if there is none.
    void answer(session& here, const jsonrpc::message& response, const json& text) {
        if (here.answer(response))
            return;
        const auto whose = node_of(response.id);
        if (!whose || *whose == name_)
            return;
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", std::string_view(here.id()));
        w.member("answer", text);
        w.end_object();
        environment_.topics.post(topic(*whose), std::move(message));
    }

    /// Cancels a request of a session, wherever it runs.
    void cancel(session& here, const jsonrpc::id& request) {
        if (here.cancel(request))
            return;
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", std::string_view(here.id()));
        w.member_raw("cancel", request.text());
        w.end_object();
        environment_.topics.post(std::string(everybody), std::move(message));
    }

    /// Ends a session everywhere.
    void end(std::string_view session_id) {
        sessions_.end(session_id);
        std::string message;
        json_writer w(message);
        w.begin_object();
        w.member("session", session_id);
        w.member("ended", true);
        w.end_object();
        environment_.topics.post(std::string(everybody), std::move(message));
    }

    bool deliver(std::string_view, const std::string& text) override {
        const auto parsed = parse_json(text);
        const json_object* told = parsed ? parsed->if_object() : nullptr;
        const json* id = told ? told->if_contains("session") : nullptr;
        if (!id || !id->is_string())
            return false;
        const std::string_view session_id = id->get_string();
        if (told->contains("ended")) {
            sessions_.end(session_id);
            return true;
        }
        const auto here = sessions_.find(session_id);
        if (!here)
            return false;
        if (const json* request = told->if_contains("cancel")) {
            const auto named = jsonrpc::id::from(*request);
            return named && here->cancel(*named);
        }
        const json* response = told->if_contains("answer");
        if (!response)
            return false;
        const auto message = jsonrpc::read_message(*response);
        return message && here->answer(*message);
    }

private:
    static constexpr std::string_view everybody = "nodes";

    static std::string topic(std::string_view name) { return "node:" + std::string(name); }

    /// The process that made a request id, `"<name>.<number>"`.
    static std::optional<std::string> node_of(const jsonrpc::id& id) {
        std::string_view text = id.text();
        const auto dot = text.rfind('.');
        if (!text.starts_with('"') || dot == text.npos)
            return std::nullopt;
        return std::string(text.substr(1, dot - 1));
    }

    server_environment& environment_;
    const std::string name_;
    live_sessions sessions_;
};

} // namespace mcp::legacy

// ---- mcp/transport/legacy/recorded_reply.hpp

namespace mcp::legacy {

/// The response stream of one request whose events are recorded: a client that loses the connection
/// comes back for the rest, here or at another process. [MCP 2025-11-25 basic/transports]
///
/// Each message is recorded, then given to the connection that the request came by, and published
/// for those who have come back. `send` and `finish` may be called from any thread.
class recorded_reply final : public message_sink,
                             public std::enable_shared_from_this<recorded_reply> {
public:
    /// `retry`, if set, lets the client come back: it is told when in a priming event.
    recorded_reply(server_environment& environment, std::string session, std::uint64_t stream,
                   std::optional<std::chrono::milliseconds> retry)
        : environment_(environment)
        , session_(std::move(session))
        , stream_(stream)
        , retry_(retry)
        , reader_(std::make_shared<mailbox>()) {}

    /// SSE text for the connection that the request came by.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// Starts the stream; what is sent is recorded on `executor`.
    void start(const asio::any_io_executor& executor) {
        if (retry_) {
            const std::string id = event_id{stream_, 0}.text();
            std::string text;
            sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry_});
            reader_->push(std::move(text));
        }
        queue_.push("."); // an event without a message: from now on the log knows the stream
        asio::co_spawn(executor, pump(shared_from_this()), asio::detached);
    }

    void send(std::string message) override { queue_.push('.' + message); }

    void finish(std::string response, reply_status) override {
        queue_.push('!' + response);
        queue_.close();
    }

    /// Only after a priming event: without its id the client could not come back.
    void close_stream() override {
        if (retry_)
            queue_.push("-"); // in its turn, after what was sent before
    }

private:
    static asio::awaitable<void> pump(std::shared_ptr<recorded_reply> self) {
        std::string marked;
        do {
            while (self->queue_.try_pop(marked)) {
                if (marked == "-")
                    self->reader_->close();
                else
                    co_await self->pass_on(std::move(marked));
            }
        } while (co_await self->queue_.wait());
        self->reader_->close();
    }

    asio::awaitable<void> pass_on(std::string marked) {
        std::uint64_t sequence = 0;
        try {
            auto step = environment_.replay->append(session_, stream_, marked);
            if (!step.ready())
                co_await step.settle();
            sequence = step.take();
        } catch (const std::exception& e) {
            environment_.log(log_level::warning,
                             std::string("an event could not be recorded: ") + e.what());
        }
        const std::string id = sequence ? event_id{stream_, sequence}.text() : std::string();
        if (marked.size() > 1) { // a cancelled request ends without a message
            std::string text;
            sse::append_event(text, sse::event{.data = std::string_view(marked).substr(1),
                                               .id = id,
                                               .name = "message"});
            if (reader_->push(std::move(text)) == push_result::full)
                reader_->abandon();
        }
        environment_.topics.post(stream_topic(session_, stream_),
                                 envelope::write(sequence, marked));
    }

    server_environment& environment_;
    const std::string session_;
    const std::uint64_t stream_;
    const std::optional<std::chrono::milliseconds> retry_;
    mailbox queue_{{.messages = 64 * 1024, .bytes = 64 * 1024 * 1024}};
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy

// ---- mcp/transport/legacy/session_events.hpp

namespace mcp::legacy {

/// What a GET joins so that its stream carries all that it should: the session's own topic, the
/// lists, and the resources that the session has subscribed to, whichever process it told.
class session_topics final : public subscriber,
                             public std::enable_shared_from_this<session_topics> {
public:
    session_topics(server_environment& environment, std::string session,
                   std::shared_ptr<event_stream> stream)
        : environment_(environment)
        , session_(std::move(session))
        , stream_(std::move(stream)) {}

    /// Joins all topics; completes when the broker has confirmed the session's own, which no other
    /// stream has from then on.
    asio::awaitable<void> join(session_ptr record) {
        const auto self = shared_from_this();
        const any_broker& topics = environment_.topics;
        auto claimed = topics.claim(session_topic(session_), stream_);
        if (!claimed.ready())
            co_await claimed.settle();
        for (const std::string_view topic : session::common_topics) {
            auto step = topics.subscribe(std::string(topic), stream_);
            if (!step.ready())
                co_await step.settle();
        }
        auto step = topics.subscribe(record_topic(session_), self);
        if (!step.ready())
            co_await step.settle();
        follow(*record);
    }

    /// Leaves them.
    void leave() {
        const any_broker& topics = environment_.topics;
        topics.unsubscribe(session_topic(session_), stream_.get());
        for (const std::string_view topic : session::common_topics)
            topics.unsubscribe(std::string(topic), stream_.get());
        topics.unsubscribe(record_topic(session_), this);
        std::lock_guard lock(mutex_);
        for (const std::string& uri : uris_)
            topics.unsubscribe(resource_topic(uri), stream_.get());
        uris_.clear();
        left_ = true;
    }

    /// What is published in place of a record when the session has ended.
    static constexpr std::string_view ended = "ended";

    /// The record has changed, in this process or in another.
    bool deliver(std::string_view, const std::string& text) override {
        if (text == ended)
            stream_->taken_over();
        else if (const auto record = session_from_text(text))
            follow(*record);
        return true;
    }

private:
    void follow(const session_record& record) {
        const std::set<std::string> wanted(record.subscriptions.begin(),
                                           record.subscriptions.end());
        std::lock_guard lock(mutex_);
        if (left_)
            return;
        for (const std::string& uri : wanted)
            if (!uris_.contains(uri))
                environment_.topics.join(resource_topic(uri), stream_);
        for (const std::string& uri : uris_)
            if (!wanted.contains(uri))
                environment_.topics.unsubscribe(resource_topic(uri), stream_.get());
        uris_ = wanted;
    }

    server_environment& environment_;
    const std::string session_;
    const std::shared_ptr<event_stream> stream_;
    std::mutex mutex_;
    std::set<std::string> uris_;
    bool left_ = false;
};

/// The body of a GET: a stream of events, and what is done when it ends.
class get_stream final : public http::body_stream {
public:
    /// `ended` is called once, when the stream has ended or its peer is gone.
    get_stream(std::shared_ptr<event_stream> events, std::function<void()> ended)
        : events_(std::move(events))
        , body_(events_->reader())
        , ended_(std::move(ended)) {}
    ~get_stream() override { ended_(); }

    asio::awaitable<bool> read(std::string& out) override { return body_.read(out); }
    bool ready() const noexcept override { return body_.ready(); }
    void close() noexcept override { body_.close(); }
    void drain() noexcept override { events_->reader()->close(); }
    void idle() noexcept override {
        events_->keep_session();
        events_->catch_up();
        body_.idle();
    }

private:
    std::shared_ptr<event_stream> events_;
    mailbox_stream body_;
    std::function<void()> ended_;
};

} // namespace mcp::legacy

// ---- mcp/transport/listen.hpp

namespace mcp {

/// One `subscriptions/listen`: turns what is published into the messages of its stream, each marked
/// with the id of the request. [MCP 2026-07-28 basic/patterns/subscriptions]
///
/// Lives as long as something holds it; `begin` and `end` bracket its time at the topics. `write`
/// is called from any thread with one whole message.
class listener final : public subscriber, public std::enable_shared_from_this<listener> {
public:
    using writer = std::function<bool(std::string message)>;

    listener(jsonrpc::id id, subscription_filter filter, writer write)
        : id_(std::move(id))
        , filter_(std::move(filter))
        , write_(std::move(write)) {}

    /// Starts to listen, and sends the acknowledgement; does not wait for the broker.
    void begin(const any_broker& topics) {
        for (std::string& topic : subscribed())
            topics.join(std::move(topic), shared_from_this());
        acknowledge();
    }

    /// The same, but the acknowledgement follows the broker's confirmation: nothing that is
    /// published after it is missed. May be awaited on any executor.
    asio::awaitable<void> begin_confirmed(const any_broker& topics) {
        const auto self = shared_from_this();
        for (std::string& topic : subscribed()) {
            auto step = topics.subscribe(std::move(topic), self);
            if (!step.ready())
                co_await step.settle();
        }
        acknowledge();
    }

    void end(const any_broker& topics) {
        for (const std::string& topic : subscribed())
            topics.unsubscribe(topic, this);
    }

    /// The response that ends the stream gracefully.
    std::string goodbye(std::string_view server_info) const {
        std::string message;
        write_listen_end(message, id_, server_info);
        return message;
    }

    bool deliver(std::string_view topic, const std::string&) override {
        constexpr std::string_view resource = "resource:";
        std::string message;
        if (topic.starts_with(resource)) {
            write_resource_updated(message, topic.substr(resource.size()), id_);
        } else if (const auto kind = list_of(topic)) {
            write_list_changed(message, *kind, id_);
        } else {
            return false;
        }
        std::lock_guard lock(mutex_);
        if (acknowledged_)
            return write_(std::move(message));
        early_.push_back(std::move(message));
        return true;
    }

private:
    /// The first message; what was published while the topics were being joined follows it.
    void acknowledge() {
        std::string message;
        write_acknowledged(message, id_, filter_);
        std::lock_guard lock(mutex_);
        write_(std::move(message));
        for (std::string& each : early_)
            write_(std::move(each));
        early_.clear();
        acknowledged_ = true;
    }

    static std::optional<list_kind> list_of(std::string_view topic) {
        for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
            if (list_topic(kind) == topic)
                return kind;
        return std::nullopt;
    }

    std::vector<std::string> subscribed() const {
        std::vector<std::string> names;
        for (const list_kind kind : {list_kind::tools, list_kind::resources, list_kind::prompts})
            if (filter_.wants(kind))
                names.emplace_back(list_topic(kind));
        for (const std::string& uri : filter_.resource_subscriptions)
            names.push_back(resource_topic(uri));
        return names;
    }

    const jsonrpc::id id_;
    const subscription_filter filter_;
    const writer write_;
    std::mutex mutex_;
    bool acknowledged_ = false;
    std::vector<std::string> early_;
};

/// What of a filter this server sends: everything but what belongs to extensions.
inline subscription_filter honoured(subscription_filter asked) {
    asked.task_ids.clear();
    return asked;
}

/// The response body of a listen request.
class listen_stream final : public http::body_stream {
public:
    listen_stream(server_core& server, jsonrpc::id id, subscription_filter filter)
        : server_(server)
        , box_(std::make_shared<mailbox>())
        , listener_(std::make_shared<listener>(
              std::move(id), std::move(filter),
              [box = box_](std::string message) { return push(*box, message); }))
        , body_(box_) {}

    ~listen_stream() override { listener_->end(server_.environment().topics); }

    /// Listens from here on; awaited once, before the stream is read.
    asio::awaitable<void> begin() {
        return listener_->begin_confirmed(server_.environment().topics);
    }

    asio::awaitable<bool> read(std::string& out) override { return body_.read(out); }
    bool ready() const noexcept override { return body_.ready(); }
    void close() noexcept override { body_.close(); }
    void idle() noexcept override { body_.idle(); }
    void drain() noexcept override {
        push(*box_, listener_->goodbye(server_.info_text(latest)));
        box_->close();
    }

private:
    static bool push(mailbox& box, const std::string& message) {
        std::string text;
        sse::append_event(text, sse::event{.data = message, .name = "message"});
        const push_result pushed = box.push(std::move(text));
        if (pushed == push_result::full)
            box.abandon(); // the client is too slow; it may listen again
        return pushed == push_result::taken;
    }

    server_core& server_;
    std::shared_ptr<mailbox> box_;
    std::shared_ptr<listener> listener_;
    mailbox_stream body_;
};

} // namespace mcp

// ---- mcp/transport/memory.hpp

// ---- mcp/transport/serve_connection.hpp

// ---- mcp/transport/message_peer.hpp

namespace mcp {

/// What one client on an ordered channel of messages may cost.
struct peer_options {
    std::size_t message_bytes = 4 * 1024 * 1024; ///< a longer message is refused
    json_limits json{};                          ///< of its text
    std::size_t requests = 256;                  ///< under way at once, listen streams included
    std::size_t batch = 100;                     ///< messages in one batch [MCP 2025-03-26]
    /// Messages that wait to be written; beyond: the client is too slow, and is cut off.
    mailbox_limits output{.messages = 1'000'000, .bytes = 64 * 1024 * 1024};
    /// Bytes that wait to be written; beyond: nothing more is read until they are fewer.
    std::size_t output_before_pause = 1024 * 1024;
    /// What the end of the client's input leaves to running requests; then they are cancelled.
    std::chrono::milliseconds drain = std::chrono::seconds(10);
};

/// One client over an ordered channel of whole JSON-RPC messages, both eras: text in, text out. It
/// does no I/O; `serve_connection` is the loop around it.
///
/// Requests that name a modern revision in their `_meta` are stateless. `initialize` begins the one
/// legacy session that a channel has. Both may come over one channel. Answers go out as they become
/// ready, in any order. A client that sends `notifications/cancelled` gets no answer.
/// [MCP 2026-07-28 basic/transports/stdio] [MCP 2025-11-25 basic/transports, stdio]
///
/// Is made by `std::make_shared`. The members but `output` are called on `executor`, which runs one
/// thing at a time (a strand, or the context of one thread); handlers run on it too. The server
/// must outlive the peer.
class message_peer : public std::enable_shared_from_this<message_peer> {
public:
    message_peer(server_core& server, asio::any_io_executor executor, peer_options options = {});
    message_peer(const message_peer&) = delete;
    message_peer& operator=(const message_peer&) = delete;
    ~message_peer();

    /// Takes one message, or a batch; what is wrong with it is answered. Immediate handlers run in
    /// this call.
    void receive(std::string_view text);

    /// Nothing more will come. Ends listen streams and questions to the client; the output closes
    /// when the last request has been answered.
    void end_input();

    /// The client is gone: cancels all that is under way and throws the output away.
    void close();

    /// The messages for the client, JSON text each; ends after the last answer. One reader.
    mailbox& output() noexcept { return channel_->box; }

private:
    /// The way to the client; outlives the peer in the hands of those who publish. Any thread.
    struct channel final : subscriber {
        channel(const server_environment& e, mailbox_limits limits) : environment(e), box(limits) {}
        bool send(std::string message);
        bool deliver(std::string_view, const std::string& message) override {
            return send(message);
        }
        const server_environment& environment;
        mailbox box;
    };

    class batch;
    class immediate_sink;
    class call_sink;
    using batch_ptr = std::shared_ptr<batch>; // null: the message came by itself

    struct task {
        std::function<void()> cancel;
        std::shared_ptr<listener> listening; ///< null unless it is a listen stream
    };

    void receive_batch(const json& messages);
    void receive_modern(const json& value);
    void receive_legacy(const json& value, const batch_ptr& group);
    void initialize(const jsonrpc::message& message);
    void listen(const jsonrpc::message& request);
    void notified(const jsonrpc::message& message);
    void serve(const jsonrpc::message& request, mcp::revision revision,
               std::shared_ptr<legacy::session> session, const batch_ptr& group);
    bool admits(const jsonrpc::id& id, const batch_ptr& group);
    void reply(std::string answer, const batch_ptr& group);
    void refuse(const jsonrpc::error& why, const jsonrpc::id& id, const batch_ptr& group = {});
    void cancel(const jsonrpc::id& id);
    void ended(const jsonrpc::id& id);
    void close_when_idle();
    void leave();

    server_core& server_;
    const asio::any_io_executor executor_;
    const peer_options options_;
    const std::shared_ptr<channel> channel_;
    json_parser parser_;
    std::shared_ptr<legacy::session> session_; // from `initialize` on
    std::unordered_map<jsonrpc::id, task> under_way_;
    bool input_ended_ = false;
};

} // namespace mcp

// ---- mcp/transport/impl/message_peer.hpp

namespace mcp {

inline bool message_peer::channel::send(std::string message) {
    switch (box.push(std::move(message))) {
    case push_result::taken:
        return true;
    case push_result::full:
        environment.log(log_level::error, "the client does not read its messages: cut off");
        box.abandon();
        break;
    case push_result::closed:
        break;
    }
    return false;
}

/// The answers of a batch, sent as one array when the last of them is there.
class message_peer::batch {
public:
    explicit batch(std::shared_ptr<channel> to) : to_(std::move(to)) {}

    void expect() noexcept { ++expected_; }
    void add(std::string_view answer) { answers_.add(answer); }
    void arrived() {
        if (--expected_ == 0 && !answers_.empty())
            to_->send(answers_.take());
    }

private:
    std::shared_ptr<channel> to_;
    jsonrpc::batch_reply answers_;
    std::size_t expected_ = 1; // the reading of the batch itself
};

/// What an immediate handler sends goes out before its answer.
class message_peer::immediate_sink final : public message_sink {
public:
    explicit immediate_sink(channel& to) : to_(to) {}
    void send(std::string message) override { to_.send(std::move(message)); }
    void finish(std::string, reply_status) override {}

private:
    channel& to_;
};

class message_peer::call_sink final : public message_sink {
public:
    call_sink(std::shared_ptr<message_peer> peer, jsonrpc::id id, batch_ptr group)
        : peer_(std::move(peer))
        , id_(std::move(id))
        , group_(std::move(group)) {}

    void send(std::string message) override { peer_->channel_->send(std::move(message)); }
    void finish(std::string response, reply_status) override {
        if (!response.empty())
            peer_->reply(std::move(response), group_);
        if (group_)
            group_->arrived();
        peer_->ended(id_);
    }

private:
    std::shared_ptr<message_peer> peer_;
    jsonrpc::id id_;
    batch_ptr group_;
};

inline message_peer::message_peer(server_core& server, asio::any_io_executor executor,
                                  peer_options options)
    : server_(server)
    , executor_(std::move(executor))
    , options_(options)
    , channel_(std::make_shared<channel>(server.environment(), options.output))
    , parser_(options.json) {}

inline message_peer::~message_peer() {
    leave();
}

inline void message_peer::receive(std::string_view text) {
    if (text.size() > options_.message_bytes)
        return refuse(invalid_request("A message may have at most " +
                                      std::to_string(options_.message_bytes) + " bytes"),
                      {});
    const auto parsed = parser_.parse(text);
    if (!parsed)
        return refuse({jsonrpc::errc::parse_error, "Parse error: " + parsed.error().what()}, {});
    const json& value = **parsed;
    const server_options& served = server_.options();
    if (value.is_array())
        return receive_batch(value);
    if (!served.legacy || (served.modern && claims_modern(value)))
        return receive_modern(value);
    return receive_legacy(value, {});
}

inline void message_peer::receive_batch(const json& messages) {
    if (!session_ || !has_batches(session_->revision()))
        return refuse(invalid_request("Only revision 2025-03-26 has batches"), {});
    const auto members = jsonrpc::read_batch(messages, options_.batch);
    if (!members)
        return refuse(members.error(), {});
    for (const json& each : **members)
        if (claims_modern(each))
            return refuse(invalid_request("A modern request is no part of a batch"), {});
    const auto group = std::make_shared<batch>(channel_);
    for (const json& each : **members)
        receive_legacy(each, group);
    group->arrived();
}

inline void message_peer::receive_modern(const json& value) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse(message.error(), jsonrpc::readable_id(value));
    if (message->kind == jsonrpc::message_kind::notification)
        return notified(*message);
    if (message->kind != jsonrpc::message_kind::request)
        return; // nothing was asked, and a response gets no answer
    const auto meta = read_request_meta(message->params);
    if (!meta)
        return refuse(invalid_params(meta.error().what()), message->id);
    if (const auto missing = check_modern_meta(*meta))
        return refuse(*missing, message->id);
    const auto revision = parse_revision(meta->protocol_version);
    if (!revision || !is_modern(*revision))
        return refuse(unsupported_protocol_version(meta->protocol_version), message->id);
    if (message->method == "subscriptions/listen")
        return listen(*message);
    serve(*message, *revision, {}, {});
}

/// [MCP 2025-11-25 basic/lifecycle]
inline void message_peer::receive_legacy(const json& value, const batch_ptr& group) {
    const auto message = jsonrpc::read_message(value);
    if (!message)
        return refuse(message.error(), jsonrpc::readable_id(value), group);
    switch (message->kind) {
    case jsonrpc::message_kind::notification:
        return notified(*message);
    case jsonrpc::message_kind::result:
    case jsonrpc::message_kind::error:
        if (session_)
            session_->answer(*message);
        return;
    case jsonrpc::message_kind::request:
        break;
    }
    if (message->method == "initialize") {
        if (group)
            return refuse(invalid_request("initialize cannot be part of a batch"), message->id,
                          group);
        return initialize(*message);
    }
    if (!session_ && message->method != "ping")
        return refuse(invalid_request("Send initialize first, or name a modern revision in "
                                      "params._meta of each request"),
                      message->id);
    serve(*message, session_ ? session_->revision() : latest_legacy, session_, group);
}

inline void message_peer::initialize(const jsonrpc::message& message) {
    if (session_)
        return refuse(invalid_request("The session is initialized already"), message.id);
    auto agreed = legacy::read_handshake(message.params);
    if (!agreed)
        return refuse(agreed.error(), message.id);
    session_ = std::make_shared<legacy::session>(std::string(), std::move(*agreed));
    std::string answer;
    legacy::write_handshake(answer, server_, message.id, session_->revision());
    channel_->send(std::move(answer));
    session_->listen(server_.environment().topics, channel_);
}

/// [MCP 2026-07-28 basic/patterns/subscriptions]
inline void message_peer::listen(const jsonrpc::message& request) {
    if (!admits(request.id, {}))
        return;
    auto filter = read_listen_params(request.params);
    if (!filter)
        return refuse(invalid_params("params." + filter.error().what()), request.id);
    auto write = [to = channel_](std::string message) { return to->send(std::move(message)); };
    auto listening =
        std::make_shared<listener>(request.id, honoured(std::move(*filter)), std::move(write));
    listening->begin(server_.environment().topics);
    under_way_.emplace(request.id, task{{}, std::move(listening)});
}

inline void message_peer::notified(const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        cancel(cancelled->request);
}

inline void message_peer::serve(const jsonrpc::message& request, mcp::revision revision,
                                std::shared_ptr<legacy::session> session, const batch_ptr& group) {
    if (!admits(request.id, group))
        return;
    job later;
    {
        immediate_sink sink(*channel_);
        context ctx(server_.environment(), caller{revision, &sink, session.get()}, request.params);
        std::string answer;
        reply_status status = reply_status::ok;
        if (server_.answer(ctx, request, answer, status, later))
            return reply(std::move(answer), group);
    }
    async_call::request kept;
    kept.id = request.id;
    kept.method = request.method;
    if (request.params)
        kept.params = json_object(*request.params, json_storage{});
    kept.revision = revision;
    kept.session = std::move(session);
    kept.server_info = server_.info_text(revision);
    if (group)
        group->expect();
    const auto call = std::make_shared<async_call>(
        server_.environment(), executor_, std::move(kept),
        std::make_shared<call_sink>(shared_from_this(), request.id, group), std::move(later));
    auto stop = [weak = std::weak_ptr<async_call>(call)] {
        if (const auto running = weak.lock())
            running->cancel();
    };
    under_way_.emplace(request.id, task{std::move(stop), {}}); // before it starts: it may end there
    call->start();
}

/// Whether a request may begin; if not, it has been answered.
inline bool message_peer::admits(const jsonrpc::id& id, const batch_ptr& group) {
    if (under_way_.contains(id))
        refuse(invalid_request("A request with this id is under way"), id, group);
    else if (under_way_.size() >= options_.requests)
        refuse({jsonrpc::errc::internal_error, "At most " + std::to_string(options_.requests) +
                                                   " requests may be under way at once"},
               id, group);
    else
        return true;
    return false;
}

inline void message_peer::reply(std::string answer, const batch_ptr& group) {
    if (group)
        group->add(answer);
    else
        channel_->send(std::move(answer));
}

inline void message_peer::refuse(const jsonrpc::error& why, const jsonrpc::id& id,
                                 const batch_ptr& group) {
    const bool old = session_ && !omits_unknown_id(session_->revision());
    std::string answer;
    jsonrpc::write_error(answer, id, why,
                         old ? jsonrpc::unknown_id::null : jsonrpc::unknown_id::omitted);
    reply(std::move(answer), group);
}

/// [MCP 2026-07-28 basic/patterns/cancellation]
inline void message_peer::cancel(const jsonrpc::id& id) {
    const auto found = under_way_.find(id);
    if (found == under_way_.end())
        return;
    if (!found->second.listening)
        return found->second.cancel(); // forgotten when it has ended
    found->second.listening->end(server_.environment().topics);
    under_way_.erase(found);
}

inline void message_peer::ended(const jsonrpc::id& id) {
    under_way_.erase(id);
    close_when_idle();
}

inline void message_peer::close_when_idle() {
    if (input_ended_ && under_way_.empty())
        channel_->box.close();
}

inline void message_peer::end_input() {
    input_ended_ = true;
    if (session_)
        session_->hang_up();
    for (auto at = under_way_.begin(); at != under_way_.end();) {
        const auto listening = at->second.listening;
        if (!listening) {
            ++at;
            continue;
        }
        listening->end(server_.environment().topics);
        channel_->send(listening->goodbye(server_.info_text(latest)));
        at = under_way_.erase(at);
    }
    close_when_idle();
}

inline void message_peer::close() {
    input_ended_ = true;
    channel_->box.abandon();
    leave();
    std::vector<std::function<void()>> running;
    for (const auto& [id, each] : under_way_)
        running.push_back(each.cancel);
    for (const auto& cancel : running)
        cancel();
}

/// Ends what listens to topics, and what waits for the client.
inline void message_peer::leave() {
    if (session_) {
        session_->hang_up();
        session_->leave(server_.environment().topics);
    }
    for (auto at = under_way_.begin(); at != under_way_.end();) {
        if (at->second.listening) {
            at->second.listening->end(server_.environment().topics);
            at = under_way_.erase(at);
        } else {
            ++at;
        }
    }
}

} // namespace mcp

namespace mcp {

/// Serves the client at the other end of a connection until it is gone, or has ended its input and
/// got its answers. Cancelling this closes the connection.
///
/// Must run on an executor that does one thing at a time: a strand, or the context of one thread.
/// `wire` and the server must outlive it.
///
///     asio::co_spawn(asio::make_strand(io), mcp::serve_connection(server, wire), asio::detached);
template <jsonrpc::connection Connection>
asio::awaitable<void> serve_connection(server_core& server, Connection& wire,
                                       peer_options options = {});

namespace detail {

/// A connection that is served: one coroutine reads, the other writes, and each wakes the other.
template <class Connection>
class served_connection : public std::enable_shared_from_this<served_connection<Connection>> {
public:
    served_connection(server_core& server, Connection& wire, asio::any_io_executor executor,
                      const peer_options& options)
        : wire_(wire)
        , options_(options)
        , peer_(std::make_shared<message_peer>(server, executor, options))
        , written_(executor)
        , reader_ended_(executor) {
        reader_ended_.expires_at(asio::steady_timer::time_point::max());
    }

    static asio::awaitable<void> read(std::shared_ptr<served_connection> self) {
        auto& me = *self;
        std::string message;
        while (!me.writer_ended_ && co_await me.wire_.read(message)) {
            me.peer_->receive(message);
            while (!me.writer_ended_ && me.crowded())
                co_await sleep(me.written_, asio::steady_timer::time_point::max());
        }
        me.peer_->end_input();
        if (!me.writer_ended_)
            co_await sleep(me.written_, asio::steady_timer::clock_type::now() + me.options_.drain);
        if (!me.writer_ended_) // too late
            me.stop();
    }

    void read_ended(std::exception_ptr failure) {
        failure_ = failure;
        if (failure)
            stop();
        reading_ = false;
        reader_ended_.cancel();
    }

    asio::awaitable<void> write() {
        std::string message;
        bool more = true;
        while (more) {
            while (more && peer_->output().try_pop(message)) {
                more = co_await wire_.write(std::move(message));
                if (paused_ && !crowded())
                    written_.cancel();
            }
            if (more)
                more = co_await peer_->output().wait();
        }
    }

    /// What follows the writing, however that ended.
    asio::awaitable<void> finish() {
        writer_ended_ = true;
        stop();
        written_.cancel();
        if (reading_)
            co_await sleep(reader_ended_, reader_ended_.expiry());
        if (failure_)
            std::rethrow_exception(failure_);
    }

private:
    bool crowded() {
        paused_ = peer_->output().bytes() > options_.output_before_pause;
        return paused_;
    }

    void stop() {
        peer_->close();
        wire_.close();
    }

    static asio::awaitable<void> sleep(asio::steady_timer& timer,
                                       asio::steady_timer::time_point until) {
        std::error_code woken;
        timer.expires_at(until);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    Connection& wire_;
    const peer_options options_;
    const std::shared_ptr<message_peer> peer_;
    asio::steady_timer written_;      // cancelled when output has gone, or ended
    asio::steady_timer reader_ended_; // cancelled when it has
    bool paused_ = false;
    bool reading_ = true;
    bool writer_ended_ = false;
    std::exception_ptr failure_;
};

} // namespace detail

template <jsonrpc::connection Connection>
asio::awaitable<void> serve_connection(server_core& server, Connection& wire,
                                       peer_options options) {
    // Cancellation ends the writing; what follows must still be awaited.
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto executor = co_await asio::this_coro::executor;
    const auto served =
        std::make_shared<detail::served_connection<Connection>>(server, wire, executor, options);
    auto ended = [served](std::exception_ptr failure) { served->read_ended(failure); };
    asio::co_spawn(executor, served->read(served), std::move(ended));
    std::exception_ptr failure;
    try {
        co_await served->write();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await served->finish();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace mcp

#include <asio/strand.hpp>

namespace mcp {

/// One end of a channel of messages inside the process; a `jsonrpc::connection`. What one end sends
/// the other receives, in order. The queues have no limit.
///
/// `send`, `finish` and `close` may be called from any thread; one coroutine at a time receives,
/// and resumes on its own executor. The destructor closes. Movable, but not while a `receive` is
/// pending.
class memory_end {
public:
    memory_end(memory_end&&) noexcept = default;
    memory_end& operator=(memory_end&& other) noexcept {
        std::swap(in_, other.in_);
        std::swap(out_, other.out_);
        return *this;
    }
    ~memory_end() {
        if (in_)
            close();
    }

    /// Sends one message; false if the channel is closed.
    bool send(std::string message) { return out_->push(std::move(message)) == push_result::taken; }

    /// The next message. Throws `asio::error::eof` when there will be none.
    asio::awaitable<std::string> receive() {
        std::string message;
        const bool more = co_await read(message);
        if (!more)
            throw std::system_error(asio::error::eof);
        co_return message;
    }

    /// The same without an exception: false when there will be none.
    asio::awaitable<bool> read(std::string& message) {
        const auto from = in_; // lives through the wait, whatever happens to this end
        bool more = true;
        while (more) {
            if (from->try_pop(message))
                co_return true;
            more = co_await from->wait();
        }
        co_return false;
    }

    asio::awaitable<bool> write(std::string message) {
        const bool taken = send(std::move(message));
        co_return taken;
    }

    /// No more will be sent from here; what the other end still sends can be received.
    void finish() { out_->close(); }

    /// Ends both ways. The other end still gets what was sent before.
    void close() {
        out_->close();
        in_->abandon();
    }

private:
    friend struct memory_pair;
    using box = std::shared_ptr<mailbox>;
    memory_end(box in, box out) : in_(std::move(in)), out_(std::move(out)) {}

    box in_;
    box out_;
};

/// A channel of messages inside the process: its two ends.
///
///     mcp::memory_pair pair;
///     pair.first.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     std::string message = co_await pair.second.receive();
struct memory_pair {
    memory_pair() : memory_pair(make_box(), make_box()) {}

    memory_end first;
    memory_end second;

private:
    memory_pair(memory_end::box forth, memory_end::box back)
        : first(back, forth)
        , second(forth, back) {}

    static memory_end::box make_box() {
        constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
        return std::make_shared<mailbox>(mailbox_limits{unlimited, unlimited});
    }
};

/// Connects a client to a server in the same process: for tests, and for programs that embed one.
///
///     auto client = mcp::connect(server, io.get_executor());
///     client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     std::string answer = co_await client.receive();
///
/// Handlers run on a strand of `executor`, one request beside the other. The server must outlive
/// what runs there: close the client and let the executor run until it has nothing left to do.
inline memory_end connect(server_core& server, const asio::any_io_executor& executor,
                          peer_options options = {}) {
    memory_pair pair;
    auto serve = [](server_core& to, memory_end wire, peer_options with) -> asio::awaitable<void> {
        co_await serve_connection(to, wire, with);
    };
    asio::co_spawn(asio::make_strand(executor), serve(server, std::move(pair.second), options),
                   asio::detached);
    return std::move(pair.first);
}

} // namespace mcp

// ---- mcp/transport/resource_metadata.hpp

namespace mcp {

/// Tells clients where to get a token for this server: a handler to mount in a router.
///
///     app.mount("/.well-known/oauth-protected-resource",
///               mcp::resource_metadata{server.options().resource});
///
/// Serves the document at the mount itself, and at the mount with the path of the resource behind
/// it, as in `/.well-known/oauth-protected-resource/mcp`; 404 elsewhere under it. Everybody may
/// read it, pages of other origins too. Copies share the document, which is made once.
/// [RFC 9728 §3] [MCP 2026-07-28 basic/authorization]
class resource_metadata {
public:
    explicit resource_metadata(const protected_resource& of)
        : document_(std::make_shared<const document>(
              document{metadata_document(of), path_of(of.resource)})) {}

    asio::awaitable<void> operator()(const http::request& q, http::response& r) const {
        answer(q, r);
        return detail::ready_nothing();
    }

private:
    struct document {
        std::string text;
        std::string path; ///< of the resource
    };

    static std::string path_of(std::string_view resource) {
        const auto scheme = resource.find("://");
        const auto path = resource.find('/', scheme == resource.npos ? 0 : scheme + 3);
        if (path == resource.npos)
            return {};
        return std::string(resource.substr(path, resource.find('?', path) - path));
    }

    void answer(const http::request& q, http::response& r) const {
        const std::string_view rest = q.mounted == 0 ? "" : q.path.substr(q.mounted);
        r.set("Access-Control-Allow-Origin", "*");
        if (!rest.empty() && rest != "/" && rest != document_->path) {
            r.code = http::status::not_found;
        } else if (q.method == http::verb::get || q.method == http::verb::head) {
            r.content_type = "application/json";
            r.body = document_->text;
        } else if (q.method == http::verb::options) {
            // Clients send MCP-Protocol-Version, and for that browsers ask first.
            r.code = http::status::no_content;
            r.set("Allow", "GET, HEAD, OPTIONS");
            r.set("Access-Control-Allow-Methods", "GET, HEAD");
            r.set("Access-Control-Allow-Headers", "*");
        } else {
            r.code = http::status::method_not_allowed;
            r.set("Allow", "GET, HEAD, OPTIONS");
        }
    }

    std::shared_ptr<const document> document_;
};

} // namespace mcp

// ---- mcp/transport/stdio.hpp

// ---- mcp/transport/impl/fd_pump.hpp

// ---- mcp/transport/impl/standard_streams.hpp

#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

namespace mcp::detail {

/// A file descriptor that is closed by its destructor.
class owned_fd {
public:
    owned_fd() = default;
    explicit owned_fd(int fd) noexcept : fd_(fd) {}
    owned_fd(owned_fd&& other) noexcept : fd_(other.release()) {}
    owned_fd& operator=(owned_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~owned_fd() { close(); }

    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void close() noexcept {
        if (fd_ >= 0)
            ::close(release());
    }

private:
    int fd_ = -1;
};

inline owned_fd checked_fd(int fd, const char* what) {
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return owned_fd(fd);
}

/// A copy of the descriptor that children do not inherit; /dev/null in place of a closed one.
inline owned_fd private_copy(int fd) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0 || errno != EBADF)
        return checked_fd(copy, "dup");
    return checked_fd(::open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
}

/// Whether an event loop can wait for the descriptor, and its non-blocking mode disturbs nobody: a
/// terminal shares that mode with the shell, and a regular file is always ready.
inline bool suits_event_loop(int fd) {
    struct stat what{};
    return ::fstat(fd, &what) == 0 && (S_ISFIFO(what.st_mode) || S_ISSOCK(what.st_mode));
}

/// Takes standard input and output away from the rest of the process: descriptor 0 reads nothing
/// and descriptor 1 is standard error, so that what a handler, or a child process, prints or reads
/// does not get among the messages. The destructor gives them back as they were.
class standard_streams {
public:
    standard_streams()
        : input_(private_copy(STDIN_FILENO))
        , output_(private_copy(STDOUT_FILENO))
        , input_flags_(::fcntl(input_.get(), F_GETFL))
        , output_flags_(::fcntl(output_.get(), F_GETFL)) {
        const owned_fd null = private_copy(-1);
        const bool has_error = ::fcntl(STDERR_FILENO, F_GETFD) >= 0;
        redirect(null.get(), STDIN_FILENO);
        redirect(has_error ? STDERR_FILENO : null.get(), STDOUT_FILENO);
        flush(); // what was printed before goes where it does no harm
    }
    standard_streams(const standard_streams&) = delete;
    standard_streams& operator=(const standard_streams&) = delete;
    ~standard_streams() {
        flush();
        ::fcntl(input_.get(), F_SETFL, input_flags_);
        ::fcntl(output_.get(), F_SETFL, output_flags_);
        redirect(input_.get(), STDIN_FILENO);
        redirect(output_.get(), STDOUT_FILENO);
    }

    int input() const noexcept { return input_.get(); }
    int output() const noexcept { return output_.get(); }

private:
    static void flush() {
        std::cout.flush();
        std::fflush(stdout);
    }
    static void redirect(int from, int to) noexcept {
        while (::dup2(from, to) < 0 && errno == EINTR) {
        }
    }

    owned_fd input_;
    owned_fd output_;
    int input_flags_;
    int output_flags_;
};

/// Writing to a pipe that nobody reads is an error of that write, and not the end of the process.
class ignored_sigpipe {
public:
    ignored_sigpipe() {
        struct sigaction ignore{};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before_);
    }
    ignored_sigpipe(const ignored_sigpipe&) = delete;
    ignored_sigpipe& operator=(const ignored_sigpipe&) = delete;
    ~ignored_sigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }

private:
    struct sigaction before_{};
};

} // namespace mcp::detail

namespace mcp::detail {

/// A thread that copies between a descriptor that does not suit the event loop (a terminal, a file)
/// and a pipe that does. SIGPIPE must be ignored.
///
/// The pump ends when either side does. The destructor waits for that: close the end that
/// `loop_end` gave before.
class fd_pump {
public:
    enum class direction { from_fd, to_fd };

    /// Starts. `fd` must stay open until the pump is destroyed.
    fd_pump(int fd, direction way) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        owned_fd reading(ends[0]);
        owned_fd writing(ends[1]);
        const bool in = way == direction::from_fd;
        loop_end_ = std::move(in ? reading : writing);
        auto work = [fd, in, far = std::move(in ? writing : reading)] {
            in ? copy(fd, far.get(), far.get()) : copy(far.get(), fd, -1);
        };
        // Signals are for the thread that serves.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread(std::move(work));
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    fd_pump(const fd_pump&) = delete;
    fd_pump& operator=(const fd_pump&) = delete;
    ~fd_pump() {
        loop_end_.close();
        thread_.join();
    }

    /// The pipe's end for the event loop. Called once.
    owned_fd loop_end() noexcept { return std::move(loop_end_); }

private:
    /// Copies until the end of `from`, an error, or until nobody reads the pipe `watched`.
    static void copy(int from, int to, int watched) {
        char bytes[16 * 1024];
        while (readable(from, watched)) {
            const ssize_t got = ::read(from, bytes, sizeof bytes);
            if (got < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (got <= 0 || !write_all(to, bytes, static_cast<std::size_t>(got)))
                return;
        }
    }

    static bool readable(int from, int watched) {
        for (;;) {
            pollfd both[] = {{from, POLLIN, 0}, {watched, 0, 0}};
            const int ready = ::poll(both, 2, -1);
            if (ready < 0 && errno != EINTR)
                return false;
            if (both[1].revents != 0)
                return false;
            if (ready > 0)
                return true;
        }
    }

    static bool write_all(int to, const char* bytes, std::size_t left) {
        while (left > 0) {
            const ssize_t put = ::write(to, bytes, left);
            if (put < 0 && errno == EAGAIN) {
                pollfd room = {to, POLLOUT, 0};
                ::poll(&room, 1, -1);
                continue;
            }
            if (put < 0 && errno != EINTR)
                return false;
            if (put > 0) {
                bytes += put;
                left -= static_cast<std::size_t>(put);
            }
        }
        return true;
    }

    owned_fd loop_end_;
    std::thread thread_;
};

} // namespace mcp::detail

// ---- mcp/transport/impl/line_splitter.hpp

namespace mcp {

/// Splits a stream of bytes into lines, whatever pieces it comes in. Blank lines are left out, and
/// a byte order mark before the first line, and a carriage return at the end of a line.
class line_splitter {
public:
    /// Of a line longer than `limit` only the beginning is given, which is longer too, so that it
    /// can be told.
    explicit line_splitter(std::size_t limit) : limit_(limit) {}

    /// Gives the next bytes. They must stay where they are until `next` has returned false.
    void feed(std::string_view bytes) noexcept { bytes_ = bytes; }

    /// Moves the next whole line into `line`; false if more bytes are needed.
    bool next(std::string& line) {
        while (!bytes_.empty()) {
            const auto end = bytes_.find('\n');
            const std::string_view part = bytes_.substr(0, end);
            line_.append(part.substr(0, std::min(part.size(), limit_ + 2 - line_.size())));
            bytes_.remove_prefix(end == bytes_.npos ? bytes_.size() : end + 1);
            if (end != bytes_.npos && rest(line))
                return true;
        }
        return false;
    }

    /// Moves what came after the last line end into `line`; false if that is nothing.
    bool rest(std::string& line) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (std::exchange(first_, false) && line_.starts_with(byte_order_mark))
            line_.erase(0, byte_order_mark.size());
        if (line_.ends_with('\r'))
            line_.pop_back();
        if (line_.size() <= limit_ && line_.find_first_not_of(" \t") == line_.npos) {
            line_.clear();
            return false;
        }
        line = std::exchange(line_, {});
        return true;
    }

private:
    const std::size_t limit_;
    std::string_view bytes_;
    std::string line_; // as far as it is known, at most limit_ and a carriage return and one more
    bool first_ = true;
};

} // namespace mcp

#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/write.hpp>

namespace mcp {

/// What can be set about serving on standard input and output.
struct stdio_options {
    peer_options peer{};
    bool signals = true; ///< let SIGINT and SIGTERM end it gracefully
};

/// Serves one client on standard input and output, a JSON-RPC message per line, until the input
/// ends; gives what `main` is to return.
///
/// Runs an event loop on the calling thread. Meanwhile file descriptor 1 is standard error and
/// descriptor 0 is empty: a handler that prints, by whatever means, does not disturb the client.
///
/// At the end of the input, requests that run have `peer.drain` to end; so have they at SIGINT and
/// SIGTERM, of which a second one ends the process at once. A `mcp::blocking` handler is waited for
/// however long it takes. A client that does not read any more ends it too. All these give 0.
/// [MCP 2026-07-28 basic/transports/stdio] [MCP 2025-11-25 basic/transports, stdio]
int serve_stdio(server_core& server, stdio_options options = {});

namespace detail {

/// Messages as lines on two descriptors; a `jsonrpc::connection`.
class line_connection {
public:
    /// Takes over the descriptors, and makes them non-blocking.
    line_connection(const asio::any_io_executor& executor, owned_fd input, owned_fd output,
                    std::size_t message_bytes)
        : input_(executor, input.release())
        , output_(executor, output.release())
        , lines_(message_bytes) {}

    asio::awaitable<bool> read(std::string& message) {
        while (!lines_.next(message)) {
            if (ended_)
                co_return !stopped_ && lines_.rest(message);
            if (chunk_.empty())
                chunk_.resize(32 * 1024);
            std::error_code error;
            const std::size_t got = co_await input_.async_read_some(
                asio::buffer(chunk_), asio::redirect_error(asio::use_awaitable, error));
            ended_ = ended_ || error;
            lines_.feed({chunk_.data(), got});
        }
        co_return !stopped_;
    }

    asio::awaitable<bool> write(std::string message) {
        // JSON has line ends between its tokens only, where a space does as well.
        std::replace(message.begin(), message.end(), '\n', ' ');
        std::replace(message.begin(), message.end(), '\r', ' ');
        message += '\n';
        std::error_code error;
        co_await asio::async_write(output_, asio::buffer(message),
                                   asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }

    /// No more is read, as if the input had ended here.
    void stop_reading() {
        ended_ = stopped_ = true;
        std::error_code ignored;
        input_.close(ignored);
    }

    void close() {
        stop_reading();
        std::error_code ignored;
        output_.close(ignored);
    }

private:
    asio::posix::stream_descriptor input_;
    asio::posix::stream_descriptor output_;
    line_splitter lines_;
    std::string chunk_;
    bool ended_ = false;
    bool stopped_ = false;
};

/// The descriptor for the event loop, by way of a pump if it does not suit it itself.
inline owned_fd for_event_loop(int fd, fd_pump::direction way, std::optional<fd_pump>& pump) {
    if (suits_event_loop(fd))
        return private_copy(fd);
    pump.emplace(fd, way);
    return pump->loop_end();
}

} // namespace detail

inline int serve_stdio(server_core& server, stdio_options options) {
    const detail::ignored_sigpipe no_signal;
    const detail::standard_streams streams;
    std::optional<detail::fd_pump> from_input;
    std::optional<detail::fd_pump> to_output;
    asio::io_context io(1);
    detail::line_connection wire(
        io.get_executor(),
        detail::for_event_loop(streams.input(), detail::fd_pump::direction::from_fd, from_input),
        detail::for_event_loop(streams.output(), detail::fd_pump::direction::to_fd, to_output),
        options.peer.message_bytes);

    asio::signal_set signals(io);
    if (options.signals) {
        signals.add(SIGINT);
        signals.add(SIGTERM);
        signals.async_wait([&](std::error_code failed, int) {
            if (failed)
                return;
            std::error_code ignored;
            signals.clear(ignored); // a second signal does what it does by default
            wire.stop_reading();
        });
    }

    int status = 0;
    asio::co_spawn(
        io, serve_connection(server, wire, options.peer), [&](std::exception_ptr failure) {
            signals.cancel();
            if (!failure)
                return;
            server.environment().log(log_level::error, "stdio: " + describe_exception(failure));
            status = 1;
        });
    io.run();
    return status;
}

} // namespace mcp

// ---- mcp/transport/streamable_http.hpp

namespace mcp {

/// What can be set about an HTTP endpoint.
struct streamable_http_options {
    http_policy policy{};       ///< Host and Origin values that are accepted
    json_limits json{};         ///< of request bodies
    std::size_t batch = 100;    ///< messages in one batch [MCP 2025-03-26]
    bool always_stream = false; ///< answer by an SSE stream even where one JSON body would do
    /// When a client is to come back to a stream of a server with a replay log.
    std::chrono::milliseconds retry = std::chrono::seconds(1);
};

/// The MCP endpoint over HTTP, both eras on one path: a handler to mount in a router.
///
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     mcp::http::server{app, {.port = 8000}}.run();
///
/// Copies share their sessions. The server must outlive them. Any number of threads may call it at
/// once; handlers of tools resume on the executor of the coroutine that called.
/// [MCP 2026-07-28 basic/transports/streamable-http] [MCP 2025-11-25 basic/transports]
///
/// Another HTTP stack calls it with a `http::request` made by hand: the response is whole, or its
/// `stream` is to be read until it ends, and closed if the peer goes.
class streamable_http {
public:
    explicit streamable_http(server_core& server, streamable_http_options options = {});

    asio::awaitable<void> operator()(const http::request& q, http::response& r) const;

private:
    class endpoint;
    std::shared_ptr<endpoint> endpoint_;
};

} // namespace mcp

// ---- mcp/transport/impl/http_endpoint.hpp

namespace mcp {

/// What copies of a `streamable_http` share, and the wire itself.
class streamable_http::endpoint {
public:
    endpoint(server_core& server, streamable_http_options options)
        : server_(server)
        , options_(std::move(options))
        , node_(std::make_shared<legacy::node>(server.environment())) {
        node_->join();
    }
    ~endpoint() { node_->leave(); }
    endpoint(const endpoint&) = delete;
    endpoint& operator=(const endpoint&) = delete;

    asio::awaitable<void> handle(const http::request& q, http::response& r);

private:
    /// A request that has passed the gates of its era.
    struct accepted {
        jsonrpc::message message;
        mcp::revision revision = latest;
        std::shared_ptr<legacy::session> session; ///< null on the modern wire
        std::shared_ptr<const principal> who;     ///< null without an auth backend
    };
    using principal_ptr = std::shared_ptr<const principal>;

    /// Collects what an immediate handler sends before its answer.
    struct collected final : message_sink {
        void send(std::string message) override {
            sse::append_event(events, sse::event{.data = message, .name = "message"});
        }
        void finish(std::string, reply_status) override {}
        std::string events;
    };

    static asio::awaitable<void> done() { co_return; }

    /// Where the messages of a request go, and where they come out.
    struct opened_reply {
        std::shared_ptr<message_sink> sink;
        std::shared_ptr<mailbox> reader;
        std::shared_ptr<http_reply> lazy; ///< null if the response is a stream in any case
    };

    struct batch_notes;
    class batch_member;

    // Refusals
    static void refuse(http::response& r, http::status code, const jsonrpc::error& why,
                       const jsonrpc::id& id = {},
                       jsonrpc::unknown_id rule = jsonrpc::unknown_id::omitted);
    static asio::awaitable<void> refused(http::response& r, http::status code, int error,
                                         std::string_view why);

    // Who calls, and how often
    asio::awaitable<void> admit(const http::request& q, http::response& r);
    asio::awaitable<void> admit_later(const http::request& q, http::response& r,
                                      pending<auth_result> step);
    asio::awaitable<void> limit(const http::request& q, http::response& r, principal_ptr who);
    asio::awaitable<void> limit_later(const http::request& q, http::response& r, principal_ptr who,
                                      pending<rate_decision> step);
    asio::awaitable<void> route(const http::request& q, http::response& r,
                                const principal_ptr& who);
    principal_ptr take_principal(http::response& r, auth_result outcome) const;
    static bool within_limit(http::response& r, const rate_decision& decision);
    static std::string limit_key(const http::request& q, const principal_ptr& who);

    // Both eras
    json_parser& parser() const;
    asio::awaitable<void> post(const http::request& q, http::response& r, const principal_ptr& who);
    asio::awaitable<void> serve(const http::request& q, http::response& r, const accepted& what);
    async_call::request own(const http::request& q, const accepted& what) const;
    asio::awaitable<void> serve_later(http::response& r, async_call::request what, job work);
    opened_reply open_reply(const legacy::session* session, const asio::any_io_executor& executor);
    template <class T>
    asio::awaitable<bool> settled(http::response& r, pending<T>& step);
    void refuse_unavailable(http::response& r, const unavailable& why) const;
    static void stream_headers(http::response& r);

    // The modern wire
    asio::awaitable<void> post_modern(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    std::optional<jsonrpc::error> check_headers(const http::request& q,
                                                const jsonrpc::message& message) const;
    std::optional<jsonrpc::error> check_param_headers(const http::request& q,
                                                      const jsonrpc::message& message) const;

    asio::awaitable<void> listen(http::response& r, jsonrpc::id id, subscription_filter filter);

    // The legacy wire: impl/legacy_http.hpp
    asio::awaitable<void> post_legacy(const http::request& q, http::response& r,
                                      const principal_ptr& who, const json& body);
    asio::awaitable<void> post_in_session_later(const http::request& q, http::response& r,
                                                principal_ptr who, json body,
                                                pending<session_ptr> step);
    asio::awaitable<void> post_in_session(const http::request& q, http::response& r,
                                          const principal_ptr& who, session_ptr record,
                                          const json& body);
    asio::awaitable<void> store_then(http::response& r, session_ptr record,
                                     std::shared_ptr<legacy::session> session,
                                     asio::awaitable<void> served);
    asio::awaitable<void> initialize(const http::request& q, http::response& r,
                                     const principal_ptr& who, const jsonrpc::message& message);
    asio::awaitable<void> created_later(http::response& r, pending<bool> step);
    static asio::awaitable<void> created(http::response& r, bool room);
    asio::awaitable<void> serve_batch(const http::request& q, http::response& r, principal_ptr who,
                                      std::shared_ptr<legacy::session> session, json messages);
    void take_notification(legacy::session& session, const jsonrpc::message& message);
    asio::awaitable<void> erase(const http::request& q, http::response& r, principal_ptr who);
    static std::optional<std::string_view> session_id(const http::request& q, http::response& r);
    std::shared_ptr<legacy::session> open_session(http::response& r, const principal_ptr& who,
                                                  const session_ptr& record);

    // Its streams: impl/legacy_stream.hpp
    asio::awaitable<void> get(const http::request& q, http::response& r, principal_ptr who);
    asio::awaitable<void> open_events(http::response& r, session_ptr record,
                                      legacy::session& session,
                                      std::optional<legacy::event_id> last);
    asio::awaitable<void> resume_reply(http::response& r, legacy::session& session,
                                       legacy::event_id last);
    asio::awaitable<std::optional<replayed>> read_log(std::string session, legacy::event_id last);
    static void refuse_event(http::response& r);

    server_core& server_;
    const streamable_http_options options_;
    const std::shared_ptr<legacy::node> node_;
};

inline streamable_http::streamable_http(server_core& server, streamable_http_options options)
    : endpoint_(std::make_shared<endpoint>(server, std::move(options))) {}

inline asio::awaitable<void> streamable_http::operator()(const http::request& q,
                                                         http::response& r) const {
    return endpoint_->handle(q, r);
}

inline void streamable_http::endpoint::refuse(http::response& r, http::status code,
                                              const jsonrpc::error& why, const jsonrpc::id& id,
                                              jsonrpc::unknown_id rule) {
    r.code = code;
    r.content_type = "application/json";
    r.body.clear();
    jsonrpc::write_error(r.body, id, why, rule);
}

inline asio::awaitable<void> streamable_http::endpoint::refused(http::response& r,
                                                                http::status code, int error,
                                                                std::string_view why) {
    refuse(r, code, {error, std::string(why)});
    return done();
}

inline asio::awaitable<void> streamable_http::endpoint::handle(const http::request& q,
                                                               http::response& r) {
    constexpr int refusal = -32000;
    if (!accepts_host(options_.policy, q))
        return refused(r, http::status::forbidden, refusal,
                       "This Host is not served here; a server on localhost answers to localhost "
                       "only, unless its hosts are configured");
    if (!accepts_origin(options_.policy, q))
        return refused(r, http::status::forbidden, refusal, "This Origin is not allowed");
    if (q.mounted != 0 && q.path.size() > q.mounted && q.path.substr(q.mounted) != "/")
        return refused(r, http::status::not_found, refusal, "No MCP endpoint at this path");
    try {
        return admit(q, r);
    } catch (const unavailable& e) { // of a collaborator that is not awaited
        refuse_unavailable(r, e);
        return done();
    }
}

/// The parser of this thread: its values live until the next request here, so what is awaited makes
/// copies first.
inline json_parser& streamable_http::endpoint::parser() const {
    thread_local std::optional<json_parser> made;
    thread_local json_limits limits;
    if (!made || limits.depth != options_.json.depth ||
        limits.object_members != options_.json.object_members)
        made.emplace(limits = options_.json);
    return *made;
}

inline asio::awaitable<void> streamable_http::endpoint::post(const http::request& q,
                                                             http::response& r,
                                                             const principal_ptr& who) {
    if (!is_media(q.headers.find("content-type").value_or(""), "application/json"))
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Type must be application/json");
    const auto body = parser().parse(q.body);
    if (!body)
        return refused(r, http::status::bad_request, jsonrpc::errc::parse_error,
                       "Parse error: " + body.error().what());
    const auto version = q.headers.find(header::protocol_version);
    if (const json_array* batch = (*body)->if_array()) {
        for (const json& each : *batch)
            if (claims_modern(each))
                return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                               "A request is one message: this revision has no batches");
    }
    if (era_of(**body, version) == era::modern || !server_.options().legacy)
        return post_modern(q, r, who, **body);
    return post_legacy(q, r, who, **body);
}

inline void streamable_http::endpoint::stream_headers(http::response& r) {
    r.content_type = "text/event-stream";
    r.headers += "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n";
}

inline asio::awaitable<void>
streamable_http::endpoint::serve(const http::request& q, http::response& r, const accepted& what) {
    collected sink;
    legacy::session* const session = what.session.get();
    job later;
    {
        context ctx(server_.environment(),
                    caller{what.revision, &sink, session, &q.params, what.who.get()},
                    what.message.params);
        reply_status status = reply_status::ok;
        if (server_.answer(ctx, what.message, r.body, status, later)) {
            r.code = static_cast<http::status>(status);
            if (status == reply_status::forbidden)
                r.set("WWW-Authenticate",
                      challenge(server_.options().resource, "insufficient_scope", ctx.lacking()));
            const bool stream = options_.always_stream && status == reply_status::ok;
            if (sink.events.empty() && !stream) {
                r.content_type = "application/json";
            } else {
                sse::append_event(sink.events, sse::event{.data = r.body, .name = "message"});
                r.body = std::move(sink.events);
                stream_headers(r);
            }
            return done();
        }
    }
    return serve_later(r, own(q, what), std::move(later));
}

/// What a call keeps of a request whose memory is about to be reused.
inline async_call::request streamable_http::endpoint::own(const http::request& q,
                                                          const accepted& what) const {
    async_call::request kept;
    kept.id = what.message.id;
    kept.method = what.message.method;
    if (what.message.params)
        kept.params = json_object(*what.message.params, json_storage{});
    kept.path = q.params;
    kept.revision = what.revision;
    kept.principal = what.who;
    kept.session = what.session;
    kept.server_info = server_.info_text(what.revision);
    return kept;
}

inline asio::awaitable<void>
streamable_http::endpoint::serve_later(http::response& r, async_call::request what, job work) {
    const auto executor = co_await asio::this_coro::executor;
    const bool modern = is_modern(what.revision);
    const opened_reply reply = open_reply(what.session.get(), executor);
    const auto call = std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                                   reply.sink, std::move(work));
    const std::weak_ptr<async_call> weak = call;
    // On the modern wire a closed stream is how clients cancel; on the legacy one it is not.
    std::function<void()> closed;
    if (modern) {
        closed = [weak] {
            if (const auto running = weak.lock())
                running->cancel();
        };
        reply.lazy->on_overflow(closed);
    }
    const bool stream_now = options_.always_stream || !reply.lazy;
    if (stream_now && reply.lazy)
        reply.lazy->start_stream();
    call->start();
    try {
        if (!stream_now)
            co_await reply.reader->wait();
    } catch (...) {
        if (closed)
            closed();
        throw;
    }
    const auto status = reply.lazy ? reply.lazy->take_answer(r.body) : std::nullopt;
    if (status) {
        if (r.body.empty()) { // cancelled: there is no answer
            r.code = http::status::accepted;
            co_return;
        }
        r.code = static_cast<http::status>(*status);
        if (*status == reply_status::forbidden)
            r.set("WWW-Authenticate",
                  challenge(server_.options().resource, "insufficient_scope", call->lacking()));
        r.content_type = "application/json";
        co_return;
    }
    stream_headers(r);
    r.stream = std::make_unique<mailbox_stream>(reply.reader, std::move(closed));
}

} // namespace mcp

// ---- mcp/transport/impl/http_admission.hpp

// Who may come in: authentication and rate limits, before anything of a request is looked at.
// [MCP 2026-07-28 basic/authorization]

namespace mcp {

/// Finds out who calls. Nothing is awaited where nothing has to be.
inline asio::awaitable<void> streamable_http::endpoint::admit(const http::request& q,
                                                              http::response& r) {
    const auto& auth = server_.environment().auth;
    if (!auth)
        return limit(q, r, nullptr);
    auto step = auth->authenticate(q);
    if (!step.ready())
        return admit_later(q, r, std::move(step));
    auto who = take_principal(r, step.take());
    return who ? limit(q, r, std::move(who)) : done();
}

inline asio::awaitable<void> streamable_http::endpoint::admit_later(const http::request& q,
                                                                    http::response& r,
                                                                    pending<auth_result> step) {
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    auto who = take_principal(r, step.take());
    if (who)
        co_await limit(q, r, std::move(who));
}

/// The caller, or the refusal. [RFC 6750 §3.1]
inline streamable_http::endpoint::principal_ptr
streamable_http::endpoint::take_principal(http::response& r, auth_result outcome) const {
    if (outcome && !outcome->subject.empty())
        return std::make_shared<const principal>(std::move(*outcome));
    using reason = auth_failure::reason;
    const auth_failure failure =
        outcome ? auth_failure{reason::invalid_token, "The token names nobody"} : outcome.error();
    const protected_resource& resource = server_.options().resource;
    constexpr int unauthorized = -31401;
    const std::string why =
        failure.description.empty() ? "Authentication is needed" : failure.description;
    switch (failure.why) {
    case reason::unavailable:
        r.set("Retry-After", "5");
        refuse(r, http::status::service_unavailable, {unauthorized, why});
        return nullptr;
    case reason::bad_request:
        r.set("WWW-Authenticate", challenge(resource, "invalid_request", {}, why));
        refuse(r, http::status::bad_request, {unauthorized, why});
        return nullptr;
    case reason::invalid_token:
        r.set("WWW-Authenticate", challenge(resource, "invalid_token", {}, why));
        break;
    case reason::no_token:
        r.set("WWW-Authenticate", challenge(resource));
        break;
    }
    refuse(r, http::status::unauthorized, {unauthorized, why});
    return nullptr;
}

/// Callers are told apart by their subject, and those without by their address.
inline std::string streamable_http::endpoint::limit_key(const http::request& q,
                                                        const principal_ptr& who) {
    return who ? "subject:" + who->subject : "address:" + q.remote.to_string();
}

inline asio::awaitable<void>
streamable_http::endpoint::limit(const http::request& q, http::response& r, principal_ptr who) {
    const auto& limiter = server_.environment().limiter;
    if (!limiter)
        return route(q, r, who);
    auto step = limiter->acquire(limit_key(q, who));
    if (!step.ready())
        return limit_later(q, r, std::move(who), std::move(step));
    return within_limit(r, step.take()) ? route(q, r, who) : done();
}

inline asio::awaitable<void> streamable_http::endpoint::limit_later(const http::request& q,
                                                                    http::response& r,
                                                                    principal_ptr who,
                                                                    pending<rate_decision> step) {
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    const rate_decision decision = step.take();
    if (within_limit(r, decision))
        co_await route(q, r, who);
}

/// [RFC 6585 §4] [RFC 9110 §10.2.3]
inline bool streamable_http::endpoint::within_limit(http::response& r,
                                                    const rate_decision& decision) {
    if (decision.allowed)
        return true;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(decision.retry_after).count();
    const std::string text = std::to_string(seconds < 1 ? 1 : seconds);
    r.set("Retry-After", text);
    constexpr int too_many = -31429;
    refuse(r, http::status::too_many_requests,
           {too_many, "Too many requests", R"({"retryAfter":)" + text + '}'});
    return false;
}

inline asio::awaitable<void> streamable_http::endpoint::route(const http::request& q,
                                                              http::response& r,
                                                              const principal_ptr& who) {
    if (q.method == http::verb::post)
        return post(q, r, who);
    const bool legacy = server_.options().legacy;
    const bool streams = legacy && server_.environment().topics.streams();
    if (streams && q.method == http::verb::get)
        return get(q, r, who);
    if (legacy && q.method == http::verb::delete_)
        return erase(q, r, who);
    r.set("Allow", streams ? "POST, GET, DELETE" : legacy ? "POST, DELETE" : "POST");
    return refused(r, http::status::method_not_allowed, -32000, "Method not allowed");
}

} // namespace mcp

// ---- mcp/transport/impl/legacy_http.hpp

// The HTTP endpoint's side of the handshake era: sessions, DELETE, batches. The GET stream is in
// legacy_stream.hpp. [MCP 2025-11-25 basic/transports]

namespace mcp {

inline asio::awaitable<void> streamable_http::endpoint::post_legacy(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const json& body) {
    if (!accepts_media(q.headers, "application/json") ||
        !accepts_media(q.headers, "text/event-stream"))
        return refused(r, http::status::not_acceptable, -32000,
                       "Accept must list application/json and text/event-stream");
    if (!body.is_array()) {
        const auto message = jsonrpc::read_message(body);
        if (!message) {
            refuse(r, http::status::bad_request, message.error(), jsonrpc::readable_id(body));
            return done();
        }
        if (message->kind == jsonrpc::message_kind::request && message->method == "initialize")
            return initialize(q, r, who, *message);
    }
    const auto id = session_id(q, r);
    if (!id)
        return done();
    auto step = server_.environment().sessions.find(std::string(*id));
    if (!step.ready())
        return post_in_session_later(q, r, who, json(body, json_storage{}), std::move(step));
    return post_in_session(q, r, who, step.take(), body);
}

/// The parsed body does not outlive an await, so this has a copy of it.
inline asio::awaitable<void>
streamable_http::endpoint::post_in_session_later(const http::request& q, http::response& r,
                                                 principal_ptr who, json body,
                                                 pending<session_ptr> step) {
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    co_await post_in_session(q, r, who, step.take(), body);
}

inline asio::awaitable<void> streamable_http::endpoint::post_in_session(const http::request& q,
                                                                        http::response& r,
                                                                        const principal_ptr& who,
                                                                        session_ptr record,
                                                                        const json& body) {
    const auto session = open_session(r, who, record);
    if (!session)
        return done();
    if (const json_array* batch = body.if_array()) {
        if (!has_batches(session->revision()))
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "This revision has no batches");
        if (batch->empty() || batch->size() > options_.batch)
            return refused(r, http::status::bad_request, jsonrpc::errc::invalid_request,
                           "A batch has 1 to " + std::to_string(options_.batch) + " messages");
        return serve_batch(q, r, who, session, json(body, json_storage{}));
    }
    const auto message = jsonrpc::read_message(body);
    switch (message->kind) {
    case jsonrpc::message_kind::request: {
        auto served = serve(q, r, accepted{*message, session->revision(), session, who});
        if (session->take_changed())
            return store_then(r, std::move(record), session, std::move(served));
        return served;
    }
    case jsonrpc::message_kind::notification:
        take_notification(*session, *message);
        break;
    default:
        node_->answer(*session, *message, body);
    }
    r.code = http::status::accepted;
    return done();
}

/// Puts what a request has changed of its session on record, and tells the other processes.
inline asio::awaitable<void>
streamable_http::endpoint::store_then(http::response& r, session_ptr record,
                                      std::shared_ptr<legacy::session> session,
                                      asio::awaitable<void> served) {
    session_record changed = *record;
    changed.threshold = session->threshold();
    changed.subscriptions = session->subscriptions();
    const server_environment& shared = server_.environment();
    auto step = shared.sessions.update(changed);
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    shared.topics.post(record_topic(changed.id), to_text(changed));
    co_await std::move(served);
}

/// Awaits what a collaborator does; false, and the refusal, if it cannot be reached.
template <class T>
asio::awaitable<bool> streamable_http::endpoint::settled(http::response& r, pending<T>& step) {
    try {
        if (!step.ready())
            co_await step.settle();
        co_return true;
    } catch (const unavailable& e) {
        refuse_unavailable(r, e);
    }
    co_return false;
}

inline void streamable_http::endpoint::refuse_unavailable(http::response& r,
                                                          const unavailable& why) const {
    server_.environment().log(log_level::error, why.what());
    r.clear();
    r.set("Retry-After", "1");
    refuse(r, http::status::service_unavailable,
           {jsonrpc::errc::internal_error, "The server cannot reach what it needs; try again"});
}

inline asio::awaitable<void>
streamable_http::endpoint::initialize(const http::request& q, http::response& r,
                                      const principal_ptr& who, const jsonrpc::message& message) {
    if (q.headers.find(header::session_id)) {
        refuse(r, http::status::bad_request,
               invalid_request("This session is initialized already; start a new one without "
                               "Mcp-Session-Id"),
               message.id);
        return done();
    }
    auto agreed = legacy::read_handshake(message.params);
    if (!agreed) {
        refuse(r, http::status::ok, agreed.error(), message.id);
        return done();
    }
    session_record record;
    record.id = random_token(24);
    record.owner = who ? who->subject : std::string();
    record.revision = agreed->revision;
    record.client = std::move(agreed->client);
    record.capabilities = std::move(agreed->capabilities);
    record.created = session_record::clock::now();
    r.set("Mcp-Session-Id", record.id);
    r.content_type = "application/json";
    legacy::write_handshake(r.body, server_, message.id, record.revision);
    auto step = server_.environment().sessions.create(std::move(record));
    if (!step.ready())
        return created_later(r, std::move(step));
    return created(r, step.take());
}

inline asio::awaitable<void> streamable_http::endpoint::created_later(http::response& r,
                                                                      pending<bool> step) {
    const bool reached = co_await settled(r, step);
    if (reached)
        co_await created(r, step.take());
}

inline asio::awaitable<void> streamable_http::endpoint::created(http::response& r, bool room) {
    if (room)
        return done();
    r.clear();
    r.set("Retry-After", "60");
    return refused(r, http::status::service_unavailable, -32000,
                   "There are too many sessions; try again later");
}

/// The id that a request names its session by; nothing, and the refusal, if there is none.
inline std::optional<std::string_view> streamable_http::endpoint::session_id(const http::request& q,
                                                                             http::response& r) {
    const auto named = q.headers.find(header::protocol_version);
    const auto known = named ? parse_revision(*named) : std::nullopt;
    if (named && (!known || is_modern(*known))) {
        refuse(r, http::status::bad_request,
               {-32000, "MCP-Protocol-Version is not supported here"});
        return std::nullopt;
    }
    const auto id = q.headers.find(header::session_id);
    if (!id)
        refuse(r, http::status::bad_request, {-32000, "Bad Request: Mcp-Session-Id is required"});
    return id;
}

/// What is under way for the session of a record; null, and the refusal, if there is none or it is
/// somebody else's: whose it is, nobody else learns.
inline std::shared_ptr<legacy::session>
streamable_http::endpoint::open_session(http::response& r, const principal_ptr& who,
                                        const session_ptr& record) {
    const std::string_view caller = who ? std::string_view(who->subject) : std::string_view();
    if (record && record->owner == caller)
        return node_->sessions().obtain(*record);
    refuse(r, http::status::not_found, {-32001, "Session not found"});
    return nullptr;
}

inline void streamable_http::endpoint::take_notification(legacy::session& session,
                                                         const jsonrpc::message& message) {
    if (message.method != "notifications/cancelled")
        return;
    if (const auto cancelled = read_cancelled(message.params))
        node_->cancel(session, cancelled->request);
}

inline asio::awaitable<void>
streamable_http::endpoint::erase(const http::request& q, http::response& r, principal_ptr who) {
    const server_environment& shared = server_.environment();
    const auto id = session_id(q, r);
    if (!id)
        co_return;
    auto found = shared.sessions.find(std::string(*id));
    const bool reached = co_await settled(r, found);
    if (!reached)
        co_return;
    const session_ptr record = found.take();
    if (!open_session(r, who, record))
        co_return;
    auto erased = shared.sessions.erase(record->id);
    const bool gone = co_await settled(r, erased);
    if (!gone)
        co_return;
    node_->end(record->id);
    shared.topics.post(record_topic(record->id), std::string(legacy::session_topics::ended));
    if (shared.replay) {
        auto forgotten = shared.replay->forget(record->id);
        co_await settled(r, forgotten);
    }
}

/// Where the messages of a request go: with a replay log into a recorded stream.
inline streamable_http::endpoint::opened_reply
streamable_http::endpoint::open_reply(const legacy::session* session,
                                      const asio::any_io_executor& executor) {
    if (!session || !server_.environment().replay) {
        auto lazy = std::make_shared<http_reply>();
        return {lazy, lazy->reader(), lazy};
    }
    std::array<std::uint8_t, 8> bytes{};
    fill_random(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t each : bytes)
        number = number << 8 | each;
    const auto retry =
        has_sse_priming(session->revision()) ? std::optional(options_.retry) : std::nullopt;
    auto recorded = std::make_shared<legacy::recorded_reply>(server_.environment(), session->id(),
                                                             number >> 11 | 1, retry);
    recorded->start(executor);
    auto reader = recorded->reader();
    return {std::move(recorded), std::move(reader), nullptr};
}

/// Keeps what immediate members of a batch send, in order, before their answers.
struct streamable_http::endpoint::batch_notes final : message_sink {
    void send(std::string message) override { messages.push_back(std::move(message)); }
    void finish(std::string, reply_status) override {}
    std::vector<std::string> messages;
};

/// One member of a batch whose answers share a stream; the last one ends it.
class streamable_http::endpoint::batch_member final : public message_sink {
public:
    batch_member(std::shared_ptr<message_sink> to, std::shared_ptr<std::atomic<std::size_t>> left)
        : to_(std::move(to))
        , left_(std::move(left)) {}

    void send(std::string message) override { to_->send(std::move(message)); }
    void finish(std::string response, reply_status) override {
        if (!response.empty())
            to_->send(std::move(response));
        if (left_->fetch_sub(1) == 1)
            to_->finish({}, reply_status::ok);
    }

private:
    std::shared_ptr<message_sink> to_;
    std::shared_ptr<std::atomic<std::size_t>> left_;
};

/// Requests of a batch run together. The response is an array of their answers; if one of them must
/// be awaited, a stream of them. [MCP 2025-03-26 basic/transports]
inline asio::awaitable<void>
streamable_http::endpoint::serve_batch(const http::request& q, http::response& r, principal_ptr who,
                                       std::shared_ptr<legacy::session> session, json messages) {
    const auto executor = co_await asio::this_coro::executor;
    std::vector<std::string> answers;
    std::vector<std::pair<async_call::request, job>> waiting;
    batch_notes notes;
    for (const json& each : messages.get_array()) {
        const auto message = jsonrpc::read_message(each);
        if (!message || message->method == "initialize") {
            const auto why =
                message ? invalid_request("initialize cannot be part of a batch") : message.error();
            jsonrpc::write_error(answers.emplace_back(), jsonrpc::readable_id(each), why,
                                 jsonrpc::unknown_id::null);
        } else if (message->kind == jsonrpc::message_kind::notification) {
            take_notification(*session, *message);
        } else if (message->kind != jsonrpc::message_kind::request) {
            node_->answer(*session, *message, each);
        } else {
            const accepted what{*message, session->revision(), session, who};
            job later;
            reply_status status = reply_status::ok;
            std::string answer;
            context ctx(server_.environment(),
                        caller{what.revision, &notes, session.get(), &q.params, who.get()},
                        message->params);
            if (server_.answer(ctx, *message, answer, status, later))
                answers.push_back(std::move(answer));
            else
                waiting.emplace_back(own(q, what), std::move(later));
        }
    }
    if (waiting.empty() && notes.messages.empty()) {
        if (answers.empty()) {
            r.code = http::status::accepted;
            co_return;
        }
        r.content_type = "application/json";
        for (const std::string& answer : answers)
            r.body.append(r.body.empty() ? "[" : ",").append(answer);
        r.body += ']';
        co_return;
    }
    stream_headers(r);
    const auto reply = open_reply(session.get(), executor);
    if (reply.lazy)
        reply.lazy->start_stream();
    r.stream = std::make_unique<mailbox_stream>(reply.reader);
    for (auto* part : {&notes.messages, &answers})
        for (std::string& message : *part)
            reply.sink->send(std::move(message));
    if (waiting.empty())
        reply.sink->finish({}, reply_status::ok);
    const auto left = std::make_shared<std::atomic<std::size_t>>(waiting.size());
    for (auto& [what, work] : waiting) {
        auto member = std::make_shared<batch_member>(reply.sink, left);
        std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                     std::move(member), std::move(work))
            ->start();
    }
}

} // namespace mcp

// ---- mcp/transport/impl/legacy_stream.hpp

// The GET of the handshake era: the session's own stream, and what is left of a lost response.
// [MCP 2025-11-25 basic/transports, listening for messages, resumability]

namespace mcp {

inline asio::awaitable<void> streamable_http::endpoint::get(const http::request& q,
                                                            http::response& r, principal_ptr who) {
    server_environment& shared = server_.environment();
    if (!accepts_media(q.headers, "text/event-stream")) {
        refuse(r, http::status::not_acceptable, {-32000, "Accept must list text/event-stream"});
        co_return;
    }
    const auto id = session_id(q, r);
    if (!id)
        co_return;
    auto found = shared.sessions.find(std::string(*id));
    const bool reached = co_await settled(r, found);
    if (!reached)
        co_return;
    const session_ptr record = found.take();
    const auto session = open_session(r, who, record);
    if (!session)
        co_return;

    std::optional<legacy::event_id> last;
    if (const auto given = q.headers.find(header::last_event_id); given && shared.replay) {
        last = legacy::event_id::parse(*given);
        if (!last) {
            refuse_event(r);
            co_return;
        }
    }
    try {
        if (last && last->stream != 0)
            co_await resume_reply(r, *session, *last);
        else
            co_await open_events(r, record, *session, last);
    } catch (const unavailable& e) {
        refuse_unavailable(r, e);
    }
}

inline void streamable_http::endpoint::refuse_event(http::response& r) {
    refuse(r, http::status::bad_request,
           invalid_params("Last-Event-ID names no event of this session"));
}

/// What a stream has after an event; nothing if there has been no such event.
inline asio::awaitable<std::optional<replayed>>
streamable_http::endpoint::read_log(std::string session, legacy::event_id last) {
    // From one event before, to see that the event itself has been.
    const std::uint64_t from = last.sequence == 0 ? 0 : last.sequence - 1;
    auto step = server_.environment().replay->after(std::move(session), last.stream, from);
    if (!step.ready())
        co_await step.settle();
    replayed found = step.take();
    const bool begins = last.stream == 0 && last.sequence == 0; // there may be none yet
    const bool known = begins || !found.events.empty() || !found.whole;
    if (!known)
        co_return std::nullopt;
    if (!found.events.empty() && found.events.front().sequence == last.sequence) {
        found.events.erase(found.events.begin());
    } else if (last.sequence != 0 && !found.events.empty()) {
        // The event itself has been dropped; whether those after it have, its successor shows.
        found.whole = found.events.front().sequence == last.sequence + 1;
    }
    co_return found;
}

/// The session's own stream: a new one takes the place of the one before, wherever that is.
inline asio::awaitable<void>
streamable_http::endpoint::open_events(http::response& r, session_ptr record,
                                       legacy::session& session,
                                       std::optional<legacy::event_id> last) {
    server_environment& shared = server_.environment();
    const auto executor = co_await asio::this_coro::executor;
    std::uint64_t from = last ? last->sequence : 0;
    if (shared.replay && !last) {
        auto step = shared.replay->after(record->id, 0, 0);
        if (!step.ready())
            co_await step.settle();
        const replayed present = step.take();
        if (!present.events.empty())
            from = present.events.back().sequence; // a client that asks for nothing gets what comes
    }
    const auto events =
        std::make_shared<legacy::event_stream>(shared, executor, record->id, 0, from);
    const auto topics = std::make_shared<legacy::session_topics>(shared, record->id, events);
    if (shared.replay && has_sse_priming(session.revision()))
        events->prime(options_.retry);
    co_await topics->join(record);
    std::optional<replayed> missed = replayed();
    if (last)
        missed = co_await read_log(record->id, *last);
    if (!missed) {
        topics->leave();
        refuse_event(r);
        co_return;
    }
    events->begin(*missed);
    stream_headers(r);
    auto ended = [topics] { topics->leave(); };
    r.stream = std::make_unique<legacy::get_stream>(events, std::move(ended));
}

/// The rest of a response whose connection was lost.
inline asio::awaitable<void> streamable_http::endpoint::resume_reply(http::response& r,
                                                                     legacy::session& session,
                                                                     legacy::event_id last) {
    server_environment& shared = server_.environment();
    const auto executor = co_await asio::this_coro::executor;
    const std::string id = session.id();
    const auto events =
        std::make_shared<legacy::event_stream>(shared, executor, id, last.stream, last.sequence);
    if (has_sse_priming(session.revision()))
        events->prime(options_.retry);
    // A new reader takes the place of the one before.
    auto step = shared.topics.claim(stream_topic(id, last.stream), events);
    if (!step.ready())
        co_await step.settle();
    const any_broker& topics = shared.topics;
    auto leave = [&topics, events, topic = stream_topic(id, last.stream)] {
        topics.unsubscribe(topic, events.get());
    };
    const auto missed = co_await read_log(id, last);
    if (!missed) {
        leave();
        refuse_event(r);
        co_return;
    }
    events->begin(*missed);
    stream_headers(r);
    r.stream = std::make_unique<legacy::get_stream>(events, std::move(leave));
}

} // namespace mcp

// ---- mcp/transport/impl/modern_http.hpp

// The HTTP endpoint's side of the modern era: what a request must have, and listening.
// [MCP 2026-07-28 basic/transports/streamable-http]

namespace mcp {

inline asio::awaitable<void> streamable_http::endpoint::post_modern(const http::request& q,
                                                                    http::response& r,
                                                                    const principal_ptr& who,
                                                                    const json& body) {
    const auto refuse_now = [&](const jsonrpc::error& why, const jsonrpc::id& id) {
        refuse(r, http::status::bad_request, why, id);
        return done();
    };
    const auto message = jsonrpc::read_message(body);
    if (!message)
        return refuse_now(message.error(), jsonrpc::readable_id(body));
    if (message->kind != jsonrpc::message_kind::request &&
        message->kind != jsonrpc::message_kind::notification)
        return refuse_now(invalid_request("A client sends requests and notifications only"), {});

    const auto meta = read_request_meta(message->params);
    if (!meta)
        return refuse_now(invalid_params(meta.error().what()), message->id);
    const bool notification = message->kind == jsonrpc::message_kind::notification;
    if (const auto missing = check_modern_meta(*meta); missing && !notification)
        return refuse_now(*missing, message->id);
    std::string_view version = meta->protocol_version;
    if (version.empty()) // only a notification can do without: its header speaks
        version = q.headers.find(header::protocol_version).value_or(to_string(latest));
    // Who disagrees with himself is told that first, whatever the revision.
    if (const auto named = q.headers.find(header::protocol_version); named && *named != version)
        return refuse_now(header_mismatch("MCP-Protocol-Version is not what params._meta says"),
                          message->id);
    const auto revision = parse_revision(version);
    if (!revision || !is_modern(*revision) || !server_.options().modern)
        return refuse_now(server_.options().modern ? unsupported_protocol_version(version)
                                                   : unsupported_protocol_version(version, {}),
                          message->id);
    if (notification) {
        r.code = http::status::accepted;
        return done();
    }
    if (const auto wrong = check_headers(q, *message))
        return refuse_now(*wrong, message->id);
    if (const auto wrong = check_param_headers(q, *message))
        return refuse_now(*wrong, message->id);

    if (q.headers.find("accept") && !accepts_media(q.headers, "application/json") &&
        !accepts_media(q.headers, "text/event-stream")) {
        refuse(r, http::status::not_acceptable,
               {jsonrpc::errc::invalid_request,
                "Accept must list application/json and text/event-stream"},
               message->id);
        return done();
    }
    if (message->method == "subscriptions/listen") {
        auto filter = read_listen_params(message->params);
        if (!filter) {
            refuse(r, http::status::ok, invalid_params("params." + filter.error().what()),
                   message->id);
            return done();
        }
        return listen(r, message->id, honoured(std::move(*filter)));
    }
    return serve(q, r, accepted{*message, *revision, nullptr, who});
}

/// [MCP 2026-07-28 basic/patterns/subscriptions]
inline asio::awaitable<void> streamable_http::endpoint::listen(http::response& r, jsonrpc::id id,
                                                               subscription_filter filter) {
    auto stream = std::make_unique<listen_stream>(server_, std::move(id), std::move(filter));
    try {
        co_await stream->begin();
    } catch (const unavailable& e) {
        refuse_unavailable(r, e);
        co_return;
    }
    stream_headers(r);
    r.stream = std::move(stream);
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_headers(const http::request& q,
                                         const jsonrpc::message& message) const {
    // Which of two a proxy or a gateway has looked at cannot be known.
    for (const std::string_view each : {header::protocol_version, header::method, header::name})
        if (q.headers.count(each) > 1)
            return header_mismatch(std::string(each) + " is there more than once");
    if (!q.headers.find(header::protocol_version))
        return header_mismatch("MCP-Protocol-Version is missing");
    const auto method = q.headers.find(header::method);
    if (!method)
        return header_mismatch("Mcp-Method is missing");
    if (*method != message.method)
        return header_mismatch("Mcp-Method is not the method of the body");
    const auto wanted = mcp_name(message.method, message.params);
    if (!wanted)
        return std::nullopt;
    const auto name = q.headers.find(header::name);
    if (!name)
        return header_mismatch("Mcp-Name is missing");
    if (decode_header_value(*name) != *wanted)
        return header_mismatch("Mcp-Name is not what the body names");
    return std::nullopt;
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_param_headers(const http::request& q,
                                               const jsonrpc::message& message) const {
    const auto name =
        message.method == "tools/call" ? mcp_name(message.method, message.params) : std::nullopt;
    if (!name)
        return std::nullopt;
    const auto offers = server_.offers();
    const auto* tool = (*offers)->tools.find(*name);
    if (!tool)
        return std::nullopt;
    const json* given = message.params->if_contains("arguments");
    const json_object* arguments = given ? given->if_object() : nullptr;
    for (const header_parameter& each : (*tool)->mirrored()) {
        if (q.headers.count(each.field) > 1)
            return header_mismatch(each.field + " is there more than once");
        if (const auto wrong = each.check(arguments, q.headers.find(each.field)))
            return header_mismatch(*wrong);
    }
    return std::nullopt;
}

} // namespace mcp

#if __has_include(<CLI/CLI.hpp>)

// ---- mcp/app/run.hpp

// ---- mcp/app/run_options.hpp

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace mcp {

/// How `mcp::run` serves.
enum class run_transport { stdio, http };

/// What the command line and the environment say about how to serve.
struct run_options {
    run_transport transport = run_transport::stdio;
    std::string host = "127.0.0.1";    ///< the address to listen on
    std::uint16_t port = 8000;         ///< 0 takes any free port
    std::string path = "/mcp";         ///< where the endpoint is mounted
    unsigned threads = 1;              ///< event loops; 0 is one for each core
    log_level level = log_level::info; ///< less severe messages are not logged

    /// Set by `--help` and `--version`: the text to print instead of serving.
    std::optional<std::string> answer;
};

/// Looks up an environment variable: null if it is not set.
using environment_lookup = std::function<const char*(const char* name)>;

/// Reads `--transport --host --port --path --threads --log-level --help --version`.
///
/// Each option but the last two has a variable: `MCP_TRANSPORT`, `MCP_HOST`, `MCP_PORT`,
/// `MCP_PATH`, `MCP_THREADS`, `MCP_LOG_LEVEL`. The command line wins, and a variable that it
/// overrules may hold anything. `name` and `version` are what `--version` shows.
/// The error is one line that names the option or the variable.
inline result<run_options, std::string> parse_run_options(int argc, const char* const* argv,
                                                          const environment_lookup& environment,
                                                          std::string_view name = "server",
                                                          std::string_view version = "");

namespace detail {

inline constexpr std::pair<std::string_view, run_transport> run_transports[] = {
    {"stdio", run_transport::stdio}, {"http", run_transport::http}};

inline constexpr std::pair<std::string_view, log_level> run_log_levels[] = {
    {"debug", log_level::debug},   {"info", log_level::info},
    {"notice", log_level::notice}, {"warning", log_level::warning},
    {"error", log_level::error},   {"critical", log_level::critical},
    {"alert", log_level::alert},   {"emergency", log_level::emergency}};

/// Adds an option that takes one of `choices` by name.
template <class T, std::size_t N>
CLI::Option* add_choice(CLI::App& app, std::string option, T& value,
                        const std::pair<std::string_view, T> (&choices)[N], std::string help) {
    std::string list;
    std::string chosen;
    for (const auto& [name, choice] : choices) {
        list.append(list.empty() ? "" : ", ").append(name);
        if (choice == value)
            chosen = name;
    }
    const auto read = [&value, &choices, option, list](const std::string& text) {
        for (const auto& [name, choice] : choices) {
            if (name == text) {
                value = choice;
                return;
            }
        }
        throw CLI::ValidationError(option, "'" + text + "' is none of " + list);
    };
    return app.add_option_function<std::string>(std::move(option), read, std::move(help))
        ->type_name("{" + list + "}")
        ->default_str(chosen);
}

inline std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r')
            c = ' ';
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

} // namespace detail

inline result<run_options, std::string> parse_run_options(int argc, const char* const* argv,
                                                          const environment_lookup& environment,
                                                          std::string_view name,
                                                          std::string_view version) {
    run_options options;
    CLI::App app(std::string(name) + ": a Model Context Protocol server", std::string(name));
    app.set_version_flag("--version", std::string(name) + " " + std::string(version));
    app.get_option("--help")->description("Print this and exit");
    app.get_option("--version")->description("Print the version and exit");

    std::vector<std::pair<CLI::Option*, std::string>> variables;
    const auto add = [&](CLI::Option* option, const char* variable) {
        if (option->get_default_str().empty())
            option->capture_default_str();
        option->description(option->get_description() + " [" + variable + "]");
        variables.emplace_back(option, variable);
        return option;
    };
    add(detail::add_choice(app, "--transport", options.transport, detail::run_transports,
                           "How clients connect"),
        "MCP_TRANSPORT");
    add(app.add_option("--host", options.host, "Address to listen on"), "MCP_HOST");
    add(app.add_option("--port", options.port, "Port to listen on, 0 for any"), "MCP_PORT")
        ->check(CLI::Range(0, 65535));
    add(app.add_option("--path", options.path, "Path of the endpoint"), "MCP_PATH")
        ->check([](const std::string& path) {
            return path.starts_with('/') ? std::string() : "'" + path + "' does not begin with /";
        });
    add(app.add_option("--threads", options.threads, "Event loops, 0 for one per core"),
        "MCP_THREADS")
        ->check(CLI::Range(0, 1024));
    add(detail::add_choice(app, "--log-level", options.level, detail::run_log_levels,
                           "Least severe messages to log"),
        "MCP_LOG_LEVEL");

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        options.answer = app.help();
        return options;
    } catch (const CLI::CallForVersion& text) {
        options.answer = std::string(text.what()) + "\n";
        return options;
    } catch (const CLI::ParseError& error) {
        return detail::one_line(error.what());
    }
    for (const auto& [option, variable] : variables) {
        const char* value = environment(variable.c_str());
        if (value == nullptr || option->count() > 0)
            continue;
        try {
            option->add_result(value);
            option->run_callback();
        } catch (const CLI::ParseError& error) {
            const std::string reason = detail::one_line(error.what());
            const std::string prefix = option->get_name() + ": ";
            return variable + ": " + reason.substr(reason.starts_with(prefix) ? prefix.size() : 0);
        }
    }
    return options;
}

/// The same from the process: its arguments and its environment.
inline result<run_options, std::string> parse_run_options(int argc, const char* const* argv,
                                                          std::string_view name,
                                                          std::string_view version) {
    return parse_run_options(
        argc, argv, [](const char* variable) { return std::getenv(variable); }, name, version);
}

} // namespace mcp

namespace mcp {

/// Serves as the command line and the environment say, until it is told to stop; gives what `main`
/// is to return.
///
///     int main(int argc, char** argv) {
///         mcp::server server{"weather", "1.0.0"};
///         return mcp::run(server, argc, argv);
///     }
///
/// The options are those of `parse_run_options`. SIGINT and SIGTERM stop gracefully, with 0; a
/// second one ends the process at once. 2 is a wrong option, 1 an address that is not to be had;
/// either gives one line on standard error. `http` sets what the command line cannot.
int run(server_core& server, int argc, const char* const* argv, streamable_http_options http = {});

/// Serves as `options` say. `options.answer` is printed to standard output if there is one.
int run(server_core& server, const run_options& options, streamable_http_options http = {});

namespace detail {

/// One line on standard error. Gives `status`.
inline int complain(const server_core& server, const std::string& text, int status) {
    const std::string line = server.environment().info.name + ": " + text + "\n";
    std::fputs(line.c_str(), stderr);
    return status;
}

inline int run_http(server_core& server, const run_options& options,
                    streamable_http_options settings) {
    http::router router;
    try {
        router.mount(options.path, streamable_http(server, std::move(settings)));
    } catch (const std::invalid_argument& error) {
        return complain(server, std::string("--path: ") + error.what(), 2);
    }

    http::server_options listening;
    listening.host = options.host;
    listening.port = options.port;
    listening.threads =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    listening.on_error = [&server](std::exception_ptr failure) {
        server.environment().log(log_level::error, "http: " + describe_exception(failure));
    };
    http::server http(router, std::move(listening));
    const bool is_v6 = options.host.find(':') != options.host.npos;
    const std::string host = is_v6 ? "[" + options.host + "]" : options.host;
    try {
        http.listen();
    } catch (const std::system_error& error) {
        return complain(server,
                        "cannot listen on " + host + ":" + std::to_string(options.port) + ": " +
                            error.code().message(),
                        1);
    }

    asio::signal_set signals(http.executor(0), SIGINT, SIGTERM);
    signals.async_wait([&](std::error_code failed, int) {
        if (failed)
            return;
        std::error_code ignored;
        signals.clear(ignored); // a second signal does what it does by default
        http.stop();
    });
    complain(server,
             server.environment().info.version + " serves http://" + host + ":" +
                 std::to_string(http.port()) + options.path,
             0);
    http.run();
    server.environment().join_pool(); // what still runs there comes back to the loops of `http`
    return 0;
}

} // namespace detail

inline int run(server_core& server, const run_options& options, streamable_http_options http) {
    if (options.answer) {
        std::fputs(options.answer->c_str(), stdout);
        return 0;
    }
    server.options().level = options.level;
    if (options.transport == run_transport::stdio)
        return serve_stdio(server);
    return detail::run_http(server, options, std::move(http));
}

inline int run(server_core& server, int argc, const char* const* argv,
               streamable_http_options http) {
    const server_info& info = server.environment().info;
    const auto options = parse_run_options(argc, argv, info.name, info.version);
    if (!options)
        return detail::complain(server, options.error(), 2);
    return run(server, *options, std::move(http));
}

} // namespace mcp
#endif
