// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/saturating_time.hpp>
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
        , options(within_clocks(std::move(o))) {}

    static jwks_remote_options within_clocks(jwks_remote_options options) {
        options.ttl = detail::within_clocks(options.ttl);
        options.pause = detail::within_clocks(options.pause);
        options.keep = detail::within_clocks(options.keep);
        return options;
    }

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
    std::optional<jwks> usable_keys(bool known, time_point now) const {
        if (!keys || now - fetched > std::max(options.keep, options.ttl))
            return std::nullopt;
        if (!known && failed)
            return std::nullopt; // the key may be among those that cannot be fetched
        return keys;
    }

    void end_fetch(std::optional<jwks> fresh, std::string source) noexcept {
        std::vector<std::shared_ptr<mailbox>> all;
        {
            std::lock_guard lock(mutex);
            fetching = false;
            tried = options.now();
            if (fresh) {
                if (!keys || source != text)
                    keys = std::move(fresh);
                text = std::move(source);
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
    struct fetch_guard {
        explicit fetch_guard(std::shared_ptr<state> fetching) : self(std::move(fetching)) {}
        fetch_guard(const fetch_guard&) = delete;
        fetch_guard& operator=(const fetch_guard&) = delete;
        ~fetch_guard() { self->end_fetch(std::move(keys), std::move(text)); }

        std::shared_ptr<state> self;
        std::optional<jwks> keys;
        std::string text;
    };

    static asio::awaitable<void> run(std::unique_ptr<fetch_guard> one);
    static asio::awaitable<std::optional<jwks>> find(std::shared_ptr<state> self, std::string kid,
                                                     jwt_algorithm algorithm);
};

MCP_DECL asio::awaitable<void> remote_keys::state::run(std::unique_ptr<fetch_guard> one) {
    std::string failure;
    try {
        asio::awaitable<std::string> fetched = one->self->fetch(one->self->url);
        one->text = co_await std::move(fetched);
        if (auto parsed = jwks::parse(one->text))
            one->keys = std::move(*parsed);
        else
            failure = "the response is not a JWK Set: " + parsed.error().what();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    if (!failure.empty() && one->self->options.on_failure)
        one->self->options.on_failure("The keys of tokens cannot be fetched: " + failure);
}

MCP_DECL asio::awaitable<std::optional<jwks>>
remote_keys::state::find(std::shared_ptr<state> self, std::string kid, jwt_algorithm algorithm) {
    std::shared_ptr<mailbox> ended;
    std::unique_ptr<fetch_guard> start;
    {
        std::lock_guard lock(self->mutex);
        const time_point now = self->options.now();
        const bool known = self->keys && self->keys->has(kid, algorithm);
        const bool may_fetch = !self->tried || now - *self->tried >= self->options.pause;
        const bool good = known && now - self->fetched < self->options.ttl;
        // In the last quarter of `ttl`, a request fetches keys ahead of time, and no request waits.
        const bool ahead = now - self->fetched >= self->options.ttl / 4 * 3;
        if (good && (!ahead || self->fetching || !may_fetch))
            co_return self->keys;
        if (!self->fetching && !may_fetch)
            co_return self->usable_keys(known, now);
        if (!self->fetching) {
            start = std::make_unique<fetch_guard>(self);
            self->fetching = true;
        }
        // A request with a usable old key does not wait for an endpoint that failed the last time.
        std::optional<jwks> old =
            good || (self->failed && known) ? self->usable_keys(known, now) : std::nullopt;
        if (!old) {
            ended = std::make_shared<mailbox>();
            self->waiting.push_back(ended);
        } else if (!start) {
            co_return old;
        }
    }
    if (start) {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, run(std::move(start)), asio::detached);
    }
    if (ended)
        co_await ended->wait();
    std::lock_guard lock(self->mutex);
    const bool known = self->keys && self->keys->has(kid, algorithm);
    co_return self->usable_keys(known, self->options.now());
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
