// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/json/literal.hpp>
#include <mcp/json/string_types.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/time_form.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp {

/// Defines the JSON form of a type that is not an aggregate. Specialise it:
///
///     template <>
///     struct mcp::codec<colour> {
///         static constexpr std::string_view schema = R"({"type":"string"})";
///         static void write(mcp::json_writer& w, const colour& c) { w.value(c.name()); }
///         static mcp::result<colour, mcp::decode_error> read(const mcp::json& value);
///     };
///
/// `read` reports an error with a path relative to its value, usually an empty path. A type that is
/// only a result needs no `read`, and one that is only a parameter no `write`.
template <class T>
struct codec {};

/// Types with a `codec`.
template <class T>
concept has_codec = requires { codec<T>::schema; } || requires { &codec<T>::write; } ||
                    requires { &codec<T>::read; };

/// Types with a `codec` that writes.
template <class T>
concept has_codec_write = requires { &codec<T>::write; };

/// Types with a `codec` that reads.
template <class T>
concept has_codec_read = requires(const json& value) { codec<T>::read(value); };

namespace detail {

/// Classifies the types with a JSON form, for both `encode` and `decode`.

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

/// An enum whose values are names, not lists of names.
template <class T>
concept json_enum = std::is_enum_v<T> && !reflect::flag_enum<T>;

template <class T>
concept json_key = json_text<T> || json_enum<T>;

template <class T>
concept json_optional = reflect::is_nullable<T>;

template <class T>
concept json_variant = is_specialization<T, std::variant>;

template <class T>
concept json_duration = is_specialization<T, std::chrono::duration>;

template <class T>
concept json_tuple = is_specialization<T, std::tuple> || is_specialization<T, std::pair>;

/// Does what `std::ranges::range` does, without its header, which takes long to compile.
namespace json_ranges {

using std::begin;
using std::end;

template <class T>
concept range = requires(const T& list) { begin(list) != end(list); };

template <class T>
using value_t = std::iter_value_t<decltype(begin(std::declval<const T&>()))>;

} // namespace json_ranges

template <class T>
concept json_range = json_ranges::range<T>;

/// The type of the elements of a range.
template <class T>
using json_element_t = json_ranges::value_t<T>;

template <class T>
concept json_map = json_range<T> && requires {
    typename T::key_type;
    typename T::mapped_type;
};

template <class T>
concept json_set =
    json_range<T> && requires { typename T::key_type; } && !requires { typename T::mapped_type; };

/// A range whose `insert` does not say whether the element or key was there, because it may be
/// there several times.
template <class T>
concept json_multiple = json_range<T> && requires(T& range, typename T::value_type element) {
    { range.insert(std::move(element)) } -> std::same_as<typename T::iterator>;
};

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

/// Types to which elements can be added.
template <class T>
concept json_elements = json_set<T> || requires(T& list, typename T::value_type element) {
    list.push_back(std::move(element));
    list.clear();
};

template <class T>
inline constexpr bool has_no_json_form = false;

} // namespace detail
} // namespace mcp
