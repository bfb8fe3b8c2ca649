// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/type_name.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp {

/// Writes `v` as the next value of `w`, in the form that `schema_of<T>` describes:
///
/// | C++ | JSON |
/// |---|---|
/// | bool, integers, floating point, strings, `mcp::json` | the same value |
/// | enum | the name of the enumerator; an array of names for flags |
/// | optional, unique_ptr, shared_ptr | the value or null; omitted as a member of a struct |
/// | vector, array, set, tuple, pair | array |
/// | map | object; keys are strings or enums |
/// | variant | the value of the alternative; `monostate` is null |
/// | duration, system-clock time point, date | ISO 8601 and RFC 3339 text |
/// | `mcp::bytes` | base64 text |
/// | constrained types (`ranged`, `matching` ...) | as their value |
/// | aggregate struct, `arguments` | object of its members |
///
/// Other types specialise `mcp::text_form` or `mcp::codec`. Throws `encode_error` for a value that
/// JSON cannot represent, such as a cycle of pointers. The output is then incomplete and must be
/// discarded.
template <class T>
void write(json_writer& w, const T& v);

/// Appends `v` as JSON text.
template <class T>
void encode(std::string& out, const T& v) {
    using fault = detail::form_fault<detail::json_use::writing, T>;
    if constexpr (detail::is_fault<fault>) {
        fault();
    } else {
        json_writer w{out};
        write(w, v);
    }
}

/// Returns `v` as JSON text.
template <class T>
std::string encode(const T& v) {
    using fault = detail::form_fault<detail::json_use::writing, T>;
    if constexpr (detail::is_fault<fault>) {
        return (fault(), std::string());
    } else {
        std::string out;
        encode(out, v);
        return out;
    }
}

namespace detail {

/// A member of an object, apart from its type.
struct member_writer {
    std::string_view name;
    bool (*absent)(const void* member); ///< may be nullptr
    void (*write)(json_writer&, const void* member);
};

/// Writes an object of `count` members.
void write_members(json_writer& w, const member_writer* plan, const void* const* members,
                   std::size_t count);

[[noreturn]] void throw_nameless(std::string_view enumeration, const std::string& value);

/// Returns the name of an enum value. Throws `encode_error` if it has none.
template <class E>
std::string_view name_or_throw(E value) {
    const std::string_view name = reflect::enum_name(value);
    if (name.empty()) {
        throw_nameless(reflect::type_name<E>,
                       std::to_string(static_cast<std::underlying_type_t<E>>(value)));
    }
    return name;
}

[[noreturn]] void throw_unwritable(const std::string& what);

template <class T>
void write_text(json_writer& w, const T& v) {
    std::string text;
    if (!text_form<T>::append(text, v)) {
        throw_unwritable(text_form<T>::what());
    }
    w.value(std::string_view{text});
}

template <class T>
void write_at(json_writer& w, const void* v) {
    mcp::write(w, *static_cast<const T*>(v));
}

/// Returns whether a member holds no value, not even inside another optional.
template <json_optional T>
bool is_absent(const T& v) {
    if constexpr (json_optional<reflect::content_type<T>>) {
        return !v || is_absent(*v);
    } else {
        return !v;
    }
}

template <class T>
constexpr member_writer writer_of(std::string_view name) {
    if constexpr (json_optional<T>) {
        return {name, [](const void* v) { return is_absent(*static_cast<const T*>(v)); },
                &write_at<T>};
    } else {
        return {name, nullptr, &write_at<T>};
    }
}

/// Writes the names of the flags in `bits`.
void write_flags(json_writer& w, const std::string_view* names, const std::uint64_t* flags,
                 std::size_t count, std::uint64_t bits, std::string_view enumeration);

template <class Key>
void write_key(json_writer& w, const Key& key) {
    static_assert(json_key<Key>, "mcp: the keys of a map must be strings or enums");
    if constexpr (std::is_enum_v<Key>) {
        w.key(name_or_throw(key));
    } else {
        w.key(std::string_view{key});
    }
}

/// The last entry prevents an empty array.
template <class T, class Index>
inline constexpr member_writer object_plan[1]{};
template <class T, std::size_t... I>
inline constexpr member_writer object_plan<T, std::index_sequence<I...>>[sizeof...(I) + 1] {
    writer_of<std::remove_cv_t<reflect::member_type<T, I>>>(reflect::json_names<T>[I])..., {}
};

template <class T>
void write_object(json_writer& w, const T& v) {
    constexpr std::size_t count = reflect::member_count<T>;
    reflect::with_members(v, [&](const auto&... member) {
        const void* const members[] = {std::addressof(member)..., nullptr};
        write_members(w, object_plan<T, std::make_index_sequence<count>>, members, count);
    });
}

template <class... Args>
void write_arguments(json_writer& w, const arguments<Args...>& v) {
    static constexpr member_writer plan[] = {writer_of<typename Args::value_type>(Args::name)...,
                                             {}};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const void* const members[] = {std::addressof(std::get<I>(v.values))..., nullptr};
        write_members(w, plan, members, sizeof...(I));
    }(std::index_sequence_for<Args...>{});
}

} // namespace detail

template <class T>
void write(json_writer& w, const T& v) {
    static_assert(has_codec_write<T> || !has_codec<T>, "mcp: mcp::codec of this type has no write");
    if constexpr (has_codec_write<T>) {
        codec<T>::write(w, v);
    } else if constexpr (has_text_form<T>) {
        detail::write_text(w, v);
    } else if constexpr (reflect::is_constrained<T>) {
        write(w, *v);
    } else if constexpr (detail::json_tree<T> || std::same_as<T, json_view> ||
                         detail::json_number<T> || std::same_as<T, bool> ||
                         std::same_as<T, std::nullptr_t>) {
        w.value(v);
    } else if constexpr (detail::json_text<T>) {
        w.value(std::string_view{v});
    } else if constexpr (reflect::flag_enum<T>) {
        detail::write_flags(w, reflect::flag_names<T>.data(), reflect::flag_bits<T>.data(),
                            reflect::flag_names<T>.size(), reflect::detail::bits_of(v),
                            reflect::type_name<T>);
    } else if constexpr (std::is_enum_v<T>) {
        w.value(detail::name_or_throw(v));
    } else if constexpr (std::same_as<T, bytes>) {
        w.value(std::string_view{to_base64(v.view())});
    } else if constexpr (std::same_as<T, std::monostate>) {
        w.value(nullptr);
    } else if constexpr (detail::json_optional<T>) {
        v ? write(w, *v) : w.value(nullptr);
    } else if constexpr (detail::json_variant<T>) {
        std::visit([&](const auto& alternative) { write(w, alternative); }, v);
    } else if constexpr (detail::json_tuple<T>) {
        w.begin_array();
        std::apply([&](const auto&... element) { (write(w, element), ...); }, v);
        w.end_array();
    } else if constexpr (detail::json_map<T>) {
        static_assert(!detail::json_multiple<T>,
                      "mcp: a key of a multimap may occur several times, but not the name of a "
                      "member in JSON; use a map of vectors");
        w.begin_object();
        for (const auto& [key, mapped] : v) {
            detail::write_key(w, key);
            write(w, mapped);
        }
        w.end_object();
    } else if constexpr (detail::json_range<T>) {
        w.begin_array();
        for (const auto& element : v) {
            // The cast is for vector<bool>, whose elements are proxies.
            write(w, static_cast<const detail::json_element_t<T>&>(element));
        }
        w.end_array();
    } else if constexpr (reflect::is_arguments<T>) {
        detail::write_arguments(w, v);
    } else if constexpr (reflect::is_arg<T>) {
        write(w, v.value);
    } else if constexpr (reflect::aggregate_struct<T>) {
        detail::write_object(w, v);
    } else {
        static_assert(detail::has_no_json_form<T>,
                      "mcp: this type has no JSON form; make it an aggregate struct, list its "
                      "members by pointer in mcp::describe, or specialise mcp::codec for it");
    }
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/encode.ipp>
#endif
