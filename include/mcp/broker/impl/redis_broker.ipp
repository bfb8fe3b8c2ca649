#pragma once

#include <mcp/broker/redis_broker.hpp>
#include <mcp/redis/channels.hpp>
#include <mcp/redis/listener.hpp>
#include <mcp/redis/reply.hpp>

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

namespace detail {

using claim_generation = std::uint64_t;
inline constexpr char claim_mark = '\x01';
inline constexpr int claims_are_kept = 7 * 24 * 3600; // seconds
/// Takes the next generation. It also follows the clock, so it grows even if Redis loses the
/// key. Kept as text: Lua's numbers are doubles, exact up to 2^53, and microseconds stay below
/// that for two centuries.
inline constexpr std::string_view take_claim_script = R"(
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local g = math.max(now, (tonumber(redis.call('GET', KEYS[1])) or 0) + 1)
local text = string.format('%.0f', g)
redis.call('SET', KEYS[1], text, 'EX', ARGV[2])
redis.call('PUBLISH', ARGV[1], '\1' .. text)
return text)";

inline claim_generation read_generation(std::string_view text) {
    claim_generation value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace detail

struct redis_broker::hub : redis::listener, std::enable_shared_from_this<hub> {
    using generation = detail::claim_generation;

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
                gone = take_if(state.members, [&](const member& m) { return m.who.get() == who; });
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
        if (text.size() > 1 && text[0] == detail::claim_mark && text[1] != detail::claim_mark)
            return claimed_elsewhere(topic, std::string_view(text).substr(1), true);
        const std::vector<member> listeners = members_of(topic);
        if (!text.empty() && text[0] == detail::claim_mark) {
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
            displaced = displace(at->second, detail::read_generation(text), just_now);
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

    static asio::awaitable<void> subscribed(std::shared_ptr<hub> at, std::string topic,
                                            std::shared_ptr<subscriber> who);
    static asio::awaitable<void> claimed(std::shared_ptr<hub> at, std::string topic,
                                         std::shared_ptr<subscriber> who);
    static asio::awaitable<std::size_t> published(std::shared_ptr<hub> at, std::string topic,
                                                  std::string message);

    redis::connection redis;
    const std::string prefix;
    std::mutex mutex;
    std::unordered_map<std::string, topic_state> topics;
};

MCP_DECL asio::awaitable<void> redis_broker::hub::subscribed(std::shared_ptr<hub> at,
                                                             std::string topic,
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

MCP_DECL asio::awaitable<void> redis_broker::hub::claimed(std::shared_ptr<hub> at,
                                                          std::string topic,
                                                          std::shared_ptr<subscriber> who) {
    at->begin(topic, who, true);
    std::exception_ptr failure;
    generation own = 0;
    try {
        co_await at->redis.confirmed(at->channel(topic));
        if (at->has(topic, who.get())) { // otherwise displaced by a newer claim
            const auto got = co_await at->redis.command("EVAL", detail::take_claim_script, 1,
                                                        at->claim_key(topic), at->channel(topic),
                                                        detail::claims_are_kept);
            own = detail::read_generation(got.text());
        }
    } catch (...) {
        failure = std::current_exception();
    }
    at->end(topic, who.get(), !failure, true, own);
    if (failure)
        std::rethrow_exception(failure);
}

MCP_DECL asio::awaitable<std::size_t>
redis_broker::hub::published(std::shared_ptr<hub> at, std::string topic, std::string message) {
    if (!message.empty() && message.front() == detail::claim_mark)
        message.insert(message.begin(), detail::claim_mark);
    const auto taken = co_await at->redis.command("PUBLISH", at->channel(topic), message);
    co_return static_cast<std::size_t>(taken.integer());
}

MCP_DECL redis_broker::redis_broker(redis::connection redis, std::string prefix) {
    if (redis.database() != 0)
        prefix.append("@").append(std::to_string(redis.database()));
    hub_ = std::make_shared<hub>(std::move(redis), std::move(prefix));
}

MCP_DECL asio::awaitable<void> redis_broker::subscribe(std::string topic,
                                                       std::shared_ptr<subscriber> who) const {
    return hub::subscribed(hub_, std::move(topic), std::move(who));
}

MCP_DECL asio::awaitable<void> redis_broker::claim(std::string topic,
                                                   std::shared_ptr<subscriber> who) const {
    return hub::claimed(hub_, std::move(topic), std::move(who));
}

MCP_DECL void redis_broker::unsubscribe(std::string_view topic, const subscriber* who) const {
    hub_->remove(std::string(topic), who);
}

MCP_DECL asio::awaitable<std::size_t> redis_broker::publish(std::string topic,
                                                            std::string message) const {
    return hub::published(hub_, std::move(topic), std::move(message));
}

MCP_DECL redis::channels redis_broker::channels() const {
    return {hub_->redis, hub_->prefix};
}

MCP_DECL bool redis_broker::healthy() const noexcept {
    return hub_->redis.healthy();
}

MCP_DECL health_state redis_broker::health() const {
    return hub_->redis.health();
}

} // namespace mcp
