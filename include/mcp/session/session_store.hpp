// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/config.hpp>
#include <mcp/session/session_record.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace mcp {

/// A record as returned by a store: immutable and shared.
using session_ptr = std::shared_ptr<const session_record>;

/// Keeps the sessions of legacy clients.
///
/// - `create(record)`: adds a new record; returns false if there is no room (503).
/// - `find(id)`: returns the record, or null if it is unknown or expired; marks it as used.
/// - `update(record)`: replaces the record with the same id; returns false if there is none.
/// - `erase(id)`: removes the record; returns false if there was none.
///
/// A store should have one more member, so that concurrent changes of two requests are both kept,
/// in one process or in several:
///
/// - `replace(before, after)`: acts as `update(after)` if the kept record still equals `before` in
///   all members, as compared by `to_text`; otherwise returns false. Atomic among all users of the
///   store.
///
/// Without `replace`, the server uses `find` and `update`. Then one of two concurrent changes is
/// lost if these are awaitable, or if several processes share the store.
///
/// The store expires records by idle time, since the last `find`, and by age, since `created`. A
/// store may declare its idle limit:
///
/// - `idle_limit()`: returns the limit, a `std::chrono` duration; called at any time, always the
///   same. Calls, requests to the client and streams under way count as use: for them `find` is
///   called three times in each limit. For no limit (zero, or a very long time) it is called every
///   eight hours; without `idle_limit`, every twenty seconds.
///
/// All members may be called from any thread concurrently. They may be sync or awaitable (awaited
/// on any executor), or the store may declare `static constexpr bool blocking = true`. A store that
/// cannot be reached throws `unavailable`.
template <class T>
concept session_store = requires(T& store, const session_record record, const std::string id) {
    { store.create(record) };
    { store.find(id) };
    { store.update(record) };
    { store.erase(id) };
    requires std::same_as<detail::awaited_t<decltype(store.create(record))>, bool>;
    requires std::same_as<detail::awaited_t<decltype(store.find(id))>, session_ptr>;
    requires std::same_as<detail::awaited_t<decltype(store.update(record))>, bool>;
    requires std::same_as<detail::awaited_t<decltype(store.erase(id))>, bool>;
};

namespace detail {

/// Returns the idle limit that a store declares; a day if it is zero or more than a day.
std::chrono::milliseconds bounded_idle_limit(std::chrono::duration<double> limit);

/// Any `session_store`, type-erased.
class any_session_store {
public:
    template <session_store Store>
    any_session_store(std::shared_ptr<Store> store, pool_source pool)
        : self_(std::make_unique<model<Store>>(std::move(store), std::move(pool))) {}

    pending<bool> create(session_record record) const { return self_->create(std::move(record)); }
    pending<session_ptr> find(std::string id) const { return self_->find(std::move(id)); }
    pending<bool> update(session_record record) const { return self_->update(std::move(record)); }
    /// Replaces `before`; returns false if the record is missing or different. For a store without
    /// `replace`, compares by `find` and then updates; if these are awaitable, only updates.
    pending<bool> replace(session_record before, session_record after) const {
        return self_->replace(std::move(before), std::move(after));
    }
    pending<bool> erase(std::string id) const { return self_->erase(std::move(id)); }
    /// Returns the idle limit of a record: a minute if the store declares none, a day if it
    /// declares zero or more than a day. The limit bounds the pause of a repeated `find`.
    std::chrono::milliseconds idle_limit() const { return self_->idle_limit(); }

private:
    struct interface {
        virtual ~interface() = default;
        virtual pending<bool> create(session_record) = 0;
        virtual pending<session_ptr> find(std::string) = 0;
        virtual pending<bool> update(session_record) = 0;
        virtual pending<bool> replace(session_record, session_record) = 0;
        virtual pending<bool> erase(std::string) = 0;
        virtual std::chrono::milliseconds idle_limit() = 0;
    };

    template <class Store>
    struct model final : interface {
        model(std::shared_ptr<Store> s, pool_source p) : store(std::move(s)), pool(std::move(p)) {}

        pending<bool> create(session_record record) override {
            return call_collaborator<Store>(
                pool, [s = store, record = std::move(record)] { return s->create(record); });
        }
        pending<session_ptr> find(std::string id) override {
            return call_collaborator<Store>(
                pool, [s = store, id = std::move(id)] { return s->find(id); });
        }
        pending<bool> update(session_record record) override {
            return call_collaborator<Store>(
                pool, [s = store, record = std::move(record)] { return s->update(record); });
        }
        pending<bool> replace(session_record before, session_record after) override {
            if constexpr (requires { store->replace(before, after); })
                return call_collaborator<Store>(
                    pool, [s = store, before = std::move(before), after = std::move(after)] {
                        return s->replace(before, after);
                    });
            else if constexpr (is_awaitable_v<decltype(store->find(before.id))> ||
                               is_awaitable_v<decltype(store->update(after))>)
                return update(std::move(after));
            else
                return call_collaborator<Store>(pool, [s = store, one = replacing,
                                                       before = std::move(before),
                                                       after = std::move(after)] {
                    std::lock_guard lock(*one);
                    const session_ptr kept = s->find(before.id);
                    return kept && to_text(*kept) == to_text(before) && s->update(after);
                });
        }
        pending<bool> erase(std::string id) override {
            return call_collaborator<Store>(
                pool, [s = store, id = std::move(id)] { return s->erase(id); });
        }
        std::chrono::milliseconds idle_limit() override {
            if constexpr (requires { std::chrono::milliseconds(store->idle_limit()); }) {
                return bounded_idle_limit(store->idle_limit());
            } else {
                return std::chrono::minutes(1);
            }
        }

        std::shared_ptr<Store> store;
        pool_source pool;
        std::shared_ptr<std::mutex> replacing = std::make_shared<std::mutex>();
    };

    std::unique_ptr<interface> self_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/session_store.ipp>
#endif
