#pragma once

#include <mcp/broker/sse_broker.hpp>
#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// The `sse_broker` of many processes: topics are channels of Redis, named `prefix:topic`.
///
/// A message is what was published, byte for byte, so other programs may publish, too; only one
/// that begins with the byte 1 is sent with another before it, since that marks a claim.
/// A claim takes a generation, which grows by every claim anywhere, and tells it on the channel:
/// whoever holds a smaller one is taken over. While Redis is away the subscribers stay, `publish`,
/// `subscribe` and `claim` throw `unavailable`; afterwards all topics are subscribed to again, and
/// claims that were missed are found out. What was published meanwhile is lost.
///
///     mcp::redis::connection redis("redis://127.0.0.1");
///     mcp::server server{info, mcp::redis_broker(redis)};
class redis_broker {
public:
    explicit redis_broker(redis::connection redis, std::string prefix = "mcp:sse")
        : hub_(std::make_shared<hub>(std::move(redis), std::move(prefix))) {}

    /// Adds `who` to the topic; completes when Redis has confirmed.
    [[nodiscard]] asio::awaitable<void> subscribe(std::string topic,
                                                  std::shared_ptr<subscriber> who) const {
        return subscribed(hub_, std::move(topic), std::move(who));
    }

    /// Makes `who` the only subscriber of the topic, in all processes.
    [[nodiscard]] asio::awaitable<void> claim(std::string topic,
                                              std::shared_ptr<subscriber> who) const {
        return claimed(hub_, std::move(topic), std::move(who));
    }

    /// Takes `who` from the topic, if it is there.
    void unsubscribe(std::string_view topic, const subscriber* who) const {
        hub_->remove(std::string(topic), who);
    }

    /// Publishes to all processes; in how many of them someone is subscribed.
    [[nodiscard]] asio::awaitable<std::size_t> publish(std::string topic,
                                                       std::string message) const {
        return published(hub_, std::move(topic), std::move(message));
    }

    /// Whether Redis can be reached.
    bool healthy() const noexcept { return hub_->redis.healthy(); }

private:
    using generation = std::uint64_t;
    static constexpr generation pending_claim = std::numeric_limits<generation>::max();
    static constexpr char mark = '\x01';
    static constexpr int claims_are_kept = 7 * 24 * 3600; // seconds
    /// Grows with the clock, too, so that it does even if Redis forgets. Kept as text: Lua's
    /// numbers are doubles, exact up to 2^53, and microseconds stay below for two centuries.
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
        generation claim = 0; ///< 0: did not claim
    };
    struct topic_state {
        std::vector<member> members;
        generation seen = 0; ///< the newest claim that anyone made
    };

    struct hub : redis::listener, std::enable_shared_from_this<hub> {
        hub(redis::connection r, std::string p) : redis(std::move(r)), prefix(std::move(p) + ':') {}

        std::string channel(const std::string& topic) const { return prefix + topic; }
        std::string claim_key(const std::string& topic) const { return prefix + "claim:" + topic; }

        void add(const std::string& topic, const std::shared_ptr<subscriber>& who,
                 generation claim) {
            std::vector<member> displaced;
            std::unique_lock lock(mutex);
            auto& members = topics[topic].members;
            if (claim != 0)
                displaced = take_if(members, [&](const member& m) { return m.who != who; });
            const auto at = std::find_if(members.begin(), members.end(),
                                         [&](const member& m) { return m.who == who; });
            if (at == members.end())
                members.push_back({who, claim});
            else if (claim != 0)
                at->claim = claim;
            redis.listen(channel(topic), weak_from_this()); // under the lock: in this order
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

        bool has(const std::string& topic, const std::shared_ptr<subscriber>& who) {
            std::lock_guard lock(mutex);
            const auto at = topics.find(topic);
            return at != topics.end() &&
                   std::any_of(at->second.members.begin(), at->second.members.end(),
                               [&](const member& m) { return m.who == who; });
        }

        /// A claim of ours has got its generation.
        void settle(const std::string& topic, const subscriber* who, generation own) {
            std::unique_lock lock(mutex);
            const auto at = topics.find(topic);
            if (at == topics.end())
                return;
            for (member& each : at->second.members)
                if (each.who.get() == who)
                    each.claim = own;
            const auto displaced = displace(at, std::max(own, at->second.seen), true);
            lock.unlock();
            tell(displaced);
        }

        void message(const std::string& name, const std::string& text) override {
            if (!name.starts_with(prefix))
                return;
            const std::string topic = name.substr(prefix.size());
            if (text.size() > 1 && text[0] == mark && text[1] != mark)
                return claimed_elsewhere(topic, std::string_view(text).substr(1), true);
            std::vector<member> listeners;
            {
                std::lock_guard lock(mutex);
                if (const auto at = topics.find(topic); at != topics.end())
                    listeners = at->second.members;
            }
            if (listeners.empty())
                return;
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
            const std::string topic = name.substr(prefix.size());
            redis.post({"GET", claim_key(topic)},
                       [self = weak_from_this(), topic](const std::exception_ptr& failure,
                                                        const redis::reply& answer) {
                           const auto at = self.lock();
                           if (at && !failure && !answer.is_nil())
                               at->claimed_elsewhere(topic, answer.text(), false);
                       });
        }

        void claimed_elsewhere(const std::string& topic, std::string_view text, bool just_now) {
            generation newest = 0;
            std::from_chars(text.data(), text.data() + text.size(), newest);
            std::vector<member> displaced;
            {
                std::lock_guard lock(mutex);
                if (const auto at = topics.find(topic); at != topics.end())
                    displaced = displace(at, newest, just_now);
            }
            tell(displaced);
        }

        /// Takes out those whom the newest claim displaces; who did not claim only if it was made
        /// `just_now`.
        template <class Where>
        std::vector<member> displace(Where at, generation newest, bool just_now) {
            auto& state = at->second;
            state.seen = std::max(state.seen, newest);
            const bool known =
                std::any_of(state.members.begin(), state.members.end(), [&](const member& m) {
                    return m.claim == newest || m.claim == pending_claim;
                });
            auto displaced = take_if(state.members, [&](const member& m) {
                return m.claim < newest && (m.claim != 0 || (just_now && !known));
            });
            forget_if_empty(at);
            return displaced;
        }

        template <class Where>
        void forget_if_empty(Where at) {
            if (!at->second.members.empty())
                return;
            redis.mute(channel(at->first));
            topics.erase(at);
        }

        /// Not under the lock.
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

    static asio::awaitable<void> subscribed(hub_ptr at, std::string topic,
                                            std::shared_ptr<subscriber> who) {
        at->add(topic, who, 0);
        std::exception_ptr failure;
        try {
            co_await at->redis.confirmed(at->channel(topic));
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure) {
            at->remove(topic, who.get());
            std::rethrow_exception(failure);
        }
    }

    static asio::awaitable<void> claimed(hub_ptr at, std::string topic,
                                         std::shared_ptr<subscriber> who) {
        at->add(topic, who, pending_claim);
        std::exception_ptr failure;
        try {
            co_await at->redis.confirmed(at->channel(topic));
            if (!at->has(topic, who))
                co_return; // another has claimed it since, and has told us
            const auto own = co_await at->redis.command("EVAL", take_claim, 1, at->claim_key(topic),
                                                        at->channel(topic), claims_are_kept);
            generation number = 0;
            const std::string& text = own.text();
            std::from_chars(text.data(), text.data() + text.size(), number);
            at->settle(topic, who.get(), number);
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure) {
            at->remove(topic, who.get());
            std::rethrow_exception(failure);
        }
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
