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

/// What a call of a collaborator gives, sync or awaitable: a value, or something to await.
///
///     auto step = store.find(id);
///     if (!step.ready())
///         co_await step.settle();
///     auto record = step.take();
///
/// So code that is the same for all collaborators costs no suspension where there is none.
template <class T>
class pending {
public:
    explicit pending(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    explicit pending(asio::awaitable<T> later) : state_(std::in_place_index<1>, std::move(later)) {}

    /// Whether `take` has a value to give.
    bool ready() const noexcept { return state_.index() == 0; }

    /// Awaits the value, if it is not there; this object must stay where it is until then.
    [[nodiscard]] asio::awaitable<void> settle() {
        if (ready())
            co_return;
        auto later = std::move(std::get<1>(state_));
        T value = co_await std::move(later);
        state_.template emplace<0>(std::move(value));
    }

    /// The value. Once, and only if `ready`.
    T take() { return std::move(std::get<0>(state_)); }

private:
    std::variant<T, asio::awaitable<T>> state_;
};

/// Thrown by a collaborator that cannot be reached now: the request is answered with 503 and
/// Retry-After.
class unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Where blocking collaborators are called: an executor of a thread pool, made when first asked
/// for.
using pool_source = std::function<asio::any_io_executor()>;

/// Stands for `void` where a value is needed.
struct nothing {};

namespace detail {

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F is of a type that is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
/// Keeps `f`, and all that it owns, until what it returns has completed.
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

/// What a plain collaborator throws comes out where the others' does: when it is awaited.
template <class T>
asio::awaitable<T> fail(std::exception_ptr why) {
    std::rethrow_exception(why);
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

} // namespace detail

/// Calls `f`, which calls a collaborator of type `Collaborator`, as that wants to be called: at
/// once, awaited, or on `pool` if it blocks. `f` owns its arguments.
template <class Collaborator, class F>
auto call_collaborator(const pool_source& pool, F f) {
    using raw = std::invoke_result_t<F&>;
    using value = awaited_t<raw>;
    using result = std::conditional_t<std::is_void_v<value>, nothing, value>;
    if constexpr (is_awaitable_v<raw>) {
        static_assert(!is_blocking_v<Collaborator>,
                      "mcp: a collaborator whose methods are awaitable does not block; remove its "
                      "`blocking`");
        return pending<result>(detail::hold_and_await(std::move(f)));
    } else if constexpr (is_blocking_v<Collaborator>) {
        return pending<result>(offload(pool(), detail::or_nothing(std::move(f))));
    } else {
        try {
            return pending<result>(detail::or_nothing(std::move(f))());
        } catch (...) {
            return pending<result>(detail::fail<result>(std::current_exception()));
        }
    }
}

} // namespace mcp
