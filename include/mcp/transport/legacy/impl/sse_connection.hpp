// SPDX-License-Identifier: MIT
#pragma once

// The stream of a client of HTTP+SSE, and the messages that other requests bring for it.

#include <mcp/async/mailbox.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/broker/sse_broker.hpp>
#include <mcp/broker/subscriber.hpp>
#include <mcp/http/message.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/legacy/session_use.hpp>
#include <mcp/transport/message_peer.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::legacy {

/// The topic on which the POSTs of a session arrive at the process that has its stream.
inline std::string inbox_topic(std::string_view id) {
    return "inbox:" + std::string(id);
}

/// A message of a POST, with the subject that has sent it.
struct inbox_message {
    std::string_view subject;
    std::string_view text;

    std::string packed() const {
        return std::to_string(subject.size()) + ' ' + std::string(subject) + std::string(text);
    }

    /// Reads a packed message; nothing if it is malformed. Refers to `from`.
    static std::optional<inbox_message> unpack(std::string_view from) {
        std::size_t size = 0;
        std::size_t at = 0;
        while (at < from.size() && at < 9 && from[at] >= '0' && from[at] <= '9')
            size = size * 10 + static_cast<std::size_t>(from[at++] - '0');
        if (at == 0 || at == from.size() || from[at] != ' ' || size > from.size() - at - 1)
            return std::nullopt;
        return inbox_message{from.substr(at + 1, size), from.substr(at + 1 + size)};
    }
};

/// The peer of one client, between its stream and its POSTs. Publishers call `deliver` and
/// `taken_over` on any thread; everything else runs on the executor, which is serial.
class sse_connection final : public subscriber,
                             public std::enable_shared_from_this<sse_connection> {
public:
    /// Bytes of messages that wait for the executor. Beyond that, POSTs are refused.
    static constexpr std::size_t most_waiting = 16 * 1024 * 1024;

    sse_connection(any_server& server, asio::any_io_executor executor, peer_options options)
        : server_(server)
        , executor_(executor)
        , id_(options.session_id)
        , owner_(options.principal ? options.principal->subject : std::string())
        , peer_(server, executor, std::move(options))
        , use_(std::make_unique<session_use>(server.environment(), executor, id_)) {}

    const std::string& id() const noexcept { return id_; }
    mailbox& output() noexcept { return peer_.output(); }

    /// Goes on with a session that began on another stream.
    void resume(const session_record& record) {
        peer_.resume(record);
        saved_ = record;
    }

    /// Receives the messages of the session from now on, in place of an older stream.
    asio::awaitable<void> join() {
        const mcp::detail::any_broker& topics = server_.environment().topics;
        auto self = shared_from_this();
        auto claimed = topics.claim(inbox_topic(id_), self);
        if (!claimed.ready())
            co_await claimed.settle();
        auto listening = topics.subscribe(mcp::detail::session_topic(id_), self);
        if (!listening.ready())
            co_await listening.settle();
    }

    void leave() {
        const mcp::detail::any_broker& topics = server_.environment().topics;
        topics.unsubscribe(inbox_topic(id_), this);
        topics.unsubscribe(mcp::detail::session_topic(id_), this);
    }

    bool deliver(std::string_view topic, const std::string& message) override {
        if (!topic.starts_with("inbox:")) {
            const auto event = mcp::detail::event_envelope::read(message);
            return event && peer_.output().push(std::string(event->message)) == push_result::taken;
        }
        const auto arrived = inbox_message::unpack(message);
        if (!arrived || arrived->subject != owner_ || peer_.output().closed())
            return false;
        const std::size_t size = arrived->text.size();
        if (waiting_.fetch_add(size) + size > most_waiting) {
            waiting_ -= size;
            return false;
        }
        asio::post(executor_, [self = shared_from_this(), text = std::string(arrived->text)] {
            self->waiting_ -= text.size();
            self->peer_.receive(text);
            self->save();
        });
        return true;
    }

    void taken_over() noexcept override { end(); }

    /// Ends the stream when the calls under way have ended.
    void drain() noexcept { later(&message_peer::end_input); }

    /// Ends the stream, and cancels its calls.
    void end() noexcept { later(&message_peer::close); }

private:
    void later(void (message_peer::*act)()) noexcept {
        try {
            asio::post(executor_, [self = shared_from_this(), act] { (self->peer_.*act)(); });
        } catch (const std::exception&) { // no memory: the stream ends with its connection
        }
    }

    /// Keeps the session in the store if it has begun or changed.
    void save() {
        const auto live = peer_.session();
        if (!live || saving_)
            return;
        session_record now = saved_.value_or(session_record());
        now.id = id_;
        now.owner = owner_;
        now.revision = live->revision();
        now.client = live->client();
        now.capabilities = live->capabilities();
        now.threshold = live->threshold();
        now.subscriptions = live->subscriptions();
        if (saved_ && to_text(now) == to_text(*saved_))
            return;
        if (!saved_)
            now.created = session_record::clock::now();
        ++now.version;
        saving_ = true;
        asio::co_spawn(executor_, store(shared_from_this(), std::move(now)), asio::detached);
    }

    static asio::awaitable<void> store(std::shared_ptr<sse_connection> self, session_record now) {
        const server_environment& shared = self->server_.environment();
        try {
            auto kept = self->saved_ ? shared.sessions.update(now) : shared.sessions.create(now);
            if (!kept.ready())
                co_await kept.settle();
            if (!kept.take())
                shared.log(log_level::warning, "a session of HTTP+SSE cannot go on after its "
                                               "stream: the store has no room for it");
        } catch (const unavailable& e) {
            shared.log(log_level::error, e.what());
        }
        self->saved_ = std::move(now);
        self->saving_ = false;
        self->save();
    }

    any_server& server_;
    const asio::any_io_executor executor_;
    const std::string id_;
    const std::string owner_;
    message_peer peer_;
    std::unique_ptr<session_use> use_;
    std::atomic<std::size_t> waiting_{0};
    std::optional<session_record> saved_;
    bool saving_ = false;
};

/// The body of a GET: the messages for the client as events.
class sse_body final : public http::body_stream {
public:
    /// `first` is the text of the first event.
    sse_body(std::shared_ptr<sse_connection> from, std::string first)
        : from_(std::move(from))
        , first_(std::move(first)) {}
    ~sse_body() override {
        from_->leave();
        from_->end();
    }

    asio::awaitable<bool> read(std::string& out) override {
        if (!first_.empty()) {
            out += std::exchange(first_, {});
            co_return true;
        }
        if (take(out))
            co_return true;
        const bool more = co_await from_->output().wait();
        const bool some = take(out);
        if (more && !some)
            sse::append_comment(out); // poked: a keep-alive
        co_return more || some;
    }
    bool ready() const noexcept override {
        return !first_.empty() || !from_->output().empty() || from_->output().closed();
    }
    void close() noexcept override { from_->end(); }
    void drain() noexcept override { from_->drain(); }
    void idle() noexcept override { from_->output().poke(); }

private:
    bool take(std::string& out) {
        const std::size_t before = out.size();
        std::string message;
        while (from_->output().try_pop(message))
            sse::append_event(out, {.data = message, .name = "message"});
        return out.size() != before;
    }

    std::shared_ptr<sse_connection> from_;
    std::string first_;
};

} // namespace mcp::legacy
