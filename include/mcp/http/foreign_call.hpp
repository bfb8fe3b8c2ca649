// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/ip/address.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp::http {

/// A request that another HTTP server has received. It owns its parts.
struct foreign_request {
    std::string method = "GET";
    std::string target = "/"; ///< as sent: path and query, percent-encoded
    /// All header fields in order of arrival.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};                ///< complete
    asio::ip::address remote{};        ///< the peer of the connection
    std::optional<local_peer> local{}; ///< the peer, if it has come over a Unix domain socket
};

/// A response that another HTTP server sends.
struct foreign_response {
    status code = status::ok;
    /// Content-Type among them. The other server adds Content-Length or Transfer-Encoding, and
    /// Date.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};   ///< complete; empty if `streams`
    bool streams = false; ///< the body is what `foreign_call::read` gives
    bool close = false;   ///< the connection ends after this response
};

/// A part of a body that another HTTP server sends.
struct foreign_part {
    std::string bytes{};
    bool last = false;   ///< the body ends after `bytes`, and is not read again
    bool failed = false; ///< the body is incomplete; the other server breaks the connection
};

/// Calls a handler, such as an MCP endpoint, for another HTTP server: one whose event loop is not
/// Asio's, such as Boost.Beast on Boost.Asio. Functions of the other server get the results.
///
///     void serve(asio::io_context& loop, mcp::http::handler endpoint) {
///         const auto respond = [](mcp::http::foreign_response r) { std::puts(r.body.c_str()); };
///         mcp::http::foreign_call call(
///             loop.get_executor(), std::move(endpoint),
///             {.method = "POST", .target = "/mcp", .body = "{}"}, respond);
///         loop.run(); // the call lives until the response is sent
///     }
///
/// The handler runs on `executor`, whose event loop runs on one thread. The functions are called on
/// that thread and must not throw. Any thread may call the members, one at a time. When the object
/// is destroyed, the call is cancelled, or its stream closed: the peer has gone. Then no function
/// is called but one that runs already.
class foreign_call {
public:
    using respond_function = std::function<void(foreign_response)>;
    using part_function = std::function<void(foreign_part)>;

    /// Calls `handle`, and then `respond` once. An exception of the handler and an invalid response
    /// give 500, a target that is no path gives 400. `keep_alive` is the time after which a pending
    /// read gives a comment, if the stream has any; zero: never.
    foreign_call(asio::any_io_executor executor, handler handle, foreign_request request,
                 respond_function respond,
                 std::chrono::milliseconds keep_alive = std::chrono::seconds(15));
    foreign_call(foreign_call&&) noexcept = default;
    foreign_call& operator=(foreign_call&& other) noexcept;
    ~foreign_call();

    /// Reads the next part of a response that streams, and calls `next` once. One read at a time,
    /// after `respond`, until a part is the last or has failed.
    void read(part_function next);

    /// Asks the stream to send a closing message, if there is one, and to end: the server shuts
    /// down.
    void drain();

private:
    class state;
    void cancel() noexcept;

    std::shared_ptr<state> state_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/foreign_call.ipp>
#endif
