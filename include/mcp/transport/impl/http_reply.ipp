// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/media_type.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>

#include <utility>

namespace mcp {

MCP_DECL std::optional<reply_form> accepted_form(const http::fields& headers) {
    const auto accept = headers.find("accept");
    if (!accept || *accept == "application/json, text/event-stream") // what most clients send
        return reply_form::either;
    const bool body = http::accepts_media(headers, "application/json");
    if (http::accepts_media(headers, "text/event-stream"))
        return body ? reply_form::either : reply_form::events;
    return body ? std::optional(reply_form::body) : std::nullopt;
}

MCP_DECL event_reply::event_reply(std::function<void()> overflow, mailbox_limits unread)
    : overflow_(std::move(overflow))
    , reader_(std::make_shared<mailbox>(std::move(unread))) {}

MCP_DECL void event_reply::send(std::string message) {
    std::string text;
    text.reserve(message.size() + 32);
    sse::append_event(text, sse::event{.data = message, .name = "message"});
    if (reader_->push(std::move(text)) != push_result::full)
        return;
    reader_->abandon();
    if (overflow_)
        overflow_();
}

MCP_DECL void event_reply::finish(std::string response, reply_status) {
    if (!response.empty())
        send(std::move(response));
    reader_->close();
}

MCP_DECL http_reply::http_reply(std::function<stream()> open, bool resumable)
    : open_(std::move(open))
    , resumable_(resumable) {}

MCP_DECL bool http_reply::reaches_client() const {
    std::lock_guard lock(mutex_);
    return open_ || stream_.sink;
}

MCP_DECL void http_reply::admitted() {
    std::lock_guard lock(mutex_);
    admitted_ = true;
    if (due_)
        begin_stream();
}

MCP_DECL void http_reply::send(std::string message) {
    std::lock_guard lock(mutex_);
    if (begin_stream())
        stream_.sink->send(std::move(message));
}

MCP_DECL void http_reply::close_stream() {
    std::lock_guard lock(mutex_);
    if (resumable_ && begin_stream())
        stream_.sink->close_stream();
}

MCP_DECL void http_reply::add_response(std::string response) {
    std::lock_guard lock(mutex_);
    if (stream_.sink)
        stream_.sink->send(std::move(response));
    else
        answers_.push_back(std::move(response));
}

MCP_DECL void http_reply::finish(std::string response, reply_status status) {
    std::lock_guard lock(mutex_);
    open_ = nullptr;
    if (stream_.sink)
        return stream_.sink->finish(std::move(response), status);
    body_ = answers_.empty() ? std::move(response) : array_of(answers_);
    status_ = status;
    decided_.close();
}

MCP_DECL void http_reply::stream_now() {
    std::lock_guard lock(mutex_);
    due_ = true;
    if (admitted_)
        begin_stream();
}

MCP_DECL void http_reply::abandon() {
    std::lock_guard lock(mutex_);
    open_ = nullptr;
}

MCP_DECL bool http_reply::undecided() const {
    return !decided_.closed();
}

MCP_DECL asio::awaitable<bool> http_reply::decided() {
    return decided_.wait();
}

MCP_DECL std::shared_ptr<mailbox> http_reply::reader() const {
    std::lock_guard lock(mutex_);
    return stream_.reader;
}

MCP_DECL std::optional<reply_status> http_reply::take_response(std::string& body) {
    std::lock_guard lock(mutex_);
    if (stream_.sink || !decided_.closed())
        return std::nullopt;
    body = std::move(body_);
    return status_;
}

MCP_DECL bool http_reply::begin_stream() {
    if (!open_)
        return stream_.sink != nullptr;
    stream_ = std::exchange(open_, nullptr)();
    for (std::string& each : answers_)
        stream_.sink->send(std::move(each));
    answers_.clear();
    decided_.close();
    return true;
}

MCP_DECL std::string http_reply::array_of(const std::vector<std::string>& answers) {
    std::string text;
    for (const std::string& each : answers)
        text.append(text.empty() ? "[" : ",").append(each);
    return text += ']';
}

MCP_DECL mailbox_stream::mailbox_stream(std::shared_ptr<mailbox> from, std::function<void()> closed,
                                        std::function<void()> drained)
    : from_(std::move(from))
    , closed_(std::move(closed))
    , drained_(std::move(drained)) {}

MCP_DECL asio::awaitable<bool> mailbox_stream::read(std::string& out) {
    const std::size_t before = out.size();
    std::string text;
    while (from_->try_pop(text))
        out += text;
    if (out.size() != before)
        co_return true;
    const bool more = co_await from_->wait();
    while (from_->try_pop(text))
        out += text;
    if (more && out.size() == before)
        sse::append_comment(out); // poked: a keep-alive
    co_return more || out.size() != before;
}

MCP_DECL bool mailbox_stream::ready() const noexcept {
    return !from_->empty() || from_->closed();
}

MCP_DECL void mailbox_stream::close() noexcept {
    from_->abandon();
    if (closed_)
        closed_();
}

MCP_DECL void mailbox_stream::drain() noexcept {
    if (drained_)
        drained_();
}

MCP_DECL void mailbox_stream::idle() noexcept {
    from_->poke();
}

} // namespace mcp
