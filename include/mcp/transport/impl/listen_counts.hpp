// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace mcp::detail {

/// Counts the listen streams of each caller. Create it by `std::make_shared`. Any thread.
class listen_counts : public std::enable_shared_from_this<listen_counts> {
public:
    /// Counts a stream until the returned object is destroyed. Returns null, and counts nothing, if
    /// the caller has `most` streams.
    std::shared_ptr<void> take(std::string caller, std::size_t most) {
        std::lock_guard lock(mutex_);
        std::size_t& count = counts_[caller];
        if (count >= most) {
            if (count == 0)
                counts_.erase(caller);
            return nullptr;
        }
        ++count;
        return std::make_shared<place>(shared_from_this(), std::move(caller));
    }

private:
    struct place {
        place(std::shared_ptr<listen_counts> of_, std::string caller_)
            : of(std::move(of_))
            , caller(std::move(caller_)) {}
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        ~place() {
            std::lock_guard lock(of->mutex_);
            const auto found = of->counts_.find(caller);
            if (--found->second == 0)
                of->counts_.erase(found);
        }
        std::shared_ptr<listen_counts> of;
        std::string caller;
    };

    std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> counts_;
};

} // namespace mcp::detail
