// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>

namespace mcp {

/// The health of a collaborator, as it reports it.
struct health_state {
    bool ok = true;
    /// The reason if not ok, in a few words. Any client may see it: no secrets, no addresses.
    std::string reason{};
    /// The start of the failure, if known.
    std::optional<std::chrono::system_clock::time_point> since{};
};

/// A collaborator that reports its health: it has a member `health()`, which `server.health()`
/// calls.
///
/// `health()` is called from any thread, also while other members run. It returns the state that is
/// already known; it must not block and is not awaited.
template <class T>
concept reports_health = requires(T& part) {
    { part.health() } -> std::same_as<health_state>;
};

} // namespace mcp
