// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/session/record_change.hpp>
#include <mcp/session/session_record.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mcp::detail {

MCP_DECL std::optional<jsonrpc::error>
record_change::refuse(std::string_view uri, const subscription_limits& most) const {
    const session_record after = applied_to(before ? *before : session_record());
    std::size_t bytes = 0;
    for (const std::string& each : after.subscriptions) {
        if (each == uri)
            return std::nullopt;
        bytes += each.size();
    }
    return most.refuse(uri, after.subscriptions.size(), bytes, "params.uri");
}

MCP_DECL void record_change::subscribe(std::string_view uri) {
    std::erase(removed, uri);
    if (std::find(added.begin(), added.end(), uri) == added.end())
        added.emplace_back(uri);
}

MCP_DECL void record_change::unsubscribe(std::string_view uri) {
    std::erase(added, uri);
    if (std::find(removed.begin(), removed.end(), uri) == removed.end())
        removed.emplace_back(uri);
}

MCP_DECL bool record_change::alters(const session_record& record) const {
    const auto has = [&](const std::string& uri) {
        return std::find(record.subscriptions.begin(), record.subscriptions.end(), uri) !=
               record.subscriptions.end();
    };
    return (threshold && *threshold != record.threshold) ||
           (initialized && record.awaits_initialized) ||
           !std::all_of(added.begin(), added.end(), has) ||
           std::any_of(removed.begin(), removed.end(), has);
}

MCP_DECL session_record record_change::applied_to(session_record record) const {
    if (record.version != 0)
        ++record.version;
    if (threshold)
        record.threshold = *threshold;
    if (initialized)
        record.awaits_initialized = false;
    std::set<std::string> uris(record.subscriptions.begin(), record.subscriptions.end());
    uris.insert(added.begin(), added.end());
    for (const std::string& uri : removed)
        uris.erase(uri);
    record.subscriptions.assign(uris.begin(), uris.end());
    return record;
}

} // namespace mcp::detail
