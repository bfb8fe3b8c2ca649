#pragma once

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
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

/// One connection: reads requests, calls the handler, writes the answers in order.
///
/// It is one coroutine on its shard's thread, and owns itself until that has ended. The steady
/// state of a request is one receive and one send; there is no timer of its own, the shard's clock
/// calls `tick`.
class connection final : public shard_member, public std::enable_shared_from_this<connection> {
public:
    connection(shard& home, shard::socket socket, asio::ip::address peer)
        : shard_member(home)
        , socket_(std::move(socket))
        , parser_(home.limit)
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
    bool send_now(std::string_view& body);
    void set_error(status code);
    void watch();
    void on_readable(std::error_code ec);
    void peer_gone();
    void close_stream();
    bool peer_hung_up();

    shard::socket socket_;
    request_parser parser_;
    response response_;
    std::string out_; // what is to be sent before anything else
    asio::cancellation_signal cancel_;
    time_point since_;      // when the phase began
    time_point last_write_; // streaming: when bytes were last written
    phase phase_ = phase::idle;
    bool sending_ = false;       // a send waits for the peer
    bool watching_ = false;      // a wait for readability is pending
    bool unread_ = false;        // bytes of a next request hide the end of the connection
    bool gone_ = false;          // the peer is gone, or cut off
    bool expired_ = false;       // a deadline has passed
    bool draining_ = false;      // the server stops: this request is the last
    bool stream_closed_ = false; // close() was called
};

inline asio::awaitable<void> connection::run(std::shared_ptr<connection> self) {
    try {
        co_await self->serve();
    } catch (...) {
        // A failed or cancelled connection has nobody left to tell; handlers report by themselves.
    }
    close_stream();
    std::error_code ignored;
    socket_.close(ignored);
    leave();
}

inline asio::awaitable<void> connection::serve() {
    std::error_code ec;
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    while (!gone_) {
        parse_state state = parser_.parse();
        while (state == parse_state::need_more && !expired_) {
            const auto now_in =
                parser_.idle() ? phase::idle : (parser_.in_body() ? phase::body : phase::head);
            if (now_in != phase_) {
                enter(now_in);
            }
            if (parser_.take_expect_continue()) {
                out_ += continue_response;
            }
            if (!out_.empty()) {
                std::string_view nothing;
                if (!send_now(nothing)) {
                    co_await send_rest(nothing);
                }
            }
            if (gone_ || (draining_ && phase_ == phase::idle)) {
                co_return;
            }
            const auto room = parser_.prepare();
            const std::size_t n =
                co_await socket_.async_receive(asio::buffer(room.data(), room.size()), into_ec);
            if (ec && !expired_) {
                if (ec != asio::error::eof || parser_.idle()) {
                    co_return;
                }
                set_error(status::bad_request); // the request is cut short
                break;
            }
            parser_.commit(n);
            state = parser_.parse();
        }

        bool keep = false;
        int version = 11;
        bool head_only = false;
        if (state == parse_state::complete) {
            request& r = parser_.get();
            version = r.version;
            head_only = r.method == verb::head;
            response_.clear();
            stream_closed_ = false;
            enter(phase::handling);
            if (!out_.empty()) {
                // Earlier answers must not wait for a handler that suspends.
                asio::post(home().executor(), [self = shared_from_this()] {
                    if (self->phase_ == phase::handling && !self->sending_) {
                        std::string_view nothing;
                        self->send_now(nothing);
                        self->watch();
                    }
                });
            }
            std::exception_ptr failure;
            try {
                co_await home().handle(r, response_);
            } catch (...) {
                failure = std::current_exception();
            }
            if (gone_) {
                co_return;
            }
            if (expired_) {
                co_await asio::this_coro::reset_cancellation_state();
                close_stream();
                set_error(status::service_unavailable);
            } else if (failure) {
                home().report(failure);
                close_stream();
                set_error(status::internal_server_error);
                response_.close = false; // the request was whole: the connection is sound
            }
            keep = parser_.keep_alive() && !response_.close && !draining_ && !expired_;
        } else if (expired_) {
            set_error(status::request_timeout);
        } else if (state == parse_state::failed) {
            set_error(parser_.error());
        }

        const framing how = framing_of(response_, version);
        keep = keep && how != framing::until_close;
        append_head(out_, response_, {version, keep, home().date()});
        if (response_.stream && !head_only && how != framing::none) {
            const bool ended = co_await stream_body(how);
            if (!ended) {
                co_return;
            }
        } else {
            const std::string_view body =
                head_only || how == framing::none ? std::string_view() : response_.body;
            close_stream();
            response_.stream.reset();
            parser_.next();
            constexpr std::size_t cheap_to_copy = 2048;
            const bool more =
                keep && !parser_.idle() && out_.size() + body.size() < home().limit.pipelined_bytes;
            if (more || body.size() < cheap_to_copy) {
                out_ += body;
            }
            if (!more) {
                auto apart = body.size() < cheap_to_copy ? std::string_view() : body;
                if (!send_now(apart)) {
                    co_await send_rest(apart);
                }
            }
        }
        if (!keep) {
            co_await linger();
            co_return;
        }
    }
}

/// Writes the stream's bytes as they come; false if the connection is over.
inline asio::awaitable<bool> connection::stream_body(framing how) {
    // The request is done with: an idle stream keeps no buffer.
    std::string chunk;
    parser_.next();
    parser_.release();
    response_.headers = {};
    response_.content_type = {};
    response_.body = {};
    enter(phase::streaming);
    last_write_ = since_;
    if (draining_) {
        response_.stream->drain();
    }
    bool more = true;
    while (more && !gone_) {
        if (!response_.stream->ready() || out_.size() >= home().limit.pipelined_bytes) {
            std::string_view nothing;
            if (!send_now(nothing)) {
                co_await send_rest(nothing);
            }
            if (gone_) {
                break;
            }
            std::string().swap(out_);
            watch();
        }
        try {
            more = co_await response_.stream->read(chunk);
        } catch (...) {
            home().report(std::current_exception());
            gone_ = true; // an answer that is cut short must look so
        }
        if (how == framing::chunked) {
            append_chunk(out_, chunk);
        } else {
            out_ += chunk;
        }
        std::string().swap(chunk);
    }
    if (!more) {
        response_.stream.reset();
    }
    if (!gone_) {
        std::string_view end = how == framing::chunked ? last_chunk : std::string_view();
        if (!send_now(end)) {
            co_await send_rest(end);
        }
    }
    enter(phase::idle);
    co_return !gone_;
}

/// Sends `out_` and then `body` as far as the socket takes them at once, and takes what is sent
/// off both. True if all is sent or the connection is broken.
inline bool connection::send_now(std::string_view& body) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(out_), asio::buffer(body)};
    std::error_code ec;
    const std::size_t sent =
        body.empty() ? socket_.send(both[0], 0, ec) : socket_.send(both, 0, ec);
    last_write_ = home().now();
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) {
        gone_ = true;
    }
    if (gone_ || sent == out_.size() + body.size()) {
        out_.clear();
        return true;
    }
    const std::size_t of_out = std::min(sent, out_.size());
    body.remove_prefix(sent - of_out);
    out_.erase(0, of_out);
    return false;
}

/// Sends what `send_now` has left, waiting for the peer.
inline asio::awaitable<void> connection::send_rest(std::string_view body) {
    std::error_code ec;
    std::array<asio::const_buffer, 2> rest{asio::buffer(out_), asio::buffer(body)};
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    sending_ = true;
    while (!ec && asio::buffer_size(rest) > 0) {
        std::size_t n = co_await socket_.async_send(rest, into_ec);
        last_write_ = home().now();
        for (auto& part : rest) {
            const std::size_t taken = std::min(n, part.size());
            part += taken;
            n -= taken;
        }
    }
    sending_ = false;
    gone_ = gone_ || ec;
    out_.clear();
}

/// Lets the peer read the answer before the connection is reset by what it still sends.
/// [RFC 9112 §9.6]
inline asio::awaitable<void> connection::linger() {
    if (gone_) {
        co_return;
    }
    enter(phase::closing);
    std::error_code ec;
    socket_.shutdown(asio::socket_base::shutdown_send, ec);
    std::array<char, 512> sink;
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    for (std::size_t dropped = 0; !ec && dropped < 1024 * 1024;) {
        dropped += co_await socket_.async_receive(asio::buffer(sink), into_ec);
    }
}

inline void connection::set_error(status code) {
    response_.clear();
    response_.code = code;
    response_.content_type = "text/plain";
    response_.body.append(reason(code)).append("\n");
    response_.close = true;
}

inline void connection::tick() {
    const auto age = home().now() - since_;
    const limits& limit = home().limit;
    const auto past = [age](std::chrono::milliseconds allowed) { return age >= allowed; };
    if (sending_ && home().now() - last_write_ >= limit.write_timeout) {
        return abort();
    }
    std::error_code ignored;
    switch (phase_) {
    case phase::idle:
        if (past(limit.idle_timeout)) {
            abort();
        }
        break;
    case phase::head:
    case phase::body:
        if (past(phase_ == phase::head ? limit.head_timeout : limit.body_timeout) && !sending_) {
            expired_ = true;
            socket_.cancel(ignored);
        }
        break;
    case phase::handling:
        if (limit.request_timeout.count() > 0 && past(limit.request_timeout) && !expired_) {
            expired_ = true;
            cancel_.emit(asio::cancellation_type::terminal);
        } else if (age > age.zero()) {
            watch(); // most handlers are done long before: only slow ones pay for this
        }
        break;
    case phase::streaming:
        if (!sending_ && home().now() - last_write_ >= limit.keep_alive_interval) {
            last_write_ = home().now();
            response_.stream->idle();
        }
        break;
    case phase::closing:
        if (past(std::chrono::seconds(2))) {
            abort();
        }
        break;
    }
    if (unread_ && !gone_ && peer_hung_up()) {
        peer_gone();
    }
}

inline void connection::drain() {
    draining_ = true;
    if (phase_ == phase::idle && !sending_) {
        abort();
    } else if (phase_ == phase::streaming && response_.stream && !gone_) {
        response_.stream->drain();
    }
}

inline void connection::abort() {
    peer_gone();
    std::error_code ignored;
    socket_.close(ignored);
}

/// Waits beside the handler or the stream for the peer to say more, or goodbye.
inline void connection::watch() {
    if (watching_ || unread_ || gone_) {
        return;
    }
    watching_ = true;
    socket_.async_wait(shard::socket::wait_read,
                       [self = shared_from_this()](std::error_code ec) { self->on_readable(ec); });
}

inline void connection::on_readable(std::error_code ec) {
    watching_ = false;
    if (ec || gone_ || (phase_ != phase::handling && phase_ != phase::streaming)) {
        return;
    }
    char byte = 0;
    const std::size_t n =
        socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    if (ec == asio::error::would_block) {
        watch();
    } else if (ec || n == 0) {
        peer_gone();
    } else {
        unread_ = true;
    }
}

/// As `on_readable`, for a peer that sent more before it left.
inline bool connection::peer_hung_up() {
    if (phase_ != phase::handling && phase_ != phase::streaming) {
        unread_ = false;
        return false;
    }
    pollfd one{socket_.native_handle(), POLLRDHUP, 0};
    return ::poll(&one, 1, 0) > 0;
}

inline void connection::peer_gone() {
    if (std::exchange(gone_, true)) {
        return;
    }
    if (phase_ == phase::streaming) {
        close_stream();
    } else if (phase_ == phase::handling) {
        cancel_.emit(asio::cancellation_type::terminal);
    }
}

inline void connection::close_stream() {
    if (response_.stream && !std::exchange(stream_closed_, true)) {
        response_.stream->close();
    }
}

} // namespace mcp::http
