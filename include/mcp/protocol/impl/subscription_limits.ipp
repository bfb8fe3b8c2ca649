// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/subscription_limits.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL std::optional<jsonrpc::error> subscription_limits::refuse(std::string_view uri,
                                                                   std::size_t count_now,
                                                                   std::size_t bytes_now,
                                                                   std::string_view where) const {
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

} // namespace mcp
