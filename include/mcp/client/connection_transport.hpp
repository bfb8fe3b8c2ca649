// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/config.hpp>
#include <mcp/jsonrpc/connection.hpp>
#include <mcp/transport/any_connection.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

class connection_link;

/// The base of transports that share one ordered connection among all messages.
class linked_transport : public client_transport {
public:
    ~linked_transport() override;
    asio::awaitable<send_result> send(outgoing_request request, request_receiver& to) override;
    asio::awaitable<void> notify(std::string message, mcp::revision revision) override;
    void agreed(mcp::revision, bool) override {}
    asio::awaitable<void> close() override;
    bool has_streams() const noexcept override { return false; }
    std::string name() const override { return name_; }

protected:
    explicit linked_transport(std::string name);

    /// Begins to read and write. The connection replaces an earlier one.
    asio::awaitable<void> start(std::unique_ptr<any_connection> wire, message_receiver& to);

    /// Writes what waits to be written, for a second at most. Then nothing more can be sent.
    asio::awaitable<void> drain();

private:
    asio::awaitable<void> write(std::string message);

    const std::string name_;
    std::shared_ptr<connection_link> link_; ///< null before `start`
};

} // namespace detail

/// A transport of a client over a connection that the program has made: a socket, a serial line,
/// one end of a pair in memory.
///
///     auto transport = std::make_unique<mcp::connection_transport>(std::move(wire), "the plotter");
///
/// Messages are written one after another, in order. A `send` waits while 1024 messages, or 4 MiB,
/// wait to be written. A connection may throw a `transport_error` from `read` to say why it ends;
/// the requests under way fail with it. It is opened once.
class connection_transport final : public detail::linked_transport {
public:
    /// Takes the connection. `name` names the server in texts of errors.
    template <class Connection>
        requires jsonrpc::connection<Connection> && (!std::is_reference_v<Connection>)
    explicit connection_transport(Connection wire, std::string name = "the server")
        : linked_transport(std::move(name))
        , wire_(std::make_unique<detail::typed_connection<Connection>>(std::move(wire))) {}

    asio::awaitable<void> open(message_receiver& to) override;

private:
    std::unique_ptr<detail::any_connection> wire_; ///< until `open`
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/connection_transport.ipp>
#endif
