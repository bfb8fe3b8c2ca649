// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_splitter.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// Sends and receives messages as lines on two descriptors; a `jsonrpc::connection`.
class line_connection {
public:
    /// Takes ownership of the descriptors, and makes them non-blocking.
    line_connection(const asio::any_io_executor& executor, owned_fd input, owned_fd output,
                    std::size_t message_bytes)
        : input_(executor, input.release())
        , output_(executor, output.release())
        , lines_(message_bytes) {}

    asio::awaitable<bool> read(std::string& message) {
        while (!lines_.next(message)) {
            if (ended_)
                co_return !stopped_ && lines_.rest(message);
            if (chunk_.empty())
                chunk_.resize(32 * 1024);
            std::error_code error;
            const std::size_t got = co_await input_.async_read_some(
                asio::buffer(chunk_), asio::redirect_error(asio::use_awaitable, error));
            if (error)
                end();
            lines_.feed({chunk_.data(), got});
        }
        co_return !stopped_;
    }

    asio::awaitable<bool> write(std::string message) {
        // JSON has line breaks only between its tokens, where a space is equivalent.
        std::replace(message.begin(), message.end(), '\n', ' ');
        std::replace(message.begin(), message.end(), '\r', ' ');
        message += '\n';
        std::error_code error;
        co_await asio::async_write(output_, asio::buffer(message),
                                   asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }

    /// Stops reading, as if the input had ended here.
    void stop_reading() {
        stopped_ = true;
        end();
        std::error_code ignored;
        input_.close(ignored);
    }

    /// Sets what is called once, when the input ends.
    void on_end(std::function<void()> call) { on_end_ = std::move(call); }

    /// Returns whether the input has ended.
    bool ended() const noexcept { return ended_; }

    void close() {
        stop_reading();
        std::error_code ignored;
        output_.close(ignored);
    }

private:
    void end() {
        if (!std::exchange(ended_, true) && on_end_)
            on_end_();
    }

    asio::posix::stream_descriptor input_;
    asio::posix::stream_descriptor output_;
    line_splitter lines_;
    std::string chunk_;
    std::function<void()> on_end_;
    bool ended_ = false;
    bool stopped_ = false;
};

/// Returns a descriptor for the event loop, through a pump if `fd` itself does not suit it.
inline owned_fd for_event_loop(int fd, fd_pump::direction way, std::optional<fd_pump>& pump) {
    if (suits_event_loop(fd))
        return private_copy(fd);
    pump.emplace(fd, way);
    return pump->loop_end();
}

} // namespace mcp::detail
