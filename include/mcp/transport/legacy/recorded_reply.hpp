#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/legacy/event_id.hpp>
#include <mcp/transport/legacy/event_stream.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp::legacy {

/// The recorded response stream of one request. A client that loses the connection reconnects for
/// the rest, at this or another process. [MCP 2025-11-25 basic/transports]
///
/// Each message is recorded, sent on the connection of the request, and published for clients that
/// have reconnected. The messages that wait to be recorded are limited. If a handler sends faster,
/// messages are dropped and the client is told their number; the response is never dropped. `send`
/// and `finish` may be called from any thread.
class recorded_reply final : public message_sink,
                             public std::enable_shared_from_this<recorded_reply> {
public:
    /// `retry`, if set, lets the client reconnect: a priming event tells it when.
    recorded_reply(server_environment& environment, std::string session, std::uint64_t stream,
                   std::optional<std::chrono::milliseconds> retry,
                   mailbox_limits waiting = {.messages = 64 * 1024, .bytes = 64 * 1024 * 1024})
        : environment_(environment)
        , session_(std::move(session))
        , stream_(stream)
        , retry_(retry)
        , queue_(with_all(environment, waiting))
        , reader_(std::make_shared<mailbox>(environment.stream_limits())) {}

    /// Returns the SSE text for the connection of the request.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// Starts the stream; messages are recorded on `executor`.
    void start(const asio::any_io_executor& executor) {
        if (retry_) {
            const std::string id = event_id{stream_, 0}.text();
            std::string text;
            sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry_});
            reader_->push(std::move(text));
        }
        queue_.push("."); // an event without a message: from now on the log knows the stream
        asio::co_spawn(executor, pump(shared_from_this()), asio::detached);
    }

    void send(std::string message) override {
        std::lock_guard lock(mutex_);
        if (!last_.empty())
            return;
        if (lost_ != 0 && queue_.push('.' + gap()) == push_result::taken)
            lost_ = 0;
        if (lost_ != 0 || queue_.push('.' + message) == push_result::full)
            ++lost_;
    }

    void finish(std::string response, reply_status) override {
        std::lock_guard lock(mutex_);
        if (last_.empty())
            last_ = '!' + response;
        queue_.close();
    }

    /// Does nothing without a priming event: without its id the client could not reconnect.
    void close_stream() override {
        if (!retry_)
            return;
        if (queue_.push("-") == push_result::full) // in order, after the messages before
            reader_->close();                      // the log has the rest
    }

private:
    static mailbox_limits with_all(const server_environment& environment, mailbox_limits limits) {
        if (!limits.all)
            limits.all = environment.stream_budget();
        return limits;
    }

    static asio::awaitable<void> pump(std::shared_ptr<recorded_reply> self) {
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

    /// Returns the events to record after all queued messages.
    std::vector<std::string> ending() {
        std::vector<std::string> rest;
        std::lock_guard lock(mutex_);
        if (lost_ != 0)
            rest.push_back('.' + gap());
        rest.push_back(std::move(last_));
        return rest;
    }

    std::string gap() const { return lost_events(std::to_string(lost_)); }

    asio::awaitable<void> pass_on(std::string marked) {
        const std::string topic = stream_topic(session_, stream_);
        recorded done;
        try {
            auto step = environment_.replay->append(session_, stream_, marked, topic);
            if (!step.ready())
                co_await step.settle();
            done = step.take();
        } catch (const std::exception& e) {
            environment_.log(log_level::warning,
                             std::string("an event could not be recorded: ") + e.what());
        }
        const std::string id =
            done.sequence ? event_id{stream_, done.sequence}.text() : std::string();
        if (marked.size() > 1) { // a cancelled request ends without a message
            std::string text;
            sse::append_event(text, sse::event{.data = std::string_view(marked).substr(1),
                                               .id = id,
                                               .name = "message"});
            if (reader_->push(std::move(text)) == push_result::full)
                reader_->abandon();
        }
        if (!done.taken)
            environment_.topics.post(topic, envelope::write(done.sequence, marked));
    }

    server_environment& environment_;
    const std::string session_;
    const std::uint64_t stream_;
    const std::optional<std::chrono::milliseconds> retry_;
    mailbox queue_;
    std::mutex mutex_;
    std::size_t lost_ = 0; ///< messages dropped since the last that was queued
    std::string last_;     ///< the response, once there is one
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy
