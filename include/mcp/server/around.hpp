// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/tools.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp {

/// The result of a call: of `tools/call`, `prompts/get` or `resources/read`.
using call_result = std::variant<tool_result, prompt_result, resource_result>;

namespace detail {

/// The result of a handler that is not written yet; see `result_writer::capture`.
struct captured_result {
    std::optional<call_result> value;
};

/// A call under way through the functions around it.
class around_chain {
public:
    around_chain(context& ctx_, const call_info& call_) noexcept : ctx(ctx_), call(call_) {}
    around_chain(const around_chain&) = delete;
    around_chain& operator=(const around_chain&) = delete;
    virtual ~around_chain();

    /// Runs the functions from this position on, and then the handler. All must be immediate.
    virtual call_result run(std::size_t from) = 0;
    virtual asio::awaitable<call_result> await(std::size_t from) = 0;

    context& ctx;
    const call_info& call;
};

/// Returns a result as the function around it takes it.
template <class Result>
Result& narrow(call_result& result) {
    if constexpr (std::same_as<Result, call_result>)
        return result;
    else
        return std::get<Result>(result);
}

} // namespace detail

/// Goes on with a call: runs the functions that were registered later, and then the handler.
/// Returns their result. A tool's exception is a result with `isError`; `protocol_error`, and all
/// exceptions of prompts and resources, are thrown. It may be called several times, or not at all.
/// It is valid until the function that takes it has ended.
template <class Result>
class next_call {
public:
    next_call(detail::around_chain& chain, std::size_t position) noexcept
        : chain_(&chain)
        , position_(position) {}

    asio::awaitable<Result> operator()() const { return go_on(*chain_, position_); }

private:
    static asio::awaitable<Result> go_on(detail::around_chain& chain, std::size_t position) {
        call_result result = co_await chain.await(position);
        co_return std::move(detail::narrow<Result>(result));
    }

    detail::around_chain* chain_;
    std::size_t position_;
};

namespace detail {

enum class call_kind : unsigned { tool = 1, prompt = 2, resource = 4, any = 7 };

/// Returns the kind of the calls that have such a result; any for void.
template <class Result>
constexpr call_kind kind_of_result() noexcept {
    return std::same_as<Result, tool_result>       ? call_kind::tool
           : std::same_as<Result, prompt_result>   ? call_kind::prompt
           : std::same_as<Result, resource_result> ? call_kind::resource
                                                   : call_kind::any;
}

/// One function around calls.
class around_layer {
public:
    around_layer(call_kind kind, bool immediate) noexcept : immediate_(immediate), kind_(kind) {}
    around_layer(const around_layer&) = delete;
    around_layer& operator=(const around_layer&) = delete;
    virtual ~around_layer();

    bool covers(call_kind one) const noexcept {
        return (static_cast<unsigned>(kind_) & static_cast<unsigned>(one)) != 0;
    }
    bool immediate() const noexcept { return immediate_; }

    virtual call_result run(around_chain& chain, std::size_t next) const = 0;
    virtual asio::awaitable<call_result> await(around_chain& chain, std::size_t next) const = 0;

private:
    bool immediate_;
    call_kind kind_;
};

/// An option of an entry, with the kind of the calls that its function takes.
template <call_kind Kind>
struct around_option {
    static constexpr call_kind kind = Kind;
    std::shared_ptr<const around_layer> layer;
};

template <class F>
std::shared_ptr<const around_layer> make_layer(F f);

} // namespace detail

} // namespace mcp

#include <mcp/server/impl/around.hpp>

namespace mcp {

/// Puts `f` around the calls of an entry, as an option of that entry. `any_server::around` puts it
/// around the calls of all entries. `f` has one of these forms:
///
/// - `f(mcp::context&, const mcp::call_info&)` runs before the handler. It returns nothing, or a
///   `std::optional<Result>`: a result takes the place of the call.
/// - `f(mcp::context&, const mcp::call_info&, Result&)` runs after it, and may change the result.
/// - `f(mcp::context&, const mcp::call_info&, mcp::next_call<Result>)` returns
///   `asio::awaitable<Result>`, and goes on by `co_await next()`.
///
/// The first two may be plain, awaitable or `mcp::blocking`. `Result` says which calls `f` takes:
/// `tool_result`, `prompt_result`, `resource_result`, or `call_result` for all; a function without
/// one takes all. To refuse, `f` throws what a handler may throw. `call.arguments` is always set
/// for tools and prompts; the URI of a resource is in `ctx.params()`. `f` runs on every event loop
/// at once, and in each round of a call that asks the client for input.
///
///     server.around([](mcp::context& ctx, const mcp::call_info& call) {
///         if (call.name == "deploy" && !ctx.principal())
///             throw mcp::forbidden();
///     });
template <class F>
auto around(F f) {
    using form = detail::around_form<F>;
    return detail::around_option<form::kind>{detail::make_layer(std::move(f))};
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/around.ipp>
#endif
