// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/impl/keyed.hpp>
#include <mcp/limit/token_bucket.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

namespace mcp {

struct token_bucket::state {
    /// Takes one permit at the time `now`.
    rate_decision take(const rate& limit, std::chrono::milliseconds now) {
        const double each = static_cast<double>(limit.per.count()) / limit.permits;
        const double come = static_cast<double>((now - at).count()) / each;
        missing = std::max(0.0, missing - come);
        at = now;
        const double lacking = missing + 1 - limit.permits;
        if (lacking > 1e-9)
            return {false, std::chrono::milliseconds(std::llround(std::ceil(lacking * each)))};
        missing += 1;
        return {};
    }

    double missing = 0; ///< tokens; 0 makes a new bucket full
    std::chrono::milliseconds at{0};
};

MCP_DECL token_bucket::token_bucket(rate limit, limiter_options options)
    : limit_(detail::checked_rate(limit))
    , keys_(std::make_unique<detail::keyed<state>>(std::move(options))) {}
MCP_DECL token_bucket::token_bucket(token_bucket&&) noexcept = default;
MCP_DECL token_bucket& token_bucket::operator=(token_bucket&&) noexcept = default;
MCP_DECL token_bucket::~token_bucket() = default;

MCP_DECL rate_decision token_bucket::acquire(std::string_view key) {
    return keys_->with(
        key, [this](state& of, std::chrono::milliseconds now) { return of.take(limit_, now); });
}

} // namespace mcp
