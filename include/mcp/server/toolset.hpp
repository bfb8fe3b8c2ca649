// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/server/bound_method.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

namespace mcp {

namespace detail {

/// A tool as a constant: a function, the names of its parameters, and its description.
template <auto Function, fixed_string... Names>
struct static_tool {
    static constexpr std::string_view name = reflect::symbol_name<function_of<Function>::pointer>;
    static_assert(is_tool_name(name),
                  "mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -");

    std::string_view description;
    std::string_view title;
    tool_hints hints;
};

} // namespace detail

/// Describes a function as a tool, for a `toolset`.
///
///     constexpr auto tools = mcp::toolset(mcp::tool<add, "a", "b">("Add"),
///                                         mcp::tool<search>("Search", mcp::read_only));
template <auto Function, fixed_string... Names>
    requires detail::is_function<Function>
constexpr detail::static_tool<Function, Names...>
tool(std::string_view description, tool_hints hints = {}, std::string_view title = {}) {
    return {description, title, hints};
}

/// A list of tools that is known at compile time. It checks that their names differ. A server adds
/// them to its catalog like other tools.
template <class... Tools>
class toolset {
public:
    static constexpr std::size_t size = sizeof...(Tools);
    static constexpr std::array<std::string_view, size> names{Tools::name...};

    constexpr explicit toolset(Tools... tools) : tools_(tools...) {
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
