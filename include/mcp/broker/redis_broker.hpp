#pragma once

#include <mcp/broker/sse_broker.hpp>
#include <mcp/redis/channels.hpp>
#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// The `sse_broker` for several processes. Topics are Redis channels named `prefix:topic`, or
/// `prefix@3:topic` if the connection uses database 3, because channels do not belong to a
/// database. Different servers need different databases or prefixes.
///
/// A message is sent byte for byte, so other programs may publish as well. The byte 1 at the start
/// of a message marks a claim. A message that begins with it is sent with another byte 1 in front.
///
/// A claim takes a generation, which grows with every claim of any process, and publishes it on the
/// channel. A subscriber with a smaller generation is taken over. While Redis is unreachable,
/// subscribers stay, and `publish`, `subscribe` and `claim` throw `unavailable`. Afterwards all
/// topics are subscribed to again, missed claims are detected, and `missed` tells subscribers that
/// messages may have been lost. Nothing is queued meanwhile: only a replay log keeps messages.
///
///     mcp::redis::connection redis("redis://127.0.0.1");
///     mcp::server server{info, mcp::redis_broker(redis), mcp::redis_replay(redis)};
///
/// With the same connection in both, as here, a message is recorded and published in one step.
class redis_broker {
public:
    explicit redis_broker(redis::connection redis, std::string prefix = "mcp:sse")
        : hub_(std::make_shared<hub>(redis, channel_prefix(redis, std::move(prefix)))) {}

    /// Adds `who` to the topic; completes when Redis has confirmed.
    [[nodiscard]] asio::awaitable<void> subscribe(std::string topic,
                                                  std::shared_ptr<subscriber> who) const {
        return subscribed(hub_, std::move(topic), std::move(who));
    }

    /// Makes `who` the only subscriber of the topic in all processes.
    [[nodiscard]] asio::awaitable<void> claim(std::string topic,
                                              std::shared_ptr<subscriber> who) const {
        return claimed(hub_, std::move(topic), std::move(who));
    }

    /// Removes `who` from the topic, if present.
    void unsubscribe(std::string_view topic, const subscriber* who) const {
        hub_->remove(std::string(topic), who);
    }

    /// Publishes to all processes; returns how many of them have a subscriber.
    [[nodiscard]] asio::awaitable<std::size_t> publish(std::string topic,
                                                       std::string message) const {
        return published(hub_, std::move(topic), std::move(message));
    }

    /// Returns the channels of this broker, for logs that publish recorded messages.
    redis::channels channels() const { return {hub_->redis, hub_->prefix}; }

    /// Returns whether Redis can be reached.
    bool healthy() const noexcept { return hub_->redis.healthy(); }
    health_state health() const { return hub_->redis.health(); }

private:
    static std::string channel_prefix(const redis::connection& redis, std::string prefix) {
        if (redis.database() != 0)
            prefix.append("@").append(std::to_string(redis.database()));
        return prefix;
    }

    using generation = std::uint64_t;
    static constexpr char mark = '\x01';
    static constexpr int claims_are_kept = 7 * 24 * 3600; // seconds
    /// Takes the next generation. It also follows the clock, so it grows even if Redis loses the
    /// key. Kept as text: Lua's numbers are doubles, exact up to 2^53, and microseconds stay below
    /// that for two centuries.
    static constexpr std::string_view take_claim = R"(
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local g = math.max(now, (tonumber(redis.call('GET', KEYS[1])) or 0) + 1)
local text = string.format('%.0f', g)
redis.call('SET', KEYS[1], text, 'EX', ARGV[2])
redis.call('PUBLISH', ARGV[1], '\1' .. text)
return text)";

    struct member {
        std::shared_ptr<subscriber> who;
        bool claims = false;
        bool stays = false; ///< a call has succeeded
        unsigned calls = 0; ///< calls of `subscribe` and `claim` under way
    };
    /// The newest claim of a process belongs to its newest claimant. The process knows the order of
    /// its own claims, whatever order they reach Redis in.
    struct topic_state {
        std::vector<member> members;
        unsigned claiming = 0; ///< claims under way, without a generation yet
        generation held = 0;   ///< the newest claim of this process
        generation seen = 0;   ///< the newest claim of all processes

        auto find(const subscriber* who) {
            return std::find_if(members.begin(), members.end(),
                                [who](const member& m) { return m.who.get() == who; });
        }
    };

    struct hub : redis::listener, std::enable_shared_from_this<hub> {
        hub(redis::connection r, std::string p) : redis(std::move(r)), prefix(std::move(p)) {}

        std::string channel(const std::string& topic) const {
            return redis::channels::name(prefix, topic);
        }
        std::string claim_key(const std::string& topic) const { return channel("claim:" + topic); }

        /// Begins a call: adds `who` to the topic until the call fails.
        void begin(const std::string& topic, const std::shared_ptr<subscriber>& who, bool claims) {
            std::vector<member> displaced;
            std::unique_lock lock(mutex);
            auto& state = topics[topic];
            if (claims) {
                ++state.claiming;
                displaced = take_if(state.members, [&](const member& m) { return m.who != who; });
            }
            auto at = state.find(who.get());
            if (at == state.members.end())
                at = state.members.insert(at, member{who});
            at->claims = at->claims || claims;
            ++at->calls;
            redis.listen(channel(topic), weak_from_this()); // under the lock, to keep the order
            lock.unlock();
            tell(displaced);
        }

        /// Ends a call; `own` is the generation of a claim.
        void end(const std::string& topic, const subscriber* who, bool done, bool claims,
                 generation own = 0) {
            std::vector<member> gone; // must not be destroyed under the lock
            std::vector<member> displaced;
            std::unique_lock lock(mutex);
            const auto at = topics.find(topic);
            if (at == topics.end())
                return;
            topic_state& state = at->second;
            if (const auto here = state.find(who); here != state.members.end()) {
                here->calls -= here->calls > 0 ? 1 : 0;
                here->stays = here->stays || done;
                if (here->calls == 0 && !here->stays)
                    gone =
                        take_if(state.members, [&](const member& m) { return m.who.get() == who; });
            }
            if (claims) {
                --state.claiming;
                state.held = std::max(state.held, own);
                displaced = displace(state, own, true);
            }
            forget_if_empty(at);
            lock.unlock();
            tell(displaced);
        }

        void remove(const std::string& topic, const subscriber* who) {
            std::vector<member> gone; // must not be destroyed under the lock
            std::lock_guard lock(mutex);
            const auto at = topics.find(topic);
            if (at == topics.end())
                return;
            gone = take_if(at->second.members, [&](const member& m) { return m.who.get() == who; });
            forget_if_empty(at);
        }

        bool has(const std::string& topic, const subscriber* who) {
            std::lock_guard lock(mutex);
            const auto at = topics.find(topic);
            return at != topics.end() && at->second.find(who) != at->second.members.end();
        }

        std::vector<member> members_of(const std::string& topic) {
            std::lock_guard lock(mutex);
            const auto at = topics.find(topic);
            return at == topics.end() ? std::vector<member>() : at->second.members;
        }

        void message(const std::string& name, const std::string& text) override {
            const std::string topic = name.substr(prefix.size() + 1);
            if (text.size() > 1 && text[0] == mark && text[1] != mark)
                return claimed_elsewhere(topic, std::string_view(text).substr(1), true);
            const std::vector<member> listeners = members_of(topic);
            if (!text.empty() && text[0] == mark) {
                const std::string plain = text.substr(1);
                for (const member& each : listeners)
                    each.who->deliver(topic, plain);
            } else {
                for (const member& each : listeners)
                    each.who->deliver(topic, text);
            }
        }

        void restored(const std::string& name) override {
            const std::string topic = name.substr(prefix.size() + 1);
            redis.post({"GET", claim_key(topic)},
                       [self = weak_from_this(), topic](const std::exception_ptr& failure,
                                                        const redis::reply& answer) {
                           const auto at = self.lock();
                           if (!at)
                               return;
                           if (!failure && answer.type() == redis::reply::kind::text)
                               at->claimed_elsewhere(topic, answer.text(), false);
                           for (const member& each : at->members_of(topic))
                               each.who->missed(topic);
                       });
        }

        void claimed_elsewhere(const std::string& topic, std::string_view text, bool just_now) {
            std::vector<member> displaced;
            {
                std::lock_guard lock(mutex);
                const auto at = topics.find(topic);
                if (at == topics.end())
                    return;
                displaced = displace(at->second, number(text), just_now);
                forget_if_empty(at);
            }
            tell(displaced);
        }

        /// Removes the members that a claim of another process displaces. Members without a claim
        /// are displaced only by a claim made `just_now`.
        static std::vector<member> displace(topic_state& state, generation claim, bool just_now) {
            state.seen = std::max(state.seen, claim);
            if (state.claiming > 0 || state.seen <= state.held)
                return {}; // the last pending claim of this process decides
            return take_if(state.members, [&](const member& m) { return m.claims || just_now; });
        }

        template <class Where>
        void forget_if_empty(Where at) {
            if (!at->second.members.empty() || at->second.claiming > 0)
                return;
            redis.mute(channel(at->first));
            topics.erase(at);
        }

        /// Call without the lock.
        static void tell(const std::vector<member>& displaced) {
            for (const member& each : displaced)
                each.who->taken_over();
        }

        template <class Predicate>
        static std::vector<member> take_if(std::vector<member>& members, Predicate chosen) {
            std::vector<member> taken;
            std::erase_if(members, [&](member& each) {
                if (!chosen(each))
                    return false;
                taken.push_back(std::move(each));
                return true;
            });
            return taken;
        }

        redis::connection redis;
        const std::string prefix;
        std::mutex mutex;
        std::unordered_map<std::string, topic_state> topics;
    };
    using hub_ptr = std::shared_ptr<hub>;

    static generation number(std::string_view text) {
        generation value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    static asio::awaitable<void> subscribed(hub_ptr at, std::string topic,
                                            std::shared_ptr<subscriber> who) {
        at->begin(topic, who, false);
        std::exception_ptr failure;
        try {
            co_await at->redis.confirmed(at->channel(topic));
        } catch (...) {
            failure = std::current_exception();
        }
        at->end(topic, who.get(), !failure, false);
        if (failure)
            std::rethrow_exception(failure);
    }

    static asio::awaitable<void> claimed(hub_ptr at, std::string topic,
                                         std::shared_ptr<subscriber> who) {
        at->begin(topic, who, true);
        std::exception_ptr failure;
        generation own = 0;
        try {
            co_await at->redis.confirmed(at->channel(topic));
            if (at->has(topic, who.get())) { // otherwise displaced by a newer claim
                const auto got =
                    co_await at->redis.command("EVAL", take_claim, 1, at->claim_key(topic),
                                               at->channel(topic), claims_are_kept);
                own = number(got.text());
            }
        } catch (...) {
            failure = std::current_exception();
        }
        at->end(topic, who.get(), !failure, true, own);
        if (failure)
            std::rethrow_exception(failure);
    }

    static asio::awaitable<std::size_t> published(hub_ptr at, std::string topic,
                                                  std::string message) {
        if (!message.empty() && message.front() == mark)
            message.insert(message.begin(), mark);
        const auto taken = co_await at->redis.command("PUBLISH", at->channel(topic), message);
        co_return static_cast<std::size_t>(taken.integer());
    }

    hub_ptr hub_;
};

static_assert(sse_broker<redis_broker>);

} // namespace mcp
