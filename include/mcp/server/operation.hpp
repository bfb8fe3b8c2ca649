// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/parameters.hpp>
#include <mcp/server/handler.hpp>
#include <mcp/server/permission.hpp>

#include <asio/awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

class result_writer;

namespace detail {

class around_layer;
struct call_limits;
using around_layers = std::vector<std::shared_ptr<const around_layer>>;

/// What applies to the calls of an entry beside its handler.
struct call_rules {
    call_rules() = default;
    call_rules(mcp::permission needed) : permission(std::move(needed)) {}

    mcp::permission permission{};
    around_layers around{}; ///< the outermost first
    std::shared_ptr<call_limits> limits{};
};

} // namespace detail

/// A callable entry of a server: a tool, a resource, a prompt or a completion.
class operation {
public:
    operation() = default;
    virtual ~operation();
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    /// The permission to call it. Set it before the entry is added.
    mcp::permission permission;

    /// The functions around its calls, the outermost first; after those of the server.
    detail::around_layers around;

    /// The limits of its calls; null if it has none of its own.
    std::shared_ptr<const detail::call_limits> limits;

    /// Returns how it runs: an immediate operation by `run`, the others by `run_async`.
    virtual execution how() const noexcept = 0;

    /// Runs it and writes the members of the result. An exception becomes an error response.
    virtual void run(context& ctx, result_writer& out) const = 0;

    /// Runs it in a coroutine: calls `run`, unless a kind of operation does more. The operation and
    /// both arguments must outlive the returned awaitable.
    virtual asio::awaitable<void> run_async(context& ctx, result_writer& out) const;
};

namespace detail {

/// Runs `work` on the pool of blocking handlers, and resumes when it has ended.
asio::awaitable<void> run_blocking(context& ctx, std::function<void()> work);

/// The types of a handler's parameters say all that is known of them.
struct no_descriptions {};

/// Returns what the options of an entry say of the parameters of its handler.
template <class Input, class... Params>
constexpr auto describe_input([[maybe_unused]] const described_members<Params...>& params) {
    if constexpr (sizeof...(Params) > 0)
        return reflect::describe_parameters(std::type_identity<Input>(), params);
    else
        return no_descriptions();
}

/// Returns the descriptions of parameters, from the options or else from their types.
template <class Input, class Described>
constexpr const auto& descriptions_of([[maybe_unused]] const Described& described) {
    if constexpr (std::is_same_v<Described, no_descriptions>)
        return reflect::own_descriptions<Input>;
    else
        return described;
}

/// A `Base` (a kind of operation) made of a callable. `Params` are the options that describe its
/// parameters: `described_members<…>`.
///
/// `Policy` has the parts that depend on the kind. `input(base, ctx, out, into, described)` reads
/// the handler's input, and returns false after it has written an error. `refuse_gap(out, name)`
/// says that an argument is needed. `output(base, ctx, out, value…)` writes the returned value.
/// `failed(base, ctx, out, exception)` writes or rethrows an exception.
template <class Base, class Policy, class F, class Params, fixed_string... Names>
class bound_operation : public Base {
    using bound = binding<F, Names...>;

public:
    using input_type = typename bound::input_type;
    using result_type = typename bound::result_type;

    template <class... Args>
    explicit bound_operation(F f, const Params& params, Args&&... args)
        : Base(std::forward<Args>(args)...)
        , f_(std::move(f))
        , described_(describe_input<input_type>(params)) {}

    execution how() const noexcept override { return bound::how; }

    void run([[maybe_unused]] context& ctx, [[maybe_unused]] result_writer& out) const override {
        if constexpr (bound::how == execution::immediate) {
            input_type input{};
            if (!read(ctx, out, input))
                return;
            try {
                if constexpr (std::is_void_v<result_type>) {
                    bound::call(f_, input, ctx);
                    Policy::output(*this, ctx, out);
                } else {
                    Policy::output(*this, ctx, out, bound::call(f_, input, ctx));
                }
            } catch (...) {
                Policy::failed(*this, ctx, out, std::current_exception());
            }
        }
    }

    asio::awaitable<void> run_async(context& ctx, result_writer& out) const override {
        if constexpr (bound::how == execution::immediate)
            return Base::run_async(ctx, out);
        else
            return wait(ctx, out);
    }

private:
    bool read(context& ctx, result_writer& out, input_type& into) const {
        if (!Policy::input(*this, ctx, out, into, described_))
            return false;
        if constexpr (bound::needed < bound::arity) {
            const std::string_view gap = bound::gap(into);
            if (!gap.empty())
                Policy::refuse_gap(out, gap);
            return gap.empty();
        } else {
            return true;
        }
    }

    asio::awaitable<void> wait(context& ctx, result_writer& out) const {
        input_type input{};
        if (!read(ctx, out, input))
            co_return;
        std::exception_ptr failure;
        try {
            if constexpr (std::is_void_v<result_type>) {
                co_await call(ctx, input);
                Policy::output(*this, ctx, out);
            } else {
                const auto value = co_await call(ctx, input);
                Policy::output(*this, ctx, out, value);
            }
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure)
            Policy::failed(*this, ctx, out, failure);
    }

    asio::awaitable<result_type> call(context& ctx, input_type& input) const {
        if constexpr (bound::how == execution::blocking)
            return block(ctx, input);
        else
            return bound::call(f_, input, ctx);
    }

    /// Calls the function on the pool.
    asio::awaitable<result_type> block(context& ctx, input_type& input) const {
        const auto& f = unblocked<F>::of(f_);
        if constexpr (std::is_void_v<result_type>) {
            std::function<void()> work = [&f, &ctx, &input] { bound::call(f, input, ctx); };
            co_await run_blocking(ctx, std::move(work));
        } else {
            std::optional<result_type> value;
            std::function<void()> work = [&] { value.emplace(bound::call(f, input, ctx)); };
            co_await run_blocking(ctx, std::move(work));
            co_return std::move(*value);
        }
    }

    F f_;
    [[no_unique_address]] decltype(describe_input<input_type>(
        std::declval<const Params&>())) described_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/operation.ipp>
#endif
