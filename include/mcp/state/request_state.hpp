// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/async/offload.hpp>
#include <mcp/async/pending.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The binding of a request state: it opens only for the same principal and the same request.
struct state_binding {
    std::string owner;   ///< the principal's subject; empty without authentication
    std::string request; ///< method and parameters in a canonical text

    state_binding(std::string owner_, std::string request_)
        : owner(std::move(owner_))
        , request(std::move(request_)) {}
};

/// Keeps the data of a call between its rounds.
///
/// A modern call that needs input ends with `input_required` and an opaque `requestState`. The
/// client sends the state back with its responses. `seal` makes the opaque text; `open` returns the
/// payload, or nothing if the text is unknown, altered, expired, or bound to another request. The
/// text is attacker controlled. Both may be sync, awaitable (awaited on any executor; the arguments
/// live until it has ended), or `blocking`. Both may be called from any thread concurrently. A
/// state that cannot be reached throws `unavailable`. [MCP 2026-07-28 basic/patterns/mrtr]
template <class T>
concept request_state = requires(T& state, const state_binding& binding, const std::string payload,
                                 std::string_view text) {
    { state.seal(binding, payload) };
    { state.open(binding, text) };
    requires std::same_as<detail::awaited_t<decltype(state.seal(binding, payload))>, std::string>;
    requires std::same_as<detail::awaited_t<decltype(state.open(binding, text))>,
                          std::optional<std::string>>;
};

namespace detail {

/// Any `request_state`, type-erased.
class any_request_state {
public:
    /// `pool` is used only by a blocking state.
    template <request_state State>
    explicit any_request_state(std::shared_ptr<State> state, pool_source pool = {})
        : self_(std::make_unique<model<State>>(std::move(state), std::move(pool))) {}

    asio::awaitable<std::string> seal(const state_binding& binding, std::string payload) const {
        return self_->seal(binding, std::move(payload));
    }
    asio::awaitable<std::optional<std::string>> open(const state_binding& binding,
                                                     std::string_view text) const {
        return self_->open(binding, text);
    }

private:
    struct interface {
        virtual ~interface() = default;
        virtual asio::awaitable<std::string> seal(const state_binding&, std::string) = 0;
        virtual asio::awaitable<std::optional<std::string>> open(const state_binding&,
                                                                 std::string_view) = 0;
    };
    template <class State>
    struct model final : interface {
        model(std::shared_ptr<State> s, pool_source p) : state(std::move(s)), pool(std::move(p)) {}

        asio::awaitable<std::string> seal(const state_binding& binding,
                                          std::string payload) override {
            if constexpr (is_awaitable_v<decltype(state->seal(binding, std::move(payload)))>)
                return state->seal(binding, std::move(payload));
            else if constexpr (is_blocking_v<State>)
                return offload(pool(),
                               [s = state, binding, payload = std::move(payload)]() mutable {
                                   return s->seal(binding, std::move(payload));
                               });
            else
                return ready_value(state->seal(binding, std::move(payload)));
        }
        asio::awaitable<std::optional<std::string>> open(const state_binding& binding,
                                                         std::string_view text) override {
            if constexpr (is_awaitable_v<decltype(state->open(binding, text))>)
                return state->open(binding, text);
            else if constexpr (is_blocking_v<State>)
                return offload(pool(), [s = state, binding, text = std::string(text)] {
                    return s->open(binding, text);
                });
            else
                return ready_value(state->open(binding, text));
        }

        std::shared_ptr<State> state;
        pool_source pool;
    };

    std::unique_ptr<interface> self_;
};

} // namespace detail

} // namespace mcp
