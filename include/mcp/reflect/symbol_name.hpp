// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/pretty_name.hpp>

#include <string_view>

namespace mcp::reflect {

/// The name of a function without namespace, class or template arguments: `"add"` for `add`,
/// `&add`, `math::add` and `math::add<int>`. Member functions work as well.
template <auto Function>
inline constexpr std::string_view symbol_name =
    detail::last_identifier(detail::without_template_arguments(detail::printed_values<Function>()));

} // namespace mcp::reflect
