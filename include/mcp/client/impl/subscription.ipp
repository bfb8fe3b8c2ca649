// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/impl/listening.hpp>
#include <mcp/client/subscription.hpp>

namespace mcp {

namespace detail {

MCP_DECL void end_listening(listening& it) {
    it.end(it);
}

} // namespace detail

MCP_DECL const subscription_filter& subscription::honoured() const noexcept {
    static const subscription_filter none;
    return it_ ? it_->honoured : none;
}

MCP_DECL subscription_state subscription::state() const noexcept {
    return it_ ? it_->state : subscription_state::closed;
}

} // namespace mcp
