// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace mcp::http {

class connection;

/// A connection that a handler has taken over by `response::take_over`, to speak another protocol,
/// such as WebSocket. [RFC 9110 §7.8]
///
/// The server has sent nothing for the request; the application sends the 101 and all that follows.
/// Deadlines of the server no longer apply, except `write_timeout`. The connection still counts for
/// `limits::connections`. Use it on the thread of the connection only.
class taken_connection {
public:
    taken_connection(connection& owner, std::string early) noexcept
        : owner_(owner)
        , early_(std::move(early)) {}
    taken_connection(const taken_connection&) = delete;
    taken_connection& operator=(const taken_connection&) = delete;

    /// Reads into `room`, which must live until it completes. Returns the number of bytes; 0 if the
    /// peer sends no more, or has gone. One read at a time, also beside a write.
    asio::awaitable<std::size_t> read(std::span<char> room);

    /// Writes all bytes, which must live until it completes. Returns false if the peer has gone.
    /// One write at a time.
    asio::awaitable<bool> write(std::string_view bytes);

    /// Sets what is called when the server begins to stop, so that the application can say goodbye.
    /// The server waits for the end until `limits::shutdown_timeout`, then closes the connection.
    void on_drain(std::function<void()> call);

    /// Returns whether `release` is possible: the connection has no TLS of this server.
    bool has_descriptor() const noexcept;

    /// Gives the socket to another library, and `early` the bytes that were read already. The
    /// caller closes the descriptor, which is non-blocking. The server forgets it. Throws
    /// `std::logic_error` if the connection has TLS: only `read` and `write` speak it.
    int release(std::string& early);

private:
    friend class connection;

    connection& owner_;
    std::string early_; // bytes that came with the request
    std::function<void()> drain_;
};

/// Returns whether the client asks for another protocol on this connection, such as `websocket`:
/// the field Upgrade names it and Connection names Upgrade. [RFC 9110 §7.8]
bool asks_for_upgrade(const request& q, std::string_view protocol) noexcept;

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/taken_connection.ipp>
#endif
