// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/subscriptions.hpp>

#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <functional>

namespace mcp {

enum class subscription_state : std::uint8_t;

namespace detail {

/// A subscription. In the modern era a coroutine keeps a `subscriptions/listen` request open.
struct listening {
    void changed() const {
        if (waiter)
            waiter->cancel();
    }

    subscription_filter honoured;
    subscription_state state{};
    bool acknowledged = false;
    std::exception_ptr failure;           ///< if it was never acknowledged
    asio::steady_timer* waiter = nullptr; ///< of the coroutine that awaits the acknowledgement
    asio::cancellation_signal stop;       ///< of the coroutine that keeps the request open
    bool running = false;                 ///< that coroutine
    std::function<void(listening&)> end;  ///< ends it, if it has not ended
};

} // namespace detail
} // namespace mcp
