#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/http/impl/receive.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/parse.hpp>
#include <mcp/http/shard.hpp>
#include <mcp/http/write.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/buffer.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

/// One connection: reads requests, calls the handler, writes the responses in order.
///
/// It is one coroutine on the thread of its shard, and owns itself until the coroutine ends. In the
/// steady state a request takes one receive and one send. There is no timer per connection: the
/// clock of the shard calls `tick`.
class connection final : public shard_member, public std::enable_shared_from_this<connection> {
public:
    connection(shard& home, shard::socket socket, asio::ip::address peer)
        : shard_member(home)
        , socket_(std::move(socket))
        , parser_(home.limit, home.in_flight)
        , unsent_(home.in_flight)
        , since_(home.now()) {
        parser_.get().remote = std::move(peer);
    }

    /// Starts the coroutine. Call once.
    void start() {
        auto ended = asio::bind_cancellation_slot(cancel_.slot(), asio::detached);
        asio::co_spawn(asio::any_io_executor(home().executor()), run(shared_from_this()), ended);
    }

    void tick() override;
    void drain() override;
    void abort() override;

private:
    using time_point = shard::clock::time_point;
    enum class phase : std::uint8_t { idle, head, body, handling, streaming, closing };

    asio::awaitable<void> run(std::shared_ptr<connection> self);
    asio::awaitable<void> serve();
    asio::awaitable<bool> stream_body(framing how);
    asio::awaitable<void> linger();
    asio::awaitable<void> send_rest(std::string_view body);

    void enter(phase p) {
        phase_ = p;
        since_ = home().now();
    }
    void enter_reading();
    void begin_request();
    bool put_off(std::string_view& body, bool keep);
    bool send_now(std::string_view& body);
    void set_error(status code);
    void refuse_answer();
    static void drop_large(std::string& text);
    void watch();
    void on_readable(std::error_code ec);
    void peer_gone();
    void peer_ended();
    void close_stream();
    void look_for_the_end();

    shard::socket socket_;
    request_parser parser_;
    response response_;
    byte_share unsent_; // output that waits for the peer
    std::string out_;   // to be sent before any other output
    asio::cancellation_signal cancel_;
    time_point since_;      // start of the phase
    time_point last_moved_; // time of the last write or, while closing, of the last read
    phase phase_ = phase::idle;
    bool sending_ = false;       // a send waits for the peer
    bool watching_ = false;      // a wait for readability is pending
    bool unread_ = false;        // bytes of a next request hide the end of the connection
    bool half_closed_ = false;   // the peer sends no more, but may still read
    bool gone_ = false;          // the peer has left or was disconnected
    bool expired_ = false;       // a deadline has passed
    bool draining_ = false;      // the server stops: this request is the last
    bool stream_closed_ = false; // close() was called
};

inline asio::awaitable<void> connection::run(std::shared_ptr<connection> self) {
    try {
        co_await self->serve();
    } catch (...) {
        // A failed or cancelled connection has no peer to inform; handlers report by themselves.
    }
    close_stream();
    std::error_code ignored;
    socket_.close(ignored);
    leave();
}

inline asio::awaitable<void> connection::serve() {
    while (!gone_) {
        parse_state state = parser_.parse();
        while (state == parse_state::need_more && !expired_) {
            enter_reading();
            if (!out_.empty()) {
                std::string_view nothing;
                if (!send_now(nothing)) {
                    co_await send_rest(nothing);
                }
            }
            if (gone_ || (draining_ && phase_ == phase::idle)) {
                co_return;
            }
            const detail::received got = co_await detail::receive(socket_, parser_.prepare());
            if (got.error && !expired_) {
                if (got.error != asio::error::eof || parser_.idle()) {
                    co_return;
                }
                break; // the request is incomplete
            }
            parser_.commit(got.size);
            state = parser_.parse();
        }

        const bool whole = state == parse_state::complete;
        if (whole) {
            begin_request();
            std::exception_ptr failure;
            try {
                co_await home().handle(parser_.get(), response_);
            } catch (...) {
                failure = std::current_exception();
            }
            if (gone_) {
                co_return;
            }
            if (expired_) {
                co_await asio::this_coro::reset_cancellation_state();
                set_error(status::service_unavailable);
            } else if (failure) {
                home().report(failure);
                set_error(status::internal_server_error);
                response_.close = false; // the request was complete: the connection is usable
            } else if (!response_.is_sendable()) {
                refuse_answer();
            }
        } else {
            response_.reset();
            set_error(expired_                       ? status::request_timeout
                      : state == parse_state::failed ? parser_.error()
                                                     : status::bad_request);
            home().refused(parser_.get(), response_);
        }

        const int version = whole ? parser_.get().version : 11;
        const bool head_only = whole && parser_.get().method == verb::head;
        const framing how = framing_of(response_, version);
        const bool keep = whole && parser_.keep_alive() && how != framing::until_close &&
                          !response_.close && !draining_ && !expired_;
        append_head(out_, response_, {version, keep, home().date()});
        if (response_.stream && !head_only && how != framing::none) {
            const bool ended = co_await stream_body(how);
            if (!ended) {
                co_return;
            }
        } else {
            std::string_view body =
                head_only || how == framing::none ? std::string_view() : response_.body;
            close_stream();
            response_.stream.reset();
            parser_.next();
            if (!put_off(body, keep) && !send_now(body)) {
                co_await send_rest(body);
            }
        }
        response_.body.clear();
        drop_large(response_.body);
        drop_large(out_);
        if (!keep) {
            co_await linger();
            co_return;
        }
    }
}

/// Prepares to wait for bytes: records the time, and sends `100 Continue` to a peer that expects
/// it.
inline void connection::enter_reading() {
    const auto now_in =
        parser_.idle() ? phase::idle : (parser_.in_body() ? phase::body : phase::head);
    if (now_in != phase_) {
        enter(now_in);
    }
    if (parser_.take_expect_continue()) {
        out_ += continue_response;
    }
}

inline void connection::begin_request() {
    response_.reset();
    stream_closed_ = false;
    enter(phase::handling);
    if (out_.empty()) {
        return;
    }
    // Responses to earlier requests must not wait for a handler that suspends.
    asio::post(home().executor(), [self = shared_from_this()] {
        if (self->phase_ == phase::handling && !self->sending_) {
            std::string_view nothing;
            self->send_now(nothing);
            self->watch();
        }
    });
}

/// Appends a small `body` to the head, so that one buffer is sent. If the next request is already
/// there, appends any body that fits. Returns whether all output waits for the next response.
inline bool connection::put_off(std::string_view& body, bool keep) {
    constexpr std::size_t cheap_to_copy = 2048;
    const bool wait =
        keep && !parser_.idle() && out_.size() + body.size() < home().limit.pipelined_bytes;
    if (wait || body.size() < cheap_to_copy) {
        out_ += body;
        body = {};
    }
    return wait;
}

inline void connection::set_error(status code) {
    close_stream();
    response_.clear();
    response_.code = code;
    response_.content_type = "text/plain";
    response_.body.append(reason(code)).append("\n");
    response_.close = true;
    if (code == status::service_unavailable) {
        response_.set("Retry-After", "1");
    }
}

/// Replaces a response of the handler that has an invalid status or would break out of a header
/// field.
inline void connection::refuse_answer() {
    home().report(std::make_exception_ptr(
        std::invalid_argument("the response has an invalid status or header field")));
    set_error(status::internal_server_error);
    if (!response_.is_sendable()) { // a kept field is invalid
        response_.reset();
        set_error(status::internal_server_error);
    }
    response_.close = false;
}

/// Frees the memory of a large response instead of keeping it for the next.
inline void connection::drop_large(std::string& text) {
    constexpr std::size_t kept = 16 * 1024;
    if (text.empty() && text.capacity() > kept) {
        std::string().swap(text);
    }
}

} // namespace mcp::http

#include <mcp/http/impl/connection_output.hpp>
#include <mcp/http/impl/connection_watch.hpp>
