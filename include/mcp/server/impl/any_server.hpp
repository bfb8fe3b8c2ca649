// SPDX-License-Identifier: MIT
#pragma once

// The registrations of a server, which are templates.

#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/param_fault.hpp>
#include <mcp/server/registration_options.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

template <class F>
void any_server::around(F f) {
    if constexpr (detail::around_form<F>::fits) // its sentence, if not, is near the caller's line
        put_around(mcp::around(std::move(f)).layer);
}

template <class Kind, class Entry, class... Args>
void any_server::add(detail::call_rules rules, Args&&... args) {
    put(std::unique_ptr<Kind>(new Entry(std::forward<Args>(args)...)), std::move(rules));
}

template <class... Tools, class... Options>
void any_server::toolset(const mcp::toolset<Tools...>& tools, const Options&... options) {
    std::apply([&](const auto&... each) { (each.add_to(*this, options...), ...); }, tools.tools());
}

template <fixed_string... Names, class Handler, class... Options>
void any_server::add_tool(tool_definition definition, Handler handler, const Options&... options) {
    using params = detail::params_of<Options...>;
    using bound = detail::bound_tool<Handler, params, Names...>;
    using fault = detail::input_fault<typename binding<Handler, Names...>::input_type, params>;
    if constexpr (detail::is_fault<fault>)
        fault();
    else
        add<detail::tool_entry, bound>(detail::rules_of(options...),
                                       detail::define(std::move(definition), options...),
                                       std::move(handler), detail::params_among(options...));
}

template <fixed_string Uri, class Handler, class... Options>
void any_server::add_resource(std::string description, Handler handler, const Options&... options) {
    const std::string uri(Uri.view());
    constexpr std::size_t variables = detail::template_variable_count<Uri>();
    using definition_type =
        std::conditional_t<variables == 0, resource_definition, resource_template_definition>;
    using params = detail::params_of<Options...>;
    auto definition = detail::define(definition_type(uri, uri, std::move(description)), options...);
    auto rules = detail::rules_of(options...);
    if constexpr (variables == 0) {
        using fault = detail::input_fault<arguments<>, params>;
        if constexpr (detail::is_fault<fault>)
            fault();
        else
            add<detail::resource_entry, detail::bound_resource<Handler>>(
                std::move(rules), std::move(handler), params(), std::move(definition));
    } else {
        using bound = detail::bound_template<Uri, Handler, params>;
        using fault = detail::input_fault<typename bound::input_type, params>;
        if constexpr (detail::is_fault<fault>)
            fault();
        else
            add<detail::template_entry, bound>(std::move(rules), std::move(handler),
                                               detail::params_among(options...),
                                               std::move(definition));
    }
}

template <fixed_string... Names, class Handler, class... Options>
void any_server::add_prompt(prompt_definition definition, Handler handler,
                            const Options&... options) {
    using params = detail::params_of<Options...>;
    using bound = detail::bound_prompt<Handler, params, Names...>;
    using fault = detail::input_fault<typename binding<Handler, Names...>::input_type, params>;
    if constexpr (detail::is_fault<fault>)
        fault();
    else
        add<detail::prompt_entry, bound>(detail::rules_of(options...),
                                         detail::define(std::move(definition), options...),
                                         std::move(handler), detail::params_among(options...));
}

template <fixed_string Reference, fixed_string Argument, class Handler>
void any_server::add_completion(Handler handler) {
    constexpr auto kind = detail::is_uri<Reference>() ? completion_params::target::resource
                                                      : completion_params::target::prompt;
    add<detail::completion_entry, detail::bound_completion<Handler>>(
        {}, std::move(handler), described_members<>(), kind, Reference.view(), Argument.view());
}

} // namespace mcp
