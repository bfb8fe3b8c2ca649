// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/compression_options.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/server/access_log.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::http {
class server;
struct request_record;
} // namespace mcp::http

namespace mcp {

/// The settings of an HTTP server with one endpoint. They are copied before it serves.
struct serve_http_options {
    /// The address or name to listen on, or `unix:PATH`; see `http::server_options`.
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000; ///< 0 takes any free port
    std::string path = "/mcp"; ///< the path of the endpoint
    unsigned threads = 1;      ///< event loops; 0 means one for each core
    http::limits limits{};     ///< for peers of the HTTP server
    /// TLS for all clients, such as `http::tls_server(…)`; null: plain HTTP. SIGHUP reads its
    /// certificates again.
    std::shared_ptr<http::secure_layer> tls{};
    /// The time between the signal and the end of accepting, in which `server.draining()` is true
    /// and load balancers send their clients elsewhere.
    std::chrono::milliseconds drain_delay{0};
    /// The permissions of the file of a Unix domain socket, such as 0660.
    std::optional<unsigned> socket_mode{};
    std::vector<int> sockets{}; ///< that listen already, in place of `host` and `port`
    /// Whether it takes the sockets that systemd has opened for this process in place of `host` and
    /// `port`, tells systemd when it is ready and when it stops, and shows signs of life. Without
    /// systemd this has no effect.
    bool systemd = true;
    /// Called, on a thread of its own, if handlers still run a second after the stop has cancelled
    /// them: they block, or have disabled their cancellation. If it is empty or returns,
    /// `serve_http` waits for them. `mcp::run` leaves the process here.
    std::function<void()> on_overdue{};
    streamable_http_options endpoint{}; ///< its policy, limits and streams
    /// The URL of the endpoint for clients, if it is not that of the listener: behind a proxy, for
    /// example `https://example.com/tools/mcp`. It becomes the `resource` of the server, which
    /// metadata and challenges name, and the policy accepts its host and its origin. If it ends
    /// with `path`, the proxy removes what precedes that.
    std::string public_url{};
    /// The permissions for pages of other origins, whose `origins` the policy then accepts, too. If
    /// unset, pages of all origins that the policy accepts may read the responses.
    std::optional<http::cors_options> cors{};
    /// A path such as `/mcp`, to serve clients of 2024-11-05 at `/mcp/sse` and `/mcp/messages`; see
    /// `http_sse`. The program includes `<mcp/transport/legacy/http_sse.hpp>`. Empty: not served.
    std::string http_sse{};
    access_lines access_log = access_lines::refused; ///< the requests that the log shows
    /// Gets each request when its response has ended, as `http::record_settings::on_end` does; for
    /// example `metrics::on_end`.
    std::function<void(const http::request_record&)> on_request{};
    /// Called once the server listens, before it serves, and before it is destroyed with null. For
    /// example for `add_gauges`.
    std::function<void(const http::server*)> on_listen{};
    /// Compresses all responses, and unpacks requests; see `http::compressed`. The program includes
    /// `<mcp/http/compression.hpp>`. Unset: bodies are sent as they are.
    std::optional<http::compression_options> compression{};
};

namespace detail {

/// Adds the transport of 2024-11-05 to the routes, with the permissions of pages. Its header sets
/// it, so that other programs do not have the transport.
using http_sse_adder = void (*)(any_server& server, http::router& routes, std::string_view base,
                                const streamable_http_options& options,
                                const http::cors_options& pages);
inline http_sse_adder add_http_sse = nullptr;

} // namespace detail

/// Serves over HTTP until SIGINT or SIGTERM, which stop gracefully; a second signal ends the
/// process at once. Returns the value that `main` returns: 0, or 1 for an address that cannot be
/// used.
///
///     int main() {
///         mcp::server server{"weather", "1.0.0"};
///         return mcp::serve_http(server, {.port = 8080});
///     }
///
/// Runs event loops on the calling thread and `threads - 1` others. One line on standard error
/// names a URL for clients on this machine; the default of `http_policy` accepts its Host. If
/// `server.options().resource` names a resource and its token issuers, its metadata are served as
/// well, without authentication. SIGPIPE is ignored meanwhile, see `standard_error`. Throws
/// `std::invalid_argument` if a path is no path, or the public URL no URL.
int serve_http(any_server& server, serve_http_options options = {});

/// Serves the endpoint beside the routes of an application. A route that is more specific than the
/// path of the endpoint wins. If that path is `/`, the endpoint takes it, and the routes the rest.
int serve_http(any_server& server, http::router routes, serve_http_options options = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/serve_http.ipp>
#endif
