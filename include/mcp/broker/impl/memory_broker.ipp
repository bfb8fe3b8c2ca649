// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/memory_broker.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL void memory_broker::subscribe(std::string_view topic,
                                       std::shared_ptr<subscriber> receiver) {
    std::lock_guard lock(mutex_);
    auto& list = topics_[std::string(topic)];
    for (const auto& present : list)
        if (present == receiver)
            return;
    list.push_back(std::move(receiver));
}

MCP_DECL void memory_broker::claim(std::string_view topic, std::shared_ptr<subscriber> receiver) {
    std::vector<std::shared_ptr<subscriber>> displaced;
    {
        std::lock_guard lock(mutex_);
        auto& list = topics_[std::string(topic)];
        displaced.swap(list);
        list.push_back(receiver);
    }
    for (const auto& old : displaced)
        if (old != receiver)
            old->taken_over();
}

MCP_DECL void memory_broker::unsubscribe(std::string_view topic, const subscriber* receiver) {
    std::shared_ptr<subscriber> last; // must not be destroyed under the lock
    std::lock_guard lock(mutex_);
    const auto found = topics_.find(std::string(topic));
    if (found == topics_.end())
        return;
    auto& list = found->second;
    for (auto each = list.begin(); each != list.end(); ++each) {
        if (each->get() != receiver)
            continue;
        last = std::move(*each);
        list.erase(each);
        break;
    }
    if (list.empty())
        topics_.erase(found);
}

MCP_DECL std::size_t memory_broker::publish(std::string_view topic, const std::string& message) {
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

} // namespace mcp
