// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/registration_options.hpp>
#include <mcp/server/tool.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

// The forms of `any_server::tool`. The name is empty if it is known only at run time.

template <auto Function, fixed_string... Names>
struct tool_of_function {
    static constexpr std::string_view name = reflect::symbol_name<function_of<Function>::pointer>;

    template <class Server, class... Arguments>
    static void add(Server& server, Arguments&&... arguments) {
        server.template tool<Function, Names...>(std::forward<Arguments>(arguments)...);
    }
};

template <fixed_string Name>
struct tool_of_name {
    static constexpr std::string_view name = checked_tool_name<Name>();

    template <class Server, class... Arguments>
    static void add(Server& server, Arguments&&... arguments) {
        server.template tool<Name>(std::forward<Arguments>(arguments)...);
    }
};

struct tool_of_run_time {
    static constexpr std::string_view name{};

    template <class Server, class... Arguments>
    static void add(Server& server, Arguments&&... arguments) {
        server.tool(std::forward<Arguments>(arguments)...);
    }
};

/// A tool of a toolset: the arguments of `any_server::tool`, the description first.
template <class Form, class... Arguments>
class static_tool {
public:
    /// The name if it is known from the types alone.
    static constexpr std::string_view fixed_name =
        (... || std::is_same_v<Arguments, named>) ? std::string_view() : Form::name;

    constexpr static_tool(Arguments... arguments)
        : arguments_(std::forward<Arguments>(arguments)...) {}

    constexpr std::string_view name() const noexcept {
        std::string_view found = Form::name;
        if constexpr (std::is_same_v<Form, tool_of_run_time>)
            found = name_of(std::get<0>(arguments_));
        std::apply([&](const auto&... each) { (take_name(found, each), ...); }, arguments_);
        return found;
    }

    template <class Server, class... Options>
    void add_to(Server& server, const Options&... options) const {
        std::apply([&](auto&... each) { Form::add(server, passed(each)..., options...); },
                   arguments_);
    }

private:
    static constexpr std::string_view name_of(const std::string& text) noexcept { return text; }
    static constexpr std::string_view name_of(const tool_definition& of) noexcept {
        return of.name;
    }

    template <class Argument>
    static constexpr void take_name(std::string_view& found,
                                    [[maybe_unused]] const Argument& argument) noexcept {
        if constexpr (std::is_same_v<Argument, named>)
            found = argument.value;
    }

    static std::string passed(const std::string_view& description) {
        return std::string(description);
    }
    template <class Argument>
    static Argument& passed(Argument& argument) noexcept {
        return argument;
    }

    std::tuple<Arguments...> arguments_;
};

/// Stands for a tool with a fault, and reports it.
template <class Fault>
struct faulty_tool : Fault {
    constexpr faulty_tool(const auto&...) noexcept {}
    static constexpr std::string_view fixed_name{};
    static constexpr std::string_view name() noexcept { return {}; }
    template <class Server, class... Options>
    static void add_to(Server&, const Options&...) noexcept {}
};

/// How a toolset keeps the object of a member function: a variable by reference, a
/// `std::shared_ptr` by value.
template <class Object>
using kept_object = std::conditional_t<is_shared<Object>, std::remove_cvref_t<Object>, Object>;

template <class Fault, class Form, class... Arguments>
using static_or_faulty =
    std::conditional_t<is_fault<Fault>, faulty_tool<Fault>, static_tool<Form, Arguments...>>;

} // namespace detail

/// Describes a tool for a `toolset`, in all forms of `any_server::tool`: with the function, the
/// member function and its object, or a name and a callable; and with the same options. Only a name
/// of run time is copied; other texts must outlive the toolset.
///
///     constexpr auto tools = mcp::toolset(mcp::tool<add, "a", "b">("Add"),
///                                         mcp::tool<search>("Search", mcp::read_only));
template <auto Function, fixed_string... Names, class... Options,
          class Fault =
              detail::tool_fault<binding<detail::function_handler<Function>, Names...>, Options...>>
    requires detail::is_function<Function>
constexpr detail::static_or_faulty<Fault, detail::tool_of_function<Function, Names...>,
                                   std::string_view, Options...>
tool(std::string_view description, Options... options) {
    return {description, std::move(options)...};
}

template <auto Method, fixed_string... Names, class Object = detail::no_object, class... Options,
          class Fault = detail::registration_fault<
              detail::tool_policy, detail::object_fault<Method, Object>,
              binding<detail::method_handler<Method, Object>, Names...>, Options...>>
    requires detail::is_method<Method>
constexpr detail::static_or_faulty<Fault, detail::tool_of_function<Method, Names...>,
                                   std::string_view, detail::kept_object<Object>, Options...>
tool(std::string_view description, Object&& object = {}, Options... options) {
    return {description, std::forward<Object>(object), std::move(options)...};
}

template <fixed_string Name, class Handler, class... Options,
          class Fault = detail::tool_fault<binding<Handler>, Options...>>
constexpr detail::static_or_faulty<Fault, detail::tool_of_name<Name>, std::string_view, Handler,
                                   Options...>
tool(std::string_view description, Handler handler, Options... options) {
    return {description, std::move(handler), std::move(options)...};
}

template <class Handler, class... Options,
          class Fault = detail::tool_fault<binding<Handler>, Options...>>
detail::static_or_faulty<Fault, detail::tool_of_run_time, std::string, std::string, Handler,
                         Options...>
tool(std::string name, std::string description, Handler handler, Options... options) {
    return {std::move(name), std::move(description), std::move(handler), std::move(options)...};
}

template <class Handler, class... Options,
          class Fault = detail::raw_tool_fault<Handler, Options...>>
detail::static_or_faulty<Fault, detail::tool_of_run_time, tool_definition, Handler, Options...>
tool(tool_definition definition, Handler handler, Options... options) {
    return {std::move(definition), std::move(handler), std::move(options)...};
}

/// A list of tools, which a server adds to its catalog like other tools. Two tools of one name do
/// not compile; if a name is known only at run time, the constructor throws
/// `std::invalid_argument`.
template <class... Tools>
class toolset {
public:
    static constexpr std::size_t size = sizeof...(Tools);

    constexpr explicit toolset(Tools... tools) : tools_(std::move(tools)...) {
        static_assert(distinct({Tools::fixed_name...}),
                      "mcp: two tools of this toolset have the same name");
        if constexpr ((... || Tools::fixed_name.empty()))
            if (!distinct(names()))
                throw std::invalid_argument("mcp: two tools of this toolset have the same name");
    }

    constexpr const std::tuple<Tools...>& tools() const noexcept { return tools_; }

    /// Returns the names of the tools, which refer into the toolset.
    constexpr std::array<std::string_view, size> names() const noexcept {
        return std::apply(
            [](const auto&... each) { return std::array<std::string_view, size>{each.name()...}; },
            tools_);
    }

private:
    static constexpr bool distinct(const std::array<std::string_view, size>& names) {
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = i + 1; j < size; ++j)
                if (names[i] == names[j] && !names[i].empty())
                    return false;
        return true;
    }

    std::tuple<Tools...> tools_;
};

} // namespace mcp
