// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/transport/serve_connection.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// A connection being served: one coroutine reads, another writes, and each wakes the other.
class served_connection {
public:
    served_connection(any_server& server, std::unique_ptr<any_connection> wire,
                      asio::any_io_executor executor, const peer_options& options)
        : wire_(std::move(wire))
        , options_(options)
        , peer_(std::make_shared<message_peer>(server, executor, options))
        , written_(executor)
        , reader_ended_(executor) {
        reader_ended_.expires_at(asio::steady_timer::time_point::max());
    }

    static asio::awaitable<void> read(std::shared_ptr<served_connection> self) {
        auto& me = *self;
        std::string message;
        while (!me.writer_ended_ && co_await me.wire_->read(message)) {
            me.peer_->receive(message);
            message = std::string(); // frees a large message before the next
            while (!me.writer_ended_ && me.crowded())
                co_await sleep(me.written_, asio::steady_timer::time_point::max());
        }
        me.peer_->end_input();
        if (!me.writer_ended_)
            co_await sleep(me.written_, asio::steady_timer::clock_type::now() + me.options_.drain);
        if (!me.writer_ended_) // the drain time is over
            me.stop();
    }

    void read_ended(std::exception_ptr failure) {
        failure_ = failure;
        if (failure)
            stop();
        reading_ = false;
        reader_ended_.cancel();
    }

    asio::awaitable<void> write() {
        std::string message;
        bool more = true;
        while (more) {
            while (more && peer_->output().try_pop(message)) {
                more = co_await wire_->write(std::move(message));
                if (paused_ && !crowded())
                    written_.cancel();
            }
            if (more)
                more = co_await peer_->output().wait();
        }
    }

    /// Ends the connection after the writing has ended or failed.
    asio::awaitable<void> finish() {
        writer_ended_ = true;
        stop();
        written_.cancel();
        if (reading_)
            co_await sleep(reader_ended_, reader_ended_.expiry());
        if (failure_)
            std::rethrow_exception(failure_);
    }

private:
    bool crowded() {
        paused_ = peer_->output().bytes() > options_.output_before_pause;
        return paused_;
    }

    void stop() {
        peer_->close();
        wire_->close();
    }

    static asio::awaitable<void> sleep(asio::steady_timer& timer,
                                       asio::steady_timer::time_point until) {
        std::error_code woken;
        timer.expires_at(until);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    const std::unique_ptr<any_connection> wire_;
    const peer_options options_;
    const std::shared_ptr<message_peer> peer_;
    asio::steady_timer written_;      // cancelled when output was written, or has ended
    asio::steady_timer reader_ended_; // cancelled when the reader has ended
    bool paused_ = false;
    bool reading_ = true;
    bool writer_ended_ = false;
    std::exception_ptr failure_;
};

/// Tells a connection that its reading has ended. A lambda in a coroutine that is not inline makes
/// g++ warn of a field whose type has no linkage.
struct reading_ended {
    std::shared_ptr<served_connection> served;
    void operator()(std::exception_ptr failure) const { served->read_ended(failure); }
};

MCP_DECL asio::awaitable<void> serve_any_connection(any_server& server,
                                                    std::unique_ptr<any_connection> wire,
                                                    peer_options options) {
    // Cancellation ends the writing; the rest must still be awaited.
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto executor = co_await asio::this_coro::executor;
    const auto served =
        std::make_shared<served_connection>(server, std::move(wire), executor, options);
    reading_ended ended{served};
    asio::co_spawn(executor, served->read(served), std::move(ended));
    std::exception_ptr failure;
    try {
        co_await served->write();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await served->finish();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace mcp::detail
