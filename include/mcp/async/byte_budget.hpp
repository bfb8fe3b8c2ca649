// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace mcp {

namespace detail {
class byte_share;
} // namespace detail

/// A limit on the bytes that several holders keep together. Thread-safe and lock-free.
class byte_budget {
public:
    explicit byte_budget(std::size_t limit) noexcept : limit_(limit) {}
    byte_budget(const byte_budget&) = delete;
    byte_budget& operator=(const byte_budget&) = delete;

    std::size_t limit() const noexcept { return limit_; }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    friend class detail::byte_share;

    /// Replaces a share of `from` bytes by one of `to` bytes; false if that is not possible. A
    /// share may grow only while at least as much is left for the other holders. So greedy holders
    /// cannot use up the bytes that a modest holder needs.
    bool change(std::size_t from, std::size_t to) noexcept {
        std::size_t used = used_.load(std::memory_order_relaxed);
        do {
            const std::size_t others = used - from;
            if (to > from && (others >= limit_ || to > (limit_ - others) / 2))
                return false;
        } while (!used_.compare_exchange_weak(used, used - from + to, std::memory_order_relaxed));
        return true;
    }

    const std::size_t limit_;
    std::atomic<std::size_t> used_{0};
};

namespace detail {

/// The share of one holder in a budget, which must outlive it. The destructor returns the bytes.
/// Movable. One thread at a time may use it.
class byte_share {
public:
    /// Without a budget there is no limit.
    explicit byte_share(byte_budget* budget = nullptr) noexcept : budget_(budget) {}
    byte_share(byte_share&& other) noexcept
        : budget_(other.budget_)
        , size_(std::exchange(other.size_, 0)) {}
    byte_share& operator=(byte_share&& other) noexcept {
        std::swap(budget_, other.budget_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~byte_share() { resize(0); }

    /// Sets the share to `bytes`. Returns false, without effect, if that is more than what is left
    /// for the other holders. A smaller share always succeeds.
    bool resize(std::size_t bytes) noexcept {
        if (budget_ != nullptr && bytes != size_ && !budget_->change(size_, bytes))
            return false;
        size_ = bytes;
        return true;
    }

    std::size_t size() const noexcept { return size_; }

private:
    byte_budget* budget_;
    std::size_t size_ = 0;
};

} // namespace detail
} // namespace mcp
