// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/async/suspended.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace mcp::detail {

MCP_DECL void offloaded_call::run() noexcept {
    if (state_.exchange(running) == revoked)
        return; // the objects that the function refers to are gone
    try {
        call();
    } catch (...) {
        failure_ = std::current_exception();
    }
    state_.store(done);
    state_.notify_all();
}

MCP_DECL void offloaded_call::revoke() noexcept {
    if (state_.exchange(revoked) == running) {
        state_.wait(revoked);
    }
}

MCP_DECL void offloaded_call::rethrow() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

/// Starts the call on a pool. A named type, because a capturing lambda would be a temporary inside
/// a `co_await` expression (Law A).
class start_on_pool {
public:
    start_on_pool(asio::any_io_executor pool, std::shared_ptr<offloaded_call> call)
        : pool_(std::move(pool))
        , call_(std::move(call)) {}

    template <class Handler>
    void operator()(Handler handler) {
        suspended<> back(std::move(handler), [call = call_] { call->revoke(); });
        auto work = [call = std::move(call_), back = std::move(back)]() mutable {
            call->run();
            back.resume();
        };
        asio::post(pool_, std::move(work));
    }

private:
    asio::any_io_executor pool_;
    std::shared_ptr<offloaded_call> call_;
};

MCP_DECL asio::awaitable<void> run_on_pool(asio::any_io_executor pool,
                                           std::shared_ptr<offloaded_call> call) {
    start_on_pool start(std::move(pool), std::move(call));
    return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(start),
                                                                        asio::use_awaitable);
}

} // namespace mcp::detail
