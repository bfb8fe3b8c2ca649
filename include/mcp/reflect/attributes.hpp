#pragma once

#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/impl/expectation.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

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

/// What member `Index` of a `T` should have been by `describe<T>`, such as "at least 1", or an
/// empty string if `value` is as it should be. Looks through `std::optional`.
template <aggregate_struct T, std::size_t Index, class Value>
[[nodiscard]] std::string unmet_expectation(const Value& value) {
    if constexpr (requires {
                      value.has_value();
                      *value;
                  }) {
        return value.has_value() ? unmet_expectation<T, Index>(*value) : std::string{};
    } else {
        static constexpr auto described = member_description<T, Index>();
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
