// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The complete state of a session of a legacy client. Any process can serve its next request with
/// it. [MCP 2025-11-25 basic/transports]
struct session_record {
    using clock = std::chrono::system_clock;

    std::string id;
    std::string owner; ///< the subject of the principal; empty without authentication
    mcp::revision revision = latest_legacy;
    implementation client;
    client_capabilities capabilities;
    log_level threshold = log_level::info;
    std::vector<std::string> subscriptions; ///< URIs of resources
    clock::time_point created{};
    /// Whether requests are refused until the client sends `notifications/initialized`; see
    /// `server_options::require_initialized`.
    bool awaits_initialized = false;
    /// Grows with each change, from 1, so that the newer of two records is known; 0 if not kept.
    std::uint64_t version = 0;
};

/// Encodes the record as JSON text, for stores that keep text.
std::string to_text(const session_record& record);

/// Decodes the text of a record; returns nothing if it is malformed.
std::optional<session_record> session_from_text(std::string_view text);

namespace detail {

/// Returns the approximate memory of the record in bytes.
std::size_t memory_of(const session_record& record);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/session_record.ipp>
#endif
