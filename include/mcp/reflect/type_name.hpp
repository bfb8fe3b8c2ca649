// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/pretty_name.hpp>

#include <string_view>

namespace mcp::reflect {
namespace detail {

template <class T>
struct named_type {};

} // namespace detail

/// The name of a class or enum without namespace, enclosing class or template arguments: `"point"`
/// for `geo::point`, `"box"` for `box<int>`. Different types may have the same name.
template <class T>
inline constexpr std::string_view type_name = [] {
    std::string_view printed = detail::printed_values<detail::named_type<T>{}>();
    // `mcp::reflect::detail::named_type<geo::point>{}`: takes the text between the outer brackets.
    printed = printed.substr(0, printed.rfind('>'));
    constexpr std::string_view frame = "named_type<";
    printed.remove_prefix(printed.find(frame) + frame.size());
    return detail::last_identifier(detail::without_template_arguments(printed));
}();

} // namespace mcp::reflect
