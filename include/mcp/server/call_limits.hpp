// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace mcp {

/// Limits the time of a call, as an option of an entry; in place of `server_options::call_timeout`.
/// Zero: no limit.
///
///     server.tool<search>("Search the index", mcp::timeout{std::chrono::seconds(30)});
struct timeout {
    constexpr explicit timeout(std::chrono::milliseconds limit_) noexcept : limit(limit_) {}
    std::chrono::milliseconds limit;
};

/// Limits the calls of an entry that run at once in this process, as an option of the entry. Up to
/// `waiting` further calls wait for a place, in order. Beyond that, calls are refused with the
/// error -31429, over HTTP with status 429 and `Retry-After`.
///
/// A call waits within its time, see `timeout`. It holds its place until the handler has ended,
/// also if its client has gone or got an error meanwhile.
///
///     server.tool<search>("Search the index", mcp::concurrency{4, 100});
struct concurrency {
    constexpr explicit concurrency(std::size_t calls_, std::size_t waiting_ = 0) noexcept
        : calls(calls_)
        , waiting(waiting_) {}
    std::size_t calls; ///< at least 1
    std::size_t waiting;
};

/// Limits the result of a call, as an option of an entry; in place of
/// `server_options::result_bytes`, which says what is counted.
struct result_bytes {
    constexpr explicit result_bytes(std::size_t most_) noexcept : most(most_) {}
    std::size_t most;
};

namespace detail {

class call_gate;

/// What the options of an entry say of the limits of its calls.
struct call_limits {
    std::optional<std::chrono::milliseconds> timeout{};
    std::optional<std::size_t> result_bytes{};
    std::shared_ptr<call_gate> gate{};

    void set(mcp::timeout option) { timeout = option.limit; }
    void set(mcp::result_bytes option) { result_bytes = option.most; }

    /// Throws `std::invalid_argument` if no call may run.
    void set(mcp::concurrency option);
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/call_limits.ipp>
#endif
