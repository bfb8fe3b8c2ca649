// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mcp {

/// Whether a request is allowed, and otherwise the time until a retry.
struct rate_decision {
    bool allowed = true;
    std::chrono::milliseconds retry_after{0};
};

/// Counts requests by key: the subject of a principal, or an address.
///
/// `acquire(key)` takes one permit and returns whether there was one. It may be called from any
/// thread concurrently, and may be sync, awaitable (awaited on any executor), or `blocking`.
template <class T>
concept rate_limiter = requires(T& limiter, const std::string key) {
    { limiter.acquire(key) };
    requires std::same_as<detail::awaited_t<decltype(limiter.acquire(key))>, rate_decision>;
};

namespace detail {

/// Any `rate_limiter`, type-erased.
class any_rate_limiter {
public:
    template <rate_limiter Limiter>
    any_rate_limiter(std::shared_ptr<Limiter> limiter, pool_source pool)
        : acquire_([l = std::move(limiter), p = std::move(pool)](std::string key) {
            return call_collaborator<Limiter>(
                p, [l, key = std::move(key)] { return l->acquire(key); });
        }) {}

    pending<rate_decision> acquire(std::string key) const { return acquire_(std::move(key)); }

private:
    std::function<pending<rate_decision>(std::string)> acquire_;
};

} // namespace detail

} // namespace mcp
