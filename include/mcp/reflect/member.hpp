// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/annotations.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/symbol_name.hpp>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mcp {

namespace reflect::detail {

/// The name of the member that `Pointer` points to, as a template argument.
template <auto Pointer>
inline constexpr auto name_of_pointer = [] {
    constexpr std::string_view name = symbol_name<Pointer>;
    fixed_string<name.size()> copy;
    std::copy_n(name.data(), name.size(), copy.text);
    return copy;
}();

} // namespace reflect::detail

/// Adds to the schema of `T` what its C++ type cannot say. Specialise it beside a struct, or beside
/// an enum to give its values a title:
///
///     template <>
///     struct mcp::describe<query> {
///         static constexpr auto title = "Search";
///         static constexpr auto description = "What to look for";
///         static constexpr auto members = mcp::members(
///             mcp::member<"words">("Words to find", mcp::min_length{1}),
///             mcp::member<&query::limit>("How many results", mcp::minimum{1}, mcp::maximum{100}));
///     };
///
/// Each of the three is optional. `<mcp/reflect/attributes.hpp>` has the attributes. Decoding
/// arguments checks the attributes that limit values. Without a specialisation, a struct describes
/// itself by a member `describe` (see `described`), or in C++26 by annotations (see
/// `<mcp/reflect/annotations.hpp>`).
template <class T>
struct describe;

/// One member, by name, with its attributes. Made by `member<"name">(…)`.
template <fixed_string Name, class... Attributes>
struct described_member {
    static constexpr std::string_view name = Name;

    std::string_view description;
    std::tuple<Attributes...> attributes;
};

/// One member, by pointer, with its attributes. Made by `member<&T::name>(…)`.
template <auto Pointer, class... Attributes>
struct described_pointer
    : described_member<reflect::detail::name_of_pointer<Pointer>, Attributes...> {
    static constexpr auto pointer = Pointer;
};

/// The list of described members. Made by `members(…)`.
template <class... Members>
struct described_members {
    std::tuple<Members...> list;
};

/// Describes the member or enumerator `Name`: first its meaning, then its attributes.
template <fixed_string Name, class... Attributes>
[[nodiscard]] consteval auto member(std::string_view description, Attributes... attributes) {
    return described_member<Name, Attributes...>{description, {attributes...}};
}

/// Describes a member without a text.
template <fixed_string Name, class... Attributes>
    requires(!(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto member(Attributes... attributes) {
    return described_member<Name, Attributes...>{{}, {attributes...}};
}

/// Describes the member that `Pointer` points to, such as `&query::limit`.
///
/// A class that is no aggregate, because it has private members or constructors, and a struct with
/// a base class have the members that `describe` lists in this way, and no others. Reading makes an
/// object with the default constructor and assigns its members. Each member is required unless it
/// is an optional or its attributes say that it has a default:
///
///     class account {
///     public:
///         account() = default;
///         explicit account(std::string owner) : owner_(std::move(owner)) {}
///
///     private:
///         std::string owner_;
///         int limit_ = 100;
///
///     public:
///         static constexpr auto describe = mcp::described(
///             mcp::member<&account::owner_>("Whose it is", mcp::json_name{"owner"}),
///             mcp::member<&account::limit_>(mcp::json_name{"limit"}, mcp::defaulted{}));
///     };
template <auto Pointer, class... Attributes>
    requires std::is_member_object_pointer_v<decltype(Pointer)>
[[nodiscard]] consteval auto member(std::string_view description, Attributes... attributes) {
    return described_pointer<Pointer, Attributes...>{{description, {attributes...}}};
}

/// Describes a member without a text.
template <auto Pointer, class... Attributes>
    requires(std::is_member_object_pointer_v<decltype(Pointer)> &&
             !(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto member(Attributes... attributes) {
    return described_pointer<Pointer, Attributes...>{{{}, {attributes...}}};
}

/// Makes the list of described members. Members without a description may be left out.
template <class... Members>
[[nodiscard]] consteval auto members(Members... list) {
    return described_members<Members...>{{list...}};
}

struct title;
struct camel_case;

/// States that no default member initialiser of the struct counts; see
/// `<mcp/reflect/defaults.hpp>`.
struct no_defaults {};

/// The description of a struct, from inside. Made by `described(…)`.
template <class... Parts>
struct type_description {
    std::string_view description;
    std::tuple<Parts...> parts;
};

/// Describes a struct from inside, after its members:
///
///     struct page_query {
///         std::string words;
///         int page_size = 10;
///
///         static constexpr auto describe = mcp::described(
///             "What to look for", mcp::camel_case{},
///             mcp::member<&page_query::words>("Words to find"),
///             mcp::member<&page_query::page_size>("How many results", mcp::minimum{1}));
///     };
///
/// It says the same as a specialisation of `describe`. After the text follow, in any order,
/// `member<…>(…)`, `title{"…"}`, `camel_case{}` and `no_defaults{}`.
template <class... Parts>
[[nodiscard]] consteval auto described(std::string_view description, Parts... parts) {
    return type_description<Parts...>{description, {parts...}};
}

/// Describes a struct without a text.
template <class... Parts>
    requires(!(... || std::is_convertible_v<Parts, std::string_view>))
[[nodiscard]] consteval auto described(Parts... parts) {
    return type_description<Parts...>{{}, {parts...}};
}

namespace reflect::detail {

template <class T>
inline constexpr bool is_type_description = false;

template <class... Parts>
inline constexpr bool is_type_description<type_description<Parts...>> = true;

/// True if `T` has a member `describe` made by `described(…)`.
template <class T>
concept describes_itself =
    requires { requires is_type_description<std::remove_cvref_t<decltype(T::describe)>>; };

template <fixed_string Name, class... Attributes>
consteval std::true_type test_member(const described_member<Name, Attributes...>*);
consteval std::false_type test_member(const void*);

template <class Part>
inline constexpr bool is_described_member =
    decltype(test_member(static_cast<const Part*>(nullptr)))::value;

template <class Part>
inline constexpr bool is_described_part =
    is_described_member<Part> || std::is_same_v<Part, title> || std::is_same_v<Part, camel_case> ||
    std::is_same_v<Part, no_defaults>;

template <class Part>
[[nodiscard]] constexpr auto member_or_none(const Part& part) {
    if constexpr (is_described_member<Part>)
        return std::tuple<Part>(part);
    else
        return std::tuple<>();
}

template <class... Parts>
[[nodiscard]] constexpr auto members_among(const type_description<Parts...>& whole) {
    const auto list = std::tuple_cat(member_or_none(std::get<Parts>(whole.parts))...);
    return [&]<class... Members>(const std::tuple<Members...>& members) {
        return described_members<Members...>{members};
    }(list);
}

template <class Part, class Description>
inline constexpr bool has_part = false;

template <class Part, class... Parts>
inline constexpr bool has_part<Part, type_description<Parts...>> =
    (... || std::is_same_v<Part, Parts>);

template <class T>
struct own_words {
    static constexpr std::string_view description = T::describe.description;
    static constexpr auto members = members_among(T::describe);
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_title {};

template <class T, class Description>
    requires has_part<title, Description>
struct own_title<T, Description> {
    static constexpr std::string_view title = std::get<mcp::title>(T::describe.parts).text;
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_names {};

template <class T, class Description>
    requires has_part<camel_case, Description>
struct own_names<T, Description> {
    static constexpr auto names = std::get<camel_case>(T::describe.parts);
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_defaults {};

template <class T, class Description>
    requires has_part<no_defaults, Description>
struct own_defaults<T, Description> {
    static constexpr bool defaults = false;
};

/// What `describe<T>` has unless it is specialised: the member `describe` of `T`, or annotations.
template <class T>
struct own_description : annotated<T> {};

template <describes_itself T>
struct own_description<T> : own_words<T>, own_title<T>, own_names<T>, own_defaults<T> {};

} // namespace reflect::detail

template <class T>
struct describe : reflect::detail::own_description<T> {};

} // namespace mcp
