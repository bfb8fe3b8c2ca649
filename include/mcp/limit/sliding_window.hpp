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

/// A `rate_limiter` that enforces the rate in every window of time, wherever it begins. It keeps
/// the time of each allowed request.
class sliding_window {
public:
    explicit sliding_window(rate limit, limiter_options options = {});
    sliding_window(sliding_window&&) noexcept;
    sliding_window& operator=(sliding_window&&) noexcept;
    ~sliding_window();

    rate_decision acquire(std::string_view key);

private:
    struct state;

    rate limit_;
    std::unique_ptr<detail::keyed<state>> keys_;
};

static_assert(rate_limiter<sliding_window>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/limit/impl/sliding_window.ipp>
#endif
