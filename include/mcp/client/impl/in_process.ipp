// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/connection_transport.hpp>
#include <mcp/client/in_process.hpp>
#include <mcp/transport/any_connection.hpp>
#include <mcp/transport/memory.hpp>

#include <asio/this_coro.hpp>

#include <memory>
#include <utility>

namespace mcp {

namespace detail {

/// Makes a new channel in memory whenever it is opened.
class in_process_transport final : public linked_transport {
public:
    in_process_transport(any_server& server, peer_options options)
        : linked_transport("the server in this process")
        , server_(server)
        , options_(std::move(options)) {}

    asio::awaitable<void> open(message_receiver& to) override {
        const auto executor = co_await asio::this_coro::executor;
        auto wire =
            std::make_unique<typed_connection<memory_end>>(connect(server_, executor, options_));
        co_await start(std::move(wire), to);
    }

private:
    any_server& server_;
    const peer_options options_;
};

} // namespace detail

MCP_DECL std::unique_ptr<client_transport> in_process(any_server& server) {
    return in_process(server, peer_options());
}

MCP_DECL std::unique_ptr<client_transport> in_process(any_server& server, peer_options options) {
    return std::make_unique<detail::in_process_transport>(server, std::move(options));
}

} // namespace mcp
