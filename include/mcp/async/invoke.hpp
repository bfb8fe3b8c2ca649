// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

template <class T>
struct awaited {
    using type = T;
    static constexpr bool is_awaitable = false;
};

template <class T, class Executor>
struct awaited<asio::awaitable<T, Executor>> {
    using type = T;
    static constexpr bool is_awaitable = true;
};

/// True if `T` is an `asio::awaitable`, whose value must be awaited before use.
template <class T>
inline constexpr bool is_awaitable_v = awaited<std::remove_cvref_t<T>>::is_awaitable;

/// The type that `co_await` gives for a `T`: `int` for `int`, `const int&` and
/// `asio::awaitable<int>`. An awaitable carries no references.
template <class T>
using awaited_t = typename awaited<std::remove_cvref_t<T>>::type;

/// The type that a call of `F` with `Args` gives once it is awaited.
template <class F, class... Args>
using invoke_awaited_t = awaited_t<std::invoke_result_t<F, Args...>>;

template <class T>
asio::awaitable<T> ready_value(T value) {
    co_return static_cast<T&&>(value);
}

asio::awaitable<void> ready_nothing();

/// Calls `f`, whether or not it is awaitable, and returns an awaitable of its result.
///
/// An ordinary `f` runs inside this call, on the calling thread, before anything is awaited. Its
/// arguments may be temporaries, and its exceptions leave `invoke` itself. An awaitable `f` runs
/// when the result is awaited; references among its arguments must live until then. Where speed
/// matters, branch on `is_awaitable_v` instead: an ordinary call then needs no frame.
template <class F, class... Args>
[[nodiscard]] asio::awaitable<invoke_awaited_t<F, Args...>> invoke(F&& f, Args&&... args) {
    using raw = std::invoke_result_t<F, Args...>;
    if constexpr (is_awaitable_v<raw>) {
        return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    } else if constexpr (std::is_void_v<raw>) {
        std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
        return ready_nothing();
    } else {
        return ready_value<invoke_awaited_t<F, Args...>>(
            std::invoke(std::forward<F>(f), std::forward<Args>(args)...));
    }
}

/// A callable that blocks its thread and therefore runs on a thread pool; see `blocking`.
template <class F>
class blocking_t {
public:
    static constexpr bool blocking = true;

    explicit blocking_t(F f) : f_(std::move(f)) {}

    template <class... Args>
        requires std::invocable<F&, Args...>
    decltype(auto) operator()(Args&&... args) {
        return std::invoke(f_, std::forward<Args>(args)...);
    }

    template <class... Args>
        requires std::invocable<const F&, Args...>
    decltype(auto) operator()(Args&&... args) const {
        return std::invoke(f_, std::forward<Args>(args)...);
    }

    /// Returns the wrapped callable.
    const F& function() const noexcept { return f_; }

private:
    F f_;
};

} // namespace detail

/// Marks `f` as blocking. It runs on a thread pool, so that the event loop continues.
///
/// `f` must be an ordinary function: a function that returns an awaitable does not block. A type
/// may declare itself blocking by `static constexpr bool blocking = true`.
template <class F>
[[nodiscard]] detail::blocking_t<std::decay_t<F>> blocking(F&& f) {
    return detail::blocking_t<std::decay_t<F>>(std::forward<F>(f));
}

namespace detail {

/// A function or member function that blocks, as a template argument.
template <auto Function>
struct blocking_function {
    static constexpr bool blocking = true;
};

} // namespace detail

/// Marks a function or member function as blocking, where it is a template argument.
///
///     server.tool<mcp::blocking<slow_sum>(), "a", "b">("Add two numbers, slowly");
template <auto Function>
[[nodiscard]] consteval detail::blocking_function<Function> blocking() noexcept {
    return {};
}

namespace detail {

/// True if calls of `F` run on a thread pool.
template <class F>
inline constexpr bool is_blocking_v =
    requires { requires static_cast<bool>(std::remove_cvref_t<F>::blocking); };

} // namespace detail
} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/async/impl/invoke.ipp>
#endif
