// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/message_peer.hpp>
#include <mcp/transport/message_peer.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL message_peer::message_peer(any_server& server, asio::any_io_executor executor,
                                    peer_options options)
    : impl_(std::make_shared<impl>(server, std::move(executor), std::move(options))) {}

MCP_DECL message_peer::~message_peer() = default;

MCP_DECL void message_peer::receive(std::string_view text) {
    impl_->receive(text);
}

MCP_DECL void message_peer::end_input() {
    impl_->end_input();
}

MCP_DECL void message_peer::close() {
    impl_->close();
}

MCP_DECL mailbox& message_peer::output() noexcept {
    return impl_->output();
}

} // namespace mcp
