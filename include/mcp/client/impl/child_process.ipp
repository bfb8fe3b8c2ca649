// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/child_process.hpp>
#include <mcp/client/impl/running_child.hpp>
#include <mcp/client/impl/spawn.hpp>
#include <mcp/client/transport_error.hpp>

#include <asio/this_coro.hpp>

#include <memory>
#include <system_error>
#include <utility>

namespace mcp {

MCP_DECL child_transport::child_transport(child_process program)
    : linked_transport(program.program)
    , program_(std::move(program)) {
    detail::check_texts(program_);
}

MCP_DECL child_transport::~child_transport() {
    if (child_)
        child_->kill();
}

MCP_DECL asio::awaitable<void> child_transport::open(message_receiver& to) {
    const auto executor = co_await asio::this_coro::executor;
    if (child_)
        detail::running_child::end(child_);
    detail::spawned_child made;
    try {
        made = detail::spawn(program_);
    } catch (const std::system_error& failure) {
        throw transport_error(transport_failure::not_connected, name() + ": " + failure.what());
    }
    child_ = std::make_shared<detail::running_child>(program_, std::move(made), executor);
    detail::running_child::start(child_);
    co_await start(std::make_unique<detail::child_connection>(child_), to);
}

MCP_DECL asio::awaitable<void> child_transport::close() {
    co_await drain();
    const auto child = child_;
    if (child) {
        detail::running_child::end(child);
        co_await child->gone();
    }
    co_await linked_transport::close();
}

MCP_DECL int child_transport::process_id() const noexcept {
    return child_ ? child_->id() : 0;
}

} // namespace mcp
