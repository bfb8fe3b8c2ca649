// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/impl/keyed.hpp>
#include <mcp/limit/sliding_window.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>

namespace mcp {

struct sliding_window::state {
    /// Takes one permit at the time `now`.
    rate_decision take(const rate& limit, std::chrono::milliseconds now) {
        while (!passed.empty() && passed.front() <= now - limit.per)
            passed.pop_front();
        if (passed.size() >= limit.permits)
            return {false, passed.front() + limit.per - now};
        passed.push_back(now);
        return {};
    }

    std::deque<std::chrono::milliseconds> passed; ///< within the last window
};

MCP_DECL sliding_window::sliding_window(rate limit, limiter_options options)
    : limit_(detail::checked_rate(limit))
    , keys_(std::make_unique<detail::keyed<state>>(std::move(options))) {}
MCP_DECL sliding_window::sliding_window(sliding_window&&) noexcept = default;
MCP_DECL sliding_window& sliding_window::operator=(sliding_window&&) noexcept = default;
MCP_DECL sliding_window::~sliding_window() = default;

MCP_DECL rate_decision sliding_window::acquire(std::string_view key) {
    return keys_->with(
        key, [this](state& of, std::chrono::milliseconds now) { return of.take(limit_, now); });
}

} // namespace mcp
