// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/connection.hpp>: the end of a connection by its deadlines, by the peer or by
// the server.

#include <mcp/http/connection.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/taken_connection.hpp>
#include <mcp/http/write.hpp>

#include <asio/buffer.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/error.hpp>
#include <asio/socket_base.hpp>

#include <chrono>
#include <poll.h>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

MCP_DECL void connection::tick() {
    // In the unit of the limits: `milliseconds::max()`, for no limit, would overflow the clock.
    const auto since = [this](time_point t) {
        return std::chrono::floor<std::chrono::milliseconds>(owner().now() - t);
    };
    const auto age = since(phase_start_);
    const limits& limit = owner().limit;
    const auto past = [age](std::chrono::milliseconds allowed) { return age >= allowed; };
    if (sending_ && since(last_progress_) >= limit.write_timeout) {
        return abort();
    }
    const bool waits = phase_ == phase::idle || phase_ == phase::handshake;
    if (draining_ && waits && past(std::chrono::seconds(1))) {
        return abort();
    }
    std::error_code ignored;
    switch (phase_) {
    case phase::handshake:
        if (past(limit.handshake_timeout)) {
            owner().handshake_failed("the handshake takes too long", parser_.get().remote);
            abort();
        }
        break;
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
            watch(); // most handlers complete before this: only slow handlers pay for it
        }
        break;
    case phase::streaming:
        if (!sending_ && since(last_progress_) >= limit.keep_alive_interval) {
            last_progress_ = owner().now();
            response_.stream->idle();
        }
        break;
    case phase::taken:
        break;
    case phase::closing:
        if (past(limit.linger_timeout) || since(last_progress_) >= std::chrono::seconds(2)) {
            abort();
        }
        break;
    }
    if (unread_ && !gone_) {
        poll_peer_end();
    }
}

MCP_DECL void connection::drain() {
    draining_ = true;
    const bool waits = phase_ == phase::idle || phase_ == phase::handshake;
    if (waits && welcome_) {
        phase_start_ = owner().now(); // its first request may be under way
    } else if (waits && !sending_) {
        abort();
    } else if (phase_ == phase::streaming && response_.stream && !gone_) {
        welcome_ = true; // the peer does not know that the connection ends with the stream
        response_.stream->drain();
    } else if (phase_ == phase::taken && taken_->drain_) {
        taken_->drain_();
    }
}

MCP_DECL void connection::abort() {
    if (phase_ == phase::idle && !sending_) {
        end_secure();
    }
    peer_gone();
    std::error_code ignored;
    socket_.close(ignored);
}

/// Waits, beside the handler or the stream, for the peer to send more or to close.
MCP_DECL void connection::watch() {
    if (watching_ || unread_ || half_closed_ || gone_) {
        return;
    }
    watching_ = true;
    socket_.async_wait(shard::socket::wait_read,
                       [self = shared_from_this()](std::error_code ec) { self->on_readable(ec); });
}

MCP_DECL void connection::on_readable(std::error_code ec) {
    watching_ = false;
    if (ec || gone_ || (phase_ != phase::handling && phase_ != phase::streaming)) {
        return;
    }
    if (secure_) {
        ec = look_ahead();
    } else {
        char byte = 0;
        socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    }
    if (ec == asio::error::would_block) {
        watch();
    } else if (ec == asio::error::eof) {
        peer_ended();
    } else if (ec) {
        peer_gone();
    } else {
        unread_ = true;
    }
}

/// Looks for the end of the connection, as `on_readable` does, behind unread bytes of the peer.
MCP_DECL void connection::poll_peer_end() {
    if (phase_ != phase::handling && phase_ != phase::streaming) {
        unread_ = false;
        return;
    }
    pollfd entry{socket_.native_handle(), POLLRDHUP, 0};
    if (::poll(&entry, 1, 0) <= 0) {
        return;
    }
    if ((entry.revents & (POLLERR | POLLHUP)) != 0) {
        peer_gone();
    } else {
        peer_ended();
    }
}

/// Handles a peer that sends no more. It may wait for the response or have left; the two cases look
/// the same until a send fails. So this sends an interim response, or the idle comment of the
/// stream. [RFC 9110 §15.2]
MCP_DECL void connection::peer_ended() {
    if (phase_ == phase::streaming && !(response_.stream && response_.stream->finite())) {
        return peer_gone();
    }
    if (std::exchange(half_closed_, true)) {
        return;
    }
    socket_.async_wait(shard::socket::wait_error, [self = shared_from_this()](std::error_code ec) {
        if (!ec && (self->phase_ == phase::handling || self->phase_ == phase::streaming)) {
            self->peer_gone();
        }
    });
    if (phase_ == phase::streaming) {
        response_.stream->idle();
    } else if (!sending_ && parser_.get().version >= 11) {
        out_ += continue_response;
        body_parts nothing;
        try_send(nothing);
        if (gone_) {
            gone_ = false;
            peer_gone();
        }
    }
}

MCP_DECL void connection::peer_gone() {
    if (std::exchange(gone_, true)) {
        return;
    }
    if (phase_ == phase::streaming) {
        close_stream();
    } else if (phase_ == phase::handling || phase_ == phase::taken) {
        cancel_.emit(asio::cancellation_type::terminal);
    }
}

MCP_DECL void connection::close_stream() {
    if (response_.stream && !std::exchange(stream_closed_, true)) {
        response_.stream->close();
    }
}

} // namespace mcp::http
