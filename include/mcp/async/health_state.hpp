#pragma once

#include <chrono>
#include <concepts>
#include <optional>
#include <string>

namespace mcp {

/// How something that a server depends on is, as it says itself.
struct health_state {
    bool ok = true;
    /// If not: why, in a few words. It may be shown to whoever asks: no secrets, no addresses.
    std::string reason{};
    /// If not: since when, if that is known.
    std::optional<std::chrono::system_clock::time_point> since{};
};

/// What can say how it is: a collaborator may offer `health()`, which `server.health()` asks.
///
/// `health()` is called from any thread, also while other members run. It tells what is known and
/// does not find out: it must not block, and is not awaited.
template <class T>
concept reports_health = requires(T& part) {
    { part.health() } -> std::same_as<health_state>;
};

} // namespace mcp
