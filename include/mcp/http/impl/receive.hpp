// SPDX-License-Identifier: MIT
#pragma once

// Reads from a socket as `async_receive` with `use_awaitable` does, but without the dispatch and
// the cancellation slot. A coroutine on the event loop of its socket needs neither.

#include <mcp/http/shard.hpp>

#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <span>
#include <system_error>
#include <utility>

namespace mcp::http::detail {

struct received {
    std::error_code error;
    std::size_t size = 0;
};

/// Resumes the coroutine where the operation completes. It has no associated executor, so that Asio
/// does not dispatch to the type-erased executor of the coroutine, which is that of the socket
/// anyway. It has no cancellation slot: a receive ends by `cancel` or `close` of the socket.
template <class Handler>
class resume_in_place {
public:
    explicit resume_in_place(Handler handler) : handler_(std::move(handler)) {}

    void operator()(std::error_code error, std::size_t size = 0) {
        handler_(received{error, size});
    }

private:
    Handler handler_;
};

class start_receive {
public:
    start_receive(shard::socket& socket, std::span<char> buffer)
        : socket_(socket)
        , buffer_(buffer) {}

    template <class Handler>
    void operator()(Handler handler) {
        socket_.async_receive(asio::buffer(buffer_.data(), buffer_.size()),
                              resume_in_place<Handler>(std::move(handler)));
    }

private:
    shard::socket& socket_;
    std::span<char> buffer_;
};

class start_wait {
public:
    explicit start_wait(shard::socket& socket) : socket_(socket) {}

    template <class Handler>
    void operator()(Handler handler) {
        socket_.async_wait(shard::socket::wait_read, resume_in_place<Handler>(std::move(handler)));
    }

private:
    shard::socket& socket_;
};

/// Waits until there are bytes to read, or the end. Await it on the event loop of the socket only.
inline asio::awaitable<received> wait_readable(shard::socket& socket) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(received)>(
        start_wait(socket), asio::use_awaitable);
}

/// Reads into `buffer`, which must live until the read completes. Await it on the event loop of the
/// socket only.
inline asio::awaitable<received> receive(shard::socket& socket, std::span<char> buffer) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(received)>(
        start_receive(socket, buffer), asio::use_awaitable);
}

} // namespace mcp::http::detail
