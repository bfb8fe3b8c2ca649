// SPDX-License-Identifier: MIT
#pragma once

// The registrations of a server that use reflection.

#include <mcp/server/any_server.hpp>
#include <mcp/server/impl/reflected.hpp>
#include <mcp/server/impl/reflected_fault.hpp>
#include <mcp/server/impl/reflected_resource.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#ifdef __cpp_impl_reflection
// clang-format off
namespace mcp {
namespace detail {

/// Returns the reflection that `members_of` has of a function. g++ 16 takes templates with another
/// one, such as `^^notebook::write`, for different types and then confuses them.
[[nodiscard]] consteval std::meta::info as_member(std::meta::info function) {
    if (is_class_member(function))
        for (const std::meta::info each :
             members_of(parent_of(function), std::meta::access_context::unchecked()))
            if (each == function)
                return each;
    return function;
}

/// Adds functions without a fault to a server. The object of a function that is no method is
/// `no_object`.
struct reflected_entries {
    any_server& server;

    template <std::meta::info Function, class... Options>
        requires(!reflects_method<Function>)
    void tool(const Options&... options) {
        add_tool<Function, no_object>({}, options...);
    }

    template <std::meta::info Method, class Object = no_object, class... Options>
        requires reflects_method<Method>
    void tool(Object&& object = {}, const Options&... options) {
        add_tool<Method, Object>(std::forward<Object>(object), options...);
    }

    template <std::meta::info Function, class... Options>
        requires(!reflects_method<Function>)
    void resource(const Options&... options) {
        add_resource<Function, no_object>({}, options...);
    }

    template <std::meta::info Method, class Object = no_object, class... Options>
        requires reflects_method<Method>
    void resource(Object&& object = {}, const Options&... options) {
        add_resource<Method, Object>(std::forward<Object>(object), options...);
    }

    template <std::meta::info Function, class... Options>
        requires(!reflects_method<Function>)
    void prompt(const Options&... options) {
        add_prompt<Function, no_object>({}, options...);
    }

    template <std::meta::info Method, class Object = no_object, class... Options>
        requires reflects_method<Method>
    void prompt(Object&& object = {}, const Options&... options) {
        add_prompt<Method, Object>(std::forward<Object>(object), options...);
    }

    /// Calls `add` with each function, the object if there is one and it is a method, and the
    /// options.
    template <const auto& Functions, std::meta::info Scope, class Object, class... Options>
        requires object_of_scope<Object, Scope>
    static void for_each_of(auto add, Object&& object, const Options&... options) {
        template for (constexpr auto each : Functions) {
            if constexpr (reflects_method<each>)
                add.template operator()<each>(std::forward<Object>(object), options...);
            else
                add.template operator()<each>(options...);
        }
    }

    template <const auto& Functions, std::meta::info Scope, class... Options>
    static void for_each_of(auto add, const Options&... options) {
        template for (constexpr auto each : Functions)
            add.template operator()<each>(options...);
    }

private:
    template <std::meta::info Function, class Object, class... Options>
        requires(!(... || std::convertible_to<Options, std::string_view>))
    void add_tool(Object&& object, const Options&... options) {
        add_tool<Function, Object>(std::forward<Object>(object),
                                   std::string(reflected<Function>::description), options...);
    }

    template <std::meta::info Function, class Object, class... Options>
    void add_tool(Object&& object, std::string description, const Options&... options) {
        using function = reflected<Function>;
        static_assert(is_tool_name(function::name),
                      "mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -");
        server.add_tool(function::define(tool_definition(std::string(function::name),
                                                         std::move(description), {})),
                        function::handler(object), options...);
    }

    template <std::meta::info Function, class Object, class... Options>
    void add_resource(Object&& object, const Options&... options) {
        using function = reflected_resource<Function>;
        [&]<std::size_t... At>(std::index_sequence<At...>) {
            server.add_resource<function::location>(std::string(function::description),
                                                    function::plain_handler(object),
                                                    function::template option<At>()..., options...);
        }(std::make_index_sequence<function::options.size()>{});
    }

    template <std::meta::info Function, class Object, class... Options>
    void add_prompt(Object&& object, const Options&... options) {
        using function = reflected<Function>;
        [&]<std::size_t... At>(std::index_sequence<At...>) {
            server.add_prompt<reflect::detail::name_of<function::arguments[At]>()...>(
                function::define(prompt_definition(std::string(function::name),
                                                   std::string(function::description),
                                                   function::prompt_arguments())),
                function::plain_handler(object), options...);
        }(std::make_index_sequence<function::arguments.size()>{});
    }
};

} // namespace detail

template <std::meta::info Function, class... Arguments>
void any_server::tool(Arguments&&... arguments) {
    constexpr std::meta::info function = detail::as_member(Function);
    using fault = detail::reflected_tool_fault<function, Arguments...>;
    if constexpr (detail::is_fault<fault>)
        fault();
    else
        detail::reflected_entries(*this).tool<function>(std::forward<Arguments>(arguments)...);
}

template <std::meta::info Scope, class... Arguments>
void any_server::tools(Arguments&&... arguments) {
    static_assert(!detail::described_functions_of<Scope>.empty(),
                  "mcp: server.tools adds the functions that are annotated with mcp::doc");
    const auto add = [this]<std::meta::info Each>(auto&&... with) {
        tool<Each>(std::forward<decltype(with)>(with)...);
    };
    detail::reflected_entries::for_each_of<detail::described_functions_of<Scope>, Scope>(
        add, std::forward<Arguments>(arguments)...);
}

template <std::meta::info Function, class... Arguments>
void any_server::resource(Arguments&&... arguments) {
    constexpr std::meta::info function = detail::as_member(Function);
    using fault = detail::reflected_resource_fault<function, Arguments...>;
    if constexpr (detail::is_fault<fault>)
        fault();
    else
        detail::reflected_entries(*this).resource<function>(std::forward<Arguments>(arguments)...);
}

template <std::meta::info Scope, class... Arguments>
void any_server::resources(Arguments&&... arguments) {
    static_assert(!detail::functions_with_uri_of<Scope>.empty(),
                  "mcp: server.resources adds the functions that are annotated with mcp::uri");
    const auto add = [this]<std::meta::info Each>(auto&&... with) {
        resource<Each>(std::forward<decltype(with)>(with)...);
    };
    detail::reflected_entries::for_each_of<detail::functions_with_uri_of<Scope>, Scope>(
        add, std::forward<Arguments>(arguments)...);
}

template <std::meta::info Function, class... Arguments>
void any_server::prompt(Arguments&&... arguments) {
    constexpr std::meta::info function = detail::as_member(Function);
    using fault = detail::reflected_prompt_fault<function, Arguments...>;
    if constexpr (detail::is_fault<fault>)
        fault();
    else
        detail::reflected_entries(*this).prompt<function>(std::forward<Arguments>(arguments)...);
}

} // namespace mcp
// clang-format on
#endif
