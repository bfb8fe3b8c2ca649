#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/broker/memory_broker.hpp>
#include <mcp/http/message.hpp>
#include <mcp/replay/memory_replay.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/sse/event.hpp>

#include <asio/awaitable.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp {

/// Names an event among all events of a session: `<stream>-<sequence>`.
struct event_id {
    std::uint64_t stream = 0;
    std::uint64_t sequence = 0;

    std::string text() const { return std::to_string(stream) + '-' + std::to_string(sequence); }

    /// The id that `text` spells, or nothing.
    static std::optional<event_id> parse(std::string_view text) {
        event_id id;
        const char* const end = text.data() + text.size();
        const auto stream = std::from_chars(text.data(), end, id.stream);
        if (stream.ec != std::errc() || stream.ptr == end || *stream.ptr != '-')
            return std::nullopt;
        const auto sequence = std::from_chars(stream.ptr + 1, end, id.sequence);
        if (sequence.ec != std::errc() || sequence.ptr != end)
            return std::nullopt;
        return id;
    }
};

/// The messages of one request, or of a session, on their way to an HTTP response.
///
/// The response stays undecided until the first message: if the request ends before, its answer is
/// one JSON body; else the response is an SSE stream ("lazy SSE"). Whoever reads it may change: a
/// client that lost the connection attaches again, if there is a replay log. Thread-safe.
class http_reply final : public message_sink, public subscriber {
public:
    /// With a `log`, events have ids and are recorded as those of `stream`; `retry`, if set, is
    /// told to the client in a priming event when a stream starts.
    explicit http_reply(std::shared_ptr<memory_replay> log = {}, std::uint64_t stream = 0,
                        std::optional<std::chrono::milliseconds> retry = {})
        : log_(std::move(log))
        , stream_(stream)
        , retry_(retry)
        , reader_(std::make_shared<mailbox>()) {}

    /// Called, once and from any thread, when the reader is too slow and was cut off.
    void on_overflow(std::function<void()> act) { overflow_ = std::move(act); }

    void send(std::string message) override {
        std::lock_guard lock(mutex_);
        begin_stream();
        event(message);
    }

    void finish(std::string response, reply_status status) override {
        std::lock_guard lock(mutex_);
        finished_ = true;
        status_ = status;
        if (!streaming_)
            answer_ = std::move(response);
        else if (!response.empty())
            event(response);
        if (reader_)
            reader_->close();
    }

    bool deliver(std::string_view, const std::string& message) override {
        std::lock_guard lock(mutex_);
        if (finished_)
            return false;
        return event(message);
    }

    void taken_over() noexcept override { detach(); }

    /// Only after a priming event: without its id the client could not come back.
    void close_stream() override {
        if (log_ && retry_)
            detach();
    }

    /// Ends the current reader's stream; the messages go on, to the log or to the next reader.
    void detach() noexcept {
        std::lock_guard lock(mutex_);
        if (reader_)
            reader_->close();
        reader_.reset();
    }

    /// Makes the response a stream now, before there is a message.
    void start_stream() {
        std::lock_guard lock(mutex_);
        begin_stream();
    }

    /// A new reader, in place of the present one, that first gets what was recorded after `last`;
    /// null if there has been no such event.
    std::shared_ptr<mailbox> attach(std::optional<std::uint64_t> last = {}) {
        std::lock_guard lock(mutex_);
        if (last && *last > sequence_)
            return nullptr;
        std::string missed;
        prime(missed, last.value_or(sequence_));
        if (last && log_)
            replay(missed, *last);
        mailbox_limits room; // what was missed is no sign of a slow reader
        room.bytes += missed.size();
        if (reader_)
            reader_->close();
        auto reader = reader_ = std::make_shared<mailbox>(room);
        streaming_ = true;
        if (!missed.empty())
            reader->push(std::move(missed));
        if (finished_)
            std::exchange(reader_, nullptr)->close();
        return reader;
    }

    std::shared_ptr<mailbox> reader() const {
        std::lock_guard lock(mutex_);
        return reader_;
    }

    /// The whole answer, if the request has ended without becoming a stream.
    std::optional<reply_status> take_answer(std::string& body) {
        std::lock_guard lock(mutex_);
        if (!finished_ || streaming_)
            return std::nullopt;
        body = std::move(answer_);
        return status_;
    }

private:
    void begin_stream() {
        std::string first;
        if (!std::exchange(streaming_, true))
            prime(first, sequence_);
        if (!first.empty())
            push(std::move(first));
    }

    /// The first event of a stream has an id but no message: the client knows where to go on.
    void prime(std::string& out, std::uint64_t sequence) const {
        if (!retry_ || !log_)
            return;
        const std::string id = event_id{stream_, sequence}.text();
        sse::append_event(out, sse::event{.data = {}, .id = id, .retry = retry_});
    }

    /// What the log has of the events after `last`, and before them a word about those it has not.
    void replay(std::string& out, std::uint64_t last) const {
        std::string events;
        std::uint64_t latest_seen = last;
        const bool whole = log_->after(stream_, last, [&](auto sequence, const auto& message) {
            append(events, message, sequence);
            latest_seen = sequence;
        });
        if (!whole || latest_seen != sequence_)
            sse::append_comment(out, "events are lost here: the log has dropped them");
        out += events;
    }

    /// False if the message has found neither a reader nor a log.
    bool event(const std::string& message) {
        ++sequence_;
        if (log_)
            log_->append(stream_, sequence_, message);
        std::string text;
        if (reader_) {
            text.reserve(message.size() + 64);
            append(text, message, sequence_);
        }
        return push(std::move(text)) || log_;
    }

    void append(std::string& out, const std::string& message, std::uint64_t sequence) const {
        const std::string id = log_ ? event_id{stream_, sequence}.text() : std::string();
        sse::append_event(out, sse::event{.data = message, .id = id, .name = "message"});
    }

    bool push(std::string text) {
        const push_result pushed = reader_ ? reader_->push(std::move(text)) : push_result::closed;
        if (pushed == push_result::taken)
            return true;
        const auto gone = std::exchange(reader_, nullptr);
        if (pushed == push_result::full) {
            gone->abandon(); // the slow reader goes; a log serves it when it comes back
            if (overflow_)
                overflow_();
        }
        return false;
    }

    const std::shared_ptr<memory_replay> log_;
    const std::uint64_t stream_;
    const std::optional<std::chrono::milliseconds> retry_;

    mutable std::mutex mutex_;
    std::shared_ptr<mailbox> reader_;
    std::uint64_t sequence_ = 0;
    bool streaming_ = false;
    bool finished_ = false;
    reply_status status_ = reply_status::ok;
    std::string answer_;
    std::function<void()> overflow_;
};

/// A response body fed from a mailbox of SSE text.
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
