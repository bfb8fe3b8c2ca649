// SPDX-License-Identifier: MIT
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

/// The subscribers of this process.
struct redis_broker::topic_table : redis::listener, std::enable_shared_from_this<topic_table> {
    using generation = detail::claim_generation;

    struct subscription {
        std::shared_ptr<subscriber> receiver;
        bool claims = false;
        bool stays = false; ///< a call has succeeded
        unsigned calls = 0; ///< calls of `subscribe` and `claim` under way
    };
    /// The newest claim of a process belongs to its newest claimant. The process knows the order of
    /// its own claims, whatever order they reach Redis in.
    struct topic_entry {
        std::vector<subscription> subscriptions;
        unsigned claiming = 0; ///< claims under way, without a generation yet
        generation held = 0;   ///< the newest claim of this process
        generation seen = 0;   ///< the newest claim of all processes

        auto find(const subscriber* receiver) {
            return std::find_if(
                subscriptions.begin(), subscriptions.end(),
                [receiver](const subscription& s) { return s.receiver.get() == receiver; });
        }
    };

    topic_table(redis::connection r, std::string p) : redis(std::move(r)), prefix(std::move(p)) {}

    std::string channel(const std::string& topic) const {
        return redis::channels::name(prefix, topic);
    }
    std::string claim_key(const std::string& topic) const { return channel("claim:" + topic); }

    /// Begins a call: adds `receiver` to the topic until the call fails.
    void begin(const std::string& topic, const std::shared_ptr<subscriber>& receiver, bool claims) {
        std::vector<subscription> displaced;
        std::unique_lock lock(mutex);
        auto& state = topics[topic];
        if (claims) {
            ++state.claiming;
            displaced = take_if(state.subscriptions,
                                [&](const subscription& s) { return s.receiver != receiver; });
        }
        auto at = state.find(receiver.get());
        if (at == state.subscriptions.end())
            at = state.subscriptions.insert(at, subscription{receiver});
        at->claims = at->claims || claims;
        ++at->calls;
        redis.listen(channel(topic), weak_from_this()); // under the lock, to keep the order
        lock.unlock();
        notify(displaced);
    }

    /// Ends a call; `taken` is the generation of a claim.
    void end(const std::string& topic, const subscriber* receiver, bool done, bool claims,
             generation taken = 0) {
        std::vector<subscription> gone; // must not be destroyed under the lock
        std::vector<subscription> displaced;
        std::unique_lock lock(mutex);
        const auto at = topics.find(topic);
        if (at == topics.end())
            return;
        topic_entry& state = at->second;
        if (const auto here = state.find(receiver); here != state.subscriptions.end()) {
            here->calls -= here->calls > 0 ? 1 : 0;
            here->stays = here->stays || done;
            if (here->calls == 0 && !here->stays)
                gone = take_if(state.subscriptions,
                               [&](const subscription& s) { return s.receiver.get() == receiver; });
        }
        if (claims) {
            --state.claiming;
            state.held = std::max(state.held, taken);
            displaced = displace(state, taken, true);
        }
        forget_if_empty(at);
        lock.unlock();
        notify(displaced);
    }

    void remove(const std::string& topic, const subscriber* receiver) {
        std::vector<subscription> gone; // must not be destroyed under the lock
        std::lock_guard lock(mutex);
        const auto at = topics.find(topic);
        if (at == topics.end())
            return;
        gone = take_if(at->second.subscriptions,
                       [&](const subscription& s) { return s.receiver.get() == receiver; });
        forget_if_empty(at);
    }

    bool has(const std::string& topic, const subscriber* receiver) {
        std::lock_guard lock(mutex);
        const auto at = topics.find(topic);
        return at != topics.end() && at->second.find(receiver) != at->second.subscriptions.end();
    }

    std::vector<subscription> subscriptions_to(const std::string& topic) {
        std::lock_guard lock(mutex);
        const auto at = topics.find(topic);
        return at == topics.end() ? std::vector<subscription>() : at->second.subscriptions;
    }

    void message(const std::string& name, const std::string& text) override {
        const std::string topic = name.substr(prefix.size() + 1);
        if (text.size() > 1 && text[0] == detail::claim_mark && text[1] != detail::claim_mark)
            return claimed_elsewhere(topic, std::string_view(text).substr(1), true);
        const std::vector<subscription> current = subscriptions_to(topic);
        if (!text.empty() && text[0] == detail::claim_mark) {
            const std::string plain = text.substr(1);
            for (const subscription& each : current)
                each.receiver->deliver(topic, plain);
        } else {
            for (const subscription& each : current)
                each.receiver->deliver(topic, text);
        }
    }

    void restored(const std::string& name) override {
        const std::string topic = name.substr(prefix.size() + 1);
        redis.post({"GET", claim_key(topic)},
                   [self = weak_from_this(), topic](const std::exception_ptr& failure,
                                                    const redis::reply& reply) {
                       const auto at = self.lock();
                       if (!at)
                           return;
                       if (!failure && reply.type() == redis::reply::kind::text)
                           at->claimed_elsewhere(topic, reply.text(), false);
                       for (const subscription& each : at->subscriptions_to(topic))
                           each.receiver->missed(topic);
                   });
    }

    void claimed_elsewhere(const std::string& topic, std::string_view text, bool just_now) {
        std::vector<subscription> displaced;
        {
            std::lock_guard lock(mutex);
            const auto at = topics.find(topic);
            if (at == topics.end())
                return;
            displaced = displace(at->second, detail::read_generation(text), just_now);
            forget_if_empty(at);
        }
        notify(displaced);
    }

    /// Removes the subscriptions that a claim of another process displaces. Those without a claim
    /// are displaced only by a claim made `just_now`.
    static std::vector<subscription> displace(topic_entry& state, generation claim, bool just_now) {
        state.seen = std::max(state.seen, claim);
        if (state.claiming > 0 || state.seen <= state.held)
            return {}; // the last pending claim of this process decides
        return take_if(state.subscriptions,
                       [&](const subscription& s) { return s.claims || just_now; });
    }

    void forget_if_empty(std::unordered_map<std::string, topic_entry>::iterator at) {
        if (!at->second.subscriptions.empty() || at->second.claiming > 0)
            return;
        redis.mute(channel(at->first));
        topics.erase(at);
    }

    /// Call without the lock.
    static void notify(const std::vector<subscription>& displaced) {
        for (const subscription& each : displaced)
            each.receiver->taken_over();
    }

    template <class Predicate>
    static std::vector<subscription> take_if(std::vector<subscription>& subscriptions,
                                             Predicate chosen) {
        std::vector<subscription> taken;
        std::erase_if(subscriptions, [&](subscription& each) {
            if (!chosen(each))
                return false;
            taken.push_back(std::move(each));
            return true;
        });
        return taken;
    }

    static asio::awaitable<void> subscribed(std::shared_ptr<topic_table> table, std::string topic,
                                            std::shared_ptr<subscriber> receiver);
    static asio::awaitable<void> claimed(std::shared_ptr<topic_table> table, std::string topic,
                                         std::shared_ptr<subscriber> receiver);
    static asio::awaitable<std::size_t> published(std::shared_ptr<topic_table> table,
                                                  std::string topic, std::string message);

    redis::connection redis;
    const std::string prefix;
    std::mutex mutex;
    std::unordered_map<std::string, topic_entry> topics;
};

MCP_DECL asio::awaitable<void>
redis_broker::topic_table::subscribed(std::shared_ptr<topic_table> table, std::string topic,
                                      std::shared_ptr<subscriber> receiver) {
    table->begin(topic, receiver, false);
    std::exception_ptr failure;
    try {
        co_await table->redis.confirmed(table->channel(topic));
    } catch (...) {
        failure = std::current_exception();
    }
    table->end(topic, receiver.get(), !failure, false);
    if (failure)
        std::rethrow_exception(failure);
}

MCP_DECL asio::awaitable<void>
redis_broker::topic_table::claimed(std::shared_ptr<topic_table> table, std::string topic,
                                   std::shared_ptr<subscriber> receiver) {
    table->begin(topic, receiver, true);
    std::exception_ptr failure;
    generation claim = 0;
    try {
        co_await table->redis.confirmed(table->channel(topic));
        if (table->has(topic, receiver.get())) { // otherwise displaced by a newer claim
            const redis::reply taken = co_await table->redis.command(
                "EVAL", detail::take_claim_script, 1, table->claim_key(topic),
                table->channel(topic), detail::claims_are_kept);
            claim = detail::read_generation(taken.text());
        }
    } catch (...) {
        failure = std::current_exception();
    }
    table->end(topic, receiver.get(), !failure, true, claim);
    if (failure)
        std::rethrow_exception(failure);
}

MCP_DECL asio::awaitable<std::size_t>
redis_broker::topic_table::published(std::shared_ptr<topic_table> table, std::string topic,
                                     std::string message) {
    if (!message.empty() && message.front() == detail::claim_mark)
        message.insert(message.begin(), detail::claim_mark);
    const auto taken = co_await table->redis.command("PUBLISH", table->channel(topic), message);
    co_return static_cast<std::size_t>(taken.integer());
}

MCP_DECL redis_broker::redis_broker(redis::connection redis, std::string prefix) {
    if (redis.database() != 0)
        prefix.append("@").append(std::to_string(redis.database()));
    table_ = std::make_shared<topic_table>(std::move(redis), std::move(prefix));
}

MCP_DECL asio::awaitable<void> redis_broker::subscribe(std::string topic,
                                                       std::shared_ptr<subscriber> receiver) const {
    return topic_table::subscribed(table_, std::move(topic), std::move(receiver));
}

MCP_DECL asio::awaitable<void> redis_broker::claim(std::string topic,
                                                   std::shared_ptr<subscriber> receiver) const {
    return topic_table::claimed(table_, std::move(topic), std::move(receiver));
}

MCP_DECL void redis_broker::unsubscribe(std::string_view topic, const subscriber* receiver) const {
    table_->remove(std::string(topic), receiver);
}

MCP_DECL asio::awaitable<std::size_t> redis_broker::publish(std::string topic,
                                                            std::string message) const {
    return topic_table::published(table_, std::move(topic), std::move(message));
}

MCP_DECL redis::channels redis_broker::channels() const {
    return {table_->redis, table_->prefix};
}

MCP_DECL bool redis_broker::healthy() const noexcept {
    return table_->redis.healthy();
}

MCP_DECL health_state redis_broker::health() const {
    return table_->redis.health();
}

} // namespace mcp
