// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/async/offload.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <exception>
#include <functional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp {

/// An exception by which a collaborator reports that it is temporarily unreachable. The response to
/// the request is 503 with Retry-After.
class unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

namespace detail {

/// The result of a call of a collaborator, synchronous or not: a value, or an awaitable to settle.
///
///     mcp::detail::pending<std::string> subject = find_subject(token);
///     if (!subject.ready())
///         co_await subject.settle();
///     use(subject.take());
///
/// Generic code over collaborators thus suspends only where a collaborator does.
template <class T>
class pending {
public:
    explicit pending(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    explicit pending(asio::awaitable<T> later) : state_(std::in_place_index<1>, std::move(later)) {}

    /// Returns whether `take` has a value.
    bool ready() const noexcept { return state_.index() == 0; }

    /// Awaits the value unless it is ready. Do not move this object until then.
    [[nodiscard]] asio::awaitable<void> settle() {
        if (ready())
            co_return;
        auto later = std::move(std::get<1>(state_));
        T value = co_await std::move(later);
        state_.template emplace<0>(std::move(value));
    }

    /// Returns the value. Call once, and only if `ready`.
    T take() { return std::move(std::get<0>(state_)); }

private:
    std::variant<T, asio::awaitable<T>> state_;
};

/// Returns the executor of a thread pool for blocking collaborators. The pool is made on first use.
using pool_source = std::function<asio::any_io_executor()>;

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns about the frame if the type F is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
/// Keeps `f`, and the objects that it owns, until its result has completed.
template <class F>
auto hold_and_await(F f) -> asio::awaitable<
    std::conditional_t<std::is_void_v<invoke_awaited_t<F&>>, nothing, invoke_awaited_t<F&>>> {
    if constexpr (std::is_void_v<invoke_awaited_t<F&>>) {
        co_await f();
        co_return nothing();
    } else {
        co_return co_await f();
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// Rethrows an exception of a synchronous collaborator when the result is awaited, as for an
/// awaitable collaborator.
template <class T>
asio::awaitable<T> fail(std::exception_ptr failure) {
    std::rethrow_exception(failure);
    co_return T();
}

template <class F>
auto or_nothing(F f) {
    return [f = std::move(f)]() mutable {
        if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
            f();
            return nothing();
        } else {
            return f();
        }
    };
}

/// Calls `f`, which calls a collaborator of type `Collaborator`: directly, awaited, or on `pool` if
/// the collaborator blocks. `f` owns its arguments.
template <class Collaborator, class F>
auto call_collaborator(const pool_source& pool, F f) {
    using raw = std::invoke_result_t<F&>;
    using value = awaited_t<raw>;
    using result = std::conditional_t<std::is_void_v<value>, nothing, value>;
    if constexpr (is_awaitable_v<raw>) {
        static_assert(!is_blocking_v<Collaborator>,
                      "mcp: a collaborator whose methods return awaitables must not be marked "
                      "`blocking`; remove the mark");
        return pending<result>(hold_and_await(std::move(f)));
    } else if constexpr (is_blocking_v<Collaborator>) {
        return pending<result>(offload(pool(), or_nothing(std::move(f))));
    } else {
        try {
            return pending<result>(or_nothing(std::move(f))());
        } catch (...) {
            return pending<result>(fail<result>(std::current_exception()));
        }
    }
}

} // namespace detail
} // namespace mcp
