// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/result.hpp>
#include <mcp/transport/http_reply.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {
class mailbox;

namespace detail {
class any_broker;
} // namespace detail

/// One `subscriptions/listen`. Writes published messages to its stream, each marked with the id of
/// the request. [MCP 2026-07-28 basic/patterns/subscriptions]
///
/// It lives while it is referenced; it is subscribed from `begin` to `end`. `write` is called from
/// any thread with one whole message.
class listener final : public subscriber, public std::enable_shared_from_this<listener> {
public:
    using writer = std::function<bool(std::string message)>;

    listener(jsonrpc::id id, subscription_filter filter, writer write);

    /// Counts the filter in the budget of all streams. Returns false if it is too large.
    bool reserve(const std::shared_ptr<byte_budget>& all);

    /// Subscribes and sends the acknowledgement; does not wait for the broker.
    void begin(const detail::any_broker& topics);

    /// Subscribes, and sends the acknowledgement after the broker's confirmation, so that no later
    /// message is missed. May be awaited on any executor.
    asio::awaitable<void> begin_confirmed(const detail::any_broker& topics);

    /// Ends its subscriptions.
    void end(const detail::any_broker& topics);

    /// Returns the response that ends the stream gracefully.
    std::string goodbye(std::string_view server_info) const;

    bool deliver(std::string_view topic, const std::string&) override;

private:
    bool pass_on(std::string message);

    /// Sends the first message, and then those that were published during the subscribing.
    void acknowledge();

    static std::optional<list_kind> list_of(std::string_view topic);

    std::vector<std::string> subscribed() const;

    const jsonrpc::id id_;
    const subscription_filter filter_;
    const writer write_;
    std::map<std::string, std::vector<std::string>, std::less<>> resources_; // URIs by their topic
    std::shared_ptr<byte_budget> all_;
    detail::byte_share held_;
    std::mutex mutex_;
    bool acknowledged_ = false;
    std::vector<std::string> early_;
};

/// Reads the filter in the params of `subscriptions/listen`. Returns the error if it is refused.
result<subscription_filter, jsonrpc::error> read_filter(json_view params,
                                                        const subscription_limits& most);

/// Returns the part of a filter that this server sends to a client without a principal. It leaves
/// out members of extensions, and resources that need permission.
subscription_filter honoured(const any_server& server, subscription_filter asked);

/// Returns the part of a filter that this server sends to the principal `identity`, which may be
/// null. It leaves out resources that the principal may not read. Throws `unavailable` if a
/// predicate does. The server and `path`, the path parameters of the endpoint, must outlive the
/// returned awaitable.
asio::awaitable<subscription_filter> honoured(any_server& server,
                                              std::shared_ptr<const principal> identity,
                                              subscription_filter asked,
                                              const http::path_params* path = nullptr);

/// The response body of a listen request.
class listen_stream final : public http::body_stream {
public:
    /// The server must outlive the stream, which keeps `kept` alive.
    listen_stream(any_server& server, jsonrpc::id id, subscription_filter filter,
                  std::shared_ptr<void> kept = {});

    ~listen_stream() override;

    /// Starts to listen. Await it once, before the stream is read. Throws `unavailable` if the
    /// broker does, or if the streams hold too much already.
    asio::awaitable<void> begin();

    asio::awaitable<bool> read(std::string& out) override;
    bool ready() const noexcept override;
    void close() noexcept override;
    void idle() noexcept override;
    void drain() noexcept override;

private:
    static bool push(mailbox& box, const std::string& message);

    const std::shared_ptr<void> kept_;
    any_server& server_;
    std::shared_ptr<mailbox> box_;
    std::shared_ptr<listener> listener_;
    mailbox_stream body_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/listen.ipp>
#endif
