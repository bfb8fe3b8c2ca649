#pragma once

#include <mcp/limit/impl/keyed.hpp>
#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

namespace mcp {

/// A `rate_limiter` that fills a bucket of `permits` tokens evenly at the rate. It allows bursts of
/// up to `permits` requests, and the rate in the long run.
class token_bucket {
public:
    explicit token_bucket(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        double missing = 0; ///< tokens; 0 makes a new bucket full
        std::chrono::milliseconds at{0};
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        const double each = static_cast<double>(limit_.per.count()) / limit_.permits;
        const double come = static_cast<double>((now - of.at).count()) / each;
        of.missing = std::max(0.0, of.missing - come);
        of.at = now;
        const double lacking = of.missing + 1 - limit_.permits;
        if (lacking > 1e-9)
            return {false, std::chrono::milliseconds(std::llround(std::ceil(lacking * each)))};
        of.missing += 1;
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<token_bucket>);

} // namespace mcp
