#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/async/mailbox.hpp>
#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwks_fetch.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Settings of `jwks_remote`.
struct jwks_remote_options {
    /// Age at which keys are fetched again. A withdrawn key is accepted that long.
    std::chrono::seconds ttl = std::chrono::minutes(10);
    /// Minimum time between two fetches, so that tokens with invented key names cannot overload the
    /// endpoint.
    std::chrono::seconds pause{30};
    /// How long old keys are used while the endpoint does not respond.
    std::chrono::seconds keep = std::chrono::hours(24);
    /// Receives a sentence for a log when a fetch has failed. Called on any thread.
    std::function<void(const std::string&)> on_failure{};
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Fetches the text of a JWK Set: `fetch(url)`, which throws on failure. It runs on the event loop
/// of some request and must complete eventually. An optional `check(url)` throws
/// `std::invalid_argument` if the fetcher does not accept the URL.
template <class F>
concept jwks_fetcher = requires(const F& fetch, std::string url) {
    { fetch(url) } -> std::same_as<asio::awaitable<std::string>>;
};

/// A `jwt_key_source` for the keys that an issuer publishes and rotates. [RFC 7517 §5]
///
///     mcp::http::client_options https;
///     https.tls = mcp::http::tls();
///     mcp::jwks_remote keys("https://login.example.com/.well-known/jwks.json",
///                           mcp::jwks_fetch(mcp::http::client(https)));
///
/// - Keys are fetched for the first token, when they are older than `ttl`, and when a token names
///   an unknown key, but at most once in `pause`. A request in the last quarter of `ttl` starts a
///   fetch and does not wait for it.
/// - Only one fetch runs at a time. Requests that need it wait, on any event loop, and can be
///   cancelled; others use the present keys. The fetch runs on the event loop of the request that
///   started it, and continues without that request.
/// - While the endpoint does not respond, or sends no JWK Set, old keys are used for up to `keep`.
///   A request that needs other keys is told that they cannot be reached.
///
/// A handle: copies share the keys. If the text of the keys is unchanged, the set stays the same,
/// so the cache of `jwt` stays valid.
template <jwks_fetcher Fetch = jwks_fetch>
class jwks_remote {
public:
    /// Throws `std::invalid_argument` if the fetcher does not accept the URL.
    explicit jwks_remote(std::string url, Fetch fetch = Fetch{}, jwks_remote_options options = {})
        : state_(std::make_shared<state>(std::move(url), std::move(fetch), std::move(options))) {
        if constexpr (requires { state_->fetch.check(state_->url); })
            state_->fetch.check(state_->url);
    }

    [[nodiscard]] asio::awaitable<std::optional<jwks>> keys_for(std::string kid,
                                                                jwt_algorithm algorithm) const {
        return find(state_, std::move(kid), algorithm);
    }

    /// Reports a failure while the last fetch has failed.
    health_state health() const {
        std::lock_guard lock(state_->mutex);
        if (!state_->failed)
            return {};
        return {false, "the keys of tokens cannot be fetched", state_->failed};
    }

private:
    using time_point = std::chrono::steady_clock::time_point;

    struct state {
        state(std::string u, Fetch f, jwks_remote_options o)
            : url(std::move(u))
            , fetch(std::move(f))
            , options(std::move(o)) {}

        const std::string url;
        const Fetch fetch;
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
    };

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

    static asio::awaitable<void> fetch(std::unique_ptr<flight> one) {
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

    static asio::awaitable<std::optional<jwks>> find(std::shared_ptr<state> of, std::string kid,
                                                     jwt_algorithm algorithm);

    std::shared_ptr<state> state_;
};

static_assert(jwt_key_source<jwks_remote<>>);

template <jwks_fetcher Fetch>
asio::awaitable<std::optional<jwks>>
jwks_remote<Fetch>::find(std::shared_ptr<state> of, std::string kid, jwt_algorithm algorithm) {
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
        asio::co_spawn(executor, fetch(std::move(start)), asio::detached);
    }
    if (ticket)
        co_await ticket->wait();
    std::lock_guard lock(of->mutex);
    const bool known = of->keys && of->keys->has(kid, algorithm);
    co_return of->answer(known, of->options.now());
}

} // namespace mcp
