// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/durations.hpp>
#include <mcp/json/text_form.hpp>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {
namespace detail {

/// What texts need to say of the unit of a duration.
struct time_unit {
    std::string_view name;    ///< such as "seconds"; empty for a unit without a name
    std::string_view length;  ///< a duration in that unit
    std::string_view meaning; ///< the description of a duration
};

template <class Duration>
[[nodiscard]] constexpr time_unit unit_of() noexcept {
    using period = typename Duration::period;
    constexpr std::string_view seconds = "ISO 8601 duration such as PT1M30S";
    if constexpr (std::chrono::treat_as_floating_point_v<typename Duration::rep>)
        return {"", "PT1M30S", seconds};
    else if constexpr (std::same_as<period, std::nano>)
        return {"nanoseconds", "PT1M30S", seconds};
    else if constexpr (std::same_as<period, std::micro>)
        return {"microseconds", "PT1M30S", seconds};
    else if constexpr (std::same_as<period, std::milli>)
        return {"milliseconds", "PT1M30S", seconds};
    else if constexpr (std::same_as<period, std::ratio<1>>)
        return {"seconds", "PT1M30S", seconds};
    else if constexpr (std::same_as<period, std::chrono::minutes::period>)
        return {"minutes", "PT1H30M", "ISO 8601 duration such as PT1H30M, in whole minutes"};
    else if constexpr (std::same_as<period, std::chrono::hours::period>)
        return {"hours", "P1DT12H", "ISO 8601 duration such as P1DT12H, in whole hours"};
    else if constexpr (std::same_as<period, std::chrono::days::period>)
        return {"days", "P3D", "ISO 8601 duration such as P3D, in whole days"};
    else if constexpr (std::same_as<period, std::chrono::weeks::period>)
        return {"weeks", "P2W", "ISO 8601 duration such as P2W, in whole weeks"};
    else
        return {"", "PT1M30S", seconds};
}

/// Returns `what` with the unit and an example: "duration in whole seconds such as \"PT1M30S\"".
inline std::string what_of_unit(std::string_view what, std::string_view unit,
                                std::string_view example) {
    std::string text{what};
    if (!unit.empty())
        text.append(" in whole ").append(unit);
    return text.append(" such as \"").append(example).append("\"");
}

/// Text that is put together in a constant expression.
class pattern_text {
public:
    constexpr void add(std::string_view part) {
        for (const char c : part)
            text_[size_++] = c;
    }

    /// Adds the pattern of a decimal fraction of at most `digits` digits that are not zero.
    constexpr void add_fraction(std::size_t digits, bool any) {
        if (any) {
            add(R"((\.\d+)?)");
        } else if (digits == 0) {
            add(R"((\.0+)?)");
        } else {
            add(R"((\.\d{1,)");
            text_[size_++] = static_cast<char>('0' + digits);
            add("}0*)?");
        }
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 128> text_{};
    std::size_t size_ = 0;
};

/// Returns the number of decimal digits that a fraction of a second may have in a `Duration`.
template <class Duration>
[[nodiscard]] constexpr std::size_t fraction_digits() noexcept {
    std::size_t digits = 0;
    for (long long parts = 1; digits < 9 && parts % Duration::period::den != 0; parts *= 10)
        ++digits;
    return digits;
}

/// `T\B` and `P\B` demand a digit after the letter.
template <class Duration>
inline constexpr pattern_text length_pattern = [] {
    constexpr long long unit = length_unit<Duration>;
    pattern_text text;
    text.add(R"(^[-+]?P\B(\d+W)?(\d+D)?)");
    if (unit <= 3600)
        text.add(R"((T\B(\d+H)?)");
    if (unit <= 60)
        text.add(R"((\d+M)?)");
    if (unit <= 1) {
        text.add(R"((\d+)");
        text.add_fraction(fraction_digits<Duration>(),
                          std::chrono::treat_as_floating_point_v<typename Duration::rep>);
        text.add("S)?");
    }
    text.add(unit <= 3600 ? ")?$" : "$");
    return text;
}();

/// The pattern of the fraction in a date and time, whose format says the rest.
template <class Duration>
inline constexpr pattern_text moment_pattern = [] {
    pattern_text text;
    text.add(R"(^[^.]*)");
    text.add_fraction(fraction_digits<Duration>(),
                      std::chrono::treat_as_floating_point_v<typename Duration::rep>);
    text.add(R"([^.\d][^.]*$)");
    return text;
}();

} // namespace detail

/// A duration is an ISO 8601 text: "PT1M30S". Its schema has a pattern instead of the format
/// `duration`, which has neither fractions nor signs [RFC 3339 appendix A].
template <class Rep, class Period>
struct text_form<std::chrono::duration<Rep, Period>> {
    using value_type = std::chrono::duration<Rep, Period>;

    static constexpr std::string_view description = detail::unit_of<value_type>().meaning;
    static constexpr std::string_view pattern = detail::length_pattern<value_type>.view();

    static std::string what() {
        constexpr detail::time_unit unit = detail::unit_of<value_type>();
        return detail::what_of_unit("duration", unit.name, unit.length);
    }

    static bool append(std::string& out, const value_type& length) {
        if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
            if (!std::isfinite(length.count()))
                return false;
        } else {
            using std::chrono::seconds;
            const auto rest = length - std::chrono::duration_cast<seconds>(length);
            if (std::chrono::duration_cast<std::chrono::nanoseconds>(rest) != rest)
                return false;
        }
        append_iso8601(out, length);
        return true;
    }

    static std::optional<value_type> parse(std::string_view text) {
        return parse_iso8601<value_type>(text);
    }
};

/// A time point is an RFC 3339 text: "2026-07-28T09:30:00Z".
template <class Duration>
struct text_form<std::chrono::sys_time<Duration>> {
    using value_type = std::chrono::sys_time<Duration>;

    static constexpr std::string_view format = "date-time";
    static constexpr std::string_view pattern = detail::moment_pattern<Duration>.view();

    static std::string what() {
        return detail::what_of_unit("date and time", detail::unit_of<Duration>().name,
                                    "2026-07-28T09:30:00Z");
    }

    static bool append(std::string& out, const value_type& moment) {
        return append_rfc3339(out, moment);
    }

    static std::optional<value_type> parse(std::string_view text) {
        return parse_rfc3339<Duration>(text);
    }
};

/// A date is an RFC 3339 full-date: "2026-07-28".
template <>
struct text_form<std::chrono::year_month_day> {
    static constexpr std::string_view format = "date";

    static std::string what() { return "date such as \"2026-07-28\""; }

    static bool append(std::string& out, const std::chrono::year_month_day& date) {
        return append_date(out, date);
    }

    static std::optional<std::chrono::year_month_day> parse(std::string_view text) {
        return parse_date(text);
    }
};

/// A day since 1970 is a date.
template <>
struct text_form<std::chrono::sys_days> {
    static constexpr std::string_view format = "date";

    static std::string what() { return text_form<std::chrono::year_month_day>::what(); }

    static bool append(std::string& out, const std::chrono::sys_days& day) {
        return append_date(out, std::chrono::year_month_day{day});
    }

    static std::optional<std::chrono::sys_days> parse(std::string_view text) {
        const auto date = parse_date(text);
        return date ? std::optional{std::chrono::sys_days{*date}} : std::nullopt;
    }
};

} // namespace mcp
