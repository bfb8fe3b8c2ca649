// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/registration_options.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// A tool as a constant: a function, the names of its parameters, its description, and a tuple of
/// options.
template <auto Function, class Options, fixed_string... Names>
struct static_tool {
    static constexpr std::string_view name = reflect::symbol_name<function_of<Function>::pointer>;
    static_assert(is_tool_name(name),
                  "mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -");

    std::string_view description;
    Options options;
};

} // namespace detail

/// Describes a function as a tool, for a `toolset`, with the options of `any_server::tool`.
///
///     constexpr auto tools = mcp::toolset(mcp::tool<add, "a", "b">("Add"),
///                                         mcp::tool<search>("Search", mcp::read_only));
template <auto Function, fixed_string... Names, class... Options>
    requires detail::is_function<Function>
constexpr detail::static_tool<Function, std::tuple<Options...>, Names...>
tool(std::string_view description, Options... options) {
    static_assert(!(... || std::is_same_v<Options, named>),
                  "mcp: a tool of a toolset has the name of its function");
    return {description, std::tuple<Options...>(std::move(options)...)};
}

/// A list of tools that is known at compile time. It checks that their names differ. A server adds
/// them to its catalog like other tools.
template <class... Tools>
class toolset {
public:
    static constexpr std::size_t size = sizeof...(Tools);
    static constexpr std::array<std::string_view, size> names{Tools::name...};

    constexpr explicit toolset(Tools... tools) : tools_(std::move(tools)...) {
        static_assert(distinct(), "mcp: two tools of this toolset have the same name");
    }

    constexpr const std::tuple<Tools...>& tools() const noexcept { return tools_; }

private:
    static consteval bool distinct() {
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = i + 1; j < size; ++j)
                if (names[i] == names[j])
                    return false;
        return true;
    }

    std::tuple<Tools...> tools_;
};

} // namespace mcp
