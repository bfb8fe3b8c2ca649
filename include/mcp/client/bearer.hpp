// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/client/authorizer.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace mcp {

/// An `authorizer` with a token that the program has got elsewhere: a text, or a function that
/// returns it for each request, awaitable or not.
///
///     mcp::bearer fixed(std::getenv("TOKEN"));
///     mcp::bearer rotated([] { return read_file("/run/secrets/token"); });
///
/// A request that is refused is repeated if the function then returns another token. Use it for one
/// server: the token goes to whichever server the transport connects to.
class bearer : public authorizer {
public:
    explicit bearer(std::string token)
        : source_([token = std::move(token)] { return detail::ready_value(token); }) {}

    template <class F>
        requires std::same_as<detail::awaited_t<std::invoke_result_t<F&>>, std::string>
    explicit bearer(F source)
        : source_([source = std::move(source)]() mutable { return detail::invoke(source); }) {}

    asio::awaitable<std::string> authorization(std::string) override { return value(source_); }

    asio::awaitable<bool> challenged(authorization_challenge challenge) override {
        return differs(source_, std::move(challenge.used));
    }

private:
    using function = std::function<asio::awaitable<std::string>()>;

    static asio::awaitable<std::string> value(function from) {
        std::string token = co_await from();
        co_return token.empty() ? token : "Bearer " + token;
    }

    static asio::awaitable<bool> differs(function from, std::string used) {
        const std::string now = co_await value(std::move(from));
        co_return !now.empty() && now != used;
    }

    function source_;
};

} // namespace mcp
