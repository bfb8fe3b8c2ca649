// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/schema/impl/keywords.hpp>
#include <mcp/schema/impl/value_text.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace mcp::schema::detail {

/// Adds the title and description that `describe<T>` has for the type as a whole.
template <class T>
constexpr void add_type_words(keywords& k) {
    if constexpr (requires { describe<T>::title; })
        k.set_title(describe<T>::title);
    if constexpr (requires { describe<T>::description; })
        k.set_description(describe<T>::description);
}

template <class T>
constexpr void write_examples_if(text_sink&, const T&) {}

template <class... Values>
constexpr void write_examples_if(text_sink& out, const examples<Values...>& list) {
    out.key("examples");
    out.begin_array();
    std::apply([&](const auto&... value) { (write_value(out, value), ...); }, list.values);
    out.end_array();
}

/// Writes `default` and `examples` of member `Index`.
template <class T, std::size_t Index>
constexpr void write_member_values(text_sink& out) {
    if constexpr (reflect::has_described_default<T, Index>) {
        out.key("default");
        write_value(out, reflect::described_default<T, Index>());
    } else if constexpr (reflect::has_default<T, Index>) {
        if constexpr (writable<reflect::member_type<T, Index>>) {
            out.key("default");
            write_value(out, reflect::default_of<T, Index>());
        }
    }
    if constexpr (reflect::has_attributes<T, Index>) {
        constexpr auto described = reflect::member_description<T, Index>();
        reflect::for_each_of(described.attributes,
                             [&](const auto& attribute) { write_examples_if(out, attribute); });
    }
}

/// Returns all keywords of member `Index` that do not come from its type.
template <class T, std::size_t Index>
[[nodiscard]] constexpr keywords member_keywords() {
    keywords k;
    if constexpr (reflect::has_described_members<T>) {
        constexpr auto described = reflect::member_description<T, Index>();
        k.description = described.description;
        if constexpr (reflect::has_attributes<T, Index>) {
            reflect::for_each_of(described.attributes,
                                 [&](const auto& attribute) { k.add(attribute); });
        }
    }
    if constexpr (reflect::has_attributes<T, Index> || reflect::has_default<T, Index>)
        k.write_values = &write_member_values<T, Index>;
    return k;
}

} // namespace mcp::schema::detail
