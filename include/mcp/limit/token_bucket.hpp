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

/// A `rate_limiter` that fills a bucket of `permits` tokens evenly at the rate. It allows bursts of
/// up to `permits` requests, and the rate in the long run.
class token_bucket {
public:
    explicit token_bucket(rate limit, limiter_options options = {});
    token_bucket(token_bucket&&) noexcept;
    token_bucket& operator=(token_bucket&&) noexcept;
    ~token_bucket();

    rate_decision acquire(std::string_view key);

private:
    struct state;

    rate limit_;
    std::unique_ptr<detail::keyed<state>> keys_;
};

static_assert(rate_limiter<token_bucket>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/limit/impl/token_bucket.ipp>
#endif
