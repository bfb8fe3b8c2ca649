#pragma once

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
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
    virtual asio::awaitable<std::size_t> read(std::span<char> room) = 0;

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

/// The channel of `http://`: unchanged bytes.
class plain_channel final : public client_channel {
public:
    explicit plain_channel(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<void> handshake() override { co_return; }

    asio::awaitable<std::size_t> read(std::span<char> room) override {
        std::error_code ec;
        auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
        const std::size_t n =
            co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), into_ec);
        if (ec && ec != asio::error::eof)
            throw std::system_error(ec);
        co_return n;
    }

    asio::awaitable<std::size_t> write(std::string_view bytes) override {
        return socket_.async_write_some(asio::buffer(bytes), asio::use_awaitable);
    }

    bool stale() noexcept override { return has_something(socket_); }

    void close() noexcept override {
        std::error_code ignored;
        socket_.close(ignored);
    }

    /// Returns whether the socket has bytes, an end or an error; for `stale`.
    static bool has_something(asio::ip::tcp::socket& socket) noexcept {
        std::error_code ec;
        char byte = 0;
        socket.non_blocking(true, ec);
        if (!ec)
            socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
        return ec != asio::error::would_block && ec != asio::error::try_again;
    }

private:
    asio::ip::tcp::socket socket_;
};

} // namespace mcp::http
