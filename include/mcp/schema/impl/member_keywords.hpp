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

template <class Attributes>
constexpr void write_all_examples(text_sink& out, const Attributes& attributes) {
    reflect::for_each_of(attributes,
                         [&](const auto& attribute) { write_examples_if(out, attribute); });
}

/// The values among the attributes of a parameter.
template <class Attributes>
class attribute_values final : public value_writer {
public:
    constexpr explicit attribute_values(const Attributes& attributes) : attributes_{attributes} {}

    constexpr void write(text_sink& out) const override {
        if constexpr (reflect::gives_default<Attributes>) {
            out.key("default");
            write_value(out, reflect::default_among(attributes_));
        }
        write_all_examples(out, attributes_);
    }

private:
    const Attributes& attributes_;
};

/// The default, from wherever it is known, and the examples of member `Index`.
template <class T, std::size_t Index>
struct member_values final : value_writer {
    constexpr void write(text_sink& out) const override {
        if constexpr (reflect::has_described_default<T, Index>) {
            out.key("default");
            write_value(out, reflect::described_default<T, Index>());
        } else if constexpr (reflect::has_default<T, Index>) {
            if constexpr (writable<reflect::member_type<T, Index>>) {
                out.key("default");
                write_value(out, reflect::default_of<T, Index>());
            }
        }
        write_all_examples(out, reflect::member_attributes<T, Index>);
    }
};

template <class T, std::size_t Index>
inline constexpr member_values<T, Index> member_values_of;

/// Returns the keywords of a description and of attributes, except their values.
template <class Attributes>
[[nodiscard]] constexpr keywords keywords_of(std::string_view description,
                                             const Attributes& attributes) {
    keywords k;
    k.description = description;
    reflect::for_each_of(attributes, [&](const auto& attribute) { k.add(attribute); });
    return k;
}

/// Returns all keywords of member `Index` that do not come from its type; perhaps without its
/// default and examples.
template <class T, std::size_t Index, bool Values = true>
[[nodiscard]] constexpr keywords member_keywords() {
    keywords k;
    if constexpr (reflect::has_described_members<T>) {
        constexpr auto described = reflect::member_description<T, Index>();
        k = keywords_of(described.description, described.attributes);
    }
    if constexpr (Values) {
        if constexpr (reflect::has_attributes<T, Index> || reflect::has_default<T, Index>)
            k.values = &member_values_of<T, Index>;
    }
    return k;
}

} // namespace mcp::schema::detail
