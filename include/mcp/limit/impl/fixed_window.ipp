// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/fixed_window.hpp>
#include <mcp/limit/impl/keyed.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace mcp {

struct fixed_window::state {
    /// Takes one permit at the time `now`.
    rate_decision take(const rate& limit, std::chrono::milliseconds now) {
        const auto current = now / limit.per;
        if (window != current) {
            window = current;
            used = 0;
        }
        if (used >= limit.permits)
            return {false, limit.per * (current + 1) - now};
        ++used;
        return {};
    }

    std::chrono::milliseconds::rep window = -1;
    std::uint32_t used = 0;
};

MCP_DECL fixed_window::fixed_window(rate limit, limiter_options options)
    : limit_(detail::checked_rate(limit))
    , keys_(std::make_unique<detail::keyed<state>>(std::move(options))) {}
MCP_DECL fixed_window::fixed_window(fixed_window&&) noexcept = default;
MCP_DECL fixed_window& fixed_window::operator=(fixed_window&&) noexcept = default;
MCP_DECL fixed_window::~fixed_window() = default;

MCP_DECL rate_decision fixed_window::acquire(std::string_view key) {
    return keys_->with(
        key, [this](state& of, std::chrono::milliseconds now) { return of.take(limit_, now); });
}

} // namespace mcp
