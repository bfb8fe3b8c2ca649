// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/signal_set.hpp>

#include <functional>

namespace mcp::detail {

/// SIGINT and SIGTERM, for the end of a server: the first calls a function, and from then on each
/// has its default effect, which ends the process. Used on the executor, which must be serial.
class stop_signals {
public:
    explicit stop_signals(const asio::any_io_executor& executor) : signals_(executor) {}

    /// Waits for the first signal. `stop` is called on the executor.
    void watch(std::function<void()> stop);

    /// Stops waiting.
    void release() noexcept;

private:
    asio::signal_set signals_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/stop_signals.ipp>
#endif
