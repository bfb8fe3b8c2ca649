// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/uri_template.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/expected.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/registration_options.hpp>
#include <mcp/server/text_value.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp::detail {

/// One resource of a server. [MCP 2026-07-28 server/resources]
class resource_entry : public operation {
public:
    explicit resource_entry(resource_definition definition);

    const resource_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return key_; }             ///< by `normal_uri`
    std::string_view name() const noexcept { return definition_.uri; } ///< as registered
    std::string_view mime_type() const noexcept { return definition_.mime_type; }

    void write_definition(json_writer& w, mcp::revision r) const;

private:
    resource_definition definition_;
    std::string key_;
};

/// A family of resources that share a URI template. [RFC 6570]
class template_entry : public operation {
public:
    explicit template_entry(resource_template_definition definition);

    const resource_template_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.uri_template; }
    std::string_view name() const noexcept { return definition_.uri_template; }
    std::string_view mime_type() const noexcept { return definition_.mime_type; }
    const uri_template& pattern() const noexcept { return pattern_; }

    void write_definition(json_writer& w, mcp::revision r) const;

private:
    resource_template_definition definition_;
    uri_template pattern_;
};

template <fixed_string Uri>
struct uri_template_syntax {
    static_assert(never<std::integral_constant<std::size_t, Uri.size()>>,
                  "mcp: this is not a URI template of RFC 6570, level 1 to 3");
};

template <class Parameter>
struct resource_parameter {
    static_assert(never<Parameter>,
                  "mcp: the handler of a resource takes only mcp::context&; for a resource with "
                  "parameters use a URI template, such as resource<\"notes://{id}\">");
};

template <class... Parameters>
struct template_parameters {
    static_assert(never<Parameters...>,
                  "mcp: the handler of a resource template takes one parameter for each variable "
                  "of the template, in order, and optionally mcp::context&");
};

template <class T, class Place = unnamed>
struct template_variable_type {
    static_assert(never<T>, "mcp: a variable of a URI template is a string, bool, number, enum, "
                            "mcp::raw_value, or std::optional of one");
};

template <class R>
consteval auto find_resource_result_fault() {
    if constexpr (is_optional<R>)
        return find_resource_result_fault<typename R::value_type>();
    else if constexpr (expected_like<R>)
        return first_fault<typename decltype(find_resource_result_fault<delivered_t<R>>())::type,
                           typename decltype(find_error_fault<error_type<R>>())::type>();
    else if constexpr (std::same_as<R, resource_result> || std::same_as<R, resource_contents> ||
                       std::same_as<R, std::vector<resource_contents>>)
        return std::type_identity<no_fault>();
    else
        return std::type_identity<form_fault<json_use::writing, R>>();
}

/// Writes the result of a resource, by the type that the handler returns: `resource_result`,
/// `resource_contents`, a vector of them, `bytes`, or text. Any other type becomes JSON text. A
/// `std::optional` of one of these is `nullopt` if the resource does not exist. Any of these may be
/// in an `expected_like` type.
struct resource_policy {
    template <class R>
    using result_fault = typename decltype(find_resource_result_fault<R>())::type;

    template <class Value>
    static void output(const auto& which, context& ctx, result_writer& out, const Value& value) {
        if constexpr (is_optional<Value>) {
            if (!value)
                refuse(ctx);
            output(which, ctx, out, *value);
        } else if constexpr (expected_like<Value>) {
            if (!value.has_value())
                throw_returned(value.error());
            output(which, ctx, out, *value);
        } else if constexpr (std::same_as<Value, resource_result>)
            write_result(ctx, out, value);
        else if constexpr (std::same_as<Value, std::vector<resource_contents>> ||
                           std::same_as<Value, resource_contents>)
            write_result(ctx, out, resource_result(value));
        else if constexpr (std::same_as<Value, bytes>)
            write_bytes(ctx, out, which.mime_type(), value);
        else if constexpr (std::is_convertible_v<const Value&, std::string_view>)
            write_text(ctx, out, which.mime_type(), "text/plain", std::string_view(value));
        else
            write_text(ctx, out, which.mime_type(), "application/json", encode(value));
    }

    static void failed(const auto& which, context& ctx, result_writer&,
                       const std::exception_ptr& failure) {
        fail(ctx, which.name(), failure);
    }

    static void write_result(const context& ctx, result_writer& out, const resource_result& made);

private:
    static void write_bytes(const context& ctx, result_writer& out, std::string_view mime_type,
                            const bytes& value);
    static void write_text(const context& ctx, result_writer& out, std::string_view mime_type,
                           std::string_view otherwise, std::string_view value);
    /// Throws: the resource does not exist.
    [[noreturn]] static void refuse(const context& ctx, std::string_view why = {});
    [[noreturn]] static void fail(const context& ctx, std::string_view name,
                                  const std::exception_ptr& failure);
};

/// Checks that the handler of a resource takes no argument, or only the context.
struct static_resource_policy : resource_policy {
    using definition_type = resource_definition;

    template <fixed_string... Names, class... Declared>
    static consteval auto find_parameters_fault(parameter_list<Declared...>) {
        return first_fault<resource_parameter<Declared>...>();
    }

    template <class Input, class Described>
    static bool input(const resource_entry&, context&, result_writer&, Input&, const Described&) {
        return true;
    }

    static void refuse_gap(result_writer&, std::string_view) {}
};

/// Reads the variables of a template for its handler, in the order of the template. A value that
/// could leave the folder to whose path it is appended is refused, unless the handler takes it as a
/// `raw_value`. [MCP 2026-07-28 server/resources, security considerations]
struct template_policy : resource_policy {
    using definition_type = resource_template_definition;

    template <fixed_string... Names, class... Declared>
    static consteval auto find_parameters_fault(parameter_list<Declared...> parameters) {
        return find_arguments_fault<template_policy, Names...>(parameters);
    }

    template <class... Declared>
    using wrong_names = template_parameters<Declared...>;

    template <class T>
    using argument_fault = std::conditional_t<text_value<T> || optional_text_value<T>, no_fault,
                                              template_variable_type<T>>;

    template <class Input, class Described>
    static bool input(const template_entry& which, context& ctx, result_writer&, Input& into,
                      const Described& described) {
        const auto& descriptions = descriptions_of<Input>(described);
        const std::vector<variable> found = read_variables(which, ctx);
        reflect::apply_defaults(into, descriptions);
        [&]<std::size_t... At>(std::index_sequence<At...>) {
            (take(std::get<At>(into.values), found[At], std::get<At>(descriptions.list).attributes),
             ...);
        }(std::make_index_sequence<std::tuple_size_v<decltype(descriptions.list)>>());
        return true;
    }

    [[noreturn]] static void refuse_gap(result_writer&, std::string_view name) {
        refuse_value(name, "there, because a later variable is");
    }

private:
    /// A variable of the template, and its value in the URI.
    struct variable {
        std::string_view name;
        std::optional<std::string> text;
    };

    /// Throws if the URI does not match.
    static std::vector<variable> read_variables(const template_entry& which, const context& ctx);
    static void check_path(std::string_view name, std::string_view text);
    [[noreturn]] static void refuse_value(std::string_view name, std::string_view wanted);

    template <class T, class Attributes>
    static void take(T& into, const variable& from, const Attributes& attributes) {
        if constexpr (is_optional<T>) {
            if (from.text)
                into = convert<typename T::value_type>(from);
        } else if (from.text || !reflect::gives_default<Attributes>) {
            into = convert<T>(from);
        }
        const std::string wanted = from.text ? unmet_text(into, attributes) : std::string();
        if (!wanted.empty())
            refuse_value(from.name, wanted);
    }

    template <class T>
    static T convert(const variable& from) {
        const std::string_view text = from.text ? std::string_view(*from.text) : "";
        if (!std::same_as<T, raw_value>)
            check_path(from.name, text);
        auto value = from_text<T>(text);
        if (!value)
            refuse_value(from.name, text_kind<T>());
        return std::move(*value);
    }
};

template <fixed_string Uri, class Known, class Handler, class... Options, std::size_t... Index>
consteval auto find_resource_fault(std::index_sequence<Index...>) {
    if constexpr (!is_uri_template<Uri>())
        return std::type_identity<uri_template_syntax<Uri>>();
    else if constexpr (sizeof...(Index) == 0)
        return std::type_identity<
            registration_fault<static_resource_policy, Known, binding<Handler>, Options...>>();
    else
        return std::type_identity<
            registration_fault<template_policy, Known,
                               binding<Handler, template_variable<Uri, Index>()...>, Options...>>();
}

/// The fault `Known`, or else the first of a resource or of a resource template.
template <fixed_string Uri, class Known, class Handler, class... Options>
using resource_fault = typename decltype(find_resource_fault<Uri, Known, Handler, Options...>(
    std::make_index_sequence<template_variable_count<Uri>()>()))::type;

/// A resource made of a callable.
template <class F>
using bound_resource =
    bound_operation<resource_entry, static_resource_policy, F, described_members<>>;

template <fixed_string Uri, class F, class Params, std::size_t... Index>
consteval auto find_bound_template(std::index_sequence<Index...>) {
    return std::type_identity<bound_operation<template_entry, template_policy, F, Params,
                                              template_variable<Uri, Index>()...>>();
}

/// A resource template made of a callable, whose parameters are the variables of the template.
template <fixed_string Uri, class F, class Params>
using bound_template = typename decltype(find_bound_template<Uri, F, Params>(
    std::make_index_sequence<template_variable_count<Uri>()>()))::type;

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/resource.ipp>
#endif
