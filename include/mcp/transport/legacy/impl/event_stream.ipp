// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/replay/replay_log.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/event_stream.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <string>
#include <utility>

namespace mcp::legacy {

MCP_DECL std::string lost_events(std::string_view lost) {
    std::string text;
    write_log(text, log_message(log_level::warning, R"({"lostEvents":)" + std::string(lost) + '}',
                                "replay"));
    return text;
}

MCP_DECL event_stream::event_stream(server_environment& environment, asio::any_io_executor executor,
                                    std::string session, std::uint64_t stream, std::uint64_t after)
    : environment_(environment)
    , executor_(std::move(executor))
    , session_(std::move(session))
    , stream_(stream)
    , last_(after)
    , reader_(std::make_shared<mailbox>(environment.stream_limits())) {}

MCP_DECL void event_stream::prime(std::chrono::milliseconds retry) {
    const std::string id = event_id{stream_, last_}.text();
    std::string text;
    sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry});
    reader_->push(std::move(text));
}

MCP_DECL void event_stream::retire(std::chrono::milliseconds retry) {
    // Not an event: older clients would read its empty data.
    reader_->push("retry: " + std::to_string(retry.count()) + "\n\n");
    reader_->close();
}

MCP_DECL void event_stream::take_late() {
    std::lock_guard lock(mutex_);
    late_.emplace();
}

MCP_DECL void event_stream::begin(const replayed& from_log) {
    bool again = false;
    {
        std::lock_guard lock(mutex_);
        began_ = true;
        if (!from_log.whole && from_log.events.empty() && !lost(from_log, last_))
            tell_gap("null"); // neither their number is known, nor whether more will come
        take(from_log, last_, true);
        again = again_ || !early_.empty();
    }
    if (again)
        catch_up();
}

MCP_DECL void event_stream::keep_session() {
    asio::co_spawn(executor_, visit(shared_from_this()), asio::detached);
}

MCP_DECL void event_stream::catch_up() {
    {
        std::lock_guard lock(mutex_);
        if (!environment_.replay || reader_->closed())
            return;
        again_ = true;
        if (!began_ || filling_)
            return; // the reader may be too early, and reads again
        filling_ = true;
    }
    asio::co_spawn(executor_, fill(shared_from_this()), asio::detached);
}

MCP_DECL bool event_stream::deliver(std::string_view, const std::string& text) {
    const auto event = mcp::detail::event_envelope::read(text);
    if (!event)
        return pass_on(text);
    bool gap = false;
    {
        std::lock_guard lock(mutex_);
        if (event->sequence == 0)
            return push({}, event->message);
        if (late_ && event->sequence <= last_)
            return !late_->insert(event->sequence).second || event->message.empty() ||
                   push(event_id{stream_, event->sequence}.text(), event->message);
        if (event->sequence > last_)
            keep_early(event->sequence, text);
        if (!began_)
            return true;
        // An event that was sent already is delivered twice, or its log was lost.
        gap = event->sequence <= last_ || again_;
        flush(false);
        gap = gap || !early_.empty();
    }
    if (gap)
        catch_up();
    return !reader_->closed();
}

MCP_DECL void event_stream::taken_over() noexcept {
    reader_->close();
}

MCP_DECL void event_stream::missed(std::string_view) noexcept {
    catch_up();
}

MCP_DECL bool event_stream::pass_on(const std::string& message) {
    if (reader_->closed())
        return false;
    if (!environment_.replay) {
        std::lock_guard lock(mutex_);
        return push({}, message);
    }
    asio::co_spawn(executor_, record(shared_from_this(), message), asio::detached);
    return true;
}

MCP_DECL asio::awaitable<void> event_stream::record(std::shared_ptr<event_stream> self,
                                                    std::string message) {
    if (self->reader_->closed())
        co_return; // ended meanwhile
    try {
        const std::string marked = mcp::detail::event_envelope::mark(message);
        auto appended = self->environment_.replay->append(self->session_, self->stream_, marked);
        if (!appended.ready())
            co_await appended.settle();
        self->deliver({}, mcp::detail::event_envelope::write(appended.take().sequence, marked));
    } catch (const std::exception& e) {
        self->environment_.log(log_level::warning,
                               std::string("an event could not be recorded: ") + e.what());
        std::lock_guard lock(self->mutex_);
        self->push({}, message);
    }
}

MCP_DECL asio::awaitable<void> event_stream::visit(std::shared_ptr<event_stream> self) {
    try {
        auto found = self->environment_.sessions.find(self->session_);
        if (!found.ready())
            co_await found.settle();
        if (!found.take())
            self->reader_->close();
    } catch (const std::exception&) { // store unavailable: streams stay open
    }
}

MCP_DECL asio::awaitable<void> event_stream::fill(std::shared_ptr<event_stream> self) {
    try {
        bool more = true;
        while (more) {
            const std::uint64_t from = self->start_to_fill();
            auto read = self->environment_.replay->after(self->session_, self->stream_, from);
            if (!read.ready())
                co_await read.settle();
            const replayed found = read.take();
            more = self->filled_with(found, from);
        }
    } catch (const std::exception&) { // log unavailable: the next event or tick retries
        std::lock_guard lock(self->mutex_);
        self->filling_ = false;
    }
}

MCP_DECL std::uint64_t event_stream::start_to_fill() {
    std::lock_guard lock(mutex_);
    again_ = false;
    return last_;
}

MCP_DECL bool event_stream::filled_with(const replayed& found, std::uint64_t from) {
    std::lock_guard lock(mutex_);
    take(found, from);
    filling_ = again_;
    return again_;
}

MCP_DECL bool event_stream::lost(const replayed& log, std::uint64_t from) {
    return log.last && *log.last < from;
}

MCP_DECL void event_stream::keep_early(std::uint64_t sequence, const std::string& text) {
    if (early_bytes_ + text.size() > environment_.options.stream_bytes && !early_.empty())
        again_ = true;
    else if (early_.emplace(sequence, text).second)
        early_bytes_ += text.size();
}

MCP_DECL void event_stream::take(const replayed& from_log, std::uint64_t from, bool backlog) {
    if (lost(from_log, from)) {
        tell_gap("null");
        last_ = *from_log.last;
        early_.clear();
        early_bytes_ = 0;
    }
    for (const replay_event& each : from_log.events)
        if (each.sequence > last_) {
            const auto [at, added] = early_.try_emplace(
                each.sequence, mcp::detail::event_envelope::write(each.sequence, each.message));
            early_bytes_ += added ? at->second.size() : 0;
        }
    if (!from_log.whole && !early_.empty() && early_.begin()->first > last_ + 1) {
        tell_gap(std::to_string(early_.begin()->first - last_ - 1));
        last_ = early_.begin()->first - 1;
    }
    flush(backlog);
}

MCP_DECL void event_stream::flush(bool backlog) {
    std::string text;
    bool last = false;
    while (!early_.empty() && early_.begin()->first <= last_ + 1) {
        const auto node = early_.extract(early_.begin());
        early_bytes_ -= node.mapped().size();
        if (node.key() <= last_)
            continue;
        last_ = node.key();
        late_.reset();
        const auto event = mcp::detail::event_envelope::read(node.mapped());
        if (!event)
            continue;
        if (!event->message.empty())
            append(text, event_id{stream_, last_}.text(), event->message);
        last = last || event->last;
    }
    if (!text.empty())
        put(std::move(text), backlog);
    if (last)
        reader_->close();
}

MCP_DECL void event_stream::tell_gap(std::string_view lost) {
    push({}, lost_events(lost));
}

MCP_DECL void event_stream::append(std::string& out, std::string_view id,
                                   std::string_view message) {
    sse::append_event(out, sse::event{.data = message, .id = id, .name = "message"});
}

MCP_DECL bool event_stream::push(std::string_view id, std::string_view message) {
    std::string text;
    text.reserve(message.size() + id.size() + 32);
    append(text, id, message);
    return put(std::move(text));
}

MCP_DECL bool event_stream::put(std::string text, bool backlog) {
    const push_result pushed =
        backlog ? reader_->push_backlog(std::move(text)) : reader_->push(std::move(text));
    if (pushed == push_result::full)
        reader_->abandon(); // too slow: disconnected, and may come back to the log
    return pushed == push_result::taken;
}

} // namespace mcp::legacy
