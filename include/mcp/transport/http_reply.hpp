#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/sse/event.hpp>

#include <asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

/// Says which response to a request a client accepts.
enum class reply_form {
    body,   ///< One JSON body; messages before the response are dropped.
    either, ///< One JSON body, or an SSE stream.
    events  ///< An SSE stream, unless the request is refused.
};

/// Returns the form that the Accept header requests; nothing if it accepts neither. A client
/// without the header accepts both. [RFC 9110 §12.5.1]
inline std::optional<reply_form> accepted_form(const http::fields& headers) {
    if (!headers.find("accept"))
        return reply_form::either;
    const bool body = http::accepts_media(headers, "application/json");
    if (http::accepts_media(headers, "text/event-stream"))
        return body ? reply_form::either : reply_form::events;
    return body ? std::optional(reply_form::body) : std::nullopt;
}

/// Writes the messages of one request as SSE text. Thread-safe.
class event_reply final : public message_sink {
public:
    /// `overflow` is called, from any thread, when the reader was too slow and is disconnected.
    explicit event_reply(std::function<void()> overflow = {}, mailbox_limits unread = {})
        : overflow_(std::move(overflow))
        , reader_(std::make_shared<mailbox>(std::move(unread))) {}

    void send(std::string message) override {
        std::string text;
        text.reserve(message.size() + 32);
        sse::append_event(text, sse::event{.data = message, .name = "message"});
        if (reader_->push(std::move(text)) != push_result::full)
            return;
        reader_->abandon();
        if (overflow_)
            overflow_();
    }
    void finish(std::string response, reply_status) override {
        if (!response.empty())
            send(std::move(response));
        reader_->close();
    }

    /// Returns the SSE text for the connection.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

private:
    const std::function<void()> overflow_;
    const std::shared_ptr<mailbox> reader_;
};

/// The response to a request: one JSON body or an SSE stream.
///
/// It is undecided at first. The end of the request makes it a JSON body; the first message or
/// `stream_now` makes it a stream. A request that may still be refused has no stream, because a
/// refusal has a status. Thread-safe.
class http_reply final : public message_sink {
public:
    /// A stream that has begun.
    struct stream {
        std::shared_ptr<message_sink> sink;
        std::shared_ptr<mailbox> reader; ///< gives the stream's SSE text
    };

    /// `open` begins the stream, at most once and on any thread. Without it the response is JSON,
    /// and messages are dropped. `resumable` says that the client can reconnect to the stream.
    explicit http_reply(std::function<stream()> open = {}, bool resumable = false)
        : open_(std::move(open))
        , resumable_(resumable) {}

    /// Returns whether it is a stream, or may become one.
    bool reaches_client() const override {
        std::lock_guard lock(mutex_);
        return open_ || stream_.sink;
    }

    void admitted() override {
        std::lock_guard lock(mutex_);
        admitted_ = true;
        if (due_)
            begin_stream();
    }

    void send(std::string message) override {
        std::lock_guard lock(mutex_);
        if (begin_stream())
            stream_.sink->send(std::move(message));
    }

    void close_stream() override {
        std::lock_guard lock(mutex_);
        if (resumable_ && begin_stream())
            stream_.sink->close_stream();
    }

    /// Adds one of several responses: an element of the array that answers a batch, or a message of
    /// the stream.
    void add_answer(std::string response) {
        std::lock_guard lock(mutex_);
        if (stream_.sink)
            stream_.sink->send(std::move(response));
        else
            answers_.push_back(std::move(response));
    }

    void finish(std::string response, reply_status status) override {
        std::lock_guard lock(mutex_);
        open_ = nullptr;
        if (stream_.sink)
            return stream_.sink->finish(std::move(response), status);
        body_ = answers_.empty() ? std::move(response) : array_of(answers_);
        status_ = status;
        decided_.close();
    }

    /// Makes the response a stream once the request is admitted, before the first message.
    void stream_now() {
        std::lock_guard lock(mutex_);
        due_ = true;
        if (admitted_)
            begin_stream();
    }

    /// Records that the client has gone while the response was undecided: it gets no more messages.
    void abandon() {
        std::lock_guard lock(mutex_);
        open_ = nullptr;
    }

    bool undecided() const { return !decided_.closed(); }

    /// Waits until it is decided. Permits one waiter, which must keep this object alive.
    asio::awaitable<bool> decided() { return decided_.wait(); }

    /// Returns the SSE text if the response is a stream, or else null.
    std::shared_ptr<mailbox> reader() const {
        std::lock_guard lock(mutex_);
        return stream_.reader;
    }

    /// Returns the status and moves the JSON body to `body`, if the request has ended without a
    /// stream. The body of a cancelled request is empty.
    std::optional<reply_status> take_answer(std::string& body) {
        std::lock_guard lock(mutex_);
        if (stream_.sink || !decided_.closed())
            return std::nullopt;
        body = std::move(body_);
        return status_;
    }

private:
    /// Begins the stream if it can. Returns whether there is a stream.
    bool begin_stream() {
        if (!open_)
            return stream_.sink != nullptr;
        stream_ = std::exchange(open_, nullptr)();
        for (std::string& each : answers_)
            stream_.sink->send(std::move(each));
        answers_.clear();
        decided_.close();
        return true;
    }

    static std::string array_of(const std::vector<std::string>& answers) {
        std::string text;
        for (const std::string& each : answers)
            text.append(text.empty() ? "[" : ",").append(each);
        return text += ']';
    }

    mutable std::mutex mutex_;
    std::function<stream()> open_;
    const bool resumable_;
    bool admitted_ = false;
    bool due_ = false;
    stream stream_;
    std::vector<std::string> answers_;
    std::string body_;
    reply_status status_ = reply_status::ok;
    mailbox decided_;
};

/// A response body that is read from a mailbox of SSE text.
class mailbox_stream final : public http::body_stream {
public:
    /// `closed` is called when the peer closes the connection, and not when the stream ends.
    /// `drained` is called when the server shuts down; without it, the stream goes on until its
    /// request has ended.
    explicit mailbox_stream(std::shared_ptr<mailbox> from, std::function<void()> closed = {},
                            std::function<void()> drained = {})
        : from_(std::move(from))
        , closed_(std::move(closed))
        , drained_(std::move(drained)) {}

    asio::awaitable<bool> read(std::string& out) override {
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

    bool ready() const noexcept override { return !from_->empty() || from_->closed(); }

    bool finite() const noexcept override { return true; }

    void close() noexcept override {
        from_->abandon();
        if (closed_)
            closed_();
    }

    void drain() noexcept override {
        if (drained_)
            drained_();
    }

    void idle() noexcept override { from_->poke(); }

private:
    std::shared_ptr<mailbox> from_;
    std::function<void()> closed_;
    std::function<void()> drained_;
};

} // namespace mcp
