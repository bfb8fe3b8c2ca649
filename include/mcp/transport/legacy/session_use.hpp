#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/server/environment.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mcp::legacy {

/// Keeps a session in use during a call, with its questions, or a stream.
///
/// While it lives, it tells the store that the session is in use, three times per idle limit of
/// sessions. It does so on the executor. It may be destroyed on any thread, and after the executor.
class session_use {
public:
    session_use(server_environment& environment, const asio::any_io_executor& executor,
                std::string session)
        : over_(std::make_shared<mailbox>()) {
        asio::co_spawn(executor, keep(environment, std::move(session), over_), asio::detached);
    }
    session_use(const session_use&) = delete;
    session_use& operator=(const session_use&) = delete;
    ~session_use() { over_->close(); }

private:
    static asio::awaitable<void> keep(server_environment& environment, std::string session,
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
                auto step = environment.sessions.find(session);
                if (!step.ready())
                    co_await step.settle();
            } catch (const std::exception&) { // store unavailable: the next turn retries
            }
        }
    }

    const std::shared_ptr<mailbox> over_;
};

} // namespace mcp::legacy
