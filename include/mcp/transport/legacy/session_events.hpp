// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/subscriber.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>
#include <mcp/transport/http_reply.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace mcp::legacy {
class event_stream;
class session_use;

/// Subscribes the stream of a GET to its topics: the session's own topic, the lists, and the
/// resources that the session has subscribed to through any process.
class session_topics final : public subscriber,
                             public std::enable_shared_from_this<session_topics> {
public:
    session_topics(server_environment& environment, asio::any_io_executor executor,
                   std::string session, std::shared_ptr<event_stream> stream);

    /// Subscribes to all topics. Completes when the broker has confirmed the session's own topic,
    /// which no other stream has from then on. Throws `unavailable`; then call `leave` as well.
    asio::awaitable<void> join();

    /// Unsubscribes from all topics.
    void leave();

    /// Published in place of a record when the session has ended.
    static constexpr std::string_view ended = "ended";

    /// Published in place of a record to learn whether a stream of the session is open.
    static constexpr std::string_view probe = "probe";

    /// Handles a change of the record, in this process or in another.
    bool deliver(std::string_view, const std::string& text) override;

    void missed(std::string_view) noexcept override;

private:
    /// Applies the stored record.
    static asio::awaitable<void> look(std::shared_ptr<session_topics> self);

    static asio::awaitable<void> look_again(std::shared_ptr<session_topics> self);

    /// Applies a record. Messages overtake each other, and a record may be old when it arrives: the
    /// newest version counts.
    void follow(const session_record& record);

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
    /// `use` keeps the session. A client reconnects `retry` after a drain. `ended` is called once,
    /// when the stream has ended or its peer has gone.
    get_stream(std::shared_ptr<event_stream> events, std::unique_ptr<session_use> use,
               std::chrono::milliseconds retry, std::function<void()> ended);
    ~get_stream() override;

    asio::awaitable<bool> read(std::string& out) override;
    bool ready() const noexcept override;
    void close() noexcept override;
    void drain() noexcept override;
    void idle() noexcept override;

private:
    std::shared_ptr<event_stream> events_;
    std::unique_ptr<session_use> use_;
    mailbox_stream body_;
    const std::chrono::milliseconds retry_;
    std::function<void()> ended_;
};

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/session_events.ipp>
#endif
