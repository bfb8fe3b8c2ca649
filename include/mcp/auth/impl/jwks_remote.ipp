// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/auth/jwks_remote.hpp>
#include <mcp/json/parse.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp::detail {

struct remote_keys::state {
    using time_point = std::chrono::steady_clock::time_point;

    state(std::string u, fetcher f, jwks_remote_options o)
        : url(std::move(u))
        , fetch(std::move(f))
        , options(std::move(o)) {}

    const std::string url;
    const fetcher fetch;
    const jwks_remote_options options;

    std::mutex mutex; // guards all members below
    std::optional<jwks> keys;
    std::string text; // the source text of the keys
    time_point fetched{};
    std::optional<time_point> tried;                             // when the last fetch ended
    std::optional<std::chrono::system_clock::time_point> failed; // start of the failure
    bool fetching = false;
    std::vector<std::shared_ptr<mailbox>> waiting; // closed when the fetch has ended

    /// Returns the present keys for a token; nothing if they are too old, or may lack its key.
    std::optional<jwks> answer(bool known, time_point now) const {
        if (!keys || now - fetched > std::max(options.keep, options.ttl))
            return std::nullopt;
        if (!known && failed)
            return std::nullopt; // the key may be among those that cannot be fetched
        return keys;
    }

    void end_fetch(std::optional<jwks> fresh, std::string of) noexcept {
        std::vector<std::shared_ptr<mailbox>> all;
        {
            std::lock_guard lock(mutex);
            fetching = false;
            tried = options.now();
            if (fresh) {
                if (!keys || of != text)
                    keys = std::move(fresh);
                text = std::move(of);
                fetched = *tried;
                failed.reset();
            } else if (!failed) {
                failed = std::chrono::system_clock::now();
            }
            all.swap(waiting);
        }
        for (const auto& each : all)
            each->close();
    }

    /// Ends the fetch in any case, even if its event loop ends.
    struct flight {
        explicit flight(std::shared_ptr<state> s) : of(std::move(s)) {}
        flight(const flight&) = delete;
        flight& operator=(const flight&) = delete;
        ~flight() { of->end_fetch(std::move(keys), std::move(text)); }

        std::shared_ptr<state> of;
        std::optional<jwks> keys;
        std::string text;
    };

    static asio::awaitable<void> run(std::unique_ptr<flight> one);
    static asio::awaitable<std::optional<jwks>> find(std::shared_ptr<state> of, std::string kid,
                                                     jwt_algorithm algorithm);
};

MCP_DECL asio::awaitable<void> remote_keys::state::run(std::unique_ptr<flight> one) {
    std::string failure;
    try {
        asio::awaitable<std::string> asked = one->of->fetch(one->of->url);
        one->text = co_await std::move(asked);
        if (auto parsed = jwks::parse(one->text))
            one->keys = std::move(*parsed);
        else
            failure = "the response is not a JWK Set: " + parsed.error().what();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    if (!failure.empty() && one->of->options.on_failure)
        one->of->options.on_failure("The keys of tokens cannot be fetched: " + failure);
}

MCP_DECL asio::awaitable<std::optional<jwks>>
remote_keys::state::find(std::shared_ptr<state> of, std::string kid, jwt_algorithm algorithm) {
    std::shared_ptr<mailbox> ticket;
    std::unique_ptr<flight> start;
    {
        std::lock_guard lock(of->mutex);
        const time_point now = of->options.now();
        const bool known = of->keys && of->keys->has(kid, algorithm);
        const bool may_fetch = !of->tried || now - *of->tried >= of->options.pause;
        const bool good = known && now - of->fetched < of->options.ttl;
        // In the last quarter of `ttl`, a request fetches keys ahead of time, and no request waits.
        const bool ahead = now - of->fetched >= of->options.ttl / 4 * 3;
        if (good && (!ahead || of->fetching || !may_fetch))
            co_return of->keys;
        if (!of->fetching && !may_fetch)
            co_return of->answer(known, now);
        if (!of->fetching) {
            start = std::make_unique<flight>(of);
            of->fetching = true;
        }
        // A request with a usable old key does not wait for an endpoint that failed the last time.
        std::optional<jwks> old =
            good || (of->failed && known) ? of->answer(known, now) : std::nullopt;
        if (!old) {
            ticket = std::make_shared<mailbox>();
            of->waiting.push_back(ticket);
        } else if (!start) {
            co_return old;
        }
    }
    if (start) {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, run(std::move(start)), asio::detached);
    }
    if (ticket)
        co_await ticket->wait();
    std::lock_guard lock(of->mutex);
    const bool known = of->keys && of->keys->has(kid, algorithm);
    co_return of->answer(known, of->options.now());
}

MCP_DECL remote_keys::remote_keys(std::string url, fetcher fetch, jwks_remote_options options)
    : state_(std::make_shared<state>(std::move(url), std::move(fetch), std::move(options))) {}

MCP_DECL asio::awaitable<std::optional<jwks>> remote_keys::find(std::string kid,
                                                                jwt_algorithm algorithm) const {
    return state::find(state_, std::move(kid), algorithm);
}

MCP_DECL health_state remote_keys::health() const {
    std::lock_guard lock(state_->mutex);
    if (!state_->failed)
        return {};
    return {false, "the keys of tokens cannot be fetched", state_->failed};
}

} // namespace mcp::detail
