// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/connection.hpp>: TLS, between the socket and the parser.

#include <mcp/http/connection.hpp>
#include <mcp/http/impl/receive.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/write.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/socket_base.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::http {

/// Does the handshake; false if the connection has ended. `tick` ends one that takes too long.
MCP_DECL asio::awaitable<bool> connection::make_secure() {
    enter(phase::handshake);
    for (bool first = true; !gone_; first = false) {
        const bool done = secure_->handshake();
        body_parts nothing;
        if (!secure_->output().empty() && !try_send(nothing)) {
            co_await send_rest(nothing);
        }
        if (done) {
            parser_.get().certificate = secure_->peer();
            co_return !gone_;
        }
        if (!secure_->failure().empty()) {
            owner().handshake_failed(secure_->failure(), parser_.get().remote);
            co_await linger(); // the peer reads the alert
            co_return false;
        }
        const detail::received waited = co_await detail::wait_readable(socket_);
        if (waited.error) {
            co_return false;
        }
        if (first && is_plain_http()) {
            refuse_plain_http();
            co_await linger();
            co_return false;
        }
        const std::error_code ec = feed_secure();
        if (ec && ec != asio::error::would_block) {
            owner().handshake_failed("the peer left during the handshake", parser_.get().remote);
            co_return false;
        }
    }
    co_return false;
}

/// Returns whether the first byte is that of a method, which no TLS record begins with.
MCP_DECL bool connection::is_plain_http() {
    char byte = 0;
    std::error_code ec;
    socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    return !ec && byte >= 'A' && byte <= 'Z';
}

MCP_DECL void connection::refuse_plain_http() {
    owner().handshake_failed("plain HTTP on a port of TLS", parser_.get().remote);
    secure_.reset();
    response_.reset();
    set_error(status::bad_request);
    response_.body = "This port expects TLS: use https\n";
    owner().refused(parser_.get(), response_);
    append_head(out_, response_, {11, false, owner().date()});
    out_ += response_.body;
    body_parts nothing;
    try_send(nothing);
}

/// Reads decrypted bytes, as `detail::receive` does plain ones.
MCP_DECL asio::awaitable<detail::received> connection::receive_secure(std::span<char> room) {
    detail::received got;
    while (true) {
        got.size = secure_->read(room);
        if (got.size > 0) {
            co_return got;
        }
        body_parts nothing;
        // The application writes on its own: then the output waits for its next bytes.
        if (phase_ != phase::taken && !secure_->output().empty() && !try_send(nothing)) {
            co_await send_rest(nothing);
        }
        if (secure_->ended()) {
            got.error = asio::error::eof;
        } else if (gone_ || !secure_->failure().empty()) {
            got.error = asio::error::connection_aborted;
        } else {
            got = co_await detail::wait_readable(socket_);
        }
        if (!got.error) {
            got.error = feed_secure();
        }
        if (got.error == asio::error::would_block) {
            got.error.clear();
        }
        if (got.error) {
            co_return got;
        }
    }
}

/// Passes on what the socket has received. No buffer is kept for an idle connection.
MCP_DECL std::error_code connection::feed_secure() {
    std::array<char, 16 * 1024 + 512> bytes; // a whole record
    std::error_code ec;
    const std::size_t n = socket_.receive(asio::buffer(bytes), 0, ec);
    secure_->feed({bytes.data(), n});
    return ec;
}

/// Looks beside the handler or the stream for what comes next: an error for the end, `would_block`
/// for nothing yet.
MCP_DECL std::error_code connection::look_ahead() {
    std::error_code ec = feed_secure();
    if (secure_->readable()) {
        ec.clear();
    } else if (secure_->ended()) {
        ec = asio::error::eof;
    } else if (!secure_->failure().empty()) {
        ec = asio::error::connection_aborted;
    } else if (!ec) {
        ec = asio::error::would_block;
    }
    return ec;
}

/// Encrypts the front of `plain`, and removes it. Not all at once, so that a slow peer does not
/// make the encrypted copy large.
MCP_DECL void connection::seal(std::span<std::string_view> plain) {
    std::size_t room = 64 * 1024;
    for (std::string_view& part : plain) {
        const std::string_view taken = part.substr(0, room);
        if (!taken.empty()) {
            secure_->write(taken);
        }
        part.remove_prefix(taken.size());
        room -= taken.size();
    }
    gone_ = gone_ || !secure_->failure().empty();
}

MCP_DECL bool connection::try_send_secure(body_parts& body) {
    std::array<std::string_view, 3> plain{out_, body[0], body[1]};
    std::string& sealed = secure_->output();
    last_progress_ = owner().now();
    while (!gone_) {
        if (sealed.empty()) {
            seal(plain);
        }
        if (sealed.empty()) {
            break;
        }
        std::error_code ec;
        sealed.erase(0, socket_.send(asio::buffer(sealed), 0, ec));
        if (ec == asio::error::would_block || ec == asio::error::try_again) {
            out_.erase(0, out_.size() - plain[0].size());
            body = {plain[1], plain[2]};
            return false;
        }
        gone_ = gone_ || ec;
    }
    out_.clear();
    drop_large(sealed);
    return true;
}

/// Tells the peer that the connection ends here, and is not cut short.
MCP_DECL void connection::end_secure() {
    if (secure_ && !gone_) {
        secure_->close();
        body_parts nothing;
        try_send(nothing); // a peer that does not read misses it
    }
}

} // namespace mcp::http
