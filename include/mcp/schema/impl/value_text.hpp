// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/durations.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/schema/impl/text_sink.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::schema::detail {

/// The types that are already being inspected.
template <class... T>
struct type_list {};

template <class T, class... Seen>
[[nodiscard]] consteval bool is_writable(type_list<Seen...> seen) noexcept;

template <class... T, class Seen>
[[nodiscard]] consteval bool are_writable(std::type_identity<std::tuple<T...>>,
                                          Seen seen) noexcept {
    return (... && is_writable<std::remove_cvref_t<T>>(seen));
}

template <class Sequence, class... T, class Seen>
[[nodiscard]] consteval bool are_writable(std::type_identity<reflect::member_list<Sequence, T...>>,
                                          Seen seen) noexcept {
    return (... && is_writable<std::remove_cv_t<T>>(seen));
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

/// Returns whether a duration has a decimal fraction of a second with at most nine digits.
template <class T>
[[nodiscard]] consteval bool is_decimal_duration() noexcept {
    return std::integral<typename T::rep> && 1'000'000'000 % T::period::den == 0 &&
           (T::period::den == 1 || T::period::num == 1);
}

template <class T, class... Seen>
[[nodiscard]] consteval bool is_writable(type_list<Seen...> seen) noexcept {
    using namespace mcp::detail;
    if constexpr (has_codec_write<T> || std::same_as<T, bytes> || json_tree<T>)
        return false;
    else if constexpr (json_duration<T>)
        return is_decimal_duration<T>();
    else if constexpr (has_text_form<T>)
        return false;
    else if constexpr (std::same_as<T, bool> || json_number<T> || json_text<T> ||
                       std::is_enum_v<T> || std::same_as<T, std::monostate> ||
                       std::same_as<T, std::nullptr_t>)
        return true;
    else if constexpr (json_optional<T>)
        return is_writable<reflect::content_type<T>>(seen);
    else if constexpr (reflect::is_constrained<T>)
        return is_writable<typename T::value_type>(seen);
    else if constexpr (json_tuple<T> || json_variant<T>)
        return are_writable(std::type_identity<T>{}, seen);
    else if constexpr (json_map<T>)
        return is_writable<typename T::key_type>(seen) &&
               is_writable<typename T::mapped_type>(seen);
    else if constexpr (json_range<T>)
        return is_writable<json_element_t<T>>(seen);
    else if constexpr ((... || std::same_as<T, Seen>))
        return true;
    else if constexpr (reflect::aggregate_struct<T>)
        return are_writable(std::type_identity<reflect::member_list_of<T>>{},
                            type_list<T, Seen...>{});
    else
        return false;
}

/// True if `write_value` can write a `T`; the schema omits a default of another type.
template <class T>
inline constexpr bool writable = is_writable<T>(type_list<>{});

/// Writes a duration as `append_iso8601` does: "P1DT2H0.5S".
template <class T>
constexpr void write_duration(text_sink& out, const T& length) {
    if (length == length.zero())
        return out.string(mcp::detail::zero_length<T>);
    // Negates part by part, because the lowest count has no positive counterpart.
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
    if (rest != 0 || nanos != 0)
        text[size++] = 'T';
    if (rest / 3600 != 0)
        put(rest / 3600, 'H');
    if (rest / 60 % 60 != 0)
        put(rest / 60 % 60, 'M');
    if (rest % 60 != 0 || nanos != 0) {
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

/// Writes `value` as `mcp::write` does, in a constant expression.
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
    } else if constexpr (reflect::flag_enum<T>) {
        out.begin_array();
        for (std::size_t at = 0; at < reflect::flag_bits<T>.size(); ++at)
            if ((reflect::detail::bits_of(value) & reflect::flag_bits<T>[at]) != 0)
                out.string(reflect::flag_names<T>[at]);
        out.end_array();
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
            write_value(out, static_cast<const json_element_t<T>&>(element));
        out.end_array();
    } else {
        out.begin_object();
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            const auto member = [&](std::string_view name, const auto& each) {
                if constexpr (json_optional<std::remove_cvref_t<decltype(each)>>) {
                    if (!each)
                        return;
                }
                out.key(name);
                write_value(out, each);
            };
            (member(reflect::json_names<T>[Index], reflect::member_at<Index>(value)), ...);
        }(std::make_index_sequence<reflect::member_count<T>>{});
        out.end_object();
    }
}

} // namespace mcp::schema::detail
