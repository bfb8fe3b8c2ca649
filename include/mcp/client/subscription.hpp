// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/subscriptions.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace mcp {

/// Whether a `subscription` is in force.
enum class subscription_state : std::uint8_t {
    open,    ///< Notifications come, or come again soon.
    closed,  ///< The client has ended it, or its connection.
    refused, ///< The server has responded with an error.
    lost,    ///< The connection has ended, or the subscription broke too often.
};

namespace detail {

struct listening;
class client_core;

/// Ends a subscription, unless it has ended.
void end_listening(listening& it);

} // namespace detail

/// Notifications that a server sends until this object is destroyed; see `client::listen`. It is
/// used on the executor of the client, and may outlive the client.
class subscription {
public:
    subscription() = default;
    subscription(subscription&&) noexcept = default;
    subscription& operator=(subscription&& other) noexcept {
        if (this != &other) {
            close();
            it_ = std::move(other.it_);
        }
        return *this;
    }
    ~subscription() { close(); }

    /// Returns the part of the filter that the server supports.
    const subscription_filter& honoured() const noexcept;

    subscription_state state() const noexcept;

    /// Ends the subscription. The server is told in the background.
    void close() noexcept {
        if (it_)
            detail::end_listening(*it_);
    }

private:
    friend class detail::client_core;
    explicit subscription(std::shared_ptr<detail::listening> it) noexcept : it_(std::move(it)) {}

    std::shared_ptr<detail::listening> it_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/subscription.ipp>
#endif
