#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace mcp {

/// How many bytes may be held by all who share it, and how many are. Thread-safe, without a lock.
class byte_budget {
public:
    explicit byte_budget(std::size_t limit) noexcept : limit_(limit) {}
    byte_budget(const byte_budget&) = delete;
    byte_budget& operator=(const byte_budget&) = delete;

    std::size_t limit() const noexcept { return limit_; }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    friend class byte_share;

    /// Whether one that held `from` may hold `to`: nobody gets more than is left for the others,
    /// so that many who are greedy cannot use up what one who is not needs.
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

/// What one holds of a budget, which must outlive it; the destructor gives it back. Movable. For
/// one thread at a time.
class byte_share {
public:
    /// Without a budget there is no limit.
    explicit byte_share(byte_budget* of = nullptr) noexcept : of_(of) {}
    byte_share(byte_share&& other) noexcept
        : of_(other.of_)
        , size_(std::exchange(other.size_, 0)) {}
    byte_share& operator=(byte_share&& other) noexcept {
        std::swap(of_, other.of_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~byte_share() { resize(0); }

    /// Holds `bytes` from now on in place of what it held. False, and nothing has changed, if that
    /// is more than is left for the others. To hold less always succeeds.
    bool resize(std::size_t bytes) noexcept {
        if (of_ != nullptr && bytes != size_ && !of_->change(size_, bytes))
            return false;
        size_ = bytes;
        return true;
    }

    std::size_t size() const noexcept { return size_; }

private:
    byte_budget* of_;
    std::size_t size_ = 0;
};

} // namespace mcp
