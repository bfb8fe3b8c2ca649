// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/jsonrpc/error.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace mcp {

/// The limits on the subscriptions of one session or of one `subscriptions/listen`.
struct subscription_limits {
    std::size_t count = 1'000;        ///< Number of resources.
    std::size_t uri_bytes = 8 * 1024; ///< Size of one URI.
    std::size_t bytes = 256 * 1024;   ///< Size of all URIs together.

    /// Returns the reason why `uri` cannot be added to `count_now` URIs of `bytes_now` bytes, or
    /// nothing if it can. `where` names the parameter.
    std::optional<jsonrpc::error> refuse(std::string_view uri, std::size_t count_now,
                                         std::size_t bytes_now, std::string_view where) const;

    /// Checks all URIs of a list in the same way.
    template <class Uris>
    std::optional<jsonrpc::error> refuse_all(const Uris& uris, std::string_view where) const {
        std::size_t n = 0;
        std::size_t sum = 0;
        for (const std::string_view uri : uris) {
            if (auto why = refuse(uri, n, sum, where))
                return why;
            ++n;
            sum += uri.size();
        }
        return std::nullopt;
    }
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/subscription_limits.ipp>
#endif
