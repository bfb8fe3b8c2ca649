#pragma once

#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/errors.hpp>

#include <cstddef>
#include <optional>
#include <string>
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
                                         std::size_t bytes_now, std::string_view where) const {
        if (uri.size() > uri_bytes)
            return invalid_params(std::string(where) + " has " + std::to_string(uri.size()) +
                                  " bytes; at most " + std::to_string(uri_bytes) + " are allowed");
        if (count_now >= count)
            return invalid_params("At most " + std::to_string(count) +
                                  " resources may be subscribed to at once");
        if (uri.size() > bytes - (bytes_now < bytes ? bytes_now : bytes))
            return invalid_params("The URIs of all subscriptions may have at most " +
                                  std::to_string(bytes) + " bytes together");
        return std::nullopt;
    }

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
