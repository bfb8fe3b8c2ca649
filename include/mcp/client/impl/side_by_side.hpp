// SPDX-License-Identifier: MIT
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// What `run_side_by_side` and its coroutines share.
struct running_group {
    running_group(const asio::any_io_executor& executor, std::size_t count)
        : left(count)
        , done(executor, asio::steady_timer::time_point::max()) {}

    std::size_t left;
    asio::steady_timer done; ///< is cancelled when none is left
    std::list<asio::cancellation_signal> signals{};
};

/// Is called when one of the coroutines has ended.
struct running_part {
    std::shared_ptr<running_group> group;

    void operator()(std::exception_ptr) const {
        if (--group->left == 0)
            group->done.cancel();
    }
};

/// Runs coroutines at the same time, on the executor of the caller, which is serial. Ends when all
/// have ended; ignores their exceptions. Cancellation is passed on to all of them.
inline asio::awaitable<void> run_side_by_side(std::vector<asio::awaitable<void>> all) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto group = std::make_shared<running_group>(executor, all.size());
    for (asio::awaitable<void>& each : all) {
        auto& signal = group->signals.emplace_back();
        asio::co_spawn(executor, std::move(each),
                       asio::bind_cancellation_slot(signal.slot(), running_part{group}));
    }
    bool cancelled = false;
    while (group->left > 0) {
        std::error_code ended;
        co_await group->done.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() == asio::cancellation_type::none)
            continue;
        cancelled = true;
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        for (asio::cancellation_signal& each : group->signals)
            each.emit(asio::cancellation_type::terminal);
    }
    if (cancelled)
        throw std::system_error(asio::error::operation_aborted);
}

} // namespace mcp::detail
