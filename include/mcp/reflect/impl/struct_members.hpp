// SPDX-License-Identifier: MIT
#pragma once

#ifdef __cpp_impl_reflection
#include <meta>

namespace mcp::reflect::detail {

// clang-format off
/// The members of a struct, in order of declaration.
template <class T>
inline constexpr auto members_of_struct = std::define_static_array(
    nonstatic_data_members_of(dealias(^^T), std::meta::access_context::unchecked()));
// clang-format on

} // namespace mcp::reflect::detail
#endif
