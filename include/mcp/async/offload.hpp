#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// A call on its way through the pool: the callable going there, its outcome coming back.
template <class F, class R = std::invoke_result_t<F&>>
struct offloaded {
    explicit offloaded(F callable) : f(std::move(callable)) {}

    void run() noexcept {
        try {
            if constexpr (std::is_void_v<R>) {
                f();
                value.emplace();
            } else {
                value.emplace(f());
            }
        } catch (...) {
            failure = std::current_exception();
        }
    }

    R take() {
        if (failure) {
            std::rethrow_exception(failure);
        }
        if constexpr (!std::is_void_v<R>) {
            return std::move(*value);
        }
    }

    struct nothing {};
    F f;
    std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> value;
    std::exception_ptr failure;
};

/// Starts the call on `pool`. A named type because a lambda here would be a temporary that
/// captures inside a `co_await` expression (Law A).
template <class Executor, class Job>
class start_on_pool {
public:
    start_on_pool(Executor pool, std::shared_ptr<Job> job)
        : pool_(std::move(pool))
        , job_(std::move(job)) {}

    template <class Handler>
    void operator()(Handler handler) {
        auto home = asio::get_associated_executor(handler);
        // The guard keeps the loop alive that has nothing else to do than to wait for us. Once the
        // handler has run the loop may be gone: the pool's thread must have left it before.
        auto guard = asio::make_work_guard(home);
        auto left = std::make_shared<std::atomic<bool>>(false);
        auto back = [guard = std::move(guard), left, handler = std::move(handler)]() mutable {
            left->wait(false, std::memory_order_acquire);
            guard.reset();
            std::move(handler)();
        };
        auto work = [job = std::move(job_), home = std::move(home), left,
                     back = std::move(back)]() mutable {
            job->run();
            asio::post(home, std::move(back));
            left->store(true, std::memory_order_release);
            left->notify_one();
        };
        asio::post(pool_, std::move(work));
    }

private:
    Executor pool_;
    std::shared_ptr<Job> job_;
};

} // namespace detail

/// Runs `f()` on `pool` and resumes with its result on the caller's executor.
///
/// What `f` throws is thrown here. `f` and all that it owns live until it has returned, even if the
/// caller is destroyed meanwhile; what it only refers to is the caller's business.
/// Cancellation does not interrupt `f` (nothing can); it takes effect at the caller's next await.
/// Stop and join the pool before the caller's `io_context` is destroyed.
///
///     auto read = [path] { return slurp(path); };
///     std::string text = co_await mcp::offload(pool.get_executor(), read);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F or its result is local to a source file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class Executor, class F>
[[nodiscard]] asio::awaitable<std::invoke_result_t<F&>> offload(Executor pool, F f) {
    static_assert(!std::is_reference_v<std::invoke_result_t<F&>>,
                  "offload(): the function must return a value, not a reference");
    using job_type = detail::offloaded<F>;
    auto job = std::make_shared<job_type>(std::move(f));
    detail::start_on_pool<Executor, job_type> start(std::move(pool), job);
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(start,
                                                                          asio::use_awaitable);
    co_return job->take();
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace mcp
