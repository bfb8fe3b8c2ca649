// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_reader.hpp>
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

/// Makes a message a line. JSON has line breaks only between its tokens, where a space is
/// equivalent.
inline void make_line(std::string& message) {
    std::replace(message.begin(), message.end(), '\n', ' ');
    std::replace(message.begin(), message.end(), '\r', ' ');
    message += '\n';
}

/// Sends and receives messages as lines on two descriptors; a `jsonrpc::connection`.
class line_connection {
public:
    /// Takes ownership of the descriptors, and makes them non-blocking.
    line_connection(const asio::any_io_executor& executor, owned_fd input, owned_fd output,
                    std::size_t message_bytes)
        : input_(executor, std::move(input), message_bytes)
        , output_(executor, output.release()) {}

    asio::awaitable<bool> read(std::string& message) { return input_.read(message); }

    asio::awaitable<bool> write(std::string message) {
        make_line(message);
        std::error_code error;
        co_await asio::async_write(output_, asio::buffer(message),
                                   asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }

    /// Stops reading, as if the input had ended here.
    void stop_reading() { input_.stop(); }

    /// Sets what is called once, when the input ends.
    void on_end(std::function<void()> call) { input_.on_end(std::move(call)); }

    /// Returns whether the input has ended.
    bool ended() const noexcept { return input_.ended(); }

    void close() {
        stop_reading();
        std::error_code ignored;
        output_.close(ignored);
    }

private:
    line_reader input_;
    asio::posix::stream_descriptor output_;
};

/// Returns a descriptor for the event loop, through a pump if `fd` itself does not suit it.
inline owned_fd for_event_loop(int fd, fd_pump::direction way, std::optional<fd_pump>& pump) {
    if (suits_event_loop(fd))
        return private_copy(fd);
    pump.emplace(fd, way);
    return pump->loop_end();
}

} // namespace mcp::detail
