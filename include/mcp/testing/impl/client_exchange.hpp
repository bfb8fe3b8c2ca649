// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/progress.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace mcp::testing::detail {

/// A request of a client, with all its rounds of questions.
struct exchange {
    std::string method;
    json_object params;
    std::int64_t id = 0; ///< of the last round; it is the progress token, too
    std::optional<json> result;
    std::exception_ptr failure;
    std::vector<progress_update> progress;
    std::size_t told = 0; ///< how many of them `next_progress` has returned

    bool done() const noexcept { return result || failure; }

    /// Returns the method and what it is called for, such as `tools/call add`.
    std::string name() const {
        std::string text(method);
        for (const char* key : {"name", "uri"})
            if (const json* what = params.if_contains(key); what && what->is_string())
                text.append(" ").append(json_view(*what).get_string());
        return text;
    }
};

} // namespace mcp::testing::detail
