#pragma once

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

} // namespace detail

/// Whether `T` is an `asio::awaitable`, so that a value of it must be awaited before it is used.
template <class T>
inline constexpr bool is_awaitable_v = detail::awaited<std::remove_cvref_t<T>>::is_awaitable;

/// What `co_await` makes of a `T`: `int` for `int`, `const int&` and `asio::awaitable<int>`; an
/// awaitable carries no references.
template <class T>
using awaited_t = typename detail::awaited<std::remove_cvref_t<T>>::type;

/// What calling `F` with `Args` gives once awaited.
template <class F, class... Args>
using invoke_awaited_t = awaited_t<std::invoke_result_t<F, Args...>>;

namespace detail {

template <class T>
asio::awaitable<T> ready_value(T value) {
    co_return static_cast<T&&>(value);
}

inline asio::awaitable<void> ready_nothing() {
    co_return;
}

} // namespace detail

/// Calls `f`, whether it answers at once or is awaitable, and gives something to `co_await`.
///
/// An ordinary `f` runs inside this call, on the calling thread, before anything is awaited: its
/// arguments may be temporaries, and what it throws comes out of `invoke` itself. An awaitable `f`
/// runs when the result is awaited; references among its arguments must live until then.
/// Where speed counts, branch on `is_awaitable_v` instead: an ordinary call then costs no frame.
template <class F, class... Args>
[[nodiscard]] asio::awaitable<invoke_awaited_t<F, Args...>> invoke(F&& f, Args&&... args) {
    using raw = std::invoke_result_t<F, Args...>;
    if constexpr (is_awaitable_v<raw>) {
        return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    } else if constexpr (std::is_void_v<raw>) {
        std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
        return detail::ready_nothing();
    } else {
        return detail::ready_value<invoke_awaited_t<F, Args...>>(
            std::invoke(std::forward<F>(f), std::forward<Args>(args)...));
    }
}

/// A callable that blocks its thread, and therefore runs on the pool; see `blocking`.
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

    /// The callable that was wrapped.
    const F& function() const noexcept { return f_; }

private:
    F f_;
};

/// Marks `f` as blocking: it is run on a thread pool while the event loop goes on.
///
/// `f` must be an ordinary function: one that returns an awaitable does not block.
/// A type whose author knows that it blocks says so itself: `static constexpr bool blocking =
/// true`.
template <class F>
[[nodiscard]] blocking_t<std::decay_t<F>> blocking(F&& f) {
    return blocking_t<std::decay_t<F>>(std::forward<F>(f));
}

/// Whether calls to `F` are to run on a thread pool.
template <class F>
inline constexpr bool is_blocking_v =
    requires { requires static_cast<bool>(std::remove_cvref_t<F>::blocking); };

} // namespace mcp
