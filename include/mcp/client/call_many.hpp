// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/call_arguments.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/client_options.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <new> // asio::co_spawn of Asio 1.22 needs it
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

/// One of the calls of `call_many`.
struct tool_call {
    tool_call(std::string tool_, call_arguments arguments_ = {}, call_options options_ = {})
        : tool(std::move(tool_))
        , arguments(std::move(arguments_))
        , options(std::move(options_)) {}

    std::string tool;
    call_arguments arguments;
    call_options options;
};

/// What came of a call of `call_many`: a value, or an exception.
template <class T>
class call_outcome {
public:
    call_outcome() = default;
    explicit call_outcome(T value) : held_(std::move(value)) {}
    explicit call_outcome(std::exception_ptr failure) : held_(std::move(failure)) {}

    bool has_value() const noexcept { return held_.index() == 1; }

    /// Returns the value. Rethrows the exception.
    const T& value() const {
        if (!has_value())
            std::rethrow_exception(failure());
        return std::get<1>(held_);
    }

    /// Returns the exception; null if there is a value.
    std::exception_ptr failure() const { return has_value() ? nullptr : std::get<0>(held_); }

private:
    std::variant<std::exception_ptr, T> held_;
};

namespace detail {

/// The calls of one `call_many`.
template <class T>
struct calls_under_way {
    calls_under_way(client& by_, std::vector<tool_call> calls_, std::size_t workers,
                    const asio::any_io_executor& executor)
        : by(by_)
        , calls(std::move(calls_))
        , outcomes(calls.size())
        , running(workers)
        , aborts(workers)
        , ended(executor, asio::steady_timer::time_point::max()) {}

    client& by;
    std::vector<tool_call> calls;
    std::vector<call_outcome<T>> outcomes;
    std::size_t next = 0;
    std::size_t running;
    std::deque<asio::cancellation_signal> aborts; ///< of the coroutines
    asio::steady_timer ended;                     ///< cancelled when all calls have ended
    bool cancelled = false;
};

/// Keeps the calls while the slots of their signals are in use.
template <class T>
struct keep_calls {
    std::shared_ptr<calls_under_way<T>> all;
    void operator()(std::exception_ptr) const noexcept {}
};

/// Makes one call after another.
template <class T>
asio::awaitable<void> call_each(std::shared_ptr<calls_under_way<T>> all) {
    while (!all->cancelled && all->next < all->calls.size()) {
        const std::size_t at = all->next++;
        tool_call& one = all->calls[at];
        std::exception_ptr failure;
        try {
            auto later = all->by.template call<T>(one.tool, one.arguments, std::move(one.options));
            T value = co_await std::move(later);
            all->outcomes[at] = call_outcome<T>(std::move(value));
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure)
            all->outcomes[at] = call_outcome<T>(failure);
    }
    if (--all->running == 0)
        all->ended.cancel();
}

} // namespace detail

/// Calls tools, `at_once` of them at most at a time, and returns the outcomes in the order of the
/// calls. `T` is that of `client::call`. No failure ends the others. It is awaited on the executor
/// of the client, which must exist until the end. Cancellation cancels all calls.
///
///     std::vector<mcp::tool_call> calls;
///     for (int i = 0; i < 100; ++i)
///         calls.emplace_back("square", mcp::call_arguments({"x", i}));
///     const auto squares = co_await mcp::call_many<int>(client, std::move(calls), 10);
template <class T = tool_result>
asio::awaitable<std::vector<call_outcome<T>>> call_many(client& by, std::vector<tool_call> calls,
                                                        std::size_t at_once = 8) {
    const auto executor = co_await asio::this_coro::executor;
    const std::size_t workers = std::min(std::max<std::size_t>(at_once, 1), calls.size());
    const auto all =
        std::make_shared<detail::calls_under_way<T>>(by, std::move(calls), workers, executor);
    for (asio::cancellation_signal& abort : all->aborts)
        asio::co_spawn(executor, detail::call_each<T>(all),
                       asio::bind_cancellation_slot(abort.slot(), detail::keep_calls<T>{all}));
    const auto state = co_await asio::this_coro::cancellation_state;
    while (all->running > 0) {
        std::error_code woken;
        co_await all->ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (state.cancelled() != asio::cancellation_type::none) {
            all->cancelled = true;
            for (asio::cancellation_signal& abort : all->aborts)
                abort.emit(asio::cancellation_type::terminal);
            throw std::system_error(asio::error::operation_aborted);
        }
    }
    co_return std::move(all->outcomes);
}

} // namespace mcp
