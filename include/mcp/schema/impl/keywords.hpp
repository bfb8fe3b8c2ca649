// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/schema/impl/text_sink.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mcp::schema::detail {

/// A limit of any arithmetic type.
class bound {
public:
    template <class Number>
    constexpr void set_if_absent(Number value) {
        if (kind_ != kind::none)
            return;
        if constexpr (std::same_as<Number, float>)
            kind_ = kind::single;
        else if constexpr (std::same_as<Number, double>)
            kind_ = kind::real;
        else if constexpr (std::floating_point<Number>)
            kind_ = kind::extended;
        else
            kind_ = std::is_signed_v<Number> ? kind::integer : kind::natural;
        if constexpr (std::floating_point<Number>)
            real_ = value;
        else
            bits_ = static_cast<unsigned long long>(value);
    }

    [[nodiscard]] constexpr bool is_set() const noexcept { return kind_ != kind::none; }

    constexpr void write(text_sink& out) const {
        switch (kind_) {
        case kind::none:
            return;
        case kind::integer:
            return out.number(static_cast<long long>(bits_));
        case kind::natural:
            return out.number(bits_);
        case kind::single:
            return out.number(static_cast<float>(real_));
        case kind::real:
            return out.number(static_cast<double>(real_));
        case kind::extended:
            return out.number(real_);
        }
    }

private:
    enum class kind : unsigned char { none, integer, natural, single, real, extended };

    kind kind_ = kind::none;
    unsigned long long bits_ = 0;
    long double real_ = 0;
};

/// Writes `default` and `examples`, whose types are known only where they were given.
class value_writer {
public:
    constexpr virtual void write(text_sink&) const {}

protected:
    constexpr ~value_writer() = default;
};

/// There is nothing to write.
struct no_values final : value_writer {};

inline constexpr no_values nothing_to_write;

/// The keywords of a schema beside the type itself. They are gathered from the outside to the
/// inside: the description of the member, the rule of a constrained type, the range of the type.
/// The outer value takes precedence.
struct keywords {
    std::string_view title, description, constant, format, pattern, param_header;
    bound minimum, maximum, exclusive_minimum, exclusive_maximum;
    bound min_length, max_length, min_items, max_items;
    bool deprecated = false;
    bool top = false;

    /// Never null: g++ 12 with UBSan does not treat a comparison with null as a constant.
    const value_writer* values = &nothing_to_write;

    constexpr void set_title(std::string_view text) { title = title.empty() ? text : title; }

    constexpr void set_description(std::string_view text) {
        description = description.empty() ? text : description;
    }

    constexpr void set_format(std::string_view text) { format = format.empty() ? text : format; }

    constexpr void set_pattern(std::string_view text) {
        pattern = pattern.empty() ? text : pattern;
    }

    /// Adds what a `text_form` says.
    template <class Form>
    constexpr void add_text_form() {
        if constexpr (requires { Form::description; })
            set_description(Form::description);
        if constexpr (requires { Form::constant; })
            constant = Form::constant;
        if constexpr (requires { Form::format; })
            set_format(Form::format);
        if constexpr (requires { Form::pattern; })
            set_pattern(Form::pattern);
    }

    template <class Attribute>
    constexpr void add(const Attribute& attribute) {
        add_attribute(attribute);
    }

    /// Adds the requirements of a constrained type.
    template <class Rule>
    constexpr void add_rule() {
        using value = typename Rule::value_type;
        if constexpr (requires { Rule::expression; }) {
            set_pattern(Rule::expression);
        } else if constexpr (requires { Rule::name; }) {
            set_format(Rule::name);
        } else if constexpr (requires {
                                 Rule::min;
                                 Rule::max;
                             } && std::is_arithmetic_v<value>) {
            minimum.set_if_absent(Rule::min);
            maximum.set_if_absent(Rule::max);
        } else if constexpr (requires { Rule::is_text; }) {
            bound& least = Rule::is_text ? min_length : min_items;
            bound& most = Rule::is_text ? max_length : max_items;
            if (Rule::min > 0)
                least.set_if_absent(Rule::min);
            if (Rule::max < std::numeric_limits<std::size_t>::max())
                most.set_if_absent(Rule::max);
        }
    }

private:
    constexpr void add_attribute(const mcp::title& a) { set_title(a.text); }

    constexpr void add_attribute(const mcp::format& a) { set_format(a.name); }

    constexpr void add_attribute(const mcp::param_header& a) { param_header = a.name; }

    constexpr void add_attribute(const mcp::deprecated&) { deprecated = true; }

    template <class N>
    constexpr void add_attribute(const mcp::minimum<N>& a) {
        minimum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::maximum<N>& a) {
        maximum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::exclusive_minimum<N>& a) {
        exclusive_minimum.set_if_absent(a.value);
    }

    template <class N>
    constexpr void add_attribute(const mcp::exclusive_maximum<N>& a) {
        exclusive_maximum.set_if_absent(a.value);
    }

    constexpr void add_attribute(const mcp::min_length& a) { min_length.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::max_length& a) { max_length.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::min_items& a) { min_items.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::max_items& a) { max_items.set_if_absent(a.value); }

    constexpr void add_attribute(const mcp::defaulted&) {}

    constexpr void add_attribute(const mcp::json_name&) {}

    // These attributes are written by `values`.
    template <class T>
    constexpr void add_attribute(const mcp::default_value<T>&) {}

    template <class... T>
    constexpr void add_attribute(const mcp::examples<T...>&) {}

    /// Adds a `pattern`, without including its header here.
    template <class Attribute>
        requires requires(const Attribute& a) { std::string_view{a.expression}; }
    constexpr void add_attribute(const Attribute& a) {
        pattern = a.expression;
    }
};

constexpr void write_text_if(text_sink& out, std::string_view name, std::string_view text) {
    if (!text.empty())
        out.member(name, text);
}

constexpr void write_bound_if(text_sink& out, std::string_view name, const bound& limit) {
    if (!limit.is_set())
        return;
    out.key(name);
    limit.write(out);
}

/// Writes `title` and `description`, which follow `type`.
constexpr void write_words(text_sink& out, const keywords& k) {
    write_text_if(out, "title", k.title);
    write_text_if(out, "description", k.description);
}

/// Writes `default`, `examples` and marks, which follow the limits.
constexpr void write_values(text_sink& out, const keywords& k) {
    k.values->write(out);
    if (k.deprecated) {
        out.key("deprecated");
        out.boolean(true);
    }
    write_text_if(out, "x-mcp-header", k.param_header);
}

} // namespace mcp::schema::detail
