#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/encoding/relative_path.hpp>
#include <mcp/encoding/uri.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/uri_template.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/text_value.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

/// One resource of a server. [MCP 2026-07-28 server/resources]
class resource_entry : public operation {
public:
    explicit resource_entry(resource_definition definition)
        : definition_(std::move(definition))
        , key_(normal_uri(definition_.uri)) {}

    const resource_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return key_; }             ///< by `normal_uri`
    std::string_view name() const noexcept { return definition_.uri; } ///< as registered
    std::string_view mime_type() const noexcept { return definition_.mime_type; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    resource_definition definition_;
    std::string key_;
};

/// A family of resources that share a URI template. [RFC 6570]
class template_entry : public operation {
public:
    explicit template_entry(resource_template_definition definition)
        : definition_(std::move(definition))
        , pattern_(definition_.uri_template) {}

    const resource_template_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.uri_template; }
    std::string_view name() const noexcept { return definition_.uri_template; }
    std::string_view mime_type() const noexcept { return definition_.mime_type; }
    const uri_template& pattern() const noexcept { return pattern_; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    resource_template_definition definition_;
    uri_template pattern_;
};

namespace detail {

/// Returns the URI that a resources/read requests.
inline std::string_view requested_uri(const context& ctx) {
    const json* uri = ctx.params() ? ctx.params()->if_contains("uri") : nullptr;
    if (!uri || !uri->is_string())
        throw protocol_error(invalid_params("params.uri: expected string"));
    return uri->get_string();
}

/// Writes the result of a resource, by the type that the handler returns: `resource_result`,
/// `resource_contents`, a vector of them, `bytes`, or text. Any other type becomes JSON text. A
/// `std::optional` of one of these is `nullopt` if the resource does not exist.
struct resource_policy {
    template <class Value>
    static void output(const auto& which, context& ctx, result_writer& out, const Value& value) {
        const auto write_result = [&](const resource_result& made) {
            if (made.contents.empty())
                throw protocol_error(resource_not_found(requested_uri(ctx), out.revision()));
            write(out.whole(), made, out.revision(), out.server_info(),
                  ctx.environment().options.caching);
        };
        if constexpr (is_optional<Value>) {
            if (!value)
                throw protocol_error(resource_not_found(requested_uri(ctx), out.revision()));
            output(which, ctx, out, *value);
        } else if constexpr (std::same_as<Value, resource_result>)
            write_result(value);
        else
            write_result(resource_result(contents(which, ctx, value)));
    }

    static void failed(const auto&, context&, result_writer&, const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }

private:
    template <class Value>
    static std::vector<resource_contents> contents(const auto& which, context& ctx,
                                                   const Value& value) {
        const auto mime = [&](std::string_view otherwise) {
            return std::string(which.mime_type().empty() ? otherwise : which.mime_type());
        };
        const std::string uri(requested_uri(ctx));
        if constexpr (std::same_as<Value, std::vector<resource_contents>>)
            return value;
        else if constexpr (std::same_as<Value, resource_contents>)
            return {value};
        else if constexpr (std::same_as<Value, bytes>)
            return {resource_contents(uri, mime("application/octet-stream"), value)};
        else if constexpr (std::is_convertible_v<const Value&, std::string_view>)
            return {
                resource_contents(uri, mime("text/plain"), std::string(std::string_view(value)))};
        else
            return {resource_contents(uri, mime("application/json"), encode(value))};
    }
};

/// Checks that the handler of a resource takes no argument, or only the context.
struct static_resource_policy : resource_policy {
    template <class Input>
    static std::optional<Input> input(const resource_entry&, context&, result_writer&) {
        static_assert(std::same_as<Input, arguments<>>,
                      "mcp: the handler of a resource takes only mcp::context&; for a resource "
                      "with parameters use a URI template, such as resource<\"notes://{id}\">");
        return Input{};
    }
};

/// Reads the variables of a template for its handler, in the order of the template. A value that
/// could leave the folder to whose path it is appended is refused, unless the handler takes it as a
/// `raw_value`. [MCP 2026-07-28 server/resources, security considerations]
struct template_policy : resource_policy {
    template <class Input>
    static std::optional<Input> input(const template_entry& which, context& ctx, result_writer&) {
        const std::string_view uri = requested_uri(ctx);
        const auto found = which.pattern().match(uri);
        if (!found)
            throw protocol_error(resource_not_found(uri, ctx.revision()));
        const auto names = which.pattern().variables();
        Input input{};
        std::size_t at = 0;
        std::apply([&](auto&... value) { (take(value, names[at++], *found), ...); }, input.values);
        return input;
    }

private:
    template <class T>
    static void take(T& into, std::string_view name, const uri_variables& found) {
        const std::string* text = found.find(name);
        if constexpr (is_optional<T>) {
            if (text)
                into = convert<typename T::value_type>(name, *text);
        } else {
            into = convert<T>(name, text ? std::string_view(*text) : std::string_view());
        }
    }

    template <class T>
    static T convert(std::string_view name, std::string_view text) {
        static_assert(text_value<T>, "mcp: a variable of a URI template is a string, bool, number, "
                                     "enum, mcp::raw_value, or std::optional of one");
        if (!std::same_as<T, raw_value> && !is_relative_path(text))
            throw protocol_error(invalid_params(
                "params.uri: " + std::string(name) +
                " must not begin with a slash, and must have no '.' or '..' between slashes and no "
                "NUL"));
        auto value = from_text<T>(text);
        if (!value)
            throw protocol_error(invalid_params("params.uri: " + std::string(name) + " must be " +
                                                std::string(text_kind<T>())));
        return std::move(*value);
    }
};

} // namespace detail

/// A resource made of a callable.
template <class F>
using bound_resource = bound_operation<resource_entry, detail::static_resource_policy, F>;

/// A resource template made of a callable; `Names` are the template's variables.
template <class F, fixed_string... Names>
using bound_template = bound_operation<template_entry, detail::template_policy, F, Names...>;

} // namespace mcp
