#pragma once

#include <cstddef>
#include <string_view>

namespace mcp {

/// Whether a value that a peer sent stays in the folder whose path it is appended to: it does not
/// begin with a slash, has no segment `.` or `..`, and no NUL, which would end it early. A
/// backslash separates segments as well, since the value may be handed on to a system where it
/// does.
///
/// Links in the file system are not followed: a program that has them checks the resolved path.
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
