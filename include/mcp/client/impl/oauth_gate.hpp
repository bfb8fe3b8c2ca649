// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/oauth.hpp>: lets one coroutine at a time get tokens.

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A mutex for the coroutines of one executor. The gate outlives its passes.
class oauth_gate {
public:
    /// The right to be inside; ends with the object.
    class pass {
    public:
        explicit pass(oauth_gate& gate) noexcept : gate_(&gate) {}
        pass(pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        pass& operator=(pass&&) = delete;
        ~pass() {
            if (gate_ != nullptr)
                gate_->leave();
        }

    private:
        oauth_gate* gate_;
    };

    /// Waits until nobody is inside.
    asio::awaitable<pass> enter() {
        auto executor = co_await asio::this_coro::executor;
        while (busy_) {
            const auto timer = std::make_shared<asio::steady_timer>(
                executor, asio::steady_timer::time_point::max());
            waiting_.push_back(timer);
            std::error_code woken;
            co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        busy_ = true;
        co_return pass(*this);
    }

private:
    void leave() {
        busy_ = false;
        for (const auto& each : std::exchange(waiting_, {}))
            each->cancel();
    }

    bool busy_ = false;
    std::vector<std::shared_ptr<asio::steady_timer>> waiting_;
};

} // namespace mcp::detail
