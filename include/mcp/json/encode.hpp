#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/durations.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/members.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
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
/// | enum | the name of the enumerator |
/// | optional | the value or null; omitted as a member of a struct |
/// | vector, array, set, tuple, pair | array |
/// | map | object; keys are strings or enums |
/// | variant | the value of the alternative; `monostate` is null |
/// | duration, system-clock time point | ISO 8601 and RFC 3339 text |
/// | `mcp::bytes` | base64 text |
/// | constrained types (`ranged`, `matching` ...) | as their value |
/// | aggregate struct, `arguments` | object of its members |
///
/// Other types specialise `mcp::codec`. Throws `encode_error` for a value that JSON cannot
/// represent. The output is then incomplete and must be discarded.
template <class T>
void write(json_writer& w, const T& v);

/// Appends `v` as JSON text.
template <class T>
void encode(std::string& out, const T& v) {
    json_writer w{out};
    write(w, v);
}

/// Returns `v` as JSON text.
template <class T>
std::string encode(const T& v) {
    std::string out;
    encode(out, v);
    return out;
}

namespace detail {

template <class E>
std::string_view name_or_throw(E v) {
    const std::string_view name = reflect::enum_name(v);
    if (name.empty()) {
        throw encode_error{"an enum value without a name has no JSON form"};
    }
    return name;
}

template <class T>
void write_time(json_writer& w, const T& v) {
    std::string text;
    if constexpr (json_duration<T>) {
        if constexpr (std::is_floating_point_v<typename T::rep>) {
            if (!std::isfinite(v.count())) {
                throw encode_error{"a duration that is not finite has no JSON form"};
            }
        }
        append_iso8601(text, v);
    } else if (!append_rfc3339(text, v)) {
        throw encode_error{"a time outside the years 0 to 9999 has no JSON form"};
    }
    w.value(std::string_view{text});
}

template <class T>
void write_member(json_writer& w, std::string_view name, const T& v) {
    if constexpr (json_optional<T>) {
        if (!v) {
            return;
        }
    }
    w.key(name);
    write(w, v);
}

template <class Key>
void write_key(json_writer& w, const Key& key) {
    if constexpr (std::is_enum_v<Key>) {
        w.key(name_or_throw(key));
    } else {
        static_assert(json_text<Key>, "mcp: the keys of a map must be strings or enums");
        w.key(std::string_view{key});
    }
}

template <class T>
void write_object(json_writer& w, const T& v) {
    w.begin_object();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto members = reflect::member_refs(v);
        (write_member(w, reflect::member_names<T>[I], std::get<I>(members)), ...);
    }(std::make_index_sequence<reflect::member_count<T>>{});
    w.end_object();
}

template <class... Args>
void write_arguments(json_writer& w, const arguments<Args...>& v) {
    w.begin_object();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (write_member(w, Args::name, std::get<I>(v.values)), ...);
    }(std::index_sequence_for<Args...>{});
    w.end_object();
}

} // namespace detail

template <class T>
void write(json_writer& w, const T& v) {
    if constexpr (has_codec_write<T>) {
        codec<T>::write(w, v);
    } else if constexpr (reflect::is_constrained<T>) {
        write(w, *v);
    } else if constexpr (detail::json_tree<T> || detail::json_number<T> || std::same_as<T, bool> ||
                         std::same_as<T, std::nullptr_t>) {
        w.value(v);
    } else if constexpr (detail::json_text<T>) {
        w.value(std::string_view{v});
    } else if constexpr (std::is_enum_v<T>) {
        w.value(detail::name_or_throw(v));
    } else if constexpr (std::same_as<T, bytes>) {
        w.value(std::string_view{to_base64(v.view())});
    } else if constexpr (detail::json_duration<T> || detail::json_time<T>) {
        detail::write_time(w, v);
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
            write(w, static_cast<const std::ranges::range_value_t<const T>&>(element));
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
                      "mcp: this type has no JSON form; make it an aggregate struct or specialise "
                      "mcp::codec for it");
    }
}

} // namespace mcp
