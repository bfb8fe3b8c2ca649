// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <utility>

namespace mcp::legacy {

MCP_DECL recorded_reply::recorded_reply(server_environment& environment, std::string session,
                                        std::uint64_t stream,
                                        std::optional<std::chrono::milliseconds> retry,
                                        mailbox_limits waiting)
    : environment_(environment)
    , session_(std::move(session))
    , stream_(stream)
    , retry_(retry)
    , queue_(with_all(environment, waiting))
    , reader_(std::make_shared<mailbox>(environment.stream_limits())) {}

MCP_DECL void recorded_reply::start(const asio::any_io_executor& executor) {
    if (retry_) {
        const std::string id = event_id{stream_, 0}.text();
        std::string text;
        sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry_});
        reader_->push(std::move(text));
    }
    // An event without a message: from now on the log knows the stream.
    queue_.push(mcp::detail::event_envelope::mark({}));
    asio::co_spawn(executor, pump(shared_from_this()), asio::detached);
}

MCP_DECL void recorded_reply::send(std::string message) {
    std::lock_guard lock(mutex_);
    if (!last_.empty())
        return;
    if (lost_ != 0 && queue_.push(mcp::detail::event_envelope::mark(gap())) == push_result::taken)
        lost_ = 0;
    if (lost_ != 0 || queue_.push(mcp::detail::event_envelope::mark(message)) == push_result::full)
        ++lost_;
}

MCP_DECL void recorded_reply::finish(std::string response, reply_status) {
    std::lock_guard lock(mutex_);
    if (last_.empty())
        last_ = mcp::detail::event_envelope::mark(response, true);
    queue_.close();
}

MCP_DECL void recorded_reply::close_stream() {
    if (!retry_)
        return;
    if (queue_.push("-") == push_result::full) // in order, after the messages before
        reader_->close();                      // the log has the rest
}

MCP_DECL mailbox_limits recorded_reply::with_all(const server_environment& environment,
                                                 mailbox_limits limits) {
    if (!limits.all)
        limits.all = environment.stream_budget();
    return limits;
}

MCP_DECL asio::awaitable<void> recorded_reply::pump(std::shared_ptr<recorded_reply> self) {
    std::string marked;
    do {
        while (self->queue_.try_pop(marked)) {
            if (marked == "-")
                self->reader_->close();
            else
                co_await self->pass_on(std::move(marked));
        }
    } while (co_await self->queue_.wait());
    std::vector<std::string> rest = self->ending();
    for (std::string& each : rest)
        co_await self->pass_on(std::move(each));
    self->reader_->close();
}

MCP_DECL std::vector<std::string> recorded_reply::ending() {
    std::vector<std::string> rest;
    std::lock_guard lock(mutex_);
    if (lost_ != 0)
        rest.push_back(mcp::detail::event_envelope::mark(gap()));
    rest.push_back(std::move(last_));
    return rest;
}

MCP_DECL std::string recorded_reply::gap() const {
    return lost_events(std::to_string(lost_));
}

MCP_DECL asio::awaitable<void> recorded_reply::pass_on(std::string marked) {
    const std::string topic = mcp::detail::stream_topic(session_, stream_);
    recorded done;
    try {
        auto appended = environment_.replay->append(session_, stream_, marked, topic);
        if (!appended.ready())
            co_await appended.settle();
        done = appended.take();
    } catch (const std::exception& e) {
        environment_.log(log_level::warning,
                         std::string("an event could not be recorded: ") + e.what());
    }
    const std::string id = done.sequence ? event_id{stream_, done.sequence}.text() : std::string();
    if (marked.size() > 1) { // a cancelled request ends without a message
        std::string text;
        sse::append_event(text, sse::event{.data = mcp::detail::event_envelope::unmark(marked),
                                           .id = id,
                                           .name = "message"});
        if (reader_->push(std::move(text)) == push_result::full)
            reader_->abandon();
    }
    if (!done.taken)
        environment_.topics.post(topic, mcp::detail::event_envelope::write(done.sequence, marked));
}

} // namespace mcp::legacy
