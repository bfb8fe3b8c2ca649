// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

namespace mcp::redis::detail {

/// The cause of an error.
enum class error_cause {
    command, ///< the command is wrong or not allowed
    passing, ///< a temporary state of Redis, or a state that an operator can mend
    server,  ///< this server is not, or no longer, the right server
};

inline error_cause cause_of(std::string_view error) {
    constexpr std::pair<std::string_view, error_cause> codes[] = {
        {"READONLY", error_cause::server}, {"MASTERDOWN", error_cause::server},
        {"LOADING", error_cause::server},  {"CLUSTERDOWN", error_cause::server},
        {"NOAUTH", error_cause::server},   {"BUSY", error_cause::passing},
        {"OOM", error_cause::passing},     {"NOREPLICAS", error_cause::passing},
        {"MISCONF", error_cause::passing}, {"TRYAGAIN", error_cause::passing}};
    // Before Redis 7, the error of a command in a script is at the end of the script's error.
    if (error.starts_with("ERR Error running script")) {
        const auto inner = error.rfind(": -");
        if (inner != error.npos)
            error.remove_prefix(inner + 3);
    }
    const auto code = error.substr(0, error.find(' '));
    for (const auto& [name, cause] : codes)
        if (name == code)
            return cause;
    return error_cause::command;
}

} // namespace mcp::redis::detail
