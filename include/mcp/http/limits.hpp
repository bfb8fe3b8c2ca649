// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstddef>

namespace mcp::http {

/// The limits of the HTTP server on one peer. A coarse clock measures the times, to within half a
/// second. `milliseconds::max()` lifts a limit of time, `SIZE_MAX` a limit of size.
struct limits {
    std::size_t head_bytes = 16 * 1024;       ///< Request line and fields; beyond: 431 (or 414).
    std::size_t fields = 100;                 ///< Header fields of a request; beyond: 431.
    std::size_t body_bytes = 4 * 1024 * 1024; ///< Body, chunks joined; beyond: 413.
    /// Bytes that all connections hold together: requests, from their first byte to their response,
    /// and output that waits for a slow peer. The first 4 KiB of each are not counted. No
    /// connection holds more than it leaves for the others. Beyond: a request is refused with 503,
    /// and a peer that does not read is disconnected.
    std::size_t bytes_in_flight = 256 * 1024 * 1024;
    std::size_t connections = 10'000; ///< Open at once, over all threads; beyond: 503 and closed.
    /// Responses to pipelined requests kept for one write.
    std::size_t pipelined_bytes = 64 * 1024;

    /// For the handshake of TLS; then the connection is closed.
    std::chrono::milliseconds handshake_timeout = std::chrono::seconds(10);
    /// From the first byte of a request to the end of its head; beyond: 408.
    std::chrono::milliseconds head_timeout = std::chrono::seconds(10);
    /// From the end of the head to the end of the body; beyond: 408.
    std::chrono::milliseconds body_timeout = std::chrono::seconds(60);
    /// Until the handler completes, streams excluded. Then it is cancelled and the peer gets 504.
    /// Zero: no limit. For calls of MCP, `server_options::call_timeout` gives an error that clients
    /// understand.
    std::chrono::milliseconds request_timeout{0};
    /// For an open connection without a request; then it closes.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
    /// A peer that accepts neither `write_bytes` nor the complete response in this time is
    /// disconnected.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    std::size_t write_bytes = 8 * 1024; ///< See `write_timeout`.
    /// For a peer that continues to send a refused request. Its bytes are dropped for this time, so
    /// that it can read the refusal; shorter if it is silent for two seconds.
    std::chrono::milliseconds linger_timeout = std::chrono::seconds(30);
    /// For a stream without a write; then `body_stream::idle` is called.
    std::chrono::milliseconds keep_alive_interval = std::chrono::seconds(15);
    /// The time that a graceful stop leaves to running requests and streams before it cancels them.
    /// Less than the ten seconds after which `docker stop` kills.
    std::chrono::milliseconds shutdown_timeout = std::chrono::seconds(8);
};

} // namespace mcp::http
