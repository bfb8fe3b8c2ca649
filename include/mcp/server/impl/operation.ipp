// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/async/tally.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/operation.hpp>

#include <functional>
#include <utility>

namespace mcp {

MCP_DECL operation::~operation() = default;

MCP_DECL asio::awaitable<void> operation::run_async(context& ctx, result_writer& out) const {
    run(ctx, out);
    co_return;
}

namespace detail {

/// Work that counts while it waits for a thread.
class waiting_work {
public:
    waiting_work(std::function<void()> work, tally::share waits)
        : work_(std::move(work))
        , waits_(std::move(waits)) {}

    void operator()() {
        waits_ = {};
        work_();
    }

private:
    std::function<void()> work_;
    tally::share waits_;
};

} // namespace detail

MCP_DECL asio::awaitable<void> detail::run_blocking(context& ctx, std::function<void()> work) {
    server_environment& environment = detail::context_access::environment(ctx);
    return offload(environment.pool(),
                   waiting_work(std::move(work), environment.waiting_for_pool.add()));
}

} // namespace mcp
