// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/config.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// The health of a server, as `server.health()` returns it.
///
///     const auto health = server.health();
///     for (const auto& part : health.parts)
///         if (!part.state.ok)
///             std::cerr << part.role << ": " << part.state.reason << '\n';
struct health_report {
    struct part {
        std::string_view role; ///< the concept of the collaborator, such as `session_store`
        health_state state;    ///< `since` is set if it is not healthy
    };

    /// The collaborators that report their health.
    std::vector<part> parts;

    /// Returns whether all of them are healthy.
    bool healthy() const noexcept;
    /// Returns `healthy` or `degraded`. When degraded, requests that need the missing collaborator
    /// get 503.
    std::string_view status() const noexcept;
};

namespace detail {

/// Asks the collaborators of a server for their health. Thread-safe once all have been added.
class health_board {
public:
    /// Adds a collaborator that has `health()`; ignores others. `role` is a string constant.
    template <class T>
    void add(std::string_view role, std::shared_ptr<T> collaborator) {
        if constexpr (requires { collaborator->health(); }) {
            static_assert(reports_health<T>, "mcp: health() of a collaborator takes no arguments "
                                             "and returns mcp::health_state, not an awaitable");
            parts_.push_back(
                {role,
                 [collaborator = std::move(collaborator)] { return collaborator->health(); },
                 {}});
        }
    }

    health_report ask();

private:
    using clock = std::chrono::system_clock;

    struct watched {
        std::string_view role;
        std::function<health_state()> ask;
        std::optional<clock::time_point> ill; ///< when the failure was first seen
    };

    health_state look(watched& at);

    std::mutex mutex_;
    std::vector<watched> parts_;
};

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/health.ipp>
#endif
