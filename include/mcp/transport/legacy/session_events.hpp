#pragma once

#include <mcp/http/message.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/session/session_store.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::legacy {

/// Subscribes the stream of a GET to its topics: the session's own topic, the lists, and the
/// resources that the session has subscribed to through any process.
class session_topics final : public subscriber,
                             public std::enable_shared_from_this<session_topics> {
public:
    session_topics(server_environment& environment, asio::any_io_executor executor,
                   std::string session, std::shared_ptr<event_stream> stream)
        : environment_(environment)
        , executor_(std::move(executor))
        , session_(std::move(session))
        , stream_(std::move(stream)) {}

    /// Subscribes to all topics. Completes when the broker has confirmed the session's own topic,
    /// which no other stream has from then on. Throws `unavailable`; then call `leave` as well.
    asio::awaitable<void> join() {
        const auto self = shared_from_this();
        const any_broker& topics = environment_.topics;
        auto claimed = topics.claim(session_topic(session_), stream_);
        if (!claimed.ready())
            co_await claimed.settle();
        for (const std::string_view topic : session::common_topics) {
            auto step = topics.subscribe(std::string(topic), stream_);
            if (!step.ready())
                co_await step.settle();
        }
        auto step = topics.subscribe(record_topic(session_), self);
        if (!step.ready())
            co_await step.settle();
        co_await look(self); // only now: later changes are published
    }

    /// Unsubscribes from all topics.
    void leave() {
        const any_broker& topics = environment_.topics;
        topics.unsubscribe(session_topic(session_), stream_.get());
        for (const std::string_view topic : session::common_topics)
            topics.unsubscribe(std::string(topic), stream_.get());
        topics.unsubscribe(record_topic(session_), this);
        std::lock_guard lock(mutex_);
        for (const std::string& uri : uris_)
            topics.unsubscribe(resource_topic(uri), stream_.get());
        uris_.clear();
        left_ = true;
    }

    /// Published in place of a record when the session has ended.
    static constexpr std::string_view ended = "ended";

    /// Published in place of a record to learn whether a stream of the session is open.
    static constexpr std::string_view probe = "probe";

    /// Handles a change of the record, in this process or in another.
    bool deliver(std::string_view, const std::string& text) override {
        if (text == probe)
            return !stream_->reader()->closed();
        if (text == ended)
            stream_->taken_over();
        else if (const auto record = session_from_text(text))
            follow(*record);
        return true;
    }

    void missed(std::string_view) noexcept override {
        asio::co_spawn(executor_, look_again(shared_from_this()), asio::detached);
    }

private:
    /// Applies the stored record.
    static asio::awaitable<void> look(std::shared_ptr<session_topics> self) {
        auto step = self->environment_.sessions.find(self->session_);
        if (!step.ready())
            co_await step.settle();
        const session_ptr record = step.take();
        if (record)
            self->follow(*record);
        else
            self->stream_->taken_over(); // the session has ended meanwhile
    }

    static asio::awaitable<void> look_again(std::shared_ptr<session_topics> self) {
        try {
            co_await look(self);
        } catch (const std::exception& e) {
            self->environment_.log(log_level::warning,
                                   std::string("a session could not be looked up: ") + e.what());
        }
    }

    /// Applies a record. Messages overtake each other, and a record may be old when it arrives: the
    /// newest version counts.
    void follow(const session_record& record) {
        const std::set<std::string> wanted(record.subscriptions.begin(),
                                           record.subscriptions.end());
        std::lock_guard lock(mutex_);
        if (left_ || (record.version != 0 && record.version < version_))
            return;
        version_ = record.version;
        for (const std::string& uri : wanted)
            if (!uris_.contains(uri))
                environment_.topics.join(resource_topic(uri), stream_);
        for (const std::string& uri : uris_)
            if (!wanted.contains(uri))
                environment_.topics.unsubscribe(resource_topic(uri), stream_.get());
        uris_ = wanted;
    }

    server_environment& environment_;
    const asio::any_io_executor executor_;
    const std::string session_;
    const std::shared_ptr<event_stream> stream_;
    std::mutex mutex_;
    std::set<std::string> uris_;
    std::uint64_t version_ = 0; ///< of the record with these URIs
    bool left_ = false;
};

/// The body of a GET: a stream of events, and a function that is called at its end.
class get_stream final : public http::body_stream {
public:
    /// `use` keeps the session. `ended` is called once, when the stream has ended or its peer has
    /// gone.
    get_stream(std::shared_ptr<event_stream> events, std::unique_ptr<session_use> use,
               std::function<void()> ended)
        : events_(std::move(events))
        , use_(std::move(use))
        , body_(events_->reader())
        , ended_(std::move(ended)) {}
    ~get_stream() override { ended_(); }

    asio::awaitable<bool> read(std::string& out) override {
        const bool more = co_await body_.read(out);
        if (!more)
            use_.reset();
        co_return more;
    }
    bool ready() const noexcept override { return body_.ready(); }
    void close() noexcept override {
        use_.reset();
        body_.close();
    }
    void drain() noexcept override { events_->reader()->close(); }
    void idle() noexcept override {
        events_->keep_session();
        events_->catch_up();
        body_.idle();
    }

private:
    std::shared_ptr<event_stream> events_;
    std::unique_ptr<session_use> use_;
    mailbox_stream body_;
    std::function<void()> ended_;
};

} // namespace mcp::legacy
