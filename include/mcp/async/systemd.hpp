// SPDX-License-Identifier: MIT
#pragma once

// The protocols between systemd and a service, without libsystemd: variables of the environment and
// datagrams. `serve_http` and `mcp::run` use them.

#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace mcp::systemd {

/// Returns the sockets that systemd has opened for this process, for
/// `http::server_options::sockets`: those whose unit has this `FileDescriptorName`, or all. Each is
/// returned once. [sd_listen_fds_with_names(3)]
std::vector<int> take_sockets(std::string_view name = {});

/// Tells systemd of a state, such as `READY=1`. Returns false if systemd does not listen. Any
/// thread; waits at most a second. [sd_notify(3)]
///
///     mcp::systemd::notify("READY=1\nSTATUS=the cache is loaded");
bool notify(std::string_view state);

/// Returns the time after which systemd kills a service that has not shown a sign of life; nothing
/// if it does not watch this process. [sd_watchdog_enabled(3)]
std::optional<std::chrono::microseconds> watchdog_timeout();

/// Shows a sign of life at each half of the timeout, as long as every event loop runs. So systemd
/// finds an event loop that a handler blocks for longer.
class watchdog {
public:
    /// The event loops must outlive this object.
    watchdog(std::vector<asio::any_io_executor> event_loops, std::chrono::microseconds timeout);
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    /// Shows no more signs of life.
    ~watchdog();

private:
    class round;

    const std::shared_ptr<round> round_; // shared with the event loops
};

} // namespace mcp::systemd

#ifdef MCP_BODIES
#include <mcp/async/impl/systemd.ipp>
#endif
