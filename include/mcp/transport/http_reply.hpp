#pragma once

#include <mcp/async/mailbox.hpp>
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

namespace mcp {

/// The messages of one request on their way to an HTTP response.
///
/// The response stays undecided until the first message: if the request ends before, its answer is
/// one JSON body; else the response is an SSE stream ("lazy SSE"). Thread-safe.
class http_reply final : public message_sink {
public:
    http_reply() : reader_(std::make_shared<mailbox>()) {}

    /// Called, once and from any thread, when the reader is too slow and was cut off.
    void on_overflow(std::function<void()> act) { overflow_ = std::move(act); }

    void send(std::string message) override {
        std::unique_lock lock(mutex_);
        streaming_ = true;
        const bool full = !push(message);
        lock.unlock();
        if (full && overflow_)
            overflow_();
    }

    void finish(std::string response, reply_status status) override {
        std::lock_guard lock(mutex_);
        finished_ = true;
        status_ = status;
        if (!streaming_)
            answer_ = std::move(response);
        else if (!response.empty())
            push(response);
        reader_->close();
    }

    /// Makes the response a stream now, before there is a message.
    void start_stream() {
        std::lock_guard lock(mutex_);
        streaming_ = true;
    }

    /// SSE text for the connection, if the response is a stream.
    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// The whole answer, if the request has ended without becoming a stream.
    std::optional<reply_status> take_answer(std::string& body) {
        std::lock_guard lock(mutex_);
        if (!finished_ || streaming_)
            return std::nullopt;
        body = std::move(answer_);
        return status_;
    }

private:
    /// False if the reader is too slow: it is cut off.
    bool push(const std::string& message) {
        std::string text;
        text.reserve(message.size() + 32);
        sse::append_event(text, sse::event{.data = message, .name = "message"});
        if (reader_->push(std::move(text)) != push_result::full)
            return true;
        reader_->abandon();
        return false;
    }

    const std::shared_ptr<mailbox> reader_;
    std::mutex mutex_;
    bool streaming_ = false;
    bool finished_ = false;
    reply_status status_ = reply_status::ok;
    std::string answer_;
    std::function<void()> overflow_;
};

/// The messages of a request that may yet be refused, whose response is a stream if it is not.
/// Thread-safe.
class gated_reply final : public message_sink {
public:
    /// What follows the admission goes to `to`, after `open` was called, once.
    gated_reply(std::shared_ptr<message_sink> to, std::function<void()> open)
        : to_(std::move(to))
        , open_(std::move(open)) {}

    void admitted() override {
        std::lock_guard lock(mutex_);
        if (decided_.closed())
            return; // cancelled
        open_();
        admitted_ = true;
        decided_.close();
    }
    void send(std::string message) override { to_->send(std::move(message)); }
    void close_stream() override { to_->close_stream(); }
    void finish(std::string response, reply_status status) override {
        std::lock_guard lock(mutex_);
        if (admitted_)
            return to_->finish(std::move(response), status);
        refusal_ = std::move(response);
        status_ = status;
        decided_.close();
    }

    /// Waits until the request is admitted, or has ended. One waiter, which keeps this alive.
    asio::awaitable<bool> decided() { return decided_.wait(); }

    /// The whole answer, if the request has ended without having been admitted.
    std::optional<reply_status> take_refusal(std::string& body) {
        std::lock_guard lock(mutex_);
        if (admitted_)
            return std::nullopt;
        body = std::move(refusal_);
        return status_;
    }

private:
    const std::shared_ptr<message_sink> to_;
    const std::function<void()> open_;
    mailbox decided_;
    std::mutex mutex_;
    bool admitted_ = false;
    reply_status status_ = reply_status::ok;
    std::string refusal_;
};

/// A response body fed from a mailbox of SSE text: the answer to a request.
class mailbox_stream final : public http::body_stream {
public:
    /// `closed` is called when the peer goes, and not when the stream ends by itself; `drained`
    /// when the server shuts down: without it, the stream goes on until its request has ended.
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
