// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/rate_limiter.hpp>
#include <mcp/testing/collaborator.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace mcp::testing {

/// Checks the contract of `rate_limiter`; returns the failures as sentences.
///
/// `make(permits, per)` returns a pointer to a fresh limiter of that rate.
template <class Factory>
failures check_rate_limiter(Factory make) {
    findings found;
    const auto acquire = [](auto& limiter, std::string key) {
        return settled([&] { return limiter.acquire(key); });
    };
    found.check("burst", [&] {
        const auto limiter = make(std::uint32_t{3}, std::chrono::hours(1));
        for (int i = 0; i < 3; ++i)
            found.expect(acquire(*limiter, "ann").allowed, "a request within the rate is refused");
        for (int i = 0; i < 3; ++i) {
            const rate_decision refused = acquire(*limiter, "ann");
            found.expect(!refused.allowed, "a request beyond the rate passes");
            found.expect(refused.retry_after > std::chrono::milliseconds(0) &&
                             refused.retry_after <= std::chrono::hours(1),
                         "a refusal has no retry_after within the window");
        }
        found.expect(acquire(*limiter, "bob").allowed, "one key is refused because of another");
        found.expect(acquire(*limiter, "").allowed, "the empty key is refused");
    });
    found.check("recovery", [&] {
        const auto limiter = make(std::uint32_t{1}, std::chrono::milliseconds(50));
        acquire(*limiter, "ann");
        found.expect(soon([&] { return acquire(*limiter, "ann").allowed; }),
                     "requests are still refused after the window");
    });
    found.check("threads", [&] {
        const auto limiter = make(std::uint32_t{10}, std::chrono::hours(1));
        std::atomic<int> passed{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                try {
                    for (int i = 0; i < 20; ++i)
                        passed += acquire(*limiter, "ann").allowed ? 1 : 0;
                } catch (...) {
                    passed = -1'000'000;
                }
            });
        for (auto& each : threads)
            each.join();
        found.expect(passed == 10,
                     "the number of concurrent requests that pass differs from the rate");
    });
    return found.take();
}

} // namespace mcp::testing
