// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

/// A connection of a `client` as a stream of bytes: TCP, or TLS from <mcp/http/tls.hpp>.
///
/// One coroutine uses it at a time. Arguments live until the awaitable completes, on the executor
/// of the awaiting coroutine. Failures are exceptions derived from `std::exception`. After a
/// failure or a cancellation (Asio, terminal) the channel can only be destroyed.
class client_channel {
public:
    virtual ~client_channel() = default;

    /// Makes the connection ready for use. Called once, before any other member.
    virtual asio::awaitable<void> handshake() = 0;

    /// Reads some bytes and returns their number; 0 when the peer has ended the stream.
    virtual asio::awaitable<std::size_t> read(std::span<char> buffer) = 0;

    /// Writes some bytes and returns their number.
    virtual asio::awaitable<std::size_t> write(std::string_view bytes) = 0;

    /// Returns whether the peer has closed an idle connection or sent unexpected bytes.
    virtual bool stale() noexcept = 0;

    /// Closes the connection. Pending operations end with `operation_aborted`.
    virtual void close() noexcept = 0;
};

/// Makes a channel of a socket that is connected to the named host.
using channel_factory =
    std::function<std::unique_ptr<client_channel>(asio::ip::tcp::socket, const std::string& host)>;

namespace detail {

using tls_maker = channel_factory (*)();

/// Makes https for clients that set no TLS, such as `mcp::http_transport`; null if no file includes
/// <mcp/http/tls.hpp>.
inline tls_maker make_tls = nullptr;

} // namespace detail

/// The channel of `http://`: unchanged bytes.
class plain_channel final : public client_channel {
public:
    explicit plain_channel(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<void> handshake() override;

    asio::awaitable<std::size_t> read(std::span<char> buffer) override;

    asio::awaitable<std::size_t> write(std::string_view bytes) override;

    bool stale() noexcept override;

    void close() noexcept override;

    /// Returns whether the socket has bytes, an end or an error; for `stale`.
    static bool has_something(asio::ip::tcp::socket& socket) noexcept;

private:
    asio::ip::tcp::socket socket_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/client_channel.ipp>
#endif
