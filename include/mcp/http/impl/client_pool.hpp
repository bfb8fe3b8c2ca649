// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/client.hpp>: the idle connections.

#include <mcp/async/saturating_time.hpp>
#include <mcp/http/client_channel.hpp>
#include <mcp/http/client_options.hpp>
#include <mcp/http/url.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution/context.hpp>
#include <asio/execution_context.hpp>
#include <asio/query.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mcp::http::detail {

class client_core;

/// The idle connections of all clients on one event loop. Thread-safe. They have no pending
/// operations, so they do not keep the event loop running. Their client or their event loop closes
/// them, whichever comes first.
class idle_pool {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Returns the connection that was used last, unless the peer has closed it since.
    std::unique_ptr<client_channel> take(const client_core* owner, const std::string& origin,
                                         const client_options& options) {
        const std::lock_guard lock(mutex_);
        drop_old(owner, options);
        for (std::size_t i = entries_.size(); i-- > 0;) {
            if (entries_[i].owner != owner || entries_[i].origin != origin)
                continue;
            auto channel = std::move(entries_[i].channel);
            erase(i);
            if (!channel->stale())
                return channel;
        }
        return nullptr;
    }

    void put(const client_core* owner, const std::string& origin,
             std::unique_ptr<client_channel> channel, const client_options& options) {
        const std::lock_guard lock(mutex_);
        if (closed_ || options.idle_per_origin == 0 || options.idle_total == 0)
            return;
        drop_old(owner, options);
        const auto of_origin = [&](const entry& e) {
            return e.owner == owner && e.origin == origin;
        };
        const auto of_owner = [&](const entry& e) { return e.owner == owner; };
        make_room(options.idle_per_origin, of_origin);
        make_room(options.idle_total, of_owner);
        entries_.push_back({owner, origin, options.now(), std::move(channel)});
    }

    void forget(const client_core* owner) {
        const std::lock_guard lock(mutex_); // held during the closing: their event loop may end now
        std::erase_if(entries_, [&](const entry& e) { return e.owner == owner; });
    }

    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        entries_.clear();
    }

private:
    struct entry {
        const client_core* owner;
        std::string origin;
        time_point since;
        std::unique_ptr<client_channel> channel;
    };

    void erase(std::size_t i) { entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i)); }

    void drop_old(const client_core* owner, const client_options& options) {
        const time_point now = options.now();
        std::erase_if(entries_, [&](const entry& e) {
            return e.owner == owner &&
                   now - e.since >= mcp::detail::within_clocks(options.idle_timeout);
        });
    }

    /// Closes the oldest connections of a kind until fewer than `most` are left.
    template <class Kind>
    void make_room(std::size_t most, Kind of_kind) {
        auto n = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), of_kind));
        for (; n > 0 && n >= most; --n)
            entries_.erase(std::find_if(entries_.begin(), entries_.end(), of_kind));
    }

    std::mutex mutex_;
    std::vector<entry> entries_; // oldest first
    bool closed_ = false;
};

/// Ties a pool to the lifetime of its event loop.
class idle_pool_service final : public asio::execution_context::service {
public:
    static inline asio::execution_context::id id;

    explicit idle_pool_service(asio::execution_context& context) : service(context) {}

    const std::shared_ptr<idle_pool>& pool() const noexcept { return pool_; }

private:
    void shutdown() override { pool_->close(); }

    std::shared_ptr<idle_pool> pool_ = std::make_shared<idle_pool>();
};

/// A URL, parsed.
struct client_target {
    std::string url;
    web_url parts;
    std::string origin; ///< connections with the same origin are interchangeable
};

/// The state that the handles of a client share.
class client_core {
public:
    explicit client_core(client_options options_) : options(std::move(options_)) {}
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core() { close_idle(); }

    const client_options options;

    /// Parses a URL, unless it is that of the request before. Returns null if it is malformed.
    std::shared_ptr<const client_target> target_of(const std::string& url) {
        const std::lock_guard lock(mutex_);
        if (last_target_ && last_target_->url == url)
            return last_target_;
        auto parts = parse_web_url(url);
        if (!parts)
            return nullptr;
        std::string origin =
            parts->site.scheme + "://" + parts->site.host + ":" + std::to_string(parts->site.port);
        last_target_ = std::make_shared<const client_target>(
            client_target{url, *std::move(parts), std::move(origin)});
        return last_target_;
    }

    std::unique_ptr<client_channel> take(const asio::any_io_executor& executor,
                                         const std::string& origin) {
        return pool_of(executor)->take(this, origin, options);
    }

    void put(const asio::any_io_executor& executor, const std::string& origin,
             std::unique_ptr<client_channel> channel) {
        const auto pool = pool_of(executor);
        {
            const std::lock_guard lock(mutex_);
            std::erase_if(pools_, [&](const auto& each) {
                const auto known = each.lock();
                return known == nullptr || known == pool;
            });
            pools_.push_back(pool);
        }
        pool->put(this, origin, std::move(channel), options);
    }

    void close_idle() {
        const std::lock_guard lock(mutex_);
        for (const auto& each : pools_)
            if (const auto pool = each.lock())
                pool->forget(this);
    }

private:
    static std::shared_ptr<idle_pool> pool_of(const asio::any_io_executor& executor) {
        auto& loop = asio::query(executor, asio::execution::context);
        return asio::use_service<idle_pool_service>(loop).pool();
    }

    std::mutex mutex_;
    std::shared_ptr<const client_target> last_target_;
    std::vector<std::weak_ptr<idle_pool>> pools_; // pools that may hold its connections
};

} // namespace mcp::http::detail
