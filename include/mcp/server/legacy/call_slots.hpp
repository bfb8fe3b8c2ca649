#pragma once

#include <mcp/jsonrpc/id.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::legacy {

class call_slot;

/// The calls of one session in this process that wait for their handlers.
///
/// A call needs a slot. Taking a slot checks the id and the limit in one step. So concurrent
/// requests never exceed the limit, and no id is used twice at a time. Create it by
/// `std::make_shared`. All members may be called from any thread.
class call_slots : public std::enable_shared_from_this<call_slots> {
public:
    /// Takes a slot for the request, unless `most` calls are counted already or a call of this id
    /// is under way. The state of the slot says which.
    ///
    /// An abandoned call is not counted. At most `most` abandoned calls go on; beyond that, the
    /// call that was abandoned first is cancelled.
    call_slot take(const jsonrpc::id& id, std::size_t most);

    /// Cancels the call, if it is under way. [MCP 2025-11-25 basic/utilities/cancellation]
    bool cancel(const jsonrpc::id& id) {
        std::function<void()> act;
        {
            std::lock_guard lock(mutex_);
            const auto found = calls_.find(id);
            if (found == calls_.end())
                return false;
            act = cancelled(found->second);
        }
        act();
        return true;
    }

    /// Cancels all calls under way.
    void cancel_all() {
        std::vector<std::function<void()>> all;
        {
            std::lock_guard lock(mutex_);
            for (auto& [id, each] : calls_)
                all.push_back(cancelled(each));
        }
        for (const auto& act : all)
            act();
    }

    /// Returns the number of calls under way, abandoned calls included.
    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return calls_.size();
    }

private:
    friend class call_slot;

    static void nothing() {}
    struct call {
        std::uint64_t number = 0;
        std::function<void()> cancel = nothing;
        bool cancelled = false;      ///< perhaps before `cancel` was set
        std::uint64_t abandoned = 0; ///< position among the abandoned calls; 0: not abandoned
    };
    using table = std::unordered_map<jsonrpc::id, call>;

    static std::function<void()> cancelled(call& which) {
        which.cancelled = true;
        return which.cancel;
    }

    /// Returns the call of a slot, or the end if the slot has lost it. Call it under the lock.
    table::iterator find(const jsonrpc::id& id, std::uint64_t number) {
        const auto found = calls_.find(id);
        return found != calls_.end() && found->second.number == number ? found : calls_.end();
    }

    mutable std::mutex mutex_;
    table calls_;
    std::size_t abandoned_ = 0;
    std::uint64_t number_ = 0;
};

/// The right of one call to be under way; the destructor gives it back. Movable. One thread at a
/// time may call its members, except `abandon`, which any thread may call.
class call_slot {
public:
    enum class state {
        none,     ///< The slot is empty or was given back.
        held,     ///< The call may run.
        id_taken, ///< A call of this id is under way; the two could not be told apart.
        full      ///< The limit of calls under way is reached.
    };

    call_slot() = default;
    explicit call_slot(state why) : state_(why) {}
    call_slot(call_slot&& other) noexcept
        : of_(std::move(other.of_))
        , id_(std::move(other.id_))
        , number_(other.number_)
        , state_(std::exchange(other.state_, state::none)) {}
    call_slot& operator=(call_slot&& other) noexcept {
        call_slot old(std::move(*this));
        of_ = std::move(other.of_);
        id_ = std::move(other.id_);
        number_ = other.number_;
        state_ = std::exchange(other.state_, state::none);
        return *this;
    }
    ~call_slot() { give_back(); }

    state what() const noexcept { return state_; }
    bool held() const noexcept { return state_ == state::held; }

    /// Sets the function that cancels the call. If the call is cancelled already, calls it now.
    void bind(std::function<void()> cancel) {
        if (!of_)
            return;
        {
            std::lock_guard lock(of_->mutex_);
            const auto found = of_->find(id_, number_);
            if (found != of_->calls_.end() && !found->second.cancelled) {
                found->second.cancel = std::move(cancel);
                return;
            }
        }
        cancel();
    }

    /// Records that no client waits for the response. The call goes on and is not counted.
    void abandon() {
        if (!of_)
            return;
        std::lock_guard lock(of_->mutex_);
        const auto found = of_->find(id_, number_);
        if (found == of_->calls_.end() || found->second.abandoned != 0)
            return;
        found->second.abandoned = ++of_->number_;
        ++of_->abandoned_;
    }

    void give_back() {
        if (std::exchange(state_, state::none) != state::held)
            return;
        std::function<void()> forgotten; // must not be destroyed under the lock
        std::lock_guard lock(of_->mutex_);
        const auto found = of_->find(id_, number_);
        if (found == of_->calls_.end())
            return;
        forgotten = std::move(found->second.cancel);
        of_->abandoned_ -= found->second.abandoned != 0 ? 1 : 0;
        of_->calls_.erase(found);
    }

private:
    friend class call_slots;
    call_slot(std::shared_ptr<call_slots> of, jsonrpc::id id, std::uint64_t number)
        : of_(std::move(of))
        , id_(std::move(id))
        , number_(number)
        , state_(state::held) {}

    std::shared_ptr<call_slots> of_;
    jsonrpc::id id_;
    std::uint64_t number_ = 0;
    state state_ = state::none;
};

inline call_slot call_slots::take(const jsonrpc::id& id, std::size_t most) {
    std::function<void()> drop = nothing;
    std::uint64_t number = 0;
    {
        std::lock_guard lock(mutex_);
        if (calls_.contains(id))
            return call_slot(call_slot::state::id_taken);
        if (calls_.size() - abandoned_ >= most)
            return call_slot(call_slot::state::full);
        if (abandoned_ >= most) {
            auto oldest = calls_.end();
            for (auto at = calls_.begin(); at != calls_.end(); ++at)
                if (at->second.abandoned != 0 &&
                    (oldest == calls_.end() || at->second.abandoned < oldest->second.abandoned))
                    oldest = at;
            drop = std::move(oldest->second.cancel);
            calls_.erase(oldest);
            --abandoned_;
        }
        number = ++number_;
        calls_[id].number = number;
    }
    drop();
    return call_slot(shared_from_this(), id, number);
}

} // namespace mcp::legacy
