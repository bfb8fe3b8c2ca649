// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_channel.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/socket_base.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <system_error>

namespace mcp::http {

MCP_DECL asio::awaitable<void> plain_channel::handshake() {
    co_return;
}

MCP_DECL asio::awaitable<std::size_t> plain_channel::read(std::span<char> buffer) {
    std::error_code ec;
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    const std::size_t n =
        co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), into_ec);
    if (ec && ec != asio::error::eof)
        throw std::system_error(ec);
    co_return n;
}

MCP_DECL asio::awaitable<std::size_t> plain_channel::write(std::string_view bytes) {
    return socket_.async_write_some(asio::buffer(bytes), asio::use_awaitable);
}

MCP_DECL bool plain_channel::stale() noexcept {
    return has_something(socket_);
}

MCP_DECL void plain_channel::close() noexcept {
    std::error_code ignored;
    socket_.close(ignored);
}

MCP_DECL bool plain_channel::has_something(asio::ip::tcp::socket& socket) noexcept {
    std::error_code ec;
    char byte = 0;
    if (!socket.non_blocking())
        socket.non_blocking(true, ec);
    if (!ec)
        socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    return ec != asio::error::would_block && ec != asio::error::try_again;
}

} // namespace mcp::http
