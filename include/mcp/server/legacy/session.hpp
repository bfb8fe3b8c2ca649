// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/server/topics.hpp>

#include <asio/awaitable.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mcp {

class mailbox;
class subscriber;
struct input_request;

namespace detail {
class any_broker;
} // namespace detail

namespace jsonrpc {
struct message;
} // namespace jsonrpc

} // namespace mcp

namespace mcp::legacy {

class call_slot;
class call_slots;

/// The revision and the client's description from `initialize`. [MCP 2025-11-25 basic/lifecycle]
struct handshake {
    mcp::revision revision = latest_legacy;
    implementation client;
    client_capabilities capabilities;
};

/// The state of one legacy client in the process that serves it: its calls and questions.
///
/// All members may be called from any thread.
class session {
public:
    /// `request_prefix`, if any, begins the ids of requests to the client. If several processes
    /// serve a session, it identifies the process that waits for the answer.
    session(std::string id, handshake with, std::string request_prefix = {});
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// Returns the session id; empty on transports with one client per process.
    const std::string& id() const noexcept { return id_; }
    mcp::revision revision() const noexcept { return handshake_.revision; }
    const implementation& client() const noexcept { return handshake_.client; }
    const client_capabilities& capabilities() const noexcept { return handshake_.capabilities; }

    /// Returns the least severe level that the client wants, set by `logging/setLevel`.
    log_level threshold() const noexcept { return threshold_.load(std::memory_order_relaxed); }
    void threshold(log_level level) noexcept { threshold_.store(level, std::memory_order_relaxed); }

    /// Returns the URIs of the subscribed resources, on transports with one client per process. On
    /// other transports the session record holds them.
    std::vector<std::string> subscriptions() const;

    /// Takes the level from the session record, which other threads or processes may have changed.
    /// Ignores a version of the record older than the last. Version 0 means unknown.
    void refresh(log_level level, std::uint64_t version);

    /// Sends a question as a request through `via` and waits for the answer.
    ///
    /// Resumes on the caller's executor. Throws `protocol_error` if `via` does not reach the
    /// client, or if the client disconnects, or answers with an error or not in time. Throws
    /// `operation_aborted` if the caller is cancelled.
    asio::awaitable<json> ask(input_request request, message_sink& via,
                              std::chrono::milliseconds timeout);

    /// Takes a response of the client. The caller of `ask` resumes when the returned mailbox is
    /// closed. Returns null if no question waits for the response.
    std::shared_ptr<mailbox> take_response(const jsonrpc::message& response);

    /// Takes a response and resumes the caller of `ask`. Returns false if no question waits for it.
    bool receive(const jsonrpc::message& response);

    /// How often the session's stream may pass from one client to another in each pause.
    static constexpr int take_overs = 4;

    /// Counts that the session's stream passes from one client to another. Returns false, and
    /// counts nothing, if it has done so `take_overs` times within `pause` in this process.
    bool take_over(std::chrono::steady_clock::time_point now, std::chrono::milliseconds pause);

    /// Fails all questions, now and later, because the client has gone.
    void hang_up();

    /// Takes a slot for a request whose handler waits, unless `most` are taken; see `call_slots`.
    call_slot take_slot(const jsonrpc::id& id, std::size_t most);

    /// Returns the number of requests under way.
    std::size_t under_way() const;

    /// Cancels the request, if it is under way. [MCP 2025-11-25 basic/utilities/cancellation]
    bool cancel(const jsonrpc::id& id);

    /// Cancels all requests under way, because the session has ended.
    void cancel_all();

    /// Subscribes `stream` to the topics that every client gets, until `leave`.
    void listen(const mcp::detail::any_broker& topics, std::shared_ptr<subscriber> stream);

    /// Ends all subscriptions of the session.
    void leave(const mcp::detail::any_broker& topics);

    /// Subscribes to a resource. Returns the error if the subscription is refused.
    /// [MCP 2025-11-25 server/resources]
    std::optional<jsonrpc::error> subscribe(const mcp::detail::any_broker& topics,
                                            std::string_view uri,
                                            const subscription_limits& most = {});
    void unsubscribe(const mcp::detail::any_broker& topics, std::string_view uri);

    static constexpr std::array common_topics{mcp::detail::list_topic(list_kind::tools),
                                              mcp::detail::list_topic(list_kind::prompts),
                                              mcp::detail::list_topic(list_kind::resources)};

private:
    /// Makes an id for a request to the client.
    jsonrpc::id make_id();

    /// A question under way. It holds no part of an event loop, because it may outlive the loop of
    /// the caller.
    struct waiting;

    const std::string id_;
    const handshake handshake_;
    const std::string request_prefix_;
    const std::shared_ptr<call_slots> calls_;
    std::atomic<log_level> threshold_{log_level::info};
    std::atomic<std::uint64_t> version_{0}; ///< of the record that the level is of

    mutable std::mutex mutex_;
    bool hung_up_ = false;
    std::optional<std::chrono::steady_clock::time_point> first_take_over_; // of this pause
    int taken_over_ = 0;
    std::int64_t next_id_ = 1;
    std::unordered_map<jsonrpc::id, std::shared_ptr<waiting>> waiting_;
    std::set<std::string, std::less<>> subscriptions_;
    std::size_t subscription_bytes_ = 0;
    std::shared_ptr<subscriber> stream_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/server/legacy/impl/session.ipp>
#endif
