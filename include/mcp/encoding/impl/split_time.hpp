// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
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

} // namespace mcp::detail
