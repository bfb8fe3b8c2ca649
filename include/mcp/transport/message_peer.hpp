// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/limits.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mcp {

/// The limits of one client on an ordered channel of messages. They are copied before the channel
/// is served; a later change has no effect.
struct peer_options {
    std::size_t message_bytes = 4 * 1024 * 1024;                   ///< a longer message is refused
    json_limits json{};                                            ///< of message texts
    unpaired_surrogates surrogates = unpaired_surrogates::replace; ///< such as half an emoji
    std::size_t requests = 256; ///< under way at once, listen streams included
    std::size_t batch = 100;    ///< messages in one batch [MCP 2025-03-26]
    /// Messages that wait to be written. Beyond that, the client is too slow and is disconnected. A
    /// program that serves many connections may give them a common limit by `all`.
    mailbox_limits output{.messages = 1'000'000, .bytes = 64 * 1024 * 1024};
    /// Bytes that wait to be written. Beyond that, reading pauses until they are fewer.
    std::size_t output_before_pause = 1024 * 1024;
    /// Time for running requests after the end of the client's input; then they are cancelled. It
    /// is less than the two seconds after which clients of stdio kill their servers.
    std::chrono::milliseconds drain = std::chrono::seconds(1);
    /// The principal of the client, if the program knows who that is: the user who has started a
    /// server of stdio, or the peer of a Unix socket. If null, entries with a permission refuse the
    /// client. The auth backend of the server is not asked.
    std::shared_ptr<const mcp::principal> principal{};
    /// The parameters of the path, for a channel that HTTP carries; may be null.
    std::shared_ptr<const http::path_params> path{};
    /// The id of the legacy session, for a channel whose session is known to other processes; empty
    /// if the channel is the session.
    std::string session_id{};
};

/// Serves one client over an ordered channel of whole JSON-RPC messages, both eras: text in, text
/// out. It does no I/O; `serve_connection` is the loop around it.
///
/// Requests that name a modern revision in their `_meta` are stateless. `initialize` begins the one
/// legacy session of a channel. A second `initialize` replaces the session, as when a gateway
/// serves one client after another, and cancels its requests. Both eras may share one channel.
/// Responses are sent as they become ready, in any order. A request that the client cancels by
/// `notifications/cancelled` gets no response. [MCP 2026-07-28 basic/transports/stdio]
/// [MCP 2025-11-25 basic/transports, stdio]
///
/// Call all members but `output` on `executor`, which must be serial (a strand, or the context of
/// one thread). Handlers run on it too. Requests under way go on when the peer is destroyed. The
/// server must outlive them.
class message_peer {
public:
    message_peer(any_server& server, asio::any_io_executor executor, peer_options options = {});
    message_peer(const message_peer&) = delete;
    message_peer& operator=(const message_peer&) = delete;
    ~message_peer();

    /// Takes one message or a batch, and answers errors in it. Runs immediate handlers.
    void receive(std::string_view text);

    /// Ends the input. Ends listen streams and questions to the client. The output closes when the
    /// last request has been answered.
    void end_input();

#ifndef MCP_NO_LEGACY
    /// Begins the legacy session that a record describes, as if the client had initialized it on
    /// this channel.
    void resume(const session_record& record);

    /// Returns the legacy session; null before `initialize`.
    std::shared_ptr<const legacy::session> session() const noexcept;
#endif

    /// Closes the channel because the client has gone. Cancels all requests and drops the output.
    void close();

    /// Returns the messages for the client, each as JSON text. It ends after the last response.
    /// Permits one reader.
    mailbox& output() noexcept;

private:
    class impl;
    std::shared_ptr<impl> impl_; // its requests under way keep it
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/message_peer.ipp>
#endif
