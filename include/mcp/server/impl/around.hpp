// SPDX-License-Identifier: MIT
#pragma once

// The functions around calls, by their forms.

#include <mcp/reflect/signature.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/handler.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <tuple>

namespace mcp::detail {

asio::awaitable<void> run_blocking(context& ctx, std::function<void()> work);

template <class T>
inline constexpr bool is_call_result =
    std::same_as<T, tool_result> || std::same_as<T, prompt_result> ||
    std::same_as<T, resource_result> || std::same_as<T, call_result>;

template <class T>
struct next_result {
    using type = void;
};
template <class Result>
struct next_result<next_call<Result>> {
    using type = Result;
};

template <class T>
struct own_result {
    using type = void;
};
template <class Result>
struct own_result<std::optional<Result>> {
    using type = Result;
};

enum class stage { none, before, after, around };

template <class Result, class Returned>
inline constexpr bool fits_next =
    is_call_result<Result> && std::same_as<Returned, asio::awaitable<Result>>;

/// Returns the stage at which a function of these parameters and this result runs.
template <class Returned, class... Parameters>
consteval stage stage_of(std::type_identity<std::tuple<Parameters...>>) {
    using all = std::tuple<Parameters...>;
    if constexpr (sizeof...(Parameters) < 2 || sizeof...(Parameters) > 3) {
        return stage::none;
    } else if constexpr (!std::same_as<std::tuple_element_t<0, all>, context&> ||
                         !std::same_as<std::tuple_element_t<1, all>, const call_info&>) {
        return stage::none;
    } else if constexpr (sizeof...(Parameters) == 2) {
        using result = awaited_t<Returned>;
        return std::is_void_v<result> || is_call_result<typename own_result<result>::type>
                   ? stage::before
                   : stage::none;
    } else {
        using third = std::tuple_element_t<2, all>;
        using bare = std::remove_cvref_t<third>;
        if constexpr (fits_next<typename next_result<bare>::type, Returned>)
            return stage::around;
        return std::is_lvalue_reference_v<third> && is_call_result<bare> &&
                       std::is_void_v<awaited_t<Returned>>
                   ? stage::after
                   : stage::none;
    }
}

/// Whether a generic function, such as one that takes `auto next`, goes on with calls of `Result`.
template <class F, class Result>
concept generic_around =
    requires(const F& f, context& ctx, const call_info& call, next_call<Result> next) {
        { f(ctx, call, next) } -> std::same_as<asio::awaitable<Result>>;
    };

template <stage At, class Result>
struct form_of {
    static constexpr stage at = At;
    using result = Result;
};

template <class Function>
consteval auto find_form() {
    if constexpr (reflect::has_signature<Function>) {
        using signature = reflect::signature_of<Function>;
        using parameters = typename signature::parameters;
        using returned = awaited_t<typename signature::result_type>;
        constexpr stage at =
            stage_of<typename signature::result_type>(std::type_identity<parameters>());
        if constexpr (at == stage::before)
            return form_of<at, typename own_result<returned>::type>();
        else if constexpr (at == stage::after)
            return form_of<at, std::remove_cvref_t<std::tuple_element_t<2, parameters>>>();
        else
            return form_of<at, returned>();
    } else if constexpr (generic_around<Function, tool_result>) {
        return form_of<stage::around, tool_result>();
    } else if constexpr (generic_around<Function, prompt_result>) {
        return form_of<stage::around, prompt_result>();
    } else if constexpr (generic_around<Function, resource_result>) {
        return form_of<stage::around, resource_result>();
    } else if constexpr (generic_around<Function, call_result>) {
        return form_of<stage::around, call_result>();
    } else {
        return form_of<stage::none, void>();
    }
}

/// The form of a function around calls: its stage `at`, its `result` and the `kind` of its calls.
template <class F>
struct around_form {
    using found = decltype(find_form<typename unblocked<F>::type>());
    static constexpr stage at = found::at;
    using result = typename found::result;
    static constexpr call_kind kind = kind_of_result<result>();
    static constexpr bool fits = at != stage::none;
    static_assert(
        fits, "mcp: a function around calls takes mcp::context&, const mcp::call_info& and "
              "perhaps a third parameter. Without one it returns nothing or "
              "std::optional<mcp::tool_result>; with mcp::tool_result& it returns nothing; with "
              "`auto next` it returns asio::awaitable<mcp::tool_result>. In place of tool_result "
              "it may take prompt_result, resource_result, or call_result for all calls");
    static_assert(at != stage::around || !is_blocking_v<F>,
                  "mcp: a function that awaits the next one cannot be mcp::blocking");
};

/// A function around calls. `At` and `Result` are those of its form.
template <class F, stage At, class Result>
class bound_layer final : public around_layer {
    using function = typename unblocked<F>::type;
    static constexpr bool is_immediate = !is_blocking_v<F> && [] {
        if constexpr (At == stage::around)
            return false;
        else
            return !is_awaitable_v<typename reflect::signature_of<function>::result_type>;
    }();

public:
    explicit bound_layer(F f)
        : around_layer(kind_of_result<Result>(), is_immediate)
        , f_(std::move(f)) {}

    call_result run([[maybe_unused]] around_chain& chain,
                    [[maybe_unused]] std::size_t next) const override {
        if constexpr (!is_immediate) {
            throw std::logic_error("mcp: this function around calls must be awaited");
        } else if constexpr (At == stage::after) {
            call_result result = chain.run(next);
            f_(chain.ctx, chain.call, narrow<Result>(result));
            return result;
        } else if constexpr (std::is_void_v<Result>) {
            f_(chain.ctx, chain.call);
            return chain.run(next);
        } else {
            std::optional<Result> own = f_(chain.ctx, chain.call);
            return own ? call_result(std::move(*own)) : chain.run(next);
        }
    }

    asio::awaitable<call_result> await(around_chain& chain, std::size_t next) const override {
        if constexpr (At == stage::around) {
            const next_call<Result> go_on(chain, next);
            auto running = f_(chain.ctx, chain.call, go_on);
            Result result = co_await std::move(running);
            co_return call_result(std::move(result));
        } else if constexpr (At == stage::after) {
            call_result result = co_await chain.await(next);
            co_await perform(chain.ctx, chain.call, narrow<Result>(result));
            co_return result;
        } else if constexpr (std::is_void_v<Result>) {
            co_await perform(chain.ctx, chain.call);
            call_result result = co_await chain.await(next);
            co_return result;
        } else {
            std::optional<Result> own = co_await perform(chain.ctx, chain.call);
            if (own)
                co_return call_result(std::move(*own));
            call_result result = co_await chain.await(next);
            co_return result;
        }
    }

private:
    using performed = std::conditional_t<At == stage::before && !std::is_void_v<Result>,
                                         std::optional<Result>, void>;

    template <class... Rest>
    asio::awaitable<performed> perform(context& ctx, const call_info& call, Rest&... rest) const {
        if constexpr (is_blocking_v<F>)
            return block(ctx, call, rest...);
        else
            return detail::invoke(f_, ctx, call, rest...);
    }

    /// Calls the function on the pool.
    template <class... Rest>
    asio::awaitable<performed> block(context& ctx, const call_info& call, Rest&... rest) const {
        const function& f = unblocked<F>::of(f_);
        if constexpr (std::is_void_v<performed>) {
            std::function<void()> work = [&] { f(ctx, call, rest...); };
            co_await run_blocking(ctx, std::move(work));
        } else {
            performed value;
            std::function<void()> work = [&] { value = f(ctx, call, rest...); };
            co_await run_blocking(ctx, std::move(work));
            co_return value;
        }
    }

    F f_;
};

template <class F>
std::shared_ptr<const around_layer> make_layer(F f) {
    using form = around_form<F>;
    if constexpr (form::at != stage::none)
        return std::make_shared<bound_layer<F, form::at, typename form::result>>(std::move(f));
    else
        return nullptr;
}

} // namespace mcp::detail
