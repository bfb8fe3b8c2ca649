// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/config.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/secure_channel.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mcp::http {

namespace detail {
class connection_refusal;
} // namespace detail

/// The options of a `server`, which copies them before it serves.
struct server_options {
    /// An address, or a name: the server binds all its addresses that this machine has. `localhost`
    /// is 127.0.0.1 and ::1, whatever it resolves to. Empty means 127.0.0.1; `0.0.0.0` is every
    /// IPv4 address of the machine, `::` every address. `unix:/run/app.sock` is a Unix domain
    /// socket, and `unix:@app` is one in the abstract namespace of Linux.
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000; ///< 0: any free port; see `server::port`.
    unsigned threads = 1;      ///< Event loops, each with its own connections.
    /// SIGINT and SIGTERM stop it gracefully, from `listen` on. A second signal ends the process.
    bool signals = false;
    http::limits limits{}; ///< On one peer.
    /// TLS for all connections, such as `tls_server(…)`. Null: plain HTTP.
    std::shared_ptr<secure_layer> tls{};
    /// Gets the exceptions of handlers and streams. Called on the thread of the connection.
    std::function<void(std::exception_ptr)> on_error{};
    /// Completes the response to a request that reaches no handler (400, 408, 413, 414, 417, 431,
    /// 501, 503, 505), for example with the fields of `cors::marker`. The request has the parts
    /// that could be parsed, perhaps none. Called on the thread of the connection.
    std::function<void(const request&, response&)> on_refusal{};
    /// What is told about each request, for a log and for metrics.
    record_settings records{};
    /// Gets the reason why a client could not establish TLS, such as a certificate that it does not
    /// accept, and its address. Called on the thread of the connection.
    std::function<void(std::string_view, const asio::ip::address&)> on_handshake_failure{};
    /// The interval at which deadlines are checked: the resolution of all times of `limits`.
    std::chrono::milliseconds clock_interval{500};
    /// The time between `stop` and the end of accepting, in which a load balancer sees that
    /// `draining` is true and sends its clients elsewhere. Meanwhile each response closes its
    /// connection: a proxy that keeps connections for a shorter time has none left at the end, and
    /// loses no request. Measured to within `clock_interval`.
    std::chrono::milliseconds drain_delay{0};
    /// Called once, when the first `stop` begins, on its thread.
    std::function<void()> on_stop{};
    /// The permissions of the file of a Unix domain socket, such as 0660. Unset: what the umask
    /// leaves. A client needs the permission to write.
    std::optional<unsigned> socket_mode{};
    /// Sockets that listen already, such as those of systemd, in place of `host` and `port`. The
    /// server closes them.
    std::vector<int> sockets{};
};

/// An HTTP/1.1 server with one event loop per thread. Each event loop accepts connections itself
/// (SO_REUSEPORT).
///
///     mcp::http::server server{app, {.port = 8000}};
///     server.run();
///
/// Any thread may call `stop` and `draining`. One thread at a time may call the other members.
class server {
public:
    explicit server(handler handle, server_options options = {});
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Stops immediately if it still runs, joins the threads, and cancels the remaining work.
    ~server();

    /// Binds and listens. Throws `std::system_error` if the address is not available, for example
    /// if another process listens there. `run` and `start` call it if needed. The file of a Unix
    /// domain socket is replaced if nobody listens there, and removed when accepting ends.
    void listen();

    /// Returns the port; 0 before `listen`, and without a TCP socket.
    std::uint16_t port() const noexcept { return port_; }

    /// Serves on this thread and `threads - 1` others until `stop`; joins them.
    void run();

    /// Serves on threads of its own and returns at once. `join` waits for their end.
    void start();
    void join();

    /// Stops gracefully. After `drain_delay`, accepts no more connections, lets streams send a
    /// closing message, and lets running requests finish. A connection that has sent nothing yet,
    /// or whose stream ends, has a second for a last request. Cancels the rest after
    /// `limits::shutdown_timeout`. Returns at once.
    void stop();

    /// Returns whether `stop` has been called: the server wants no more requests. Any thread.
    bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }

    /// Returns the executor of an event loop, for other work.
    asio::any_io_executor executor(std::size_t thread) const;
    std::size_t threads() const noexcept { return workers_.size(); }

    /// Returns the number of open connections.
    std::size_t connections() const noexcept { return open_.load(std::memory_order_relaxed); }

    /// Returns the number of responses under way that are streams, such as SSE.
    std::size_t streams() const noexcept;

    /// Returns the number of bytes that count for `limits::bytes_in_flight`.
    std::size_t bytes_in_flight() const noexcept { return in_flight_.used(); }

    /// For tests: advances the clock of every event loop, so that deadlines pass without a wait.
    void advance_clock(std::chrono::milliseconds by);

private:
    class worker;

    handler handler_;
    server_options options_;
    std::atomic<std::size_t> open_{0};
    byte_budget in_flight_;
    std::atomic<std::size_t> undrained_{0};
    std::atomic<bool> draining_{false};
    std::unique_ptr<detail::connection_refusal> refusal_;
    std::vector<std::unique_ptr<worker>> workers_;
    std::vector<std::thread> threads_;
    bool listening_ = false;
    std::uint16_t port_ = 0;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/server.ipp>
#endif
