// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/http_transport.hpp>: the state that its coroutines share.

#include <mcp/client/client_transport.hpp>
#include <mcp/client/http_options.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/url.hpp>
#include <mcp/sse/parser.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// The responses under way: a ring, whose elements close with `http_link::stop`.
class open_stream {
public:
    open_stream() noexcept : next_(this), previous_(this) {}
    open_stream(open_stream& ring, http::client_stream& stream) noexcept
        : next_(ring.next_)
        , previous_(&ring)
        , stream_(&stream) {
        next_->previous_ = this;
        ring.next_ = this;
    }
    open_stream(const open_stream&) = delete;
    open_stream& operator=(const open_stream&) = delete;
    ~open_stream() {
        next_->previous_ = previous_;
        previous_->next_ = next_;
    }

    /// Closes the other elements of the ring.
    void close_others() noexcept {
        for (open_stream* each = next_; each != this; each = each->next_)
            each->stream_->close();
    }

private:
    open_stream* next_;
    open_stream* previous_;
    http::client_stream* stream_ = nullptr; // null in the first element
};

/// What a resumed stream must know of the connections before.
struct event_cursor {
    std::string last_id{};
    std::optional<std::chrono::milliseconds> retry{};
    unsigned attempts = 0; ///< reconnects since the last event
};

/// A stream with a parser, for coroutines in the background.
struct limited_stream {
    limited_stream(http::client_stream stream_, std::size_t message_bytes)
        : stream(std::move(stream_))
        , parser(message_bytes) {}

    /// Closes the stream after some time, unless `lift` comes first.
    static void limit(std::shared_ptr<limited_stream> self, const asio::any_io_executor& executor,
                      std::chrono::milliseconds time) {
        self->timer.emplace(executor, time);
        self->timer->async_wait([watched = std::weak_ptr(self)](std::error_code cancelled) {
            const auto late = watched.lock();
            if (!cancelled && late && late->timer)
                late->stream.close();
        });
    }
    void lift() { timer.reset(); }

    http::client_stream stream;
    sse::parser parser;
    std::optional<asio::steady_timer> timer{};
};

/// What error texts and refusals need to know of a request.
struct http_call {
    std::string_view method;        ///< of JSON-RPC, or a word for the request
    bool in_session = false;        ///< whether it has sent a session id
    request_receiver* to = nullptr; ///< null if no JSON-RPC response is expected
};

/// A status of HTTP that is no success.
struct http_refusal {
    transport_error error;
    bool is_jsonrpc = false; ///< whether the body was a JSON-RPC response, to no known request
};

/// The connection behind an `http_transport`. The coroutines of static members keep it alive; it
/// calls no receiver after `stop`.
class http_link : public std::enable_shared_from_this<http_link> {
public:
    http_link(std::string url, http_options options);
    http_link(const http_link&) = delete;
    http_link& operator=(const http_link&) = delete;

    /// Prepares the link for requests on an executor.
    void start(message_receiver& to, const asio::any_io_executor& executor);

    /// Ends everything. Nothing is delivered any more.
    void stop() noexcept;

    using ptr = std::shared_ptr<http_link>;
    static asio::awaitable<send_result> send(ptr self, outgoing_request request,
                                             request_receiver& to);
    static asio::awaitable<void> notify(ptr self, std::string message, revision under);
    static asio::awaitable<void> close(ptr self);
    void agreed(revision with, bool listen);

    bool has_streams() const noexcept {
        return options_.kind != http_kind::sse && endpoint_.empty();
    }
    const std::string& name() const noexcept { return name_; }
    const std::string& url() const noexcept { return url_; }
    const http_options& options() const noexcept { return options_; }

private:
    http::client_request post(outgoing_request& request) const;
    void add_legacy_fields(http::client_request& to, revision under) const;
    http::client_timeouts timeouts(std::chrono::milliseconds total) const;
    bool in_session(revision under) const { return is_legacy(under) && !session_.empty(); }
    void keep_session(const http::client_response& response, http_call call);

    asio::awaitable<void> notify(std::string message, revision under);
    asio::awaitable<void> close();

    asio::awaitable<http::client_stream> exchange(http::client_request request, http_call call);
    std::string redirected(const http::client_response& response, const std::string& from,
                           http_call call) const;
    asio::awaitable<std::string> read_body(http::client_stream& from, http_call call);
    asio::awaitable<void> read_stream(http::client_stream response, http_call call, revision under);
    asio::awaitable<transport_error> read_events(http::client_stream response, http_call call,
                                                 event_cursor& cursor);
    asio::awaitable<transport_error> connect_events(http_call call, revision under,
                                                    event_cursor& cursor);
    static asio::awaitable<void> listen(ptr self, revision under);

    asio::awaitable<bool> open_sse(http_call call);
    static asio::awaitable<void> read_sse(ptr self, std::shared_ptr<limited_stream> stream);
    asio::awaitable<send_result> post_to_sse(http::client_request request, http_call call);

    void release(http::client_stream stream);
    static asio::awaitable<void> linger(ptr self, std::shared_ptr<limited_stream> stream);
    void spawn(asio::awaitable<void> background);

    /// Delivers the JSON-RPC response of a refusal. Returns the error if the request has no
    /// response yet.
    asio::awaitable<std::optional<http_refusal>> refusal(http::client_stream response,
                                                         http_call call);

    transport_error error(transport_failure why, http_call call, std::string_view sentence,
                          int status = 0) const;
    transport_error error(const http::client_error& failure, http_call call) const;
    transport_error useless(const http::client_response& response, http_call call) const;

    const http_options options_;
    const std::string url_;
    std::optional<http::web_url> parts_; // none if the URL is malformed
    std::string name_;
    std::optional<http::client> client_{};
    http::client_request post_; // with the constant header fields
    http::client_request modern_post_;
    http::client_request get_;
    asio::any_io_executor executor_{};
    message_receiver* receiver_ = nullptr; // null when stopped
    std::optional<revision> agreed_{};
    std::string session_{};
    std::string endpoint_{};      // of HTTP+SSE; empty otherwise
    std::string authorization_{}; // the value that was sent last
    bool sse_ended_ = false;
    open_stream streams_{};
    std::shared_ptr<asio::cancellation_signal> background_{}; // stops what `spawn` began
};

} // namespace mcp::detail
