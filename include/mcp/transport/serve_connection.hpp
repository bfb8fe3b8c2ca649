// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/jsonrpc/connection.hpp>
#include <mcp/transport/any_connection.hpp>
#include <mcp/transport/message_peer.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <utility>

namespace mcp {

/// Serves the client of a connection until it has gone, or has ended its input and got its
/// responses. Cancelling this closes the connection.
///
/// Must run on a serial executor: a strand, or the context of one thread. `wire` and the server
/// must outlive it.
///
///     asio::co_spawn(asio::make_strand(io), mcp::serve_connection(server, wire), asio::detached);
template <jsonrpc::connection Connection>
asio::awaitable<void> serve_connection(any_server& server, Connection& wire,
                                       peer_options options = {});

namespace detail {

/// Serves the client of `wire`, as `serve_connection` does.
asio::awaitable<void> serve_any_connection(any_server& server, std::unique_ptr<any_connection> wire,
                                           peer_options options);

} // namespace detail

template <jsonrpc::connection Connection>
asio::awaitable<void> serve_connection(any_server& server, Connection& wire, peer_options options) {
    return detail::serve_any_connection(
        server, std::make_unique<detail::typed_connection<Connection&>>(wire), std::move(options));
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/serve_connection.ipp>
#endif
