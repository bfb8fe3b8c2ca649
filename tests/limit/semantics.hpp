#pragma once

#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

// What each way of counting means, the same in this process and in Redis.

namespace semantics {

using namespace std::chrono_literals;

/// Some time after the step before, so many requests pass, and the next is told to wait.
struct step {
    std::chrono::seconds after;
    int pass;
    std::chrono::seconds wait;
};
using steps = std::vector<step>;

inline constexpr mcp::rate rate{4, 1000s};

/// At the border of two windows twice the rate passes.
inline const steps fixed_window{{0s, 1, 0s},     {900s, 3, 100s},  {100s, 4, 1000s},
                                {900s, 0, 100s}, {100s, 4, 1000s}, {5000s, 4, 1000s}};
/// In no window more than the rate passes.
inline const steps sliding_window{{0s, 1, 0s},     {900s, 3, 100s}, {100s, 1, 900s},
                                  {800s, 0, 100s}, {100s, 3, 100s}, {5000s, 4, 1000s}};
/// One token comes every 250 s, and there is room for four.
inline const steps token_bucket{{0s, 4, 250s},   {100s, 0, 150s}, {150s, 1, 250s},
                                {500s, 2, 250s}, {375s, 1, 125s}, {5000s, 4, 250s}};

/// Plays the steps; clocks that go on by themselves may be so much ahead.
inline void check(const steps& all, const std::function<mcp::rate_decision()>& acquire,
                  const std::function<void(std::chrono::seconds)>& advance,
                  std::chrono::seconds ahead = 0s) {
    int number = 0;
    for (const step& each : all) {
        SCOPED_TRACE("step " + std::to_string(++number));
        advance(each.after);
        for (int i = 0; i < each.pass; ++i)
            EXPECT_TRUE(acquire().allowed) << i;
        if (each.wait == 0s)
            continue;
        const mcp::rate_decision refused = acquire();
        EXPECT_FALSE(refused.allowed);
        EXPECT_LE(refused.retry_after, each.wait);
        EXPECT_GE(refused.retry_after, each.wait - ahead);
        EXPECT_GT(refused.retry_after, 0ms);
    }
}

/// The same for a limiter of this process.
template <class Limiter>
void check_here(const steps& all) {
    std::chrono::steady_clock::time_point now{};
    mcp::limiter_options options;
    options.now = [&now] { return now; };
    Limiter limiter(rate, options);
    check(all, [&] { return limiter.acquire("ann"); }, [&](std::chrono::seconds by) { now += by; });
}

} // namespace semantics
