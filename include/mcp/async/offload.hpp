#pragma once

#include <mcp/async/suspended.hpp>

#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// A call on the pool: holds the callable and its outcome.
template <class F, class R = std::invoke_result_t<F&>>
struct offloaded {
    explicit offloaded(F callable) : f(std::move(callable)) {}

    void run() noexcept {
        if (state.exchange(running) == revoked)
            return; // the objects that `f` refers to are gone
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
        state.store(done);
        state.notify_all();
    }

    /// Called when the event loop of the caller is destroyed, and with it the caller. Waits for the
    /// end of a running function, which may refer to the caller. A queued function never begins.
    void revoke() noexcept {
        if (state.exchange(revoked) == running) {
            state.wait(revoked);
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
    enum phase { queued, running, done, revoked };
    std::atomic<phase> state{queued};
    F f;
    std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> value;
    std::exception_ptr failure;
};

/// Starts the call on `pool`. A named type, because a capturing lambda would be a temporary inside
/// a `co_await` expression (Law A).
template <class Executor, class Job>
class start_on_pool {
public:
    start_on_pool(Executor pool, std::shared_ptr<Job> job)
        : pool_(std::move(pool))
        , job_(std::move(job)) {}

    template <class Handler>
    void operator()(Handler handler) {
        suspended<> back(std::move(handler), [job = job_] { job->revoke(); });
        auto work = [job = std::move(job_), back = std::move(back)]() mutable {
            job->run();
            back.resume();
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
/// Rethrows the exceptions of `f`. `f` and the objects that it owns live until it has returned.
/// Cancellation cannot interrupt `f`; it takes effect at the caller's next await. The destructor of
/// an `io_context` waits for an `f` that runs for one of its coroutines.
///
///     auto read = [path] { return slurp(path); };
///     std::string text = co_await mcp::offload(pool.get_executor(), read);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns about the frame if F or its result is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class Executor, class F>
[[nodiscard]] asio::awaitable<std::invoke_result_t<F&>> offload(Executor pool, F f) {
    static_assert(!std::is_reference_v<std::invoke_result_t<F&>>,
                  "mcp: the function of offload must return a value, not a reference");
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
