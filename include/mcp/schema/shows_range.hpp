// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

namespace mcp {

/// True if the schema shows the range of an integer type. Models read it in each `tools/list`, so
/// only types narrower than `int` show it; unsigned types always show that they begin at 0.
/// Decoding checks the range in any case. Specialise it before the first schema, the same in each
/// source file:
///
///     template <>
///     inline constexpr bool mcp::shows_range<int> = true;
template <class T>
inline constexpr bool shows_range = sizeof(T) < sizeof(int);

} // namespace mcp
