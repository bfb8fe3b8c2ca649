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

#ifndef MCP_NO_LEGACY
MCP_DECL void message_peer::resume(const session_record& record) {
    impl_->resume(record);
}

MCP_DECL std::shared_ptr<const legacy::session> message_peer::session() const noexcept {
    return impl_->session();
}
#endif

MCP_DECL void message_peer::close() {
    impl_->close();
}

MCP_DECL mailbox& message_peer::output() noexcept {
    return impl_->output();
}

} // namespace mcp
