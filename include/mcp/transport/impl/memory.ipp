// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/transport/memory.hpp>
#include <mcp/transport/serve_connection.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/strand.hpp>

#include <cstddef>
#include <limits>
#include <system_error>
#include <utility>

namespace mcp {

MCP_DECL memory_end& memory_end::operator=(memory_end&& other) noexcept {
    std::swap(in_, other.in_);
    std::swap(out_, other.out_);
    return *this;
}

MCP_DECL memory_end::~memory_end() {
    if (in_)
        close();
}

MCP_DECL bool memory_end::send(std::string message) {
    return out_->push(std::move(message)) == push_result::taken;
}

MCP_DECL asio::awaitable<std::string> memory_end::receive() {
    std::string message;
    const bool more = co_await read(message);
    if (!more)
        throw std::system_error(asio::error::eof);
    co_return message;
}

MCP_DECL asio::awaitable<bool> memory_end::read(std::string& message) {
    const auto from = in_; // keeps the mailbox alive, even if this end is destroyed
    bool more = true;
    while (more) {
        if (from->try_pop(message))
            co_return true;
        more = co_await from->wait();
    }
    co_return false;
}

MCP_DECL asio::awaitable<bool> memory_end::write(std::string message) {
    const bool taken = send(std::move(message));
    co_return taken;
}

MCP_DECL void memory_end::finish() {
    out_->close();
}

MCP_DECL void memory_end::close() {
    out_->close();
    in_->abandon();
}

MCP_DECL memory_end::box memory_pair::make_box() {
    constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
    return std::make_shared<mailbox>(mailbox_limits{unlimited, unlimited});
}

MCP_DECL memory_end connect(any_server& server, const asio::any_io_executor& executor,
                            peer_options options) {
    memory_pair pair;
    auto serve = [](any_server& to, memory_end wire, peer_options with) -> asio::awaitable<void> {
        co_await serve_connection(to, wire, with);
    };
    asio::co_spawn(asio::make_strand(executor), serve(server, std::move(pair.second), options),
                   asio::detached);
    return std::move(pair.first);
}

} // namespace mcp
