// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/impl/expectation.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

/// A value that satisfies `Rule`. It converts to the value implicitly; `*x` and `x->size()` access
/// the value as well.
///
/// The schema shows the rule, and decoding checks it. The constructor throws
/// `std::invalid_argument` for a value that breaks the rule. `Rule` has `value_type`,
/// `admits(value)` and `expectation()`, the text that follows "expected" in an error.
template <class Rule>
class constrained {
public:
    using value_type = typename Rule::value_type;
    using rule = Rule;

    /// Holds the smallest number of a range, or else an empty string or container, even if the rule
    /// requires more. Decoding starts from this value.
    ///
    /// In a constant expression a number stays uninitialised, like an `int` without initialiser.
    /// This shows whether a member has a default.
    constexpr constrained() noexcept(std::is_nothrow_default_constructible_v<value_type>) {
        if constexpr (std::is_arithmetic_v<value_type>)
            if (!std::is_constant_evaluated())
                value_ = initial();
    }

    constexpr constrained(value_type value) : value_(std::move(value)) {
        if (!Rule::admits(value_))
            refuse();
    }

    template <class U>
        requires(std::convertible_to<U, value_type> &&
                 !std::same_as<std::remove_cvref_t<U>, constrained> &&
                 !std::same_as<std::remove_cvref_t<U>, value_type> &&
                 !std::is_arithmetic_v<value_type>)
    constexpr constrained(U&& value) : value_(std::forward<U>(value)) {
        if (!Rule::admits(value_))
            refuse();
    }

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

    /// `Self` is deduced. Otherwise the compiler would try this operator for every comparison of a
    /// type that has a constrained value among its template arguments.
    template <class Self, class U>
        requires(std::same_as<Self, constrained> && !std::same_as<U, constrained> &&
                 std::equality_comparable_with<value_type, U>)
    [[nodiscard]] friend constexpr bool operator==(const Self& left, const U& right) {
        return left.value_ == right;
    }

private:
    [[noreturn]] static void refuse() {
        throw std::invalid_argument("expected " + Rule::expectation());
    }

    static constexpr value_type initial() {
        if constexpr (requires { Rule::min; } && std::is_arithmetic_v<value_type>)
            return Rule::min;
        else
            return value_type{};
    }

    value_type value_;
};

/// Allows numbers from `Min` to `Max`, both included.
template <class T, auto Min, auto Max>
    requires std::is_arithmetic_v<T>
struct range_rule {
    static_assert(!reflect::detail::less(Max, Min),
                  "mcp: ranged<T, Min, Max> needs Min <= Max; swap them");
    static constexpr bool limits_fit =
        std::is_floating_point_v<T> ||
        (!reflect::detail::less(Min, std::numeric_limits<T>::lowest()) &&
         !reflect::detail::less(std::numeric_limits<T>::max(), Max));
    static_assert(limits_fit,
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

/// Allows strings of `Min` to `Max` characters (code points), or containers of that many elements.
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

/// Strings with a format, such as `email`, `uri`, `date`, `uuid`. The schema states the format;
/// decoding does not check it.
template <fixed_string Name>
struct format_rule {
    using value_type = std::string;
    static constexpr std::string_view name = Name;

    [[nodiscard]] static constexpr bool admits(const std::string&) noexcept { return true; }

    [[nodiscard]] static std::string expectation() { return std::string{name}; }
};

/// A number in a range: `ranged<int, 1, 100>`.
template <class T, auto Min, auto Max>
using ranged = constrained<range_rule<T, Min, Max>>;

/// A string or container of limited size: `sized<std::string, 1, 80>`,
/// `sized<std::vector<int>, 1>`.
template <class T, std::size_t Min, std::size_t Max = std::numeric_limits<std::size_t>::max()>
using sized = constrained<size_rule<T, Min, Max>>;

/// A string with a format: `formatted<"email">`.
template <fixed_string Name>
using formatted = constrained<format_rule<Name>>;

namespace reflect {

/// True if `T` is a `constrained<…>`: decode and encode its `T::value_type`, check `T::admits`.
template <class T>
inline constexpr bool is_constrained = false;

template <class Rule>
inline constexpr bool is_constrained<constrained<Rule>> = true;

} // namespace reflect
} // namespace mcp
