#pragma once

#include <mcp/limit/impl/keyed.hpp>
#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mcp {

/// A `rate_limiter` that counts in consecutive windows of time. The cheapest algorithm; at the
/// border of two windows it allows twice the rate.
class fixed_window {
public:
    explicit fixed_window(rate limit, limiter_options options = {})
        : limit_(checked(limit))
        , keys_(std::move(options)) {}

    rate_decision acquire(std::string_view key) {
        return keys_.with(
            key, [this](state& of, std::chrono::milliseconds now) { return decide(of, now); });
    }

private:
    struct state {
        std::chrono::milliseconds::rep window = -1;
        std::uint32_t used = 0;
    };

    rate_decision decide(state& of, std::chrono::milliseconds now) const {
        const auto window = now / limit_.per;
        if (of.window != window)
            of = {window, 0};
        if (of.used >= limit_.permits)
            return {false, limit_.per * (window + 1) - now};
        ++of.used;
        return {};
    }

    rate limit_;
    detail::keyed<state> keys_;
};

static_assert(rate_limiter<fixed_window>);

} // namespace mcp
