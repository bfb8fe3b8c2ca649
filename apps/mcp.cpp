// SPDX-License-Identifier: MIT
// The program `mcp`: a client of MCP servers on the command line. See docs/mcp_command.md.

#include <mcp/async/sigpipe.hpp>
#include <mcp/client.hpp>
#include <mcp/client/authorization_error.hpp>

#include "mcp/bridge.hpp"
#include "mcp/command_line.hpp"
#include "mcp/commands.hpp"
#include "mcp/http_bridge.hpp"
#include "mcp/target.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mcp_app {
namespace {

/// Returns the exit status of a failure, after telling the user.
int status_of(const std::exception_ptr& failure) {
    int status = 4;
    std::string text;
    try {
        std::rethrow_exception(failure);
    } catch (const usage_error& why) {
        status = 2;
        text = std::string(why.what()) + " (mcp --help tells more)";
    } catch (const std::invalid_argument& why) {
        status = 2;
        text = why.what();
    } catch (const mcp::authorization_error& why) {
        status = 3;
        text = why.what();
    } catch (const mcp::transport_error& why) {
        if (why.why() == mcp::transport_failure::unauthorized)
            status = 3;
        else if (why.why() == mcp::transport_failure::bad_message)
            status = 5;
        text = why.what();
    } catch (const mcp::protocol_error& why) {
        status = why.error().code == mcp::errc::unauthorized ? 3 : 5;
        text = std::string(why.what()) + " (" + std::to_string(why.error().code) + ")";
    } catch (const std::system_error& why) {
        if (why.code() == asio::error::operation_aborted)
            return 130;
        text = why.what();
    } catch (const std::exception& why) {
        text = why.what();
    }
    std::fprintf(stderr, "mcp: %s\n", printable(text).c_str());
    return status;
}

mcp::client_options options_of(const command_line& given) {
    mcp::client_options options;
    options.name = "mcp";
    options.revision = given.revision;
    options.timeout =
        std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(given.timeout * 1000));
    options.listen = given.command == "listen";
    if (given.verbose)
        options.log_level = mcp::log_level::debug;
    return options;
}

asio::awaitable<int> talk(const command_line& given) {
    mcp::client client(options_of(given));
    set_handlers(client, given);
    std::exception_ptr failure;
    int status = 0;
    try {
        auto transport = make_transport(given);
        co_await client.connect(std::move(transport));
        auto work = run_command(client, given);
        status = co_await std::move(work);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await client.close();
    if (failure)
        std::rethrow_exception(failure);
    co_return status;
}

int run(const command_line& given) {
    const mcp::detail::ignored_sigpipe no_signal;
    asio::io_context io(1);
    asio::cancellation_signal stop;
    // The first signal cancels the call; the next one has its default effect.
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](std::error_code error, int) {
        if (error)
            return;
        signals.clear();
        stop.emit(asio::cancellation_type::terminal);
    });
    int status = 0;
    auto work = given.command == "bridge" ? run_bridge(make_transport(given)) : talk(given);
    asio::co_spawn(io, std::move(work),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr end, int code) {
                       status = end ? status_of(end) : code;
                       signals.cancel();
                   }));
    io.run();
    return status;
}

} // namespace
} // namespace mcp_app

int main(int argc, char** argv) {
    mcp_app::command_line given;
    try {
        if (const auto status = mcp_app::read_command_line(argc, argv, given))
            return *status;
        if (given.command == "bridge" && given.from == "http")
            return mcp_app::run_http_bridge(given);
        return mcp_app::run(given);
    } catch (...) {
        return mcp_app::status_of(std::current_exception());
    }
}
