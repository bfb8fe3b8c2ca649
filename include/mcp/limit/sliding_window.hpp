#pragma once

#include <mcp/limit/impl/keyed.hpp>
#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <chrono>
#include <deque>
#include <string_view>
#include <utility>

namespace mcp {

/// A `rate_limiter` that enforces the rate in every window of time, wherever it begins. It keeps
/// the time of each allowed request.
class sliding_window {
public:
    explicit sliding_window(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        std::deque<std::chrono::milliseconds> passed; ///< within the last window
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        while (!of.passed.empty() && of.passed.front() <= now - limit_.per)
            of.passed.pop_front();
        if (of.passed.size() >= limit_.permits)
            return {false, of.passed.front() + limit_.per - now};
        of.passed.push_back(now);
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<sliding_window>);

} // namespace mcp
