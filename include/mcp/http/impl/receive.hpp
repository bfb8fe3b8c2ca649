#pragma once

// How a connection reads: as `async_receive` with `use_awaitable`, less the dispatch and the
// cancellation slot, which a coroutine on the loop of its socket does not need.

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
/// does not dispatch to the coroutine's type-erased one, which is the socket's anyway; and no
/// cancellation slot: a receive ends by the socket's `cancel` or `close`.
template <class Handler>
class resume_in_place {
public:
    explicit resume_in_place(Handler handler) : handler_(std::move(handler)) {}

    void operator()(std::error_code error, std::size_t size) { handler_(received{error, size}); }

private:
    Handler handler_;
};

class start_receive {
public:
    start_receive(shard::socket& from, std::span<char> room) : from_(from), room_(room) {}

    template <class Handler>
    void operator()(Handler handler) {
        from_.async_receive(asio::buffer(room_.data(), room_.size()),
                            resume_in_place<Handler>(std::move(handler)));
    }

private:
    shard::socket& from_;
    std::span<char> room_;
};

/// Reads into `room`, which must live until it completes. Await it on the socket's loop only.
inline asio::awaitable<received> receive(shard::socket& from, std::span<char> room) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(received)>(
        start_receive(from, room), asio::use_awaitable);
}

} // namespace mcp::http::detail
