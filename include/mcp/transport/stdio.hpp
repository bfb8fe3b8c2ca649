#pragma once

#include <mcp/async/sigpipe.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_splitter.hpp>
#include <mcp/transport/impl/standard_streams.hpp>
#include <mcp/transport/serve_connection.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/buffer.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace mcp {

/// The settings of serving on standard input and output.
struct stdio_options {
    peer_options peer{};
    bool signals = true; ///< SIGINT and SIGTERM end it gracefully
};

/// Serves one client on standard input and output, a JSON-RPC message per line, until the input
/// ends. Returns the value that `main` returns.
///
/// Runs an event loop on the calling thread. Meanwhile file descriptor 1 is standard error and
/// descriptor 0 is empty, so a handler that prints does not disturb the client.
///
/// At the end of the input, and at SIGINT or SIGTERM, running requests have `peer.drain` to end;
/// then they are cancelled. A signal after the end of the input cancels them at once. A second
/// signal ends the process at once, and so does a signal while only `mcp::blocking` handlers are
/// awaited (however long they take). A client that stops reading ends it too. Returns 0, or 1 after
/// a failure, which is logged. [MCP 2026-07-28 basic/transports/stdio]
/// [MCP 2025-11-25 basic/transports, stdio]
int serve_stdio(any_server& server, stdio_options options = {});

namespace detail {

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
            ended_ = ended_ || error;
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
        ended_ = stopped_ = true;
        std::error_code ignored;
        input_.close(ignored);
    }

    /// Returns whether the input has ended.
    bool ended() const noexcept { return ended_; }

    void close() {
        stop_reading();
        std::error_code ignored;
        output_.close(ignored);
    }

private:
    asio::posix::stream_descriptor input_;
    asio::posix::stream_descriptor output_;
    line_splitter lines_;
    std::string chunk_;
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

} // namespace detail

inline int serve_stdio(any_server& server, stdio_options options) {
    const detail::ignored_sigpipe no_signal;
    const detail::standard_streams streams;
    std::optional<detail::fd_pump> from_input;
    std::optional<detail::fd_pump> to_output;
    asio::io_context io(1);
    detail::line_connection wire(
        io.get_executor(),
        detail::for_event_loop(streams.input(), detail::fd_pump::direction::from_fd, from_input),
        detail::for_event_loop(streams.output(), detail::fd_pump::direction::to_fd, to_output),
        options.peer.message_bytes);

    asio::cancellation_signal at_once;
    bool cut_off = false;
    asio::signal_set signals(io);
    if (options.signals) {
        signals.add(SIGINT);
        signals.add(SIGTERM);
        signals.async_wait([&](std::error_code failed, int) {
            if (failed)
                return;
            std::error_code ignored;
            signals.clear(ignored); // a second signal has its default effect
            cut_off = wire.ended();
            if (cut_off)
                at_once.emit(asio::cancellation_type::terminal);
            else
                wire.stop_reading();
        });
    }

    int status = 0;
    auto ended = [&](std::exception_ptr failure) {
        std::error_code ignored;
        signals.cancel(ignored);
        signals.clear(ignored); // from here on, a signal kills the process
        if (!failure || cut_off)
            return;
        server.environment().log(log_level::error, "stdio: " + describe_exception(failure));
        status = 1;
    };
    asio::co_spawn(io, serve_connection(server, wire, options.peer),
                   asio::bind_cancellation_slot(at_once.slot(), std::move(ended)));
    io.run();
    return status;
}

} // namespace mcp
