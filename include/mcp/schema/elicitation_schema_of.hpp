// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/struct_fault.hpp>
#include <mcp/schema/impl/emit.hpp>
#include <mcp/schema/impl/fill.hpp>
#include <mcp/schema/impl/member_keywords.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp {
namespace schema::detail {

/// Arrays of enums, which a form shows as a multiple choice.
template <class T>
concept choice_list =
    mcp::detail::json_elements<T> && mcp::detail::json_enum<typename T::value_type>;

/// The type of a form field, without constraints.
template <class T>
struct unconstrained {
    using type = T;
};

template <class Rule>
struct unconstrained<constrained<Rule>> {
    using type = typename Rule::value_type;
};

template <class T>
concept form_field =
    std::same_as<T, bool> || mcp::detail::json_number<T> || mcp::detail::json_text<T> ||
    std::is_enum_v<T> || has_text_form<T> || choice_list<T>;

template <class T>
constexpr void emit_choices(text_sink& out, const keywords& k) {
    begin_schema(out, "array", k);
    write_bound_if(out, "minItems", k.min_items);
    write_bound_if(out, "maxItems", k.max_items);
    out.key("items");
    out.begin_object();
    if (!reflect::has_described_members<T>)
        out.member("type", "string");
    emit_enum_values<T>(out, "anyOf");
    out.end_object();
}

/// Writes one field of a form. It uses only the keywords that the protocol names, since clients may
/// refuse others.
template <class T>
constexpr void emit_field(text_sink& out, keywords k) {
    add_type_words<T>(k);
    if constexpr (reflect::is_constrained<T>) {
        k.add_rule<typename T::rule>();
        return emit_field<typename T::value_type>(out, k);
    } else if constexpr (std::same_as<T, bool>) {
        begin_schema(out, "boolean", k);
    } else if constexpr (mcp::detail::json_number<T>) {
        k.exclusive_minimum = {};
        k.exclusive_maximum = {};
        emit_number<T>(out, k);
    } else if constexpr (reflect::flag_enum<T>) {
        emit_choices<T>(out, k);
    } else if constexpr (std::is_enum_v<T>) {
        begin_schema(out, "string", k);
        emit_enum_values<T>(out, "oneOf");
    } else if constexpr (choice_list<T>) {
        emit_choices<typename T::value_type>(out, k);
    } else {
        if constexpr (has_text_form<T>)
            k.add_text_form<text_form<T>>();
        if (k.format != "email" && k.format != "uri" && k.format != "date" &&
            k.format != "date-time")
            k.format = {};
        k.pattern = {};
        emit_string(out, k);
    }
    k.deprecated = false;
    k.param_header = {};
    write_values(out, k);
    out.end_object();
}

/// Writes the properties in order, and then the names of the required ones.
template <std::size_t Count>
constexpr void emit_form(text_sink& out, const std::array<std::string_view, Count>& names,
                         const std::array<bool, Count>& optional, auto emit_property) {
    out.begin_object();
    out.member("type", "object");
    out.key("properties");
    out.begin_object();
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        const auto property = [&](auto index) {
            out.key(names[index]);
            emit_property(index);
        };
        (property(std::integral_constant<std::size_t, Index>{}), ...);
    }(std::make_index_sequence<Count>{});
    out.end_object();
    emit_required(out, names.data(), optional.data(), Count);
    out.end_object();
}

template <class T>
struct form_schema {
    static constexpr void write(text_sink& out) {
        emit_form<reflect::member_count<T>>(
            out, reflect::json_names<T>, optional_members<T>, [&](auto index) {
                emit_field<typename present<reflect::member_type<T, index>>::type>(
                    out, member_keywords<T, index>());
            });
    }
};

template <class... Args>
struct form_schema<arguments<Args...>> {
    static constexpr std::array<bool, sizeof...(Args)> optional{
        (mcp::detail::json_optional<typename Args::value_type> ||
         reflect::gives_default<std::remove_cv_t<decltype(Args::attributes)>>)...};

    static constexpr void write(text_sink& out) {
        constexpr std::size_t count = sizeof...(Args);
        emit_form(out, std::array<std::string_view, count>{Args::name...}, optional,
                  [&](auto index) {
                      using each = std::tuple_element_t<index, std::tuple<Args...>>;
                      const attribute_values values{each::attributes};
                      keywords k = keywords_of(each::description, each::attributes);
                      k.values = &values;
                      emit_field<typename present<typename each::value_type>::type>(out, k);
                  });
    }
};

template <class T, class Place = mcp::detail::unnamed>
struct no_form_field {
    static_assert(mcp::detail::never<T>,
                  "mcp: an elicitation form holds only bool, numbers, strings, enums, time points "
                  "and lists of enums; ask for nested values one by one");
};

template <class T>
struct no_form {
    static_assert(
        mcp::detail::never<T>,
        "mcp: an elicitation form must be an aggregate struct with one member for each field");
};

template <class T, class Place>
using field_fault =
    std::conditional_t<form_field<typename unconstrained<typename present<T>::type>::type>,
                       mcp::detail::no_fault, no_form_field<T, Place>>;

template <class... Args>
consteval auto find_form_fault(std::type_identity<arguments<Args...>>) {
    return mcp::detail::first_fault<field_fault<typename Args::value_type, Args>...>();
}
template <class T>
consteval auto find_form_fault(std::type_identity<T>) {
    using namespace mcp::detail;
    if constexpr (!reflect::aggregate_struct<T>)
        return std::type_identity<no_form<T>>();
    else if constexpr (is_fault<struct_fault<T>>)
        return std::type_identity<struct_fault<T>>();
    else
        return []<std::size_t... Index>(std::index_sequence<Index...>) {
            return first_fault<field_fault<reflect::member_type<T, Index>,
                                           member_of<T, member_name<T, Index>()>>...,
                               form_fault<json_use::schema, T>>();
        }(std::make_index_sequence<reflect::member_count<T>>());
}

/// The first fault of the schema of a form.
template <class T>
using elicitation_fault =
    typename decltype(find_form_fault(std::type_identity<std::remove_cv_t<T>>()))::type;

} // namespace schema::detail

/// The schema of a form that a client shows to its user: the flat subset of JSON Schema that
/// elicitation allows [MCP 2025-11-25 client/elicitation]. `T` is a struct, or `arguments<…>`, of
/// bool, numbers, strings, enums, time points and lists of enums. Optional members are not
/// required. An enum whose values have texts in `describe` is shown with these texts.
template <class T>
inline constexpr std::string_view elicitation_schema_of =
    schema::detail::filled<schema::detail::form_schema<std::remove_cv_t<T>>>;

template <class T>
    requires detail::is_fault<schema::detail::elicitation_fault<T>>
inline constexpr std::string_view elicitation_schema_of<T> =
    (schema::detail::elicitation_fault<T>(), "");

} // namespace mcp
