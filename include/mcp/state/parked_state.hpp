// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/state/request_state.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mcp {

/// Limits of `parked_state`.
struct parked_state_options {
    std::chrono::seconds ttl = std::chrono::minutes(10); ///< how long a client may take to respond
    std::size_t capacity = 10'000; ///< parked calls; a full state drops the oldest
    /// The maximum bytes of all parked calls: clients choose the size of requests and responses.
    std::size_t capacity_bytes = 64 * 1024 * 1024;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `request_state`: payloads stay in this process, and clients get a handle.
///
/// A handle is 24 random bytes, opens once, and expires. Needs no cryptography library. A server of
/// several processes uses `sealed_state` instead, because a handle is valid in one process only.
/// Thread-safe.
class parked_state {
public:
    explicit parked_state(parked_state_options options = {});

    /// Moves a state before it is used, such as into a server.
    parked_state(parked_state&&) noexcept = default;

    std::string seal(const state_binding& binding, std::string payload);

    std::optional<std::string> open(const state_binding& binding, std::string_view handle);

    /// Returns the number of parked calls.
    std::size_t size() const;

private:
    struct parked {
        std::string handle;
        std::string owner;
        std::string request;
        std::string payload;
        std::chrono::steady_clock::time_point expires;

        std::size_t bytes() const noexcept {
            return handle.size() + owner.size() + request.size() + payload.size();
        }
    };

    void remove_oldest();

    parked_state_options options_;
    std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
    std::size_t bytes_ = 0;
    std::list<parked> oldest_first_;
    std::unordered_map<std::string_view, std::list<parked>::iterator> index_;
};

static_assert(request_state<parked_state>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/state/impl/parked_state.ipp>
#endif
