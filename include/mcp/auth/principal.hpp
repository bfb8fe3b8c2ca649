#pragma once

#include <mcp/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// Who makes a request, as an `auth_backend` has found out.
struct principal {
    std::string subject; ///< names the caller; what sessions and states are bound to. Never empty.
    std::vector<std::string> scopes{};   ///< what the caller was granted
    std::vector<std::string> audience{}; ///< whom the token is for
    std::optional<std::chrono::sys_seconds> expires{};
    json_object claims{};   ///< all that the backend knows of the caller
    bool anonymous = false; ///< the subject is shared by callers who are not known: limits tell
                            ///< them apart by address

    bool has_scope(std::string_view scope) const {
        return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    }
};

} // namespace mcp
