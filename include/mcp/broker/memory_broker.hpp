#pragma once

#include <mcp/broker/sse_broker.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// The embedded `sse_broker`: the topics of this process.
///
/// It delivers each message to the current subscribers and keeps none.
class memory_broker {
public:
    memory_broker() = default;
    /// Moves the broker into a server; no call may be under way.
    memory_broker(memory_broker&& other) noexcept : topics_(std::move(other.topics_)) {}

    /// Adds `who` to the topic; a repeated call has no effect.
    void subscribe(std::string_view topic, std::shared_ptr<subscriber> who) {
        std::lock_guard lock(mutex_);
        auto& list = topics_[std::string(topic)];
        for (const auto& present : list)
            if (present == who)
                return;
        list.push_back(std::move(who));
    }

    /// Makes `who` the only subscriber of the topic; calls `taken_over` on the others.
    void claim(std::string_view topic, std::shared_ptr<subscriber> who) {
        std::vector<std::shared_ptr<subscriber>> displaced;
        {
            std::lock_guard lock(mutex_);
            auto& list = topics_[std::string(topic)];
            displaced.swap(list);
            list.push_back(who);
        }
        for (const auto& old : displaced)
            if (old != who)
                old->taken_over();
    }

    /// Removes `who` from the topic, if present.
    void unsubscribe(std::string_view topic, const subscriber* who) {
        std::shared_ptr<subscriber> last; // must not be destroyed under the lock
        std::lock_guard lock(mutex_);
        const auto found = topics_.find(std::string(topic));
        if (found == topics_.end())
            return;
        auto& list = found->second;
        for (auto each = list.begin(); each != list.end(); ++each) {
            if (each->get() != who)
                continue;
            last = std::move(*each);
            list.erase(each);
            break;
        }
        if (list.empty())
            topics_.erase(found);
    }

    /// Delivers the message to all subscribers of the topic, on the calling thread; returns how
    /// many accepted it.
    std::size_t publish(std::string_view topic, const std::string& message) {
        std::vector<std::shared_ptr<subscriber>> listeners;
        {
            std::lock_guard lock(mutex_);
            const auto found = topics_.find(std::string(topic));
            if (found == topics_.end())
                return 0;
            listeners = found->second;
        }
        std::size_t taken = 0;
        for (const auto& listener : listeners)
            taken += listener->deliver(topic, message) ? 1U : 0U;
        return taken;
    }

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::vector<std::shared_ptr<subscriber>>> topics_;
};

static_assert(sse_broker<memory_broker>);

/// A `memory_broker` whose server has no streams for sessions: the response to GET is 405.
class no_broker : public memory_broker {
public:
    static constexpr bool streams = false;
};

} // namespace mcp
