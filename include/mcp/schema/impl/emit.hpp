// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/reflect/parameters.hpp>
#include <mcp/schema/impl/definitions.hpp>
#include <mcp/schema/impl/disjoint.hpp>
#include <mcp/schema/impl/keywords.hpp>
#include <mcp/schema/impl/member_keywords.hpp>
#include <mcp/schema/impl/required.hpp>
#include <mcp/schema/impl/text_sink.hpp>
#include <mcp/schema/shows_range.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::schema::detail {

/// Writes the schema of `T` with the keywords of this place.
template <class T, class Known>
constexpr void emit(text_sink& out, const Known& known, keywords k);

/// The type of a member that may be absent, when it is present.
template <class T>
struct present {
    using type = T;
};

template <class T>
    requires reflect::is_nullable<T>
struct present<T> : present<reflect::content_type<T>> {};

/// Begins a schema object with the keywords that come first.
constexpr void begin_schema(text_sink& out, std::string_view type, const keywords& k) {
    out.begin_object();
    if (!type.empty())
        out.member("type", type);
    write_words(out, k);
}

/// Ends a schema object with the keywords that come last.
constexpr void end_schema(text_sink& out, const auto& known, const keywords& k) {
    if (k.top)
        known.write(out);
    out.end_object();
}

template <class T>
constexpr void emit_number(text_sink& out, keywords& k) {
    if constexpr (std::integral<T>) {
        if (!k.exclusive_minimum.is_set() && (shows_range<T> || std::is_unsigned_v<T>))
            k.minimum.set_if_absent(std::numeric_limits<T>::min());
        if (!k.exclusive_maximum.is_set() && shows_range<T>)
            k.maximum.set_if_absent(std::numeric_limits<T>::max());
    }
    begin_schema(out, std::integral<T> ? "integer" : "number", k);
    write_bound_if(out, "minimum", k.minimum);
    write_bound_if(out, "maximum", k.maximum);
    write_bound_if(out, "exclusiveMinimum", k.exclusive_minimum);
    write_bound_if(out, "exclusiveMaximum", k.exclusive_maximum);
}

constexpr void emit_string(text_sink& out, const keywords& k) {
    begin_schema(out, "string", k);
    write_text_if(out, "const", k.constant);
    write_text_if(out, "format", k.format);
    write_text_if(out, "pattern", k.pattern);
    write_bound_if(out, "minLength", k.min_length);
    write_bound_if(out, "maxLength", k.max_length);
}

template <class E>
constexpr const auto& choice_names() {
    if constexpr (reflect::flag_enum<E>)
        return reflect::flag_names<E>;
    else
        return reflect::enum_names<E>;
}

/// Writes `"enum":[…]`, or `"oneOf":[{"const":…,"title":…},…]` if `describe<E>` has texts for the
/// values.
template <class E>
constexpr void emit_enum_values(text_sink& out, std::string_view alternatives) {
    constexpr const auto& names = choice_names<E>();
    if constexpr (reflect::has_described_members<E>) {
        out.key(alternatives);
        out.begin_array();
        for (const std::string_view name : names) {
            out.begin_object();
            out.member("const", name);
            write_text_if(out, "title", reflect::enumerator_description<E>(name));
            out.end_object();
        }
    } else {
        out.key("enum");
        out.begin_array();
        for (const std::string_view name : names)
            out.string(name);
    }
    out.end_array();
}

/// Writes `"items":{…}` of an array of enumerators.
template <class E>
constexpr void emit_choice_items(text_sink& out, std::string_view alternatives) {
    out.key("items");
    out.begin_object();
    out.member("type", "string");
    emit_enum_values<E>(out, alternatives);
    out.end_object();
}

/// Writes the schema of an unnamed place: an element or an alternative.
template <class T>
constexpr void emit_plain(text_sink& out, const auto& known) {
    emit<T>(out, known, {});
}

template <class T>
constexpr void emit_array(text_sink& out, const auto& known, keywords& k) {
    if constexpr (mcp::detail::is_std_array<T>) {
        k.min_items.set_if_absent(std::tuple_size_v<T>);
        k.max_items.set_if_absent(std::tuple_size_v<T>);
    }
    begin_schema(out, "array", k);
    out.key("items");
    emit_plain<mcp::detail::json_element_t<T>>(out, known);
    write_bound_if(out, "minItems", k.min_items);
    write_bound_if(out, "maxItems", k.max_items);
    if (mcp::detail::json_set<T> && !mcp::detail::json_multiple<T>) {
        out.key("uniqueItems");
        out.boolean(true);
    }
}

template <class T>
constexpr void emit_tuple(text_sink& out, const auto& known, const keywords& k) {
    constexpr std::size_t size = std::tuple_size_v<T>;
    begin_schema(out, "array", k);
    if constexpr (size > 0) {
        out.key("prefixItems");
        out.begin_array();
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (emit_plain<std::tuple_element_t<Index, T>>(out, known), ...);
        }(std::make_index_sequence<size>{});
        out.end_array();
    }
    out.key("items");
    out.boolean(false);
    out.key("minItems");
    out.number(size);
}

template <class T>
constexpr void emit_map(text_sink& out, const auto& known, const keywords& k) {
    using key = typename T::key_type;
    begin_schema(out, "object", k);
    if constexpr (std::is_enum_v<key>) {
        out.key("propertyNames");
        out.begin_object();
        emit_enum_values<key>(out, "oneOf");
        out.end_object();
    }
    write_bound_if(out, "minProperties", k.min_items);
    write_bound_if(out, "maxProperties", k.max_items);
    out.key("additionalProperties");
    emit_plain<typename T::mapped_type>(out, known);
}

/// Writes `oneOf` if no value fits two alternatives, or else `anyOf`, which allows that.
template <class... T>
constexpr void emit_variant(text_sink& out, const auto& known, const keywords& k,
                            std::type_identity<std::variant<T...>>) {
    begin_schema(out, {}, k);
    out.key(all_disjoint<T...> ? "oneOf" : "anyOf");
    out.begin_array();
    (emit_plain<T>(out, known), ...);
    out.end_array();
}

template <class T>
constexpr void emit_nullable(text_sink& out, const auto& known, const keywords& k) {
    begin_schema(out, {}, k);
    out.key("anyOf");
    out.begin_array();
    emit_plain<reflect::content_type<T>>(out, known);
    out.begin_object();
    out.member("type", "null");
    out.end_object();
    out.end_array();
}

constexpr void begin_properties(text_sink& out, const keywords& k) {
    begin_schema(out, "object", k);
    out.key("properties");
    out.begin_object();
}

/// Whether each member of a struct may be absent.
template <class T, class Index = std::make_index_sequence<reflect::member_count<T>>>
inline constexpr std::array<bool, 0> optional_members{};

template <class T, std::size_t... Index>
inline constexpr std::array<bool, sizeof...(Index)>
    optional_members<T, std::index_sequence<Index...>>{reflect::may_be_absent<T, Index>...};

/// Whether each member of a struct may be empty, and so absent in a result.
template <class T, class Index = std::make_index_sequence<reflect::member_count<T>>>
inline constexpr std::array<bool, 0> nullable_members{};

template <class T, std::size_t... Index>
inline constexpr std::array<bool, sizeof...(Index)>
    nullable_members<T, std::index_sequence<Index...>>{
        reflect::is_nullable<std::remove_cv_t<reflect::member_type<T, Index>>>...};

template <class T, std::size_t Index>
constexpr void emit_property(text_sink& out, const auto& known) {
    using member = typename present<std::remove_cv_t<reflect::member_type<T, Index>>>::type;
    out.key(reflect::json_names<T>[Index]);
    constexpr bool of_result = is_of_result<std::remove_cvref_t<decltype(known)>>;
    emit<member>(out, known, member_keywords<T, Index, !of_result>());
}

template <class T>
constexpr void emit_struct(text_sink& out, const auto& known, const keywords& k) {
    constexpr std::size_t count = reflect::member_count<T>;
    begin_properties(out, k);
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (emit_property<T, Index>(out, known), ...);
    }(std::make_index_sequence<count>{});
    if constexpr (is_of_result<std::remove_cvref_t<decltype(known)>>)
        end_properties(out, reflect::json_names<T>.data(), nullable_members<T>.data(), count);
    else
        end_properties(out, reflect::json_names<T>.data(), optional_members<T>.data(), count);
}

template <class Arg, class Described>
constexpr void emit_parameter(text_sink& out, const auto& known, const Described& described) {
    const attribute_values values{described.attributes};
    keywords k = keywords_of(described.description, described.attributes);
    k.values = &values;
    out.key(Arg::name);
    emit<typename present<typename Arg::value_type>::type>(out, known, k);
}

template <class... Args, class... Described>
constexpr void emit_arguments(text_sink& out, const auto& known, const keywords& k,
                              std::type_identity<arguments<Args...>>,
                              const reflect::parameter_descriptions<Described...>& described) {
    begin_properties(out, k);
    [&]<std::size_t... At>(std::index_sequence<At...>) {
        (emit_parameter<Args>(out, known, std::get<At>(described.list)), ...);
    }(std::index_sequence_for<Args...>{});
    const std::array<std::string_view, sizeof...(Args)> names{Args::name...};
    const std::array<bool, sizeof...(Args)> optional{reflect::may_be_left_out<Args, Described>...};
    end_properties(out, names.data(), optional.data(), sizeof...(Args));
}

/// Writes the schema `{…}` of a `codec`, with the keywords of this place in front.
constexpr void emit_codec(text_sink& out, std::string_view schema, const keywords& k) {
    out.begin_object();
    write_words(out, k);
    write_values(out, k);
    const std::string_view rest = schema.substr(1, schema.size() - 2);
    if (rest.find_first_not_of(" \n\t\r") != std::string_view::npos)
        out.raw(rest);
}

template <class T, class Known>
constexpr void write_definition(text_sink& out, const definitions& known) {
    keywords k;
    add_type_words<T>(k);
    emit_struct<T>(out, static_cast<const Known&>(known), k);
    out.end_object();
}

template <class T, class Known>
constexpr void emit(text_sink& out, const Known& known, keywords k) {
    using namespace mcp::detail;
    using reflect::aggregate_struct;
    if constexpr (aggregate_struct<T> && !requires { codec<T>::schema; }) {
        if (!k.top && (known.template is_root<T>() || known.template is_shared<T>())) {
            begin_schema(out, {}, k);
            known.template write_reference<T>(out);
            write_values(out, k);
            return out.end_object();
        }
    }
    add_type_words<T>(k);
    if constexpr (reflect::is_constrained<T>) {
        k.add_rule<typename T::rule>();
        return emit<typename T::value_type>(out, known, k);
    } else if constexpr (reflect::is_arg<T>) {
        k.set_description(T::description);
        return emit<typename T::value_type>(out, known, k);
    } else if constexpr (requires { codec<T>::schema; }) {
        emit_codec(out, codec<T>::schema, k);
        return end_schema(out, known, k);
    } else if constexpr (has_text_form<T>) {
        k.add_text_form<text_form<T>>();
        emit_string(out, k);
    } else if constexpr (std::same_as<T, json>) {
        begin_schema(out, {}, k);
    } else if constexpr (std::same_as<T, json_object>) {
        begin_schema(out, "object", k);
    } else if constexpr (std::same_as<T, json_array>) {
        begin_schema(out, "array", k);
    } else if constexpr (std::same_as<T, bool>) {
        begin_schema(out, "boolean", k);
    } else if constexpr (json_number<T>) {
        emit_number<T>(out, k);
    } else if constexpr (json_text<T>) {
        emit_string(out, k);
    } else if constexpr (reflect::flag_enum<T>) {
        begin_schema(out, "array", k);
        emit_choice_items<T>(out, "oneOf");
        out.key("uniqueItems");
        out.boolean(true);
    } else if constexpr (std::is_enum_v<T>) {
        begin_schema(out, "string", k);
        emit_enum_values<T>(out, "oneOf");
    } else if constexpr (std::same_as<T, bytes>) {
        emit_string(out, k);
        out.member("contentEncoding", "base64");
    } else if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>) {
        begin_schema(out, "null", k);
    } else if constexpr (json_optional<T>) {
        emit_nullable<T>(out, known, k);
    } else if constexpr (json_variant<T>) {
        emit_variant(out, known, k, std::type_identity<T>{});
    } else if constexpr (json_tuple<T>) {
        emit_tuple<T>(out, known, k);
    } else if constexpr (json_map<T>) {
        emit_map<T>(out, known, k);
    } else if constexpr (json_range<T>) {
        emit_array<T>(out, known, k);
    } else if constexpr (reflect::is_arguments<T>) {
        emit_arguments(out, known, k, std::type_identity<T>{}, reflect::own_descriptions<T>);
    } else if constexpr (aggregate_struct<T>) {
        emit_struct<T>(out, known, k);
    }
    write_values(out, k);
    end_schema(out, known, k);
}

} // namespace mcp::schema::detail
