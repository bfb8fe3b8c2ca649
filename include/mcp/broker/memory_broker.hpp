#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp {

/// Takes the messages of the topics that it is subscribed to: the server's end of a stream.
class subscriber {
public:
    virtual ~subscriber() = default;

    /// Takes one message; false if it cannot (the stream has ended or its queue is full).
    /// Called from any thread, one call at a time per topic; must not block or call the broker.
    virtual bool deliver(std::string_view topic, const std::string& message) = 0;

    /// Another subscriber has claimed the topic: this stream is to end now. Any thread.
    virtual void taken_over() noexcept {}
};

/// Topics in this process: who publishes need not know who listens. Thread-safe.
///
/// A topic is `session:<id>`, `tools/list_changed`, `prompts/list_changed`,
/// `resources/list_changed` or `resource:<uri>`.
class memory_broker {
public:
    /// Adds `who` to the topic; twice is once.
    void subscribe(std::string_view topic, std::shared_ptr<subscriber> who) {
        std::lock_guard lock(mutex_);
        auto& list = topics_[std::string(topic)];
        for (const auto& present : list)
            if (present == who)
                return;
        list.push_back(std::move(who));
    }

    /// Makes `who` the only subscriber of the topic; the others are told by `taken_over`.
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

    /// Takes `who` from the topic, if it is there.
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

    /// Ends whatever listens to the topic.
    void evict(std::string_view topic) {
        std::vector<std::shared_ptr<subscriber>> displaced;
        {
            std::lock_guard lock(mutex_);
            const auto found = topics_.find(std::string(topic));
            if (found == topics_.end())
                return;
            displaced.swap(found->second);
            topics_.erase(found);
        }
        for (const auto& old : displaced)
            old->taken_over();
    }

    /// Gives the message to all subscribers of the topic, on the calling thread; how many took it.
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

} // namespace mcp
