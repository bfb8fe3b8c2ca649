// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/transport/any_connection.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// A connection to a server in use: one coroutine reads, another writes. Both keep this object.
class connection_link {
public:
    connection_link(std::unique_ptr<any_connection> wire, const asio::any_io_executor& executor,
                    message_receiver& to, std::string name)
        : wire_(std::move(wire))
        , to_(&to)
        , name_(std::move(name))
        , changed_(executor, asio::steady_timer::time_point::max())
        , deadline_(executor) {}

    static void start(const std::shared_ptr<connection_link>& self) {
        const auto executor = self->changed_.get_executor();
        asio::co_spawn(executor, read_all(self), asio::detached);
        asio::co_spawn(executor, write_all(self), asio::detached);
    }

    /// Queues a message, when there is room for it.
    asio::awaitable<void> write(std::string message) {
        while (!failure_ && crowded())
            co_await wait(changed_);
        if (failure_)
            std::rethrow_exception(failure_);
        if (outgoing_.push(std::move(message)) != push_result::taken)
            throw transport_error(transport_failure::closed,
                                  name_ + ": the connection is being closed");
        ++waiting_;
    }

    asio::awaitable<void> drain() {
        outgoing_.close();
        deadline_.expires_after(std::chrono::seconds(1));
        if (!written_)
            co_await wait(deadline_);
    }

    /// Closes the connection, and waits until its reader has ended.
    asio::awaitable<void> close() {
        wire_->close();
        deadline_.expires_after(std::chrono::seconds(1));
        if (!failure_)
            co_await wait(deadline_);
        end(nullptr);
    }

    /// Closes the connection, and delivers nothing more.
    void abandon() {
        to_ = nullptr;
        end(nullptr);
    }

private:
    static asio::awaitable<void> read_all(std::shared_ptr<connection_link> self) {
        std::exception_ptr why;
        try {
            std::string message;
            bool more = co_await self->wire_->read(message);
            while (more && self->to_) {
                self->to_->receive(std::exchange(message, std::string()));
                more = co_await self->wire_->read(message);
            }
        } catch (const transport_error&) {
            why = std::current_exception();
        } catch (const std::exception& error) {
            why = self->closed(error.what());
        }
        self->end(why);
    }

    static asio::awaitable<void> write_all(std::shared_ptr<connection_link> self) {
        try {
            std::string message;
            bool more = true;
            while (more) {
                while (more && self->outgoing_.try_pop(message)) {
                    --self->waiting_;
                    more = co_await self->wire_->write(std::exchange(message, std::string()));
                    if (!self->crowded())
                        self->changed_.cancel();
                }
                if (more)
                    more = co_await self->outgoing_.wait();
            }
        } catch (const std::exception&) { // as if it had returned false
        }
        const bool broken = !self->outgoing_.closed();
        self->outgoing_.abandon();
        self->written_ = true;
        self->deadline_.cancel();
        if (!broken)
            co_return;
        // The server may have said why, before it stopped reading.
        self->deadline_.expires_after(std::chrono::seconds(1));
        if (!self->failure_)
            co_await wait(self->deadline_);
        self->end(self->closed("it reads no more messages"));
    }

    /// Ends the connection, unless it has ended.
    void end(std::exception_ptr why) {
        if (failure_)
            return;
        failure_ = why ? std::move(why) : closed("the connection has ended");
        outgoing_.abandon();
        changed_.cancel();
        deadline_.cancel();
        wire_->close();
        if (message_receiver* to = std::exchange(to_, nullptr))
            to->closed(failure_);
    }

    std::exception_ptr closed(const std::string& text) const {
        return std::make_exception_ptr(
            transport_error(transport_failure::closed, name_ + ": " + text));
    }

    bool crowded() const { return waiting_ >= 1024 || outgoing_.bytes() >= 4 * 1024 * 1024; }

    static asio::awaitable<void> wait(asio::steady_timer& timer) {
        std::error_code woken;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    const std::unique_ptr<any_connection> wire_;
    message_receiver* to_; ///< null when the connection has ended
    const std::string name_;
    mailbox outgoing_{mailbox_limits{.messages = std::numeric_limits<std::size_t>::max(),
                                     .bytes = std::numeric_limits<std::size_t>::max()}};
    std::size_t waiting_ = 0;     ///< messages in `outgoing_`
    asio::steady_timer changed_;  ///< cancelled when there is room to write, or the link has ended
    asio::steady_timer deadline_; ///< cancelled when the writer has ended, or the link
    bool written_ = false;        ///< the writer has ended
    std::exception_ptr failure_;  ///< set when the connection has ended
};

} // namespace mcp::detail
