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

inline void connection::set_error(status code) {
    response_.clear();
    response_.code = code;
    response_.content_type = "text/plain";
    response_.body.append(reason(code)).append("\n");
    response_.close = true;
}

} // namespace mcp::http

#include <mcp/http/impl/connection_output.hpp>
#include <mcp/http/impl/connection_watch.hpp>
