// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/fixed_string.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// Annotations of C++26, with which a declaration describes itself. Without reflection
// (`__cpp_impl_reflection`) this header is empty.

#ifdef __cpp_impl_reflection
#include <meta>
#include <vector>

namespace mcp {

/// Describes a function, a parameter, a member, an enumerator or a type, as an annotation:
///
/// ```
/// [[=mcp::doc("Add two numbers")]]
/// int add([[=mcp::doc("The first")]] int a, [[=mcp::minimum(1)]] int b = 3);
/// ```
///
/// The attributes of `<mcp/reflect/attributes.hpp>`, except `examples`, are annotations as they
/// are. A type may also have `title`, `camel_case` and `no_defaults`.
struct doc {
    const char* text;

    consteval explicit doc(std::string_view words) : text(std::define_static_string(words)) {}
};

/// Makes a function a resource, or a resource template if the URI has variables:
///
/// ```
/// [[=mcp::uri("notes://{id}"), =mcp::doc("A note")]] std::string note(std::string id);
/// ```
struct uri {
    const char* text;

    consteval explicit uri(std::string_view words) : text(std::define_static_string(words)) {}
};

struct title;
struct camel_case;
struct no_defaults;
template <fixed_string Name, class... Attributes>
struct described_member;
template <class... Members>
struct described_members;

namespace reflect::detail {

// clang-format 19 cannot read the operators of reflection.
// clang-format off

/// Returns whether an annotation has a type of the library.
[[nodiscard]] consteval bool is_ours(std::meta::info annotation) {
    const std::meta::info type = remove_const(type_of(annotation));
    return parent_of(has_template_arguments(type) ? template_of(type) : type) == ^^mcp;
}

/// Returns the text of the `doc` of a declaration, or an empty text.
[[nodiscard]] consteval std::string_view doc_of(std::meta::info item) {
    const auto found = annotations_of_with_type(item, ^^doc);
    return found.empty() ? std::string_view{} : extract<doc>(constant_of(found.front())).text;
}

/// Returns the annotation of a type that a declaration has, or a null reflection.
[[nodiscard]] consteval std::meta::info find_annotation(std::meta::info item, std::meta::info type) {
    for (const std::meta::info each : annotations_of(item))
        if (remove_const(type_of(each)) == type)
            return each;
    return {};
}

/// Returns the annotations of the library, without `doc`.
[[nodiscard]] consteval std::vector<std::meta::info> attributes_among(std::meta::info item) {
    std::vector<std::meta::info> found;
    for (const std::meta::info each : annotations_of(item))
        if (is_ours(each) && remove_const(type_of(each)) != ^^doc)
            found.push_back(each);
    return found;
}

[[nodiscard]] consteval bool is_annotated(std::meta::info item) {
    for (const std::meta::info each : annotations_of(item))
        if (is_ours(each))
            return true;
    return false;
}

template <std::meta::info Item>
inline constexpr auto attributes_of = std::define_static_array(attributes_among(Item));

template <std::meta::info Annotation>
using annotation_type = [: remove_const(type_of(Annotation)) :];

/// Calls `f` with each attribute of a declaration.
template <std::meta::info Item, class F>
constexpr void for_each_annotation([[maybe_unused]] F f) {
    template for (constexpr auto each : attributes_of<Item>)
        f(extract<annotation_type<each>>(constant_of(each)));
}

/// Returns the name of a declaration as a template argument.
template <std::meta::info Item>
[[nodiscard]] consteval auto name_of() {
    fixed_string<identifier_of(Item).size()> name;
    for (std::size_t at = 0; at < name.size(); ++at)
        name.text[at] = identifier_of(Item)[at];
    return name;
}

/// Returns the annotations of a member or an enumerator as `describe` has them.
template <std::meta::info Item>
[[nodiscard]] consteval auto described_by_annotations() {
    return []<std::size_t... At>(std::index_sequence<At...>) {
        return described_member<name_of<Item>(), annotation_type<attributes_of<Item>[At]>...>{
            std::define_static_string(doc_of(Item)),
            {extract<annotation_type<attributes_of<Item>[At]>>(
                constant_of(attributes_of<Item>[At]))...}};
    }(std::make_index_sequence<attributes_of<Item>.size()>{});
}

/// Returns the members or enumerators of a type that have annotations.
[[nodiscard]] consteval std::vector<std::meta::info> annotated_items(std::meta::info type) {
    std::vector<std::meta::info> found;
    if (is_enum_type(type)) {
        for (const std::meta::info each : enumerators_of(type))
            if (is_annotated(each))
                found.push_back(each);
    } else if (is_class_type(type) && is_complete_type(type)) {
        constexpr auto all = std::meta::access_context::unchecked();
        for (const std::meta::info each : nonstatic_data_members_of(type, all))
            if (has_identifier(each) && is_annotated(each))
                found.push_back(each);
    }
    return found;
}

template <class T>
inline constexpr auto annotated_items_of = std::define_static_array(annotated_items(dealias(^^T)));

/// True for a type that C++20 does not compile.
template <class T>
inline constexpr bool has_annotations =
    is_annotated(dealias(^^T)) || !annotated_items_of<T>.empty();

template <class T>
struct annotated_words {};

template <class T>
    requires((std::is_class_v<T> || std::is_enum_v<T>) && !doc_of(dealias(^^T)).empty())
struct annotated_words<T> {
    static constexpr std::string_view description = std::define_static_string(doc_of(dealias(^^T)));
};

template <class T>
struct annotated_title {};

template <class T>
    requires((std::is_class_v<T> || std::is_enum_v<T>) &&
             find_annotation(dealias(^^T), ^^title) != std::meta::info())
struct annotated_title<T> {
    static constexpr std::meta::info found = find_annotation(dealias(^^T), ^^mcp::title);
    static constexpr std::string_view title =
        extract<annotation_type<found>>(constant_of(found)).text;
};

template <class T>
struct annotated_names {};

template <class T>
    requires(std::is_class_v<T> && find_annotation(dealias(^^T), ^^camel_case) != std::meta::info())
struct annotated_names<T> {
    static constexpr auto names =
        extract<camel_case>(constant_of(find_annotation(dealias(^^T), ^^camel_case)));
};

template <class T>
struct annotated_defaults {};

template <class T>
    requires(std::is_class_v<T> && find_annotation(dealias(^^T), ^^no_defaults) != std::meta::info())
struct annotated_defaults<T> {
    static constexpr bool defaults = false;
};

template <class T>
struct annotated_members {};

template <class T>
    requires((std::is_class_v<T> || std::is_enum_v<T>) && !annotated_items_of<T>.empty())
struct annotated_members<T> {
    static constexpr auto members = []<std::size_t... At>(std::index_sequence<At...>) {
        return described_members<decltype(
            described_by_annotations<annotated_items_of<T>[At]>())...>{
            {described_by_annotations<annotated_items_of<T>[At]>()...}};
    }(std::make_index_sequence<annotated_items_of<T>.size()>{});
};

// clang-format on

/// What `describe<T>` has unless it is specialised: the annotations of `T`.
template <class T>
struct annotated : annotated_words<T>,
                   annotated_title<T>,
                   annotated_names<T>,
                   annotated_defaults<T>,
                   annotated_members<T> {};

} // namespace reflect::detail
} // namespace mcp

#else

namespace mcp::reflect::detail {

template <class T>
struct annotated {};

template <class T>
inline constexpr bool has_annotations = false;

} // namespace mcp::reflect::detail

#endif
