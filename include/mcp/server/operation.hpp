#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/result_writer.hpp>

#include <asio/awaitable.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcp {

/// Something of a server that can be called: a tool, a resource, a prompt, a completion.
class operation {
public:
    operation() = default;
    virtual ~operation() = default;
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    /// Who may call it. Set before it is registered.
    mcp::permission permission;

    /// How it runs: an immediate one by `run`, the others by `run_async`.
    virtual execution how() const noexcept = 0;

    /// Runs it and writes the members of the result. Throws what becomes an error response.
    virtual void run(context& ctx, result_writer& out) const = 0;

    /// The same, to be awaited; the operation must outlive what is returned.
    virtual asio::awaitable<void> run_async(context& ctx, result_writer& out) const = 0;
};

/// A `Base` (a kind of operation) made of a callable.
///
/// `Policy` says what is particular to the kind: `input<T>(base, ctx, out)` gives the handler's
/// input, or nothing if it has written why not; `output(base, ctx, out, value…)` writes what was
/// returned; `failed(base, ctx, out, exception)` writes, or rethrows, what was thrown.
template <class Base, class Policy, class F, fixed_string... Names>
class bound_operation : public Base {
    using bound = binding<F, Names...>;

public:
    using input_type = typename bound::input_type;
    using result_type = typename bound::result_type;

    template <class... Args>
    explicit bound_operation(F f, Args&&... args)
        : Base(std::forward<Args>(args)...)
        , f_(std::move(f)) {}

    execution how() const noexcept override { return bound::how; }

    void run([[maybe_unused]] context& ctx, [[maybe_unused]] result_writer& out) const override {
        if constexpr (bound::how == execution::immediate) {
            auto input = Policy::template input<input_type>(*this, ctx, out);
            if (!input)
                return;
            try {
                if constexpr (std::is_void_v<result_type>) {
                    bound::call(f_, *input, ctx);
                    Policy::output(*this, ctx, out);
                } else {
                    Policy::output(*this, ctx, out, bound::call(f_, *input, ctx));
                }
            } catch (...) {
                Policy::failed(*this, ctx, out, std::current_exception());
            }
        }
    }

    asio::awaitable<void> run_async(context& ctx, result_writer& out) const override {
        if constexpr (bound::how == execution::immediate) {
            run(ctx, out);
        } else {
            auto input = Policy::template input<input_type>(*this, ctx, out);
            if (!input)
                co_return;
            std::exception_ptr failure;
            try {
                if constexpr (std::is_void_v<result_type>) {
                    co_await call(ctx, *input);
                    Policy::output(*this, ctx, out);
                } else {
                    const auto value = co_await call(ctx, *input);
                    Policy::output(*this, ctx, out, value);
                }
            } catch (...) {
                failure = std::current_exception();
            }
            if (failure)
                Policy::failed(*this, ctx, out, failure);
        }
        co_return;
    }

private:
    asio::awaitable<result_type> call(context& ctx, input_type& input) const {
        if constexpr (bound::how == execution::blocking) {
            auto work = [this, &ctx, &input] {
                return bound::call(detail::unblocked<F>::of(f_), input, ctx);
            };
            return offload(ctx.environment().pool(), std::move(work));
        } else {
            return bound::call(f_, input, ctx);
        }
    }

    F f_;
};

} // namespace mcp
