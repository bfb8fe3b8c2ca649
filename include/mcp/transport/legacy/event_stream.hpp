#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/legacy/event_id.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::legacy {

/// A message on its way through a broker, with its place in its stream: `<sequence>.<message>`, or
/// `<sequence>!<message>` for the last one. The sequence is 0 where there is no log.
struct envelope {
    std::uint64_t sequence = 0;
    bool last = false;
    std::string_view message;

    static std::string write(std::uint64_t sequence, std::string_view marked) {
        return std::to_string(sequence).append(marked);
    }
    static std::optional<envelope> read(std::string_view text) {
        envelope read;
        const auto number = std::from_chars(text.data(), text.data() + text.size(), read.sequence);
        const auto mark = static_cast<std::size_t>(number.ptr - text.data());
        if (number.ec != std::errc() || mark == text.size() ||
            (text[mark] != '.' && text[mark] != '!'))
            return std::nullopt;
        read.last = text[mark] == '!';
        read.message = text.substr(mark + 1);
        return read;
    }
};

/// The message that tells a client of events that it will not get; `lost` is how many, or `null`.
inline std::string lost_events(std::string_view lost) {
    std::string text;
    write_log(text, log_message(log_level::warning, R"({"lostEvents":)" + std::string(lost) + '}',
                                "replay"));
    return text;
}

/// One stream of a session as one GET reads it: the session's own (number 0), or that of a response
/// whose connection was lost.
///
/// Every event with a sequence is given once and in order, whatever way it comes: from the log, or
/// by the broker, late, twice or never. What the log has lost is told. All members may be called
/// from any thread.
class event_stream final : public subscriber, public std::enable_shared_from_this<event_stream> {
public:
    /// `after` is the last event that the client has; what it says must hold until `replayed`.
    event_stream(server_environment& environment, asio::any_io_executor executor,
                 std::string session, std::uint64_t stream, std::uint64_t after)
        : environment_(environment)
        , executor_(std::move(executor))
        , session_(std::move(session))
        , stream_(stream)
        , last_(after)
        , reader_(std::make_shared<mailbox>(environment.stream_limits())) {}

    const std::shared_ptr<mailbox>& reader() const noexcept { return reader_; }

    /// The first event of a stream: an id, no message, and when to come back.
    void prime(std::chrono::milliseconds retry) {
        const std::string id = event_id{stream_, last_}.text();
        std::string text;
        sse::append_event(text, sse::event{.data = {}, .id = id, .retry = retry});
        reader_->push(std::move(text));
    }

    /// The client has asked for no event that it missed: `after` is what the log had last. One that
    /// was recorded before that, and is published only now, is given as well.
    void take_late() {
        std::lock_guard lock(mutex_);
        late_.emplace();
    }

    /// Takes what the log has, and then what has come meanwhile. Called once, after the topic has
    /// been joined; without a log with nothing.
    void begin(const replayed& from_log) {
        bool again = false;
        {
            std::lock_guard lock(mutex_);
            began_ = true;
            if (!from_log.whole && from_log.events.empty() && !lost(from_log, last_))
                tell_gap("null"); // how many is not known, nor whether more will come
            take(from_log, last_, true);
            again = again_ || !early_.empty();
        }
        if (again)
            catch_up();
    }

    /// Marks the session as used, because its client listens; ends the stream if it is no more.
    void keep_session() { asio::co_spawn(executor_, visit(shared_from_this()), asio::detached); }

    /// Looks into the log for what the broker may have lost.
    void catch_up() {
        {
            std::lock_guard lock(mutex_);
            if (!environment_.replay || reader_->closed())
                return;
            again_ = true;
            if (!began_ || filling_)
                return; // what reads the log now may have read too early: it reads again
            filling_ = true;
        }
        asio::co_spawn(executor_, fill(shared_from_this()), asio::detached);
    }

    bool deliver(std::string_view, const std::string& text) override {
        const auto event = envelope::read(text);
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
            // One that is there already has come twice, or its log has been lost.
            gap = event->sequence <= last_ || again_;
            flush(false);
            gap = gap || !early_.empty();
        }
        if (gap)
            catch_up();
        return !reader_->closed();
    }

    void taken_over() noexcept override { reader_->close(); }
    void missed(std::string_view) noexcept override { catch_up(); }

private:
    /// A message that is no event of this stream yet, such as a change of a list: it becomes one,
    /// unless the stream has ended: then it is its successor's to record.
    bool pass_on(const std::string& message) {
        if (reader_->closed())
            return false;
        if (!environment_.replay) {
            std::lock_guard lock(mutex_);
            return push({}, message);
        }
        asio::co_spawn(executor_, record(shared_from_this(), message), asio::detached);
        return true;
    }

    static asio::awaitable<void> record(std::shared_ptr<event_stream> self, std::string message) {
        if (self->reader_->closed())
            co_return; // meanwhile
        try {
            const std::string marked = '.' + message;
            auto step = self->environment_.replay->append(self->session_, self->stream_, marked);
            if (!step.ready())
                co_await step.settle();
            self->deliver({}, envelope::write(step.take().sequence, marked));
        } catch (const std::exception& e) {
            self->environment_.log(log_level::warning,
                                   std::string("an event could not be recorded: ") + e.what());
            std::lock_guard lock(self->mutex_);
            self->push({}, message);
        }
    }

    static asio::awaitable<void> visit(std::shared_ptr<event_stream> self) {
        try {
            auto step = self->environment_.sessions.find(self->session_);
            if (!step.ready())
                co_await step.settle();
            if (!step.take())
                self->reader_->close();
        } catch (const std::exception&) { // the store is away: streams stay open meanwhile
        }
    }

    static asio::awaitable<void> fill(std::shared_ptr<event_stream> self) {
        try {
            bool more = true;
            while (more) {
                const std::uint64_t from = self->start_to_fill();
                auto step = self->environment_.replay->after(self->session_, self->stream_, from);
                if (!step.ready())
                    co_await step.settle();
                const replayed found = step.take();
                more = self->filled_with(found, from);
            }
        } catch (const std::exception&) { // the log is away: the next event, or tick, tries again
            std::lock_guard lock(self->mutex_);
            self->filling_ = false;
        }
    }

    std::uint64_t start_to_fill() {
        std::lock_guard lock(mutex_);
        again_ = false;
        return last_;
    }

    /// Whether the log is to be read once more.
    bool filled_with(const replayed& found, std::uint64_t from) {
        std::lock_guard lock(mutex_);
        take(found, from);
        filling_ = again_;
        return again_;
    }

    /// Whether the log has been lost since it gave the event `from`, and counts anew.
    static bool lost(const replayed& log, std::uint64_t from) {
        return log.last && *log.last < from;
    }

    /// Keeps what came before those that go before it, as far as there is room: the log has it.
    void keep_early(std::uint64_t sequence, const std::string& text) {
        if (early_bytes_ + text.size() > environment_.options.stream_bytes && !early_.empty())
            again_ = true;
        else if (early_.emplace(sequence, text).second)
            early_bytes_ += text.size();
    }

    /// What the log has after the place `from`; `backlog` is what a client missed while it was
    /// away.
    void take(const replayed& from_log, std::uint64_t from, bool backlog = false) {
        if (lost(from_log, from)) {
            tell_gap("null");
            last_ = *from_log.last;
            early_.clear();
            early_bytes_ = 0;
        }
        for (const replay_event& each : from_log.events)
            if (each.sequence > last_) {
                const auto [at, added] =
                    early_.try_emplace(each.sequence, envelope::write(each.sequence, each.message));
                early_bytes_ += added ? at->second.size() : 0;
            }
        if (!from_log.whole && !early_.empty() && early_.begin()->first > last_ + 1) {
            tell_gap(std::to_string(early_.begin()->first - last_ - 1));
            last_ = early_.begin()->first - 1;
        }
        flush(backlog);
    }

    /// Gives what follows the last event without a gap, in one piece.
    void flush(bool backlog) {
        std::string text;
        bool last = false;
        while (!early_.empty() && early_.begin()->first <= last_ + 1) {
            const auto node = early_.extract(early_.begin());
            early_bytes_ -= node.mapped().size();
            if (node.key() <= last_)
                continue;
            last_ = node.key();
            late_.reset();
            const auto event = envelope::read(node.mapped());
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

    void tell_gap(std::string_view lost) { push({}, lost_events(lost)); }

    static void append(std::string& out, std::string_view id, std::string_view message) {
        sse::append_event(out, sse::event{.data = message, .id = id, .name = "message"});
    }

    bool push(std::string_view id, std::string_view message) {
        std::string text;
        text.reserve(message.size() + id.size() + 32);
        append(text, id, message);
        return put(std::move(text));
    }

    /// How much was missed is no sign of a slow reader.
    bool put(std::string text, bool backlog = false) {
        const push_result pushed =
            backlog ? reader_->push_backlog(std::move(text)) : reader_->push(std::move(text));
        if (pushed == push_result::full)
            reader_->abandon(); // too slow: it is cut off, and may come back to the log
        return pushed == push_result::taken;
    }

    server_environment& environment_;
    const asio::any_io_executor executor_;
    const std::string session_;
    const std::uint64_t stream_;

    std::mutex mutex_;
    std::uint64_t last_;
    std::map<std::uint64_t, std::string> early_; ///< envelopes that wait for those before them
    std::size_t early_bytes_ = 0;
    /// Given though it came before `last_`, until the first after it is; null if none is asked for.
    std::optional<std::set<std::uint64_t>> late_;
    bool began_ = false;
    bool filling_ = false; ///< the log is being read
    bool again_ = false;   ///< something has been missed since that began
    const std::shared_ptr<mailbox> reader_;
};

} // namespace mcp::legacy
