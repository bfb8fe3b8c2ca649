#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/session/session_record.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace mcp {

/// A record as stores give it: shared, because it does not change.
using session_ptr = std::shared_ptr<const session_record>;

/// Keeps the sessions of legacy clients.
///
/// - `create(record)` — keeps a new record; false if there is no room (503).
/// - `find(id)` — the record, or null if it is unknown or has expired; marks it as used.
/// - `update(record)` — replaces what is kept under its id; false if there is none.
/// - `erase(id)` — forgets it; false if there was none.
///
/// A store should have one more, so that of what two requests change at once both is kept, be it in
/// one process or in several:
///
/// - `replace(before, after)` — as `update(after)`, but only if what is kept is still `before`, all
///   its members alike, which `to_text` tells; false if not. Atomic among all who use the store.
///
/// Without it, `find` and `update` take its place: if they are awaitable, or if several processes
/// share the store, one of two changes at once is lost.
///
/// Who keeps records sees to their age: idle time since the last `find`, and age since `created`.
/// A store may say how long a record may be idle:
///
/// - `idle_limit()` — that time, a `std::chrono` duration; called at any time, and always the same.
///   What is under way for a session, a call, a question or a stream, is use: `find` is called
///   three times as often, and every eight hours if there is no limit, which zero or a very long
///   time says. Without `idle_limit`, every twenty seconds.
///
/// All members may be called from any thread at once; they may be sync or awaitable (awaited on any
/// executor), or the store may say `static constexpr bool blocking = true`. A store that
/// cannot be reached throws `unavailable`.
template <class T>
concept session_store = requires(T& store, const session_record record, const std::string id) {
    { store.create(record) };
    { store.find(id) };
    { store.update(record) };
    { store.erase(id) };
    requires std::same_as<awaited_t<decltype(store.create(record))>, bool>;
    requires std::same_as<awaited_t<decltype(store.find(id))>, session_ptr>;
    requires std::same_as<awaited_t<decltype(store.update(record))>, bool>;
    requires std::same_as<awaited_t<decltype(store.erase(id))>, bool>;
};

/// Any `session_store`, for the code that is the same for all.
class any_session_store {
public:
    template <session_store Store>
    any_session_store(std::shared_ptr<Store> store, pool_source pool)
        : self_(std::make_unique<model<Store>>(std::move(store), std::move(pool))) {}

    pending<bool> create(session_record record) const { return self_->create(std::move(record)); }
    pending<session_ptr> find(std::string id) const { return self_->find(std::move(id)); }
    pending<bool> update(session_record record) const { return self_->update(std::move(record)); }
    /// Replaces `before`; false if the record is gone or another. With a store that cannot do it at
    /// once, as near to that as `find` and `update` come.
    pending<bool> replace(session_record before, session_record after) const {
        return self_->replace(std::move(before), std::move(after));
    }
    pending<bool> erase(std::string id) const { return self_->erase(std::move(id)); }
    /// How long a record may be idle; a minute if the store does not say, a day if it
    /// says more, or zero: what is called three times as often must not be called without a pause.
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
                constexpr std::chrono::milliseconds most = std::chrono::hours(24);
                // `hours::max()` cannot be counted in milliseconds.
                const std::chrono::duration<double> said = store->idle_limit();
                const bool counts = said.count() > 0 && said < most;
                return counts ? std::chrono::duration_cast<std::chrono::milliseconds>(said) : most;
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

namespace detail {

/// A hundred years stand for ever: `seconds::max()` would overflow the clocks.
template <class Limits>
Limits within_clocks(Limits limits) {
    constexpr std::chrono::seconds most = std::chrono::hours(24 * 365 * 100);
    limits.idle = std::min(limits.idle, most);
    limits.age = std::min(limits.age, most);
    return limits;
}

} // namespace detail

} // namespace mcp
