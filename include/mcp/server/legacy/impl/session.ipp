// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/message_sink.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace mcp::legacy {

struct session::waiting {
    mailbox over; ///< closed when the answer is there or will not come
    std::optional<json> result;
    std::optional<jsonrpc::error> error;
    bool abandoned = false;
};

namespace detail {

inline jsonrpc::error client_gone(const std::string& method) {
    return {jsonrpc::errc::internal_error, "the client disconnected before it answered " + method};
}

} // namespace detail

MCP_DECL session::session(std::string id, handshake with, std::string request_prefix)
    : id_(std::move(id))
    , handshake_(std::move(with))
    , request_prefix_(std::move(request_prefix))
    , calls_(std::make_shared<call_slots>()) {}

MCP_DECL std::vector<std::string> session::subscriptions() const {
    std::lock_guard lock(mutex_);
    return {subscriptions_.begin(), subscriptions_.end()};
}

MCP_DECL void session::refresh(log_level level, std::uint64_t version) {
    if (version == version_ && level == threshold())
        return; // nearly always, and without the lock
    std::lock_guard lock(mutex_);
    if (version != 0 && version < version_)
        return;
    version_ = version;
    threshold_.store(level, std::memory_order_relaxed);
}

MCP_DECL bool session::receive(const jsonrpc::message& response) {
    const auto asked = take_response(response);
    if (asked)
        asked->close();
    return asked != nullptr;
}

MCP_DECL bool session::take_over(std::chrono::steady_clock::time_point now,
                                 std::chrono::milliseconds pause) {
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

MCP_DECL void session::listen(const mcp::detail::any_broker& topics,
                              std::shared_ptr<subscriber> stream) {
    for (const std::string_view topic : common_topics)
        topics.join(std::string(topic), stream);
    std::lock_guard lock(mutex_);
    stream_ = std::move(stream);
}

MCP_DECL void session::leave(const mcp::detail::any_broker& topics) {
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
        topics.unsubscribe(mcp::detail::resource_topic(uri), stream.get());
}

MCP_DECL std::optional<jsonrpc::error> session::subscribe(const mcp::detail::any_broker& topics,
                                                          std::string_view uri,
                                                          const subscription_limits& most) {
    std::lock_guard lock(mutex_);
    if (subscriptions_.contains(uri))
        return std::nullopt;
    if (auto why = most.refuse(uri, subscriptions_.size(), subscription_bytes_, "params.uri"))
        return why;
    subscriptions_.emplace(uri);
    subscription_bytes_ += uri.size();
    if (stream_)
        topics.join(mcp::detail::resource_topic(uri), stream_);
    return std::nullopt;
}

MCP_DECL void session::unsubscribe(const mcp::detail::any_broker& topics, std::string_view uri) {
    std::lock_guard lock(mutex_);
    if (subscriptions_.erase(std::string(uri)) == 0)
        return;
    subscription_bytes_ -= uri.size();
    if (stream_)
        topics.unsubscribe(mcp::detail::resource_topic(uri), stream_.get());
}

MCP_DECL jsonrpc::id session::make_id() {
    const std::int64_t number = next_id_++;
    return request_prefix_.empty()
               ? jsonrpc::id(number)
               : jsonrpc::id(std::string_view(request_prefix_ + std::to_string(number)));
}

MCP_DECL call_slot session::take_slot(const jsonrpc::id& id, std::size_t most) {
    return calls_->take(id, most);
}

MCP_DECL std::size_t session::under_way() const {
    return calls_->size();
}

MCP_DECL bool session::cancel(const jsonrpc::id& id) {
    return calls_->cancel(id);
}

MCP_DECL void session::cancel_all() {
    calls_->cancel_all();
}

MCP_DECL asio::awaitable<json> session::ask(input_request request, message_sink& via,
                                            std::chrono::milliseconds timeout) {
    if (!via.reaches_client())
        throw protocol_error(invalid_request(request.method +
                                             " cannot be sent: the client has disconnected, or "
                                             "does not accept text/event-stream"));
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, timeout);
    const auto wait = std::make_shared<waiting>();
    jsonrpc::id id;
    {
        std::lock_guard lock(mutex_);
        if (hung_up_)
            throw protocol_error(detail::client_gone(request.method));
        id = make_id();
        waiting_.emplace(id, wait);
    }
    std::string message;
    jsonrpc::write_request(message, id, request.method, request.params);
    via.send(std::move(message));

    timer.async_wait([wait](std::error_code cancelled) {
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
        throw protocol_error(detail::client_gone(request.method));
    if (wait->error)
        throw protocol_error(jsonrpc::errc::internal_error,
                             "the client refused " + request.method + ": " + wait->error->message);
    throw protocol_error(jsonrpc::errc::internal_error,
                         "the client did not answer " + request.method + " in time");
}

MCP_DECL std::shared_ptr<mailbox> session::take_response(const jsonrpc::message& response) {
    std::lock_guard lock(mutex_);
    const auto found = waiting_.find(response.id);
    if (found == waiting_.end())
        return nullptr;
    const std::shared_ptr<waiting> wait = std::move(found->second);
    waiting_.erase(found);
    if (response.kind == jsonrpc::message_kind::result)
        wait->result.emplace(response.result.to_json());
    else
        wait->error = response.error;
    return {wait, &wait->over};
}

MCP_DECL void session::hang_up() {
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
