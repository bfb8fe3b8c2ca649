// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The authenticated identity behind a request, as found by an `auth_backend`.
struct principal {
    std::string subject; ///< names the principal; sessions and states are bound to it. Never empty.
    std::vector<std::string> scopes{};   ///< the granted scopes
    std::vector<std::string> audience{}; ///< the audience of the token
    std::optional<std::chrono::sys_seconds> expires{};
    json_object claims{};   ///< everything that the backend knows about it
    bool anonymous = false; ///< unknown clients share the subject; limits use addresses

    bool has_scope(std::string_view scope) const {
        for (const std::string& each : scopes)
            if (each == scope)
                return true;
        return false;
    }
};

} // namespace mcp
