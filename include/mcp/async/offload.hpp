// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// Replaces `void` where a value is needed.
struct nothing {};

/// A call on a pool and its outcome.
class offloaded_call {
public:
    offloaded_call() = default;
    offloaded_call(const offloaded_call&) = delete;
    offloaded_call& operator=(const offloaded_call&) = delete;
    virtual ~offloaded_call() = default;

    void run() noexcept;

    /// Called when the event loop of the caller is destroyed, and with it the caller. Waits for the
    /// end of a running function, which may refer to the caller. A queued function never begins.
    void revoke() noexcept;

    /// Rethrows the exception of the function, if any.
    void rethrow() const;

private:
    virtual void call() = 0;

    enum phase { queued, running, done, revoked };
    std::atomic<phase> state_{queued};
    std::exception_ptr failure_;
};

template <class F, class R = std::invoke_result_t<F&>>
class offloaded final : public offloaded_call {
public:
    explicit offloaded(F callable) : f_(std::move(callable)) {}

    R take() {
        rethrow();
        if constexpr (!std::is_void_v<R>)
            return std::move(*value_);
    }

private:
    void call() override {
        if constexpr (std::is_void_v<R>)
            f_();
        else
            value_.emplace(f_());
    }

    F f_;
    std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> value_;
};

/// Runs the call on `pool` and resumes on the caller's executor.
asio::awaitable<void> run_on_pool(asio::any_io_executor pool, std::shared_ptr<offloaded_call> call);

} // namespace detail

/// Runs `f()` on `pool` and resumes with its result on the caller's executor.
///
/// Rethrows the exceptions of `f`. `f` and the objects that it owns live until it has returned.
/// Cancellation cannot interrupt `f`; it takes effect at the caller's next await. The destructor of
/// an `io_context` waits for an `f` that runs for one of its coroutines.
///
///     auto read = [] { return read_file("/etc/weather/text"); };
///     std::string text = co_await mcp::offload(pool.get_executor(), read);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns about the frame if F or its result is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class Executor, class F>
[[nodiscard]] asio::awaitable<std::invoke_result_t<F&>> offload(Executor pool, F f) {
    static_assert(!std::is_reference_v<std::invoke_result_t<F&>>,
                  "mcp: the function of offload must return a value, not a reference");
    const auto call = std::make_shared<detail::offloaded<F>>(std::move(f));
    auto end = detail::run_on_pool(std::move(pool), call);
    co_await std::move(end);
    co_return call->take();
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/async/impl/offload.ipp>
#endif
