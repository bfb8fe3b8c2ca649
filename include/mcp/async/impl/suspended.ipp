// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/suspended.hpp>

#include <asio/execution/context.hpp>
#include <asio/execution_context.hpp>
#include <asio/query.hpp>

#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace mcp::detail {

/// The suspended handlers of one execution context. Thread-safe.
class suspensions {
public:
    void add(const std::shared_ptr<suspended_entry>& entry) {
        const std::lock_guard lock(mutex_);
        entry->position_ = entries_.insert(entries_.end(), entry);
        entry->listed_ = true;
    }

    bool use(suspended_entry& entry) {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(entry.listed_, false))
            return false;
        entries_.erase(entry.position_);
        ++users_;
        return true;
    }

    void used() {
        const std::lock_guard lock(mutex_);
        if (--users_ == 0)
            unused_.notify_all();
    }

    /// Drops all entries: the context is being destroyed.
    void close() {
        std::list<std::shared_ptr<suspended_entry>> all;
        {
            std::unique_lock lock(mutex_);
            all.swap(entries_);
            for (const auto& each : all)
                each->listed_ = false;
            unused_.wait(lock, [this] { return users_ == 0; });
        }
        for (const auto& each : all)
            each->drop();
    }

private:
    std::mutex mutex_;
    std::condition_variable unused_;
    std::list<std::shared_ptr<suspended_entry>> entries_;
    std::size_t users_ = 0;
};

/// Ties the suspended handlers to the lifetime of their context.
class suspension_service final : public asio::execution_context::service {
public:
    static inline asio::execution_context::id id;

    explicit suspension_service(asio::execution_context& context) : service(context) {}

    const std::shared_ptr<suspensions> all = std::make_shared<suspensions>();

private:
    void shutdown() override { all->close(); }
};

MCP_DECL void suspended_entry::add(const std::shared_ptr<suspended_entry>& entry,
                                   const asio::any_io_executor& executor) {
    auto& context = asio::query(executor, asio::execution::context);
    entry->suspensions_ = asio::use_service<suspension_service>(context).all;
    entry->suspensions_->add(entry);
}

MCP_DECL bool suspended_entry::use() {
    return suspensions_->use(*this);
}

MCP_DECL void suspended_entry::used(std::shared_ptr<suspended_entry> entry) {
    const auto of_context = entry->suspensions_;
    entry.reset(); // uses the context if this is the last reference
    of_context->used();
}

} // namespace mcp::detail
