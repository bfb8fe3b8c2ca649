// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/fd_pump.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include "mcp/relay.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/this_coro.hpp>

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp_app {

/// The relay of a client on standard input and output.
class bridge final : public relay {
public:
    bridge(const asio::any_io_executor& executor, std::unique_ptr<mcp::client_transport> server)
        : relay(executor, std::move(server))
        , client_(executor,
                  mcp::detail::for_event_loop(streams_.input(),
                                              mcp::detail::fd_pump::direction::from_fd, from_input_),
                  mcp::detail::for_event_loop(streams_.output(),
                                              mcp::detail::fd_pump::direction::to_fd, to_output_),
                  64 * 1024 * 1024) {}

    asio::awaitable<int> run() {
        co_await open();
        std::string line;
        for (;;) {
            const bool more = co_await client_.read(line);
            if (!more)
                break;
            if (line.find_first_not_of(" \t\r") == line.npos)
                continue;
            std::string message;
            std::swap(message, line);
            co_await forward(std::move(message));
        }
        co_await close();
        client_.close();
        co_return status_;
    }

private:
    /// Takes a message of the client.
    asio::awaitable<void> forward(std::string text) {
        mcp::json_document document;
        std::optional<mcp::jsonrpc::message> message;
        if (!document.read(text))
            if (auto read = mcp::jsonrpc::read_message(document.root()))
                message = *std::move(read);
        if (message && message->kind == mcp::jsonrpc::message_kind::request)
            co_return request(*message, std::move(text));
        // A batch, or what is no message, passes as well: the server says what it thinks of it.
        std::exception_ptr failure;
        try {
            co_await notify(message ? &*message : nullptr, std::move(text));
        } catch (const mcp::transport_error&) {
            failure = std::current_exception();
        }
        if (failure)
            report("a message could not be sent", failure);
    }

    /// Writes a message to the client, after those before it.
    void deliver(const std::string&, std::string message, bool) override {
        waiting_.push_back(std::move(message));
        if (!std::exchange(writing_, true))
            asio::co_spawn(executor(),
                           write_all(std::static_pointer_cast<bridge>(shared_from_this())),
                           asio::detached);
    }

    void ended() override {
        status_ = 4;
        client_.stop_reading();
    }

    static asio::awaitable<void> write_all(std::shared_ptr<bridge> self) {
        while (!self->waiting_.empty()) {
            std::string next = std::move(self->waiting_.front());
            self->waiting_.pop_front();
            const bool written = co_await self->client_.write(std::move(next));
            if (!written)
                break;
        }
        self->writing_ = false;
    }

    const mcp::detail::standard_streams streams_{};
    std::optional<mcp::detail::fd_pump> from_input_{};
    std::optional<mcp::detail::fd_pump> to_output_{};
    mcp::detail::line_connection client_;
    std::deque<std::string> waiting_{};
    bool writing_ = false;
    int status_ = 0;
};

inline asio::awaitable<int> run_bridge(std::unique_ptr<mcp::client_transport> server) {
    const auto executor = co_await asio::this_coro::executor;
    const auto made = std::make_shared<bridge>(executor, std::move(server));
    co_return co_await made->run();
}

} // namespace mcp_app
