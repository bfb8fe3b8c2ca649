// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <boost/system/result.hpp>

namespace mcp {

/// A value of type `T`, or the reason why there is none.
///
/// What can fail on bad input returns this; exceptions are left to handlers and to broken
/// preconditions. Bind it to a name before taking it apart (Law B in `docs/structure.md`).
template <class T, class E = boost::system::error_code>
using result = boost::system::result<T, E>;

} // namespace mcp
