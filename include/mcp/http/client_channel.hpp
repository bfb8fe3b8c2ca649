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

/// A connection of a `client`, as bytes: TCP, or what <mcp/http/tls.hpp> makes of it.
///
/// One coroutine uses it at a time. Arguments live until the awaitable completes, which is on the
/// executor of the awaiting coroutine. Failures are exceptions of `std::exception`; after one, and
/// after a cancellation (Asio, terminal), the channel is only good for being destroyed.
class client_channel {
public:
    virtual ~client_channel() = default;

    /// Called once, before anything else: makes the connection ready for use.
    virtual asio::awaitable<void> handshake() = 0;

    /// Reads some bytes; 0 at the end of what the peer sends.
    virtual asio::awaitable<std::size_t> read(std::span<char> room) = 0;

    /// Writes some bytes and says how many.
    virtual asio::awaitable<std::size_t> write(std::string_view bytes) = 0;

    /// Whether the peer has closed an idle connection, or said what nobody has asked for.
    virtual bool stale() noexcept = 0;

    /// Closes; what is pending ends with `operation_aborted`.
    virtual void close() noexcept = 0;
};

/// Makes a channel of a socket that is connected to a host of this name.
using channel_factory =
    std::function<std::unique_ptr<client_channel>(asio::ip::tcp::socket, const std::string& host)>;

/// The channel of `http://`: the bytes as they are.
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

    /// Whether the socket has bytes, an end or an error to give: for `stale`.
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
