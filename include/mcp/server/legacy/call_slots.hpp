// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/server/call_place.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

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
    bool cancel(const jsonrpc::id& id);

    /// Cancels all calls under way.
    void cancel_all();

    /// Returns the number of calls under way, abandoned calls included.
    std::size_t size() const;

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

    static std::function<void()> cancelled(call& which);

    /// Returns the call of a slot, or the end if the slot has lost it. Call it under the lock.
    table::iterator find(const jsonrpc::id& id, std::uint64_t number);

    mutable std::mutex mutex_;
    table calls_;
    std::size_t abandoned_ = 0;
    std::uint64_t number_ = 0;
};

/// The right of one call to be under way; the destructor gives it back. Movable.
class call_slot final : public call_place {
public:
    enum class state {
        none,     ///< The slot is empty or was given back.
        held,     ///< The call may run.
        id_taken, ///< A call of this id is under way; the two could not be told apart.
        full      ///< The limit of calls under way is reached.
    };

    call_slot() = default;
    explicit call_slot(state why) : state_(why) {}
    call_slot(call_slot&& other) noexcept;
    call_slot& operator=(call_slot&& other) noexcept;
    ~call_slot() override { give_back(); }

    state status() const noexcept { return state_; }
    bool held() const noexcept { return state_ == state::held; }

    void bind(std::function<void()> cancel) override;

    /// Records that no client waits for the response. The call goes on and is not counted.
    void abandon() override;

    void give_back() override;

private:
    friend class call_slots;
    call_slot(std::shared_ptr<call_slots> of, jsonrpc::id id, std::uint64_t number);

    std::shared_ptr<call_slots> of_;
    jsonrpc::id id_;
    std::uint64_t number_ = 0;
    state state_ = state::none;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/server/legacy/impl/call_slots.ipp>
#endif
