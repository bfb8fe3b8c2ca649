// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace mcp::detail {

/// Counts how many of something there are now, for a gauge: each of them holds a share. Copies
/// count together. Thread-safe.
class tally {
public:
    /// Counts while it lives.
    class share {
    public:
        share() = default;
        share(share&& other) noexcept = default;
        share& operator=(share&& other) noexcept {
            share gone(std::move(*this));
            count_ = std::move(other.count_);
            return *this;
        }
        ~share() {
            if (count_) {
                count_->fetch_sub(1, std::memory_order_relaxed);
            }
        }

    private:
        friend tally;
        explicit share(const std::shared_ptr<std::atomic<std::size_t>>& count) : count_(count) {
            count_->fetch_add(1, std::memory_order_relaxed);
        }

        std::shared_ptr<std::atomic<std::size_t>> count_;
    };

    [[nodiscard]] share add() const { return share(count_); }

    std::size_t value() const noexcept { return count_->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<std::size_t>> count_ =
        std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace mcp::detail
