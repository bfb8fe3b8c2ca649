// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/awaitable.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mcp {

class catalog_pin;
class registry;
struct health_report;
enum class list_kind : std::uint8_t;

/// What a server has besides its entries: settings, environment and notifications. It is the base
/// of `any_server`.
class server_core {
public:
    /// Notifies listening clients that a list has changed. Adding and removing entries calls it.
    void notify_list_changed(list_kind kind);

    /// Notifies subscribers that a resource has changed.
    void notify_resource_updated(std::string_view uri);

    /// Sends a notification to the stream of a legacy session in any process. Returns whether a
    /// subscriber received it. With a replay log it is also recorded for a client that reconnects.
    /// May be awaited on any executor. Throws `unavailable`.
    ///
    ///     const mcp::json_object params{{"level", "info"}, {"data", "hello"}};
    ///     co_await server.notify("the id of a session", "notifications/message", params);
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<bool> notify(std::string_view session_id, std::string_view method,
                                 const json_object& params);

    /// Sends a message, as JSON text, in the same way.
    [[nodiscard("mcp: this does nothing until it is awaited; write co_await before it")]]
    asio::awaitable<bool> notify(std::string_view session_id, std::string message);

    /// Returns the environment of the server. For the library and for extensions.
    server_environment& environment() noexcept { return *environment_; }
    const server_environment& environment() const noexcept { return *environment_; }

    /// Returns the settings. Change them only before the server serves; see `server_options`.
    server_options& options() noexcept;
    const server_options& options() const noexcept;

    /// Returns the server's `Implementation` as JSON text.
    std::string_view info_text(mcp::revision r) const noexcept {
        return info_[static_cast<std::size_t>(r)];
    }

    /// Returns a snapshot of the current entries; see `registry.hpp`.
    catalog_pin offers() const;

    /// Returns the health of the collaborators that report it. Any thread; does not wait.
    health_report health();

    /// Returns whether its HTTP server stops, so that `/ready` says no. `serve_http` and `mcp::run`
    /// set it; a program with an `http::server` of its own asks `http::server::draining`. Any
    /// thread.
    bool draining() const noexcept;

    /// Logs the entries at level debug. For a level that is known only after the registrations.
    void log_offers() const;

protected:
    explicit server_core(server_info info);
    server_core(server_core&& other) noexcept;

    /// Waits for the blocking handlers that still run.
    ~server_core();

    std::unique_ptr<registry> registry_; ///< null after a move

private:
    asio::awaitable<bool> send_to(std::string session_id, std::string message);

    std::unique_ptr<server_environment> environment_; ///< null after a move
    std::array<std::string, all_revisions.size()> info_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/server_core.ipp>
#endif
