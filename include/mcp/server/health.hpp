#pragma once

#include <mcp/async/health_state.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// How a server is: the answer of `server.health()`.
///
///     const auto health = server.health();
///     for (const auto& part : health.parts)
///         if (!part.state.ok)
///             std::cerr << part.role << ": " << part.state.reason << '\n';
struct health_report {
    struct part {
        std::string_view role; ///< the concept that the collaborator fits, as `session_store`
        health_state state;    ///< `since` is set if it is not well
    };

    /// Those collaborators that can say how they are.
    std::vector<part> parts;

    /// Whether all of them are well.
    bool healthy() const noexcept {
        return std::all_of(parts.begin(), parts.end(), [](const part& p) { return p.state.ok; });
    }
    /// `healthy`, or `degraded`: requests that need what is away are answered with 503.
    std::string_view status() const noexcept { return healthy() ? "healthy" : "degraded"; }
};

/// Asks the collaborators of a server how they are. Thread-safe once all have been added.
class health_board {
public:
    /// Adds what can say how it is; does nothing for others. `role` is a text constant.
    template <class T>
    void add(std::string_view role, std::shared_ptr<T> who) {
        if constexpr (requires { who->health(); }) {
            static_assert(reports_health<T>, "mcp: health() of a collaborator takes nothing, and "
                                             "returns mcp::health_state; it is not awaited");
            parts_.push_back({role, [who = std::move(who)] { return who->health(); }, {}});
        }
    }

    health_report ask() {
        health_report report;
        for (watched& each : parts_)
            report.parts.push_back({each.role, look(each)});
        return report;
    }

private:
    using clock = std::chrono::system_clock;

    struct watched {
        std::string_view role;
        std::function<health_state()> ask;
        std::optional<clock::time_point> ill; ///< first seen so
    };

    health_state look(watched& at) {
        health_state state;
        try {
            state = at.ask();
        } catch (...) { // what it threw may tell what is not for everybody
            state = {false, "it cannot say how it is", {}};
        }
        std::lock_guard lock(mutex_);
        if (state.ok)
            at.ill.reset();
        else if (!at.ill)
            at.ill = clock::now();
        if (state.ok)
            state.since.reset();
        else if (!state.since)
            state.since = at.ill;
        return state;
    }

    std::mutex mutex_;
    std::vector<watched> parts_;
};

} // namespace mcp
