// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/shutdown_watch.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/impl/overdue.hpp>
#include <mcp/transport/impl/standard_streams.hpp>
#include <mcp/transport/serve_connection.hpp>
#include <mcp/transport/stdio.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <unistd.h>
#include <utility>

namespace mcp {

MCP_DECL int serve_stdio(any_server& server, stdio_options options) {
    if (::isatty(STDIN_FILENO) == 1)
        server.environment().log(
            log_level::notice, "standard input is a terminal: waiting for JSON-RPC messages, one a "
                               "line, as a client sends them that starts this program; Ctrl+D "
                               "ends it");
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
    const auto stop = [&] {
        cut_off = wire.ended();
        if (cut_off)
            at_once.emit(asio::cancellation_type::terminal);
        else
            wire.stop_reading();
    };
    detail::shutdown_actions actions;
    if (options.signals)
        actions.stop = [&] { asio::post(io, stop); };
    actions.overdue = [&] { detail::tell_overdue(server, options.on_overdue); };
    actions.patience = detail::within_clocks(options.peer.drain) + std::chrono::milliseconds(500);
    detail::shutdown_watch watch(std::move(actions));
    wire.on_end([&watch] { watch.begin(); });

    int status = 0;
    auto ended = [&](std::exception_ptr failure) {
        watch.release(); // from here on, a signal kills the process
        if (!failure || cut_off)
            return;
        server.environment().log(log_level::error, "stdio: " + detail::describe_exception(failure));
        status = 1;
    };
    asio::co_spawn(io, serve_connection(server, wire, options.peer),
                   asio::bind_cancellation_slot(at_once.slot(), std::move(ended)));
    io.run();
    return status;
}

} // namespace mcp
