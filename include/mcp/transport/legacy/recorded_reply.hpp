// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/server/message_sink.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mcp::legacy {

/// The recorded response stream of one request. A client that loses the connection reconnects for
/// the rest, at this or another process. [MCP 2025-11-25 basic/transports]
///
/// Each message is recorded, sent on the connection of the request, and published for clients that
/// have reconnected. The messages that wait to be recorded are limited. If a handler sends faster,
/// messages are dropped and the client is told their number; the response is never dropped. `send`
/// and `finish` may be called from any thread.
class recorded_reply final : public message_sink,
                             public std::enable_shared_from_this<recorded_reply> {
public:
    /// `retry`, if set, lets the client reconnect: a priming event tells it when.
    recorded_reply(server_environment& environment, std::string session, std::uint64_t stream,
                   std::optional<std::chrono::milliseconds> retry,
                   mailbox_limits waiting = {.messages = 64 * 1024, .bytes = 64 * 1024 * 1024});

    /// Returns the SSE text for the connection of the request.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// Starts the stream; messages are recorded on `executor`.
    void start(const asio::any_io_executor& executor);

    void send(std::string message) override;

    void finish(std::string response, reply_status) override;

    /// Does nothing without a priming event: without its id the client could not reconnect.
    void close_stream() override;

private:
    static mailbox_limits with_all(const server_environment& environment, mailbox_limits limits);

    static asio::awaitable<void> pump(std::shared_ptr<recorded_reply> self);

    /// Returns the events to record after all queued messages.
    std::vector<std::string> ending();

    std::string gap() const;

    asio::awaitable<void> pass_on(std::string marked);

    server_environment& environment_;
    const std::string session_;
    const std::uint64_t stream_;
    const std::optional<std::chrono::milliseconds> retry_;
    mailbox queue_;
    std::mutex mutex_;
    std::size_t lost_ = 0; ///< messages dropped since the last that was queued
    std::string last_;     ///< the response, once there is one
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/recorded_reply.ipp>
#endif
