// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <exception>
#include <system_error>
#include <utility>

namespace mcp::legacy {

MCP_DECL session_use::session_use(server_environment& environment,
                                  const asio::any_io_executor& executor, std::string session)
    : over_(std::make_shared<mailbox>()) {
    asio::co_spawn(executor, keep(environment, std::move(session), over_), asio::detached);
}

MCP_DECL session_use::~session_use() {
    over_->close();
}

MCP_DECL asio::awaitable<void> session_use::keep(server_environment& environment,
                                                 std::string session,
                                                 std::shared_ptr<mailbox> over) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer turn(executor);
    bool in_use = true;
    while (in_use) {
        turn.expires_after(environment.sessions.idle_limit() / 3);
        turn.async_wait([over](std::error_code cancelled) {
            if (!cancelled)
                over->poke();
        });
        in_use = co_await over->wait();
        if (!in_use)
            continue;
        try {
            auto found = environment.sessions.find(session);
            if (!found.ready())
                co_await found.settle();
        } catch (const std::exception&) { // store unavailable: the next turn retries
        }
    }
}

} // namespace mcp::legacy
