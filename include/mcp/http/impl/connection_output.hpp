// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/connection.hpp>: the output of a connection.

#include <mcp/http/connection.hpp>
#include <mcp/http/impl/receive.hpp>
#include <mcp/http/impl/request_meter.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/write.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/socket_base.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::http {

/// Counts a stream while it exists.
class counted_stream {
public:
    explicit counted_stream(std::atomic<std::size_t>& streams) noexcept : streams_(streams) {
        streams_.fetch_add(1, std::memory_order_relaxed);
    }
    counted_stream(const counted_stream&) = delete;
    counted_stream& operator=(const counted_stream&) = delete;
    ~counted_stream() { streams_.fetch_sub(1, std::memory_order_relaxed); }

private:
    std::atomic<std::size_t>& streams_;
};

/// Writes the bytes of the stream as they arrive; false if the connection has ended.
MCP_DECL asio::awaitable<bool> connection::stream_body(framing body_framing) {
    // The request is done: an idle stream keeps no buffer.
    std::string chunk;
    parser_.next();
    parser_.release();
    response_.headers = {};
    response_.content_type = {};
    response_.body = {};
    enter(phase::streaming);
    const counted_stream counted(owner().streams);
    last_progress_ = phase_start_;
    if (half_closed_ && !response_.stream->finite()) {
        peer_gone();
    } else if (draining_) {
        response_.stream->drain();
    }
    bool more = true;
    while (more && !gone_) {
        if (!response_.stream->ready() || out_.size() >= owner().limit.pipelined_bytes) {
            body_parts nothing;
            if (!try_send(nothing)) {
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
            owner().report(std::current_exception());
            gone_ = true; // an incomplete response must be recognisable as such
        }
        const std::size_t before = out_.size();
        if (body_framing == framing::chunked) {
            append_chunk(out_, chunk);
        } else {
            out_ += chunk;
        }
        if (meter_) {
            meter_->sent(out_.size() - before);
        }
        std::string().swap(chunk);
    }
    if (!more) {
        response_.stream.reset();
    }
    if (!gone_) {
        body_parts end;
        if (body_framing == framing::chunked) {
            end.front() = last_chunk;
        }
        if (!try_send(end)) {
            co_await send_rest(end);
        }
    }
    enter(phase::idle);
    co_return !gone_;
}

/// Sends `out_` and then `body` as far as the socket accepts them at once, and removes the sent
/// bytes from both. Returns true if all is sent or the connection is broken.
MCP_DECL bool connection::try_send(body_parts& body) {
    if (secure_) {
        return try_send_secure(body);
    }
    const std::array<asio::const_buffer, 3> all{asio::buffer(out_), asio::buffer(body[0]),
                                                asio::buffer(body[1])};
    const std::size_t size = asio::buffer_size(all);
    std::error_code ec;
    std::size_t sent = size == out_.size() ? socket_.send(all[0], 0, ec) : socket_.send(all, 0, ec);
    last_progress_ = owner().now();
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) {
        gone_ = true;
    }
    if (gone_ || sent == size) {
        out_.clear();
        return true;
    }
    const std::size_t of_out = std::min(sent, out_.size());
    out_.erase(0, of_out);
    sent -= of_out;
    for (std::string_view& part : body) {
        const std::size_t taken = std::min(sent, part.size());
        part.remove_prefix(taken);
        sent -= taken;
    }
    return false;
}

/// Sends the rest after `try_send`, waiting for the peer.
MCP_DECL asio::awaitable<void> connection::send_rest(body_parts body) {
    std::error_code ec;
    constexpr std::size_t uncounted = 4 * 1024;
    std::string sealed; // what TLS makes meanwhile does not move it
    std::array<std::string_view, 3> plain{out_, body[0], body[1]};
    std::array<asio::const_buffer, 3> rest{asio::buffer(out_), asio::buffer(body[0]),
                                           asio::buffer(body[1])};
    std::size_t unsent = asio::buffer_size(rest);
    if (secure_) {
        unsent += secure_->output().size();
        rest = {};
    }
    unsent = std::max(unsent, uncounted);
    if (!unsent_share_.resize(unsent - uncounted)) {
        gone_ = true; // the budget for slow peers is used up
        co_return;
    }
    auto into_ec = asio::redirect_error(asio::use_awaitable, ec);
    sending_ = true;
    std::size_t counted = 0;
    while (!ec) {
        if (secure_ && asio::buffer_size(rest) == 0) {
            sealed.clear();
            if (secure_->output().empty()) {
                seal(plain);
            }
            sealed.swap(secure_->output());
            rest.front() = asio::buffer(sealed);
        }
        if (gone_ || asio::buffer_size(rest) == 0) {
            break;
        }
        std::size_t n = co_await socket_.async_send(rest, into_ec);
        counted += n;
        if (counted >= owner().limit.write_bytes) { // fewer bytes do not restart the timeout
            counted = 0;
            last_progress_ = owner().now();
        }
        for (auto& part : rest) {
            const std::size_t taken = std::min(n, part.size());
            part += taken;
            n -= taken;
        }
    }
    sending_ = false;
    unsent_share_.resize(0);
    last_progress_ = owner().now();
    gone_ = gone_ || ec;
    out_.clear();
}

/// Lets the peer read the response before its further bytes reset the connection. [RFC 9112 §9.6]
MCP_DECL asio::awaitable<void> connection::linger() {
    if (gone_) {
        co_return;
    }
    enter(phase::closing);
    last_progress_ = phase_start_;
    if (secure_) {
        secure_->close();
        body_parts nothing;
        if (!try_send(nothing)) {
            co_await send_rest(nothing);
        }
    }
    std::error_code ec;
    socket_.shutdown(asio::socket_base::shutdown_send, ec);
    std::array<char, 4096> sink;
    while (!ec) { // until `tick` ends it, however many bytes arrive
        const detail::received received = co_await detail::receive(socket_, sink);
        ec = received.error;
        last_progress_ = owner().now();
    }
}

} // namespace mcp::http
