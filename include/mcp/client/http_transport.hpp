// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/client/http_options.hpp>
#include <mcp/config.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string>

namespace mcp {

namespace detail {
class http_link;
} // namespace detail

/// The connection of a client to a server over HTTP: streamable HTTP of all revisions, and HTTP+SSE
/// of 2024-11-05. [MCP 2026-07-28 basic/transports/streamable-http]
///
///     co_await client.connect(std::make_unique<mcp::http_transport>("https://example.com/mcp"));
///
/// - Messages of a response are delivered as they come. A legacy stream that ends too early is
///   resumed by `Last-Event-ID`; a modern one is not.
/// - A request that must not be done twice, which is `tools/call`, is never repeated by itself.
/// - Redirects lead to the same origin only; nothing is ever sent to another host.
class http_transport final : public client_transport {
public:
    /// Throws `std::invalid_argument` if a header field of the options is invalid.
    explicit http_transport(std::string url, http_options options = {});

    /// Requests under way end with `transport_failure::closed`, but for those that still wait for
    /// the head of a response: the client cancels these.
    ~http_transport() override;

    /// Throws `transport_error` if the URL cannot be used.
    asio::awaitable<void> open(message_receiver& to) override;
    asio::awaitable<send_result> send(outgoing_request request, request_receiver& to) override;
    asio::awaitable<void> notify(std::string message, mcp::revision revision) override;
    void agreed(mcp::revision revision, bool listen) override;
    asio::awaitable<void> close() override;
    bool has_streams() const noexcept override;
    std::string name() const override;
    std::string identity() const override;

private:
    std::shared_ptr<detail::http_link> link_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/http_transport.ipp>
#endif
