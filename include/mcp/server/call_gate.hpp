// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace mcp::detail {

class call_permit;

/// Lets the calls of an entry in; see `mcp::concurrency`. Create it by `std::make_shared`. All
/// members may be called from any thread.
class call_gate : public std::enable_shared_from_this<call_gate> {
public:
    call_gate(std::size_t calls, std::size_t waiting) noexcept
        : calls_(calls)
        , most_waiting_(waiting) {}

    /// Returns a permit to run now, or to wait; one that is refused beyond both limits.
    call_permit ask();

    /// Returns how many calls may run at once.
    std::size_t calls() const noexcept { return calls_; }

private:
    friend class call_permit;
    struct waiter;

    /// Gives a place to the call that has waited longest, or takes it back.
    void leave();
    void forget(const waiter* gone);

    const std::size_t calls_;
    const std::size_t most_waiting_;
    std::mutex mutex_;
    std::size_t running_ = 0;
    std::deque<std::shared_ptr<waiter>> waiting_;
};

/// The right of one call to run. The destructor gives it back. Movable.
class call_permit {
public:
    call_permit() = default;
    call_permit(call_permit&& other) noexcept = default;
    call_permit& operator=(call_permit&& other) noexcept;
    ~call_permit() { give_back(); }

    bool refused() const noexcept { return !of_; }

    /// Waits until the call may run. This object must live until then. Throws `operation_aborted`
    /// if the call is cancelled.
    asio::awaitable<void> granted();

private:
    friend class call_gate;
    call_permit(std::shared_ptr<call_gate> of, std::shared_ptr<call_gate::waiter> as) noexcept;
    void give_back();

    std::shared_ptr<call_gate> of_;
    std::shared_ptr<call_gate::waiter> as_; ///< null if it need not wait
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/call_gate.ipp>
#endif
