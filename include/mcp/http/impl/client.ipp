// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client.hpp>
#include <mcp/http/impl/client_exchange.hpp>
#include <mcp/http/impl/client_pool.hpp>

#include <asio/awaitable.hpp>
#include <asio/this_coro.hpp>

#include <memory>
#include <string>
#include <utility>

namespace mcp::http {

MCP_DECL client_stream::client_stream(std::unique_ptr<detail::exchange> exchange) noexcept
    : exchange_(std::move(exchange)) {}
MCP_DECL client_stream::client_stream(client_stream&&) noexcept = default;
MCP_DECL client_stream& client_stream::operator=(client_stream&&) noexcept = default;
MCP_DECL client_stream::~client_stream() = default;

MCP_DECL const client_response& client_stream::head() const noexcept {
    return exchange_->response();
}

MCP_DECL asio::awaitable<bool> client_stream::read(std::string& out) {
    return exchange_->read(out);
}

MCP_DECL bool client_stream::skip_arrived() {
    return exchange_->skip_arrived();
}

MCP_DECL void client_stream::close() noexcept {
    exchange_->close();
}

} // namespace mcp::http

namespace mcp::http::detail {

inline asio::awaitable<client_response> send(std::shared_ptr<client_core> core,
                                             client_request request) {
    auto executor = co_await asio::this_coro::executor;
    exchange sent(core, std::move(request), executor);
    co_await sent.start();
    client_response response = sent.response();
    bool more = true;
    while (more) {
        more = co_await sent.read(response.body);
        if (response.body.size() > core->options.limits.body_bytes)
            sent.fail(client_failure::too_large, "the body of the response is too large");
    }
    co_return response;
}

inline asio::awaitable<client_stream> open(std::shared_ptr<client_core> core,
                                           client_request request) {
    auto executor = co_await asio::this_coro::executor;
    auto opened = std::make_unique<exchange>(std::move(core), std::move(request), executor);
    co_await opened->start();
    opened->lift_total();
    co_return client_stream(std::move(opened));
}

} // namespace mcp::http::detail

namespace mcp::http {

MCP_DECL client::client(client_options options)
    : core_(std::make_shared<detail::client_core>(std::move(options))) {}

MCP_DECL asio::awaitable<client_response> client::send(client_request request) const {
    return detail::send(core_, std::move(request));
}

MCP_DECL asio::awaitable<client_stream> client::open(client_request request) const {
    return detail::open(core_, std::move(request));
}

MCP_DECL void client::close_idle() const {
    core_->close_idle();
}

} // namespace mcp::http
