// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>

#include <memory>
#include <string_view>

namespace mcp {

namespace detail {
template <class State>
class keyed;
} // namespace detail

/// A `rate_limiter` that counts in consecutive windows of time. The cheapest algorithm; at the
/// border of two windows it allows twice the rate.
class fixed_window {
public:
    explicit fixed_window(rate limit, limiter_options options = {});
    fixed_window(fixed_window&&) noexcept;
    fixed_window& operator=(fixed_window&&) noexcept;
    ~fixed_window();

    rate_decision acquire(std::string_view key);

private:
    struct state;

    rate limit_;
    std::unique_ptr<detail::keyed<state>> keys_;
};

static_assert(rate_limiter<fixed_window>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/limit/impl/fixed_window.ipp>
#endif
