// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>

namespace mcp::detail {

/// A thread pool that starts on first use. A caller may join it while others still submit work.
/// Thread-safe.
class lazy_pool {
public:
    using executor_type = asio::any_io_executor;

    lazy_pool();
    lazy_pool(const lazy_pool&) = delete;
    lazy_pool& operator=(const lazy_pool&) = delete;

    /// Stops the pool. Work that has not begun is dropped.
    ~lazy_pool();

    /// Returns the executor of the pool, valid as long as the pool. If no thread runs, starts
    /// `threads` threads, at least one.
    executor_type executor(std::size_t threads);

    /// Waits until all work is done and ends the threads; false if there was nothing to do. Work
    /// that arrives after their end is done by this call of `join` or by the next one. Do not call
    /// it from a thread of the pool.
    bool join();

private:
    class threads;

    const std::unique_ptr<threads> threads_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/lazy_pool.ipp>
#endif
