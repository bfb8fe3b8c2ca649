// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

struct redisContext; // of hiredis

namespace mcp::redis {

/// Encrypts a new connection to `host`; returns false on failure. See `tls`.
using encryption = std::function<bool(redisContext& on, const std::string& host)>;

/// The address of a Redis server, the login, and the timeouts.
struct settings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    std::string user; ///< a user of the ACL; empty for the default user
    std::string password;
    std::uint16_t database = 0;
    bool encrypted = false;                           ///< `rediss://`: requires `encrypt`
    encryption encrypt{};                             ///< `mcp::redis::tls()`, or empty
    std::chrono::milliseconds connect_timeout{2'000}; ///< includes the greeting of the server
    std::chrono::milliseconds command_timeout{2'000}; ///< on expiry the connection is dropped
    std::chrono::milliseconds backoff_min{50};        ///< before the first attempt to reconnect
    std::chrono::milliseconds backoff_max{2'000};     ///< limit of the doubling pause, with jitter
    /// A channel that is always subscribed to and carries no messages. It shows that the connection
    /// is alive.
    std::string alive_channel = "asio-mcp:alive";
    /// Gets the time from each command to its reply, or to its failure with false. Called on the
    /// thread of the connection; must not block or throw. See `metrics::on_redis_reply`.
    std::function<void(std::chrono::nanoseconds round_trip, bool answered)> on_reply{};
};

/// Parses `redis://user:password@host:port/database`. All parts but the host are optional, user and
/// password are percent-encoded, and an IPv6 address is in brackets. `rediss://` requests an
/// encrypted connection.
///
/// Throws `std::invalid_argument` with a sentence that does not show the password.
settings parse_url(std::string_view url);

} // namespace mcp::redis

#ifdef MCP_BODIES
#include <mcp/redis/impl/settings.ipp>
#endif
