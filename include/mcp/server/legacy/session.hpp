#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/subscription_limits.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/topics.hpp>

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::legacy {

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
    session(std::string id, handshake with, std::string request_prefix = {})
        : id_(std::move(id))
        , handshake_(std::move(with))
        , request_prefix_(std::move(request_prefix)) {}
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
    std::vector<std::string> subscriptions() const {
        std::lock_guard lock(mutex_);
        return {subscriptions_.begin(), subscriptions_.end()};
    }

    /// Takes the level from the session record, which other threads or processes may have changed.
    /// Ignores a version of the record older than the last. Version 0 means unknown.
    void refresh(log_level level, std::uint64_t version) {
        std::lock_guard lock(mutex_);
        if (version != 0 && version < version_)
            return;
        version_ = version;
        threshold_.store(level, std::memory_order_relaxed);
    }

    /// Sends a question as a request through `via` and waits for the answer.
    ///
    /// Resumes on the caller's executor. Throws `protocol_error` if `via` does not reach the client,
    /// or if the client disconnects, or answers with an error or not in time. Throws
    /// `operation_aborted` if the caller is cancelled.
    asio::awaitable<json> ask(input_request what, message_sink& via,
                              std::chrono::milliseconds timeout);

    /// Takes a response of the client. The caller of `ask` resumes when the returned mailbox is
    /// closed. Returns null if no question waits for the response.
    std::shared_ptr<mailbox> take_answer(const jsonrpc::message& response);

    /// Takes a response and resumes the caller of `ask`. Returns false if no question waits for it.
    bool answer(const jsonrpc::message& response) {
        const auto asked = take_answer(response);
        if (asked)
            asked->close();
        return asked != nullptr;
    }

    /// How often the session's stream may pass from one client to another in each pause.
    static constexpr int take_overs = 4;

    /// Counts that the session's stream passes from one client to another. Returns false, and
    /// counts nothing, if it has done so `take_overs` times within `pause` in this process.
    bool take_over(std::chrono::steady_clock::time_point now, std::chrono::milliseconds pause) {
        std::lock_guard lock(mutex_);
        if (!first_take_over_ || now - *first_take_over_ >= pause) {
            first_take_over_ = now;
            taken_over_ = 0;
        }
        if (taken_over_ == take_overs)
            return false;
        ++taken_over_;
        return true;
    }

    /// Fails all questions, now and later, because the client has gone.
    void hang_up();

    /// Takes a slot for a request whose handler waits, unless `most` are taken; see `call_slots`.
    call_slot take_slot(const jsonrpc::id& id, std::size_t most) { return calls_->take(id, most); }

    /// Returns the number of requests under way.
    std::size_t under_way() const { return calls_->size(); }

    /// Cancels the request, if it is under way. [MCP 2025-11-25 basic/utilities/cancellation]
    bool cancel(const jsonrpc::id& id) { return calls_->cancel(id); }

    /// Cancels all requests under way, because the session has ended.
    void cancel_all() { calls_->cancel_all(); }

    /// Subscribes `stream` to the topics that every client gets, until `leave`.
    void listen(const any_broker& topics, std::shared_ptr<subscriber> stream) {
        for (const std::string_view topic : common_topics)
            topics.join(std::string(topic), stream);
        std::lock_guard lock(mutex_);
        stream_ = std::move(stream);
    }

    /// Ends all subscriptions of the session.
    void leave(const any_broker& topics) {
        std::shared_ptr<subscriber> stream;
        std::set<std::string, std::less<>> uris;
        {
            std::lock_guard lock(mutex_);
            stream.swap(stream_);
            uris.swap(subscriptions_);
            subscription_bytes_ = 0;
        }
        if (!stream)
            return;
        for (const std::string_view topic : common_topics)
            topics.unsubscribe(std::string(topic), stream.get());
        for (const std::string& uri : uris)
            topics.unsubscribe(resource_topic(uri), stream.get());
    }

    /// Subscribes to a resource. Returns the error if the subscription is refused.
    /// [MCP 2025-11-25 server/resources]
    std::optional<jsonrpc::error> subscribe(const any_broker& topics, std::string_view uri,
                                            const subscription_limits& most = {}) {
        std::lock_guard lock(mutex_);
        if (subscriptions_.contains(uri))
            return std::nullopt;
        if (auto why = most.refuse(uri, subscriptions_.size(), subscription_bytes_, "params.uri"))
            return why;
        subscriptions_.emplace(uri);
        subscription_bytes_ += uri.size();
        if (stream_)
            topics.join(resource_topic(uri), stream_);
        return std::nullopt;
    }
    void unsubscribe(const any_broker& topics, std::string_view uri) {
        std::lock_guard lock(mutex_);
        if (subscriptions_.erase(std::string(uri)) == 0)
            return;
        subscription_bytes_ -= uri.size();
        if (stream_)
            topics.unsubscribe(resource_topic(uri), stream_.get());
    }

    static constexpr std::array common_topics{list_topic(list_kind::tools),
                                              list_topic(list_kind::prompts),
                                              list_topic(list_kind::resources)};

private:
    /// Makes an id for a request to the client.
    jsonrpc::id make_id() {
        const std::int64_t number = next_id_++;
        return request_prefix_.empty()
                   ? jsonrpc::id(number)
                   : jsonrpc::id(std::string_view(request_prefix_ + std::to_string(number)));
    }

    /// A question under way. It holds no part of an event loop, because it may outlive the loop of
    /// the caller.
    struct waiting {
        mailbox over; ///< closed when the answer is there or will not come
        std::optional<json> result;
        std::optional<jsonrpc::error> error;
        bool abandoned = false;
    };

    static jsonrpc::error gone(const std::string& method) {
        return {jsonrpc::errc::internal_error,
                "the client disconnected before it answered " + method};
    }

    const std::string id_;
    const handshake handshake_;
    const std::string request_prefix_;
    const std::shared_ptr<call_slots> calls_ = std::make_shared<call_slots>();
    std::atomic<log_level> threshold_{log_level::info};

    mutable std::mutex mutex_;
    bool hung_up_ = false;
    std::optional<std::chrono::steady_clock::time_point> first_take_over_; // of this pause
    int taken_over_ = 0;
    std::uint64_t version_ = 0; ///< of the record that the level is of
    std::int64_t next_id_ = 1;
    std::unordered_map<jsonrpc::id, std::shared_ptr<waiting>> waiting_;
    std::set<std::string, std::less<>> subscriptions_;
    std::size_t subscription_bytes_ = 0;
    std::shared_ptr<subscriber> stream_;
};

inline asio::awaitable<json> session::ask(input_request what, message_sink& via,
                                          std::chrono::milliseconds timeout) {
    if (!via.reaches_client())
        throw protocol_error(invalid_request(what.method +
                                             " cannot be sent: the client has disconnected, or "
                                             "does not accept text/event-stream"));
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer patience(executor, timeout);
    const auto wait = std::make_shared<waiting>();
    jsonrpc::id id;
    {
        std::lock_guard lock(mutex_);
        if (hung_up_)
            throw protocol_error(gone(what.method));
        id = make_id();
        waiting_.emplace(id, wait);
    }
    std::string message;
    jsonrpc::write_request(message, id, what.method, what.params);
    via.send(std::move(message));

    patience.async_wait([wait](std::error_code cancelled) {
        if (!cancelled)
            wait->over.close();
    });
    std::exception_ptr cancelled;
    try {
        co_await wait->over.wait();
    } catch (...) {
        cancelled = std::current_exception();
    }
    std::lock_guard lock(mutex_);
    waiting_.erase(id);
    if (cancelled)
        std::rethrow_exception(cancelled);
    if (wait->result)
        co_return std::move(*wait->result);
    if (wait->abandoned)
        throw protocol_error(gone(what.method));
    if (wait->error)
        throw protocol_error(jsonrpc::errc::internal_error,
                             "the client refused " + what.method + ": " + wait->error->message);
    throw protocol_error(jsonrpc::errc::internal_error,
                         "the client did not answer " + what.method + " in time");
}

inline std::shared_ptr<mailbox> session::take_answer(const jsonrpc::message& response) {
    std::lock_guard lock(mutex_);
    const auto found = waiting_.find(response.id);
    if (found == waiting_.end())
        return nullptr;
    const std::shared_ptr<waiting> wait = std::move(found->second);
    waiting_.erase(found);
    if (response.kind == jsonrpc::message_kind::result)
        wait->result.emplace(*response.result, json_storage{});
    else
        wait->error = response.error;
    return {wait, &wait->over};
}

inline void session::hang_up() {
    std::unordered_map<jsonrpc::id, std::shared_ptr<waiting>> all;
    {
        std::lock_guard lock(mutex_);
        hung_up_ = true;
        all.swap(waiting_);
        for (const auto& [id, wait] : all)
            wait->abandoned = true;
    }
    for (const auto& [id, wait] : all)
        wait->over.close();
}

} // namespace mcp::legacy
