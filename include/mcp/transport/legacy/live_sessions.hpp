// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/tally.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mcp::legacy {

/// The live sessions of this process, by id. A session is made from its record when a request
/// comes, and dropped when it has not been used for a while. Thread-safe.
class live_sessions {
public:
    /// `request_prefix` begins the ids of requests to clients. `counted` counts the sessions.
    explicit live_sessions(std::string request_prefix, mcp::detail::tally counted = {});

    /// Returns the session of a record, updated from it.
    std::shared_ptr<session> obtain(const session_record& record);

    /// Returns the session if it is live in this process, or null.
    std::shared_ptr<session> find(std::string_view id);

    /// Drops the session and cancels its requests.
    void end(std::string_view id);

    std::size_t size() const;

private:
    struct entry {
        std::shared_ptr<session> live;
        std::chrono::steady_clock::time_point seen;
        mcp::detail::tally::share counted;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, entry, text_hash, std::equal_to<>> sessions;
        std::chrono::steady_clock::time_point swept{};
    };

    shard& shard_of(std::string_view id);

    /// Drops unreferenced sessions that were not used for ten minutes; they can be made again.
    static void sweep(shard& home, std::chrono::steady_clock::time_point now);

    const std::string request_prefix_;
    const mcp::detail::tally counted_;
    std::array<shard, 16> shards_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/live_sessions.ipp>
#endif
