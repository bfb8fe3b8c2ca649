// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/connection_transport.hpp>
#include <mcp/client/impl/connection_link.hpp>
#include <mcp/client/transport_error.hpp>

#include <asio/this_coro.hpp>

#include <memory>
#include <string>
#include <utility>

namespace mcp {

namespace detail {

MCP_DECL linked_transport::linked_transport(std::string name) : name_(std::move(name)) {}

MCP_DECL linked_transport::~linked_transport() {
    if (link_)
        link_->abandon();
}

MCP_DECL asio::awaitable<void> linked_transport::start(std::unique_ptr<any_connection> wire,
                                                       message_receiver& to) {
    const auto executor = co_await asio::this_coro::executor;
    if (link_)
        link_->abandon();
    link_ = std::make_shared<connection_link>(std::move(wire), executor, to, name_);
    connection_link::start(link_);
}

MCP_DECL asio::awaitable<void> linked_transport::write(std::string message) {
    if (!link_)
        throw transport_error(transport_failure::not_connected, name_ + ": not connected");
    const auto link = link_;
    co_await link->write(std::move(message));
}

MCP_DECL asio::awaitable<send_result> linked_transport::send(outgoing_request request,
                                                             request_receiver&) {
    co_await write(std::move(request.body));
    co_return send_result::later;
}

MCP_DECL asio::awaitable<void> linked_transport::notify(std::string message, mcp::revision) {
    return write(std::move(message));
}

MCP_DECL asio::awaitable<void> linked_transport::drain() {
    const auto link = link_;
    if (link)
        co_await link->drain();
}

MCP_DECL asio::awaitable<void> linked_transport::close() {
    co_await drain();
    const auto link = link_;
    if (link)
        co_await link->close();
}

} // namespace detail

MCP_DECL asio::awaitable<void> connection_transport::open(message_receiver& to) {
    if (!wire_)
        throw transport_error(transport_failure::not_connected,
                              name() + ": the connection cannot be made again");
    co_await start(std::move(wire_), to);
}

} // namespace mcp
