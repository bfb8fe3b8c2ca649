// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/server/catalog.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace mcp {

class registry;

/// The snapshot of the catalog that one request uses. So all parts of the request find the same
/// entries, even if the catalog changes meanwhile. Any thread. The registry must outlive it.
class catalog_pin {
public:
    catalog_pin(const registry& of, list_format format);
    ~catalog_pin();
    catalog_pin(const catalog_pin&) = delete;
    catalog_pin& operator=(const catalog_pin&) = delete;

    const catalog_snapshot& operator*() const noexcept { return **held_; }
    const catalog_snapshot* operator->() const noexcept { return held_->get(); }

private:
    const registry& registry_;
    std::unique_ptr<const std::shared_ptr<const catalog_snapshot>> held_;
};

/// Holds the catalog, which can change while requests run. Thread-safe.
///
/// Each thread has a slot with a reference to the newest snapshot. A pin takes the reference out of
/// the slot and puts it back. So it takes no lock and changes no count that threads share, unless
/// the catalog has changed since, or another pin of the thread has the reference. A change empties
/// all slots: a snapshot lives no longer than the last pin.
class registry {
public:
    registry() = default;
    ~registry() { withdraw(); }
    registry(const registry&) = delete;
    registry& operator=(const registry&) = delete;

    /// Changes the catalog. Requests under way keep their snapshot.
    template <class Change>
    auto edit(Change change) {
        std::vector<reference>
            old; // outlives the lock: destroying a handler may change the catalog
        std::lock_guard lock(mutex_);
        old = withdraw();
        return change(catalog_);
    }

private:
    friend class catalog_pin;

    using reference = std::shared_ptr<const catalog_snapshot>;
    static constexpr std::size_t cache_line = 64;
    struct alignas(cache_line) slot {
        std::atomic<const reference*> held{nullptr};
    };

    std::unique_ptr<const reference> take(list_format format) const;
    void give_back(std::unique_ptr<const reference> held) const;

    /// Returns the newest snapshot. Makes it if the catalog or the format has changed.
    reference read(list_format format) const;

    /// Takes all references to the newest snapshot, so that it is no longer used.
    std::vector<reference> withdraw() const;

    /// Returns the slot of this thread. With very many threads, some share a slot.
    slot& own_slot() const;

    mutable std::mutex mutex_;
    catalog catalog_;
    mutable reference current_;
    mutable std::atomic<const catalog_snapshot*> newest_{nullptr}; // that of `current_`
    mutable std::array<slot, 64> slots_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/registry.ipp>
#endif
