// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <memory>
#include <string>

namespace mcp {
class mailbox;
} // namespace mcp

namespace mcp::legacy {

/// Keeps a session in use during a call, with its questions, or a stream.
///
/// While it lives, it tells the store that the session is in use, three times per idle limit of
/// sessions. It does so on the executor. It may be destroyed on any thread, and after the executor.
class session_use {
public:
    session_use(server_environment& environment, const asio::any_io_executor& executor,
                std::string session);
    session_use(const session_use&) = delete;
    session_use& operator=(const session_use&) = delete;
    ~session_use();

private:
    static asio::awaitable<void> keep(server_environment& environment, std::string session,
                                      std::shared_ptr<mailbox> over);

    const std::shared_ptr<mailbox> over_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/session_use.ipp>
#endif
