#pragma once

#include <chrono>
#include <cstddef>

namespace mcp::http {

/// What one peer may cost the HTTP server. Times are kept by a coarse clock: they hold to within
/// half a second.
struct limits {
    std::size_t head_bytes = 16 * 1024;       ///< Request line and fields; beyond: 431 (or 414).
    std::size_t fields = 100;                 ///< Header fields of a request; beyond: 431.
    std::size_t body_bytes = 4 * 1024 * 1024; ///< Body, chunks joined; beyond: 413.
    /// What all connections hold together of requests, from their first bytes until they are
    /// answered, and of what waits for a peer that does not take it; 4 KiB of each are not counted.
    /// No connection holds more than it leaves for the others. Beyond: a request is refused with
    /// 503, and a peer that does not read is cut off.
    std::size_t bytes_in_flight = 256 * 1024 * 1024;
    std::size_t connections = 10'000; ///< Open at once, over all threads; beyond: 503 and closed.
    std::size_t pipelined_bytes = 64 * 1024; ///< Answers to pipelined requests kept for one write.

    /// From the first byte of a request to the end of its head; beyond: 408.
    std::chrono::milliseconds head_timeout = std::chrono::seconds(10);
    /// From the end of the head to the end of the body; beyond: 408.
    std::chrono::milliseconds body_timeout = std::chrono::seconds(60);
    /// Until the handler has answered, streams not counted; then it is cancelled and the peer gets
    /// 503. Zero: no limit.
    std::chrono::milliseconds request_timeout{0};
    /// An open connection without a request; then it is closed.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
    /// A peer that takes neither `write_bytes` nor all of its response in this time is cut off.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    std::size_t write_bytes = 8 * 1024;
    /// A peer that goes on sending a request that was refused: as long, what comes is thrown away,
    /// so that it can read the refusal; sooner if it is silent for two seconds.
    std::chrono::milliseconds linger_timeout = std::chrono::seconds(30);
    /// A stream on which nothing was written; then `body_stream::idle` is called.
    std::chrono::milliseconds keep_alive_interval = std::chrono::seconds(15);
    /// What a graceful stop leaves to running requests and streams; then they are cancelled. Less
    /// than the ten seconds after which `docker stop` kills.
    std::chrono::milliseconds shutdown_timeout = std::chrono::seconds(8);
};

} // namespace mcp::http
