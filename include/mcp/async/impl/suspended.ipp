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
    void add(const std::shared_ptr<suspended_entry>& one) {
        const std::lock_guard lock(mutex_);
        one->at_ = entries_.insert(entries_.end(), one);
        one->listed_ = true;
    }

    bool use(suspended_entry& one) {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(one.listed_, false))
            return false;
        entries_.erase(one.at_);
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

    explicit suspension_service(asio::execution_context& of) : service(of) {}

    const std::shared_ptr<suspensions> all = std::make_shared<suspensions>();

private:
    void shutdown() override { all->close(); }
};

MCP_DECL void suspended_entry::add(const std::shared_ptr<suspended_entry>& one,
                                   const asio::any_io_executor& on) {
    auto& context = asio::query(on, asio::execution::context);
    one->all_ = asio::use_service<suspension_service>(context).all;
    one->all_->add(one);
}

MCP_DECL bool suspended_entry::use() {
    return all_->use(*this);
}

MCP_DECL void suspended_entry::used() {
    all_->used();
}

} // namespace mcp::detail
