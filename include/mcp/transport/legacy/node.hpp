// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/subscriber.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/view.hpp>
#include <mcp/transport/legacy/live_sessions.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {
class mailbox;
} // namespace mcp

namespace mcp::detail {
struct nothing;
template <class T>
class pending;
} // namespace mcp::detail

namespace mcp::jsonrpc {
class id;
struct message;
} // namespace mcp::jsonrpc

namespace mcp::legacy {

/// The questions that a request has answered. Movable. The destructor resumes their callers.
class answered {
public:
    answered() = default;
    answered(answered&&) noexcept = default;
    answered& operator=(answered&&) = delete;
    ~answered();

    void add(std::shared_ptr<mailbox> waiting);

    /// Resumes them after the work that runs now on the executor of the request. So the request
    /// gets its response first.
    void go_on_after(const asio::any_io_executor& request);

private:
    static void close(const std::vector<std::shared_ptr<mailbox>>& all);

    std::vector<std::shared_ptr<mailbox>> all_;
};

/// One endpoint among the processes that serve the same sessions. Through the broker it receives
/// the messages that concern requests of this process.
class node final : public subscriber, public std::enable_shared_from_this<node> {
public:
    explicit node(server_environment& environment);

    /// Starts to receive from the other processes, as soon as the broker permits.
    void join();

    /// Completes when the other processes can reach this process. Before, no question is sent to a
    /// client, because another process may receive its answer. Throws `unavailable`.
    mcp::detail::pending<mcp::detail::nothing> joined();
    void leave();

    /// Returns the live sessions of this process.
    live_sessions& sessions() noexcept { return sessions_; }

    /// Passes a client's response to the request that waits for it, in any process. The result is 0
    /// if there is none. A question that waits in this process is added to `asked`. Throws
    /// `unavailable` when awaited.
    mcp::detail::pending<std::size_t> pass_response(session& here, const jsonrpc::message& response,
                                                    json_view text, answered& asked);

    /// Cancels a request of a session, in any process.
    void cancel(session& here, const jsonrpc::id& request);

    /// Ends a session in all processes.
    void end(std::string_view session_id);

    bool deliver(std::string_view, const std::string& text) override;

private:
    static constexpr std::string_view everybody = "nodes";

    static asio::awaitable<mcp::detail::nothing> confirm(std::shared_ptr<node> self);

    static std::string topic(std::string_view name);

    /// Returns the process that made a request id, `"<name>.<number>"`.
    static std::optional<std::string> node_of(const jsonrpc::id& id);

    server_environment& environment_;
    const std::string name_;
    live_sessions sessions_;
    std::atomic<bool> joined_{false};
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/node.ipp>
#endif
