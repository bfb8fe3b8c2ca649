// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/impl/attribute_text.hpp>
#include <mcp/reflect/impl/expectation.hpp>
#include <mcp/reflect/nullable.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

// Attributes that `member<"…">(…)` and the descriptions of tools take beside their text. An
// attribute with `admits` is checked when a value is decoded; `expectation()` is the text that the
// error gives after "expected".

/// The display name.
struct title {
    reflect::attribute_text text;
};

/// Requires a number of at least `value`.
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

/// Requires a number of at most `value`.
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

/// Requires a number greater than `value`.
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

/// Requires a number less than `value`.
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

/// Requires a string of at least `value` characters (code points).
struct min_length {
    std::size_t value;

    [[nodiscard]] constexpr bool admits(std::string_view text) const noexcept {
        return reflect::detail::code_points(text) >= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at least " + std::to_string(value) + " characters";
    }
};

/// Requires a string of at most `value` characters (code points).
struct max_length {
    std::size_t value;

    [[nodiscard]] constexpr bool admits(std::string_view text) const noexcept {
        return reflect::detail::code_points(text) <= value;
    }

    [[nodiscard]] std::string expectation() const {
        return "at most " + std::to_string(value) + " characters";
    }
};

/// Requires an array of at least `value` elements.
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

/// Requires an array of at most `value` elements.
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

/// The format of a string: `email`, `uri`, `date`, `date-time`, `uuid` … The schema states it;
/// decoding does not check it.
struct format {
    reflect::attribute_text name;
};

/// The value of an absent member. Needed only if the default member initialiser cannot be read at
/// compile time (see `<mcp/reflect/defaults.hpp>`). It takes precedence over the initialiser.
template <class T>
struct default_value {
    T value;
};

template <class T>
default_value(T) -> default_value<T>;
template <std::size_t Size>
default_value(const char (&)[Size]) -> default_value<fixed_string<Size - 1>>;

/// States that a member has a default member initialiser, where the compiler cannot read it or
/// cannot tell it from none (see `<mcp/reflect/defaults.hpp>`). The member may be absent and then
/// has the value of the initialiser. The schema does not show that value.
struct defaulted {};

/// Example values for the schema.
template <class... Values>
struct examples {
    std::tuple<Values...> values;

    constexpr examples(Values... list) : values(list...) {}
};

/// Makes clients of revision 2026-07-28 send this parameter also as the HTTP header
/// `Mcp-Param-<name>`, so that gateways can route by it [MCP 2026-07-28 server/tools].
struct param_header {
    reflect::attribute_text name;
};

/// Marks a member that is still accepted but should no longer be used.
struct deprecated {};

/// The name of a member in JSON, where it is no identifier: `json_name{"class"}`, `{"@id"}`.
struct json_name {
    reflect::attribute_text text;
};

namespace reflect {
namespace detail {

/// The type of the value in a member, without `optional` and constraints.
template <class T>
struct bare {
    using type = T;
};

template <class T>
    requires is_nullable<T>
struct bare<T> : bare<content_type<T>> {};

template <class Rule>
struct bare<constrained<Rule>> : bare<typename Rule::value_type> {};

template <class T>
using bare_t = typename bare<std::remove_cv_t<T>>::type;

/// True if an attribute applies to members of type `T`.
template <class Attribute, class T>
inline constexpr bool fits = [] {
    if constexpr (requires(const Attribute& a) { a.expectation(); })
        return requires(const Attribute& a, const bare_t<T>& value) { a.admits(value); };
    else
        return true;
}();

template <class T>
inline constexpr bool fits<format, T> = std::is_convertible_v<bare_t<T>, std::string_view>;

/// Clients can put only these types in a header.
template <class T>
inline constexpr bool fits<param_header, T> =
    std::is_integral_v<bare_t<T>> || (std::is_enum_v<bare_t<T>> && !flag_enum<bare_t<T>>) ||
    std::is_convertible_v<bare_t<T>, std::string_view>;

/// The value of `default_value` that makes a member: `std::string_view` for a literal.
template <class Value>
[[nodiscard]] constexpr const Value& value_of_default(const Value& value) noexcept {
    return value;
}
template <std::size_t Size>
[[nodiscard]] constexpr std::string_view
value_of_default(const fixed_string<Size>& value) noexcept {
    return value;
}

template <class Value, class T>
inline constexpr bool fits<default_value<Value>, T> =
    std::is_constructible_v<T, decltype(value_of_default(std::declval<const Value&>()))>;

/// Returns whether `name` is a token, as header names are [RFC 9110 §5.6.2].
[[nodiscard]] constexpr bool is_token(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              marks.find(c) != std::string_view::npos))
            return false;
    return !name.empty();
}

template <class Attribute>
[[nodiscard]] constexpr bool is_valid_pattern(const Attribute& attribute) noexcept {
    if constexpr (requires { attribute.is_valid(); })
        return attribute.is_valid();
    else
        return true;
}

template <class Attribute>
[[nodiscard]] constexpr bool names_header(const Attribute& attribute) noexcept {
    if constexpr (std::is_same_v<Attribute, param_header>)
        return is_token(attribute.name);
    else
        return true;
}

template <class>
inline constexpr bool is_attribute = false;
template <class Attribute>
    requires requires(const Attribute& a) { a.expectation(); }
inline constexpr bool is_attribute<Attribute> = true;
template <class T>
inline constexpr bool is_attribute<default_value<T>> = true;
template <class... T>
inline constexpr bool is_attribute<examples<T...>> = true;
template <>
inline constexpr bool is_attribute<title> = true;
template <>
inline constexpr bool is_attribute<format> = true;
template <>
inline constexpr bool is_attribute<defaulted> = true;
template <>
inline constexpr bool is_attribute<param_header> = true;
template <>
inline constexpr bool is_attribute<deprecated> = true;
template <>
inline constexpr bool is_attribute<json_name> = true;

} // namespace detail

/// Returns the maximum cost of `unmet_expectation` for `value`, as far as it grows faster than the
/// cost of reading the value. This is the `effort` of patterns, see `reflect::regex`. A caller that
/// decodes the input of a peer limits the sum.
template <class... Attributes, class Value>
[[nodiscard]] std::size_t effort_of_attributes(const std::tuple<Attributes...>& attributes,
                                               const Value& value) {
    std::size_t sum = 0;
    if constexpr (is_constrained<Value>) {
        sum = effort_of_attributes(attributes, *value);
    } else if constexpr (is_nullable<Value>) {
        sum = value ? effort_of_attributes(attributes, *value) : 0;
    } else {
        for_each_of(attributes, [&]([[maybe_unused]] const auto& attribute) {
            if constexpr (requires { attribute.effort(value); })
                sum += attribute.effort(value);
        });
    }
    return sum;
}

/// Returns what the attributes of a member or a parameter require, such as "at least 1", or an
/// empty string if `value` meets it. Looks through optionals and pointers.
template <class... Attributes, class Value>
[[nodiscard]] std::string unmet_expectation(const std::tuple<Attributes...>& attributes,
                                            const Value& value) {
    if constexpr (is_constrained<Value>) {
        return unmet_expectation(attributes, *value);
    } else if constexpr (is_nullable<Value>) {
        return value ? unmet_expectation(attributes, *value) : std::string{};
    } else {
        std::string unmet;
        for_each_of(attributes, [&]([[maybe_unused]] const auto& attribute) {
            if constexpr (requires { attribute.admits(value); })
                if (unmet.empty() && !attribute.admits(value))
                    unmet = attribute.expectation();
        });
        return unmet;
    }
}

} // namespace reflect
} // namespace mcp
