// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {

/// Makes the names of a struct camelCase in JSON: `page_size` becomes `pageSize`. Write it in
/// `describe<T>`:
///
///     static constexpr mcp::camel_case names{};
///
/// For all structs of a namespace, declare a function there, before the structs. It is never
/// called:
///
///     mcp::camel_case names_in_json(const void*);
struct camel_case {};

namespace reflect {
namespace detail {

/// `Name` in camelCase. An underscore that no lower-case letter follows stays.
template <class T, std::size_t Index>
struct camel_name {
    static constexpr std::string_view plain = member_names<T>[Index];

    static constexpr bool joins(std::size_t at) noexcept {
        return plain[at] == '_' && at > 0 && at + 1 < plain.size() && plain[at + 1] >= 'a' &&
               plain[at + 1] <= 'z';
    }

    static constexpr std::size_t size = [] {
        std::size_t count = plain.size();
        for (std::size_t at = 0; at < plain.size(); ++at)
            count -= joins(at) ? 1U : 0U;
        return count;
    }();

    static constexpr auto text = [] {
        std::array<char, size> out{};
        std::size_t end = 0;
        for (std::size_t at = 0; at < plain.size(); ++at)
            if (joins(at))
                out[end++] = static_cast<char>(plain[++at] - 'a' + 'A');
            else
                out[end++] = plain[at];
        return out;
    }();
};

/// Returns whether `describe<T>` or the namespace of `T` asks for camelCase.
template <class T>
[[nodiscard]] consteval bool is_camel_case() noexcept {
    if constexpr (requires { describe<T>::names; }) {
        return true;
    } else {
        return requires(const T* any) {
            { names_in_json(any) } -> std::same_as<camel_case>;
        };
    }
}

template <class T, std::size_t Index>
[[nodiscard]] consteval std::string_view find_json_name() noexcept {
    std::string_view name = member_names<T>[Index];
    if constexpr (is_camel_case<T>()) {
        name = {camel_name<T, Index>::text.data(), camel_name<T, Index>::size};
    }
    if constexpr (has_attributes<T, Index>)
        for_each_of(member_description<T, Index>().attributes, [&](const auto& attribute) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(attribute)>, json_name>)
                name = attribute.text;
        });
    return name;
}

template <class T, std::size_t... Index>
[[nodiscard]] consteval auto read_json_names(std::index_sequence<Index...>) noexcept {
    return std::array<std::string_view, sizeof...(Index)>{find_json_name<T, Index>()...};
}

} // namespace detail

/// The names of the members in JSON: as `describe<T>` says, or as the struct declares them.
template <aggregate_struct T>
inline constexpr auto json_names =
    detail::read_json_names<T>(std::make_index_sequence<member_count<T>>{});

/// Returns the index of the member that is named `name` in JSON, or `member_count<T>`.
template <aggregate_struct T>
[[nodiscard]] constexpr std::size_t json_index(std::string_view name) noexcept {
    std::size_t at = 0;
    while (at < member_count<T> && json_names<T>[at] != name)
        ++at;
    return at;
}

} // namespace reflect
} // namespace mcp
