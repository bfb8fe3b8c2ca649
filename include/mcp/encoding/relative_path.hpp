// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <string_view>

namespace mcp {

/// Returns whether a value from a peer stays inside the folder whose path it is appended to. Such a
/// value does not begin with a slash and has no segment `.` or `..`. It also has no NUL, which
/// would end the path early. A backslash counts as a separator, because the value may reach a
/// system where it is one.
///
/// Symbolic links are not followed: a program that has them checks the resolved path.
constexpr bool is_relative_path(std::string_view value) noexcept {
    if (value.find('\0') != value.npos || value.starts_with('/') || value.starts_with('\\'))
        return false;
    while (true) {
        const std::size_t end = value.find_first_of("/\\");
        const std::string_view segment = value.substr(0, end);
        if (segment == "." || segment == "..")
            return false;
        if (end == value.npos)
            return true;
        value.remove_prefix(end + 1);
    }
}

} // namespace mcp
