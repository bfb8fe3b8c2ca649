// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/line_splitter.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// Reads lines from a descriptor.
class line_reader {
public:
    /// Takes ownership of the descriptor, and makes it non-blocking. A line that is longer than
    /// `line_bytes` is cut, but remains longer than that; see `line_splitter`.
    line_reader(const asio::any_io_executor& executor, owned_fd input, std::size_t line_bytes)
        : input_(executor, input.release())
        , lines_(line_bytes) {}

    /// Reads the next line that is not blank. Returns false at the end.
    asio::awaitable<bool> read(std::string& line) {
        while (!lines_.next(line)) {
            if (ended_)
                co_return !stopped_ && lines_.rest(line);
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

    /// Stops reading, as if the input had ended here.
    void stop() {
        stopped_ = true;
        end();
        std::error_code ignored;
        input_.close(ignored);
    }

    /// Sets what is called once, when the input ends.
    void on_end(std::function<void()> call) { on_end_ = std::move(call); }

    /// Returns whether the input has ended.
    bool ended() const noexcept { return ended_; }

private:
    void end() {
        if (!std::exchange(ended_, true) && on_end_)
            on_end_();
    }

    asio::posix::stream_descriptor input_;
    line_splitter lines_;
    std::string chunk_;
    std::function<void()> on_end_;
    bool ended_ = false;
    bool stopped_ = false;
};

} // namespace mcp::detail
