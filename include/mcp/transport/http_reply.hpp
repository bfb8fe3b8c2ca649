// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/config.hpp>
#include <mcp/http/message.hpp>
#include <mcp/server/message_sink.hpp>

#include <asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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
std::optional<reply_form> accepted_form(const http::fields& headers);

/// Writes the messages of one request as SSE text. Thread-safe.
class event_reply final : public message_sink {
public:
    /// `overflow` is called, from any thread, when the reader was too slow and is disconnected.
    explicit event_reply(std::function<void()> overflow = {}, mailbox_limits unread = {});

    void send(std::string message) override;
    void finish(std::string response, reply_status) override;

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
    explicit http_reply(std::function<stream()> open = {}, bool resumable = false);

    /// Returns whether it is a stream, or may become one.
    bool reaches_client() const override;

    void admitted() override;

    void send(std::string message) override;

    void close_stream() override;

    /// Adds one of several responses: an element of the array that answers a batch, or a message of
    /// the stream.
    void add_response(std::string response);

    void finish(std::string response, reply_status status) override;

    /// Makes the response a stream once the request is admitted, before the first message.
    void stream_now();

    /// Records that the client has gone while the response was undecided: it gets no more messages.
    void abandon();

    bool undecided() const;

    /// Waits until it is decided. Permits one waiter, which must keep this object alive.
    asio::awaitable<bool> decided();

    /// Returns the SSE text if the response is a stream, or else null.
    std::shared_ptr<mailbox> reader() const;

    /// Returns the status and moves the JSON body to `body`, if the request has ended without a
    /// stream. The body of a cancelled request is empty.
    std::optional<reply_status> take_response(std::string& body);

private:
    /// Begins the stream if it can. Returns whether there is a stream.
    bool begin_stream();

    static std::string array_of(const std::vector<std::string>& answers);

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
                            std::function<void()> drained = {});

    asio::awaitable<bool> read(std::string& out) override;

    bool ready() const noexcept override;

    bool finite() const noexcept override { return true; }

    void close() noexcept override;

    void drain() noexcept override;

    void idle() noexcept override;

private:
    std::shared_ptr<mailbox> from_;
    std::function<void()> closed_;
    std::function<void()> drained_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/http_reply.ipp>
#endif
