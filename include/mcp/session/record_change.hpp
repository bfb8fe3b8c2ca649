// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::jsonrpc {
struct error; // <mcp/jsonrpc/error.hpp>
} // namespace mcp::jsonrpc

namespace mcp {

struct subscription_limits; // <mcp/protocol/subscription_limits.hpp>

namespace detail {

/// The changes of a request to the record of its session. They belong to that request alone, and
/// can be applied again if other requests have changed the record meanwhile.
struct record_change {
    std::optional<log_level> threshold{};
    std::vector<std::string> added{}; ///< resource subscriptions
    std::vector<std::string> removed{};
    bool initialized = false; ///< the client has sent `notifications/initialized`
    /// The record at the start of the request; null if unknown.
    const session_record* before = nullptr;

    /// Returns the reason why `uri` cannot be subscribed to; nothing if it can.
    std::optional<jsonrpc::error> refuse(std::string_view uri,
                                         const subscription_limits& most) const;

    /// Adds a subscription. The last change for a URI wins.
    void subscribe(std::string_view uri);
    void unsubscribe(std::string_view uri);

    /// Returns whether the changes alter the record.
    bool alters(const session_record& record) const;

    /// Returns the changed record with the next version.
    session_record applied_to(session_record record) const;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/record_change.ipp>
#endif
