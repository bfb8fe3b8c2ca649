// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/session_events.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <exception>
#include <utility>

namespace mcp::legacy {

MCP_DECL session_topics::session_topics(server_environment& environment,
                                        asio::any_io_executor executor, std::string session,
                                        std::shared_ptr<event_stream> stream)
    : environment_(environment)
    , executor_(std::move(executor))
    , session_(std::move(session))
    , stream_(std::move(stream)) {}

MCP_DECL asio::awaitable<void> session_topics::join() {
    const auto self = shared_from_this();
    const mcp::detail::any_broker& topics = environment_.topics;
    auto claimed = topics.claim(mcp::detail::session_topic(session_), stream_);
    if (!claimed.ready())
        co_await claimed.settle();
    for (const std::string_view topic : session::common_topics) {
        auto subscribed = topics.subscribe(std::string(topic), stream_);
        if (!subscribed.ready())
            co_await subscribed.settle();
    }
    auto subscribed = topics.subscribe(mcp::detail::record_topic(session_), self);
    if (!subscribed.ready())
        co_await subscribed.settle();
    co_await look(self); // only now: later changes are published
}

MCP_DECL void session_topics::leave() {
    const mcp::detail::any_broker& topics = environment_.topics;
    topics.unsubscribe(mcp::detail::session_topic(session_), stream_.get());
    for (const std::string_view topic : session::common_topics)
        topics.unsubscribe(std::string(topic), stream_.get());
    topics.unsubscribe(mcp::detail::record_topic(session_), this);
    std::lock_guard lock(mutex_);
    for (const std::string& uri : uris_)
        topics.unsubscribe(mcp::detail::resource_topic(uri), stream_.get());
    uris_.clear();
    left_ = true;
}

MCP_DECL bool session_topics::deliver(std::string_view, const std::string& text) {
    if (text == probe)
        return !stream_->reader()->closed();
    if (text == ended)
        stream_->taken_over();
    else if (const auto record = session_from_text(text))
        follow(*record);
    return true;
}

MCP_DECL void session_topics::missed(std::string_view) noexcept {
    asio::co_spawn(executor_, look_again(shared_from_this()), asio::detached);
}

MCP_DECL asio::awaitable<void> session_topics::look(std::shared_ptr<session_topics> self) {
    auto found = self->environment_.sessions.find(self->session_);
    if (!found.ready())
        co_await found.settle();
    const session_ptr record = found.take();
    if (record)
        self->follow(*record);
    else
        self->stream_->taken_over(); // the session has ended meanwhile
}

MCP_DECL asio::awaitable<void> session_topics::look_again(std::shared_ptr<session_topics> self) {
    try {
        co_await look(self);
    } catch (const std::exception& e) {
        self->environment_.log(log_level::warning,
                               std::string("a session could not be looked up: ") + e.what());
    }
}

MCP_DECL void session_topics::follow(const session_record& record) {
    const std::set<std::string> wanted(record.subscriptions.begin(), record.subscriptions.end());
    std::lock_guard lock(mutex_);
    if (left_ || (record.version != 0 && record.version < version_))
        return;
    version_ = record.version;
    for (const std::string& uri : wanted)
        if (!uris_.contains(uri))
            environment_.topics.join(mcp::detail::resource_topic(uri), stream_);
    for (const std::string& uri : uris_)
        if (!wanted.contains(uri))
            environment_.topics.unsubscribe(mcp::detail::resource_topic(uri), stream_.get());
    uris_ = wanted;
}

MCP_DECL get_stream::get_stream(std::shared_ptr<event_stream> events,
                                std::unique_ptr<session_use> use, std::chrono::milliseconds retry,
                                std::function<void()> ended)
    : events_(std::move(events))
    , use_(std::move(use))
    , body_(events_->reader())
    , retry_(retry)
    , ended_(std::move(ended)) {}

MCP_DECL get_stream::~get_stream() {
    ended_();
}

MCP_DECL asio::awaitable<bool> get_stream::read(std::string& out) {
    const bool more = co_await body_.read(out);
    if (!more)
        use_.reset();
    co_return more;
}

MCP_DECL bool get_stream::ready() const noexcept {
    return body_.ready();
}

MCP_DECL void get_stream::close() noexcept {
    use_.reset();
    body_.close();
}

MCP_DECL void get_stream::drain() noexcept {
    events_->retire(retry_);
}

MCP_DECL void get_stream::idle() noexcept {
    events_->keep_session();
    events_->catch_up();
    body_.idle();
}

} // namespace mcp::legacy
