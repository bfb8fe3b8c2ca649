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
    /// After this time the keys are fetched anew: so long a key that was withdrawn is still taken.
    std::chrono::seconds ttl = std::chrono::minutes(10);
    /// Between two fetches there is at least this time, whatever tokens ask for: those who invent
    /// names of keys cannot keep the endpoint busy.
    std::chrono::seconds pause{30};
    /// So long old keys go on to be used while the endpoint does not answer.
    std::chrono::seconds keep = std::chrono::hours(24);
    /// Told, as a sentence for a log, why there are no new keys. Called on any thread.
    std::function<void(const std::string&)> on_failure{};
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// What gets the text of a JWK Set: `fetch(url)`, an exception if there is none. It is called on
/// the event loop of some request, and must end some day. It may have `check(url)`, which throws
/// `std::invalid_argument` if it will not take that URL.
template <class F>
concept jwks_fetcher = requires(const F& fetch, std::string url) {
    { fetch(url) } -> std::same_as<asio::awaitable<std::string>>;
};

/// The `jwt_key_source` of keys that an issuer publishes, and changes. [RFC 7517 §5]
///
///     mcp::http::client_options https;
///     https.tls = mcp::http::tls();
///     mcp::jwks_remote keys("https://login.example.com/.well-known/jwks.json",
///                           mcp::jwks_fetch(mcp::http::client(https)));
///
/// - Keys are fetched when the first token comes, when they are older than `ttl`, and when a token
///   names a key that is not among them, but only every `pause`. Who comes in the last quarter of
///   `ttl` has them fetched ahead, and does not wait.
/// - There is one fetch at a time. Those who need it wait, on whatever event loop they are, and may
///   be cancelled; the others go on with the keys that there are. The fetch itself lives on the
///   loop of who was first, and goes on without that request.
/// - While the endpoint does not answer, or what it gives is no JWK Set, old keys are used, up to
///   `keep`; who needs others is told that they are out of reach.
///
/// A handle: copies share what they know. Keys that are the same text stay the same set, so that
/// what `jwt` remembers stays good.
template <jwks_fetcher Fetch = jwks_fetch>
class jwks_remote {
public:
    /// Throws `std::invalid_argument` for a URL that the fetcher does not take.
    explicit jwks_remote(std::string url, Fetch fetch = Fetch{}, jwks_remote_options options = {})
        : state_(std::make_shared<state>(std::move(url), std::move(fetch), std::move(options))) {
        if constexpr (requires { state_->fetch.check(state_->url); })
            state_->fetch.check(state_->url);
    }

    [[nodiscard]] asio::awaitable<std::optional<jwks>> keys_for(std::string kid,
                                                                jwt_algorithm algorithm) const {
        return find(state_, std::move(kid), algorithm);
    }

    /// Not well while the last fetch has failed.
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

        std::mutex mutex; // guards all that follows
        std::optional<jwks> keys;
        std::string text; // of which they were made
        time_point fetched{};
        std::optional<time_point> tried;                             // when the last fetch ended
        std::optional<std::chrono::system_clock::time_point> failed; // since when
        bool fetching = false;
        std::vector<std::shared_ptr<mailbox>> waiting; // closed when the fetch has ended

        /// The keys that a token may be looked for in, as things are.
        std::optional<jwks> answer(bool known, time_point now) const {
            if (!keys || now - fetched > std::max(options.keep, options.ttl))
                return std::nullopt;
            if (!known && failed)
                return std::nullopt; // it may well be among those that cannot be fetched
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

    /// Ends the fetch in any case, also if its event loop does.
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
                failure = "it is no JWK Set: " + parsed.error().what();
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
        // Soon they will be old: who comes now fetches others ahead, and nobody waits.
        const bool ahead = now - of->fetched >= of->options.ttl / 4 * 3;
        if (good && (!ahead || of->fetching || !may_fetch))
            co_return of->keys;
        if (!of->fetching && !may_fetch)
            co_return of->answer(known, now);
        if (!of->fetching) {
            start = std::make_unique<flight>(of);
            of->fetching = true;
        }
        // Who has an old key, of an endpoint that did not answer last time, need not wait for it.
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
