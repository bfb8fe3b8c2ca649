// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/fwd.hpp>

#include <asio/awaitable.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

/// An `auth_backend` that asks others in turn, until one knows the client.
///
///     mcp::auth_chain either{mcp::client_certificates{},
///                            mcp::static_tokens{{"anns-token", {.subject = "ann"}}}};
///     mcp::server server{"weather", "1.0", std::move(either)};
///
/// If none does, the request is refused for the first reason that is more than missing credentials.
template <auth_backend... Backends>
class auth_chain {
    template <class Backend>
    static constexpr bool is_awaited =
        detail::is_awaitable_v<decltype(std::declval<Backend&>().authenticate(
            std::declval<const http::request&>()))>;

public:
    static constexpr bool authorization_server =
        (detail::has_authorization_server_v<Backends> || ...);
    static constexpr bool blocking = (detail::is_blocking_v<Backends> || ...);
    static_assert(!(blocking && (is_awaited<Backends> || ...)),
                  "mcp: a chain has backends that block their thread, or backends whose methods "
                  "return awaitables, but not both");

    explicit auth_chain(Backends... backends) : backends_(std::move(backends)...) {}

    auto authenticate(const http::request& request) {
        if constexpr ((is_awaited<Backends> || ...))
            return await_all(request);
        else
            return ask<0>(request, auth_failure());
    }

private:
    static bool is_missing(const auth_failure& failure) {
        return failure.why == auth_failure::reason::no_token;
    }

    template <std::size_t I>
    auth_result ask(const http::request& request, auth_failure why) {
        if constexpr (I < sizeof...(Backends)) {
            auth_result outcome = std::get<I>(backends_).authenticate(request);
            if (outcome)
                return outcome;
            return ask<I + 1>(request, is_missing(why) ? outcome.error() : why);
        } else {
            return why;
        }
    }

    asio::awaitable<auth_result> await_all(const http::request& request) {
        auth_failure why;
        co_return co_await await_from<0>(request, why);
    }

    template <std::size_t I>
    asio::awaitable<auth_result> await_from(const http::request& request, auth_failure& why) {
        if constexpr (I < sizeof...(Backends)) {
            auto& backend = std::get<I>(backends_);
            auth_result outcome = auth_failure();
            if constexpr (is_awaited<std::remove_reference_t<decltype(backend)>>)
                outcome = co_await backend.authenticate(request);
            else
                outcome = backend.authenticate(request);
            if (outcome)
                co_return outcome;
            if (is_missing(why))
                why = outcome.error();
            co_return co_await await_from<I + 1>(request, why);
        } else {
            co_return why;
        }
    }

    std::tuple<Backends...> backends_;
};

} // namespace mcp
