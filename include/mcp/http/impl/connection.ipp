// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/connection.hpp>
#include <mcp/http/impl/receive.hpp>
#include <mcp/http/impl/request_meter.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/parse.hpp>
#include <mcp/http/write.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

MCP_DECL connection::connection(shard& owner, shard::socket socket, asio::ip::address peer,
                                std::optional<local_peer> local,
                                std::unique_ptr<secure_channel> secure)
    : shard_member(owner)
    , socket_(std::move(socket))
    , secure_(std::move(secure))
    , parser_(owner.limit, owner.in_flight)
    , unsent_share_(owner.in_flight)
    , phase_start_(owner.now()) {
    parser_.get().remote = std::move(peer);
    parser_.get().local = local;
    if (owner.records != nullptr) {
        meter_ = std::make_unique<request_meter>(*owner.records);
    }
}

MCP_DECL connection::~connection() = default;

MCP_DECL void connection::start() {
    auto ended = asio::bind_cancellation_slot(cancel_.slot(), asio::detached);
    asio::co_spawn(asio::any_io_executor(owner().executor()), run(shared_from_this()), ended);
}

MCP_DECL void connection::enter(phase p) {
    phase_ = p;
    phase_start_ = owner().now();
}

MCP_DECL asio::awaitable<void> connection::run(std::shared_ptr<connection> self) {
    try {
        co_await self->serve();
    } catch (...) {
        // A failed or cancelled connection has no peer to inform; handlers report by themselves.
    }
    end_record(false);
    close_stream();
    end_secure();
    std::error_code ignored;
    socket_.close(ignored);
    leave();
}

MCP_DECL asio::awaitable<void> connection::serve() {
    if (secure_) {
        const bool made = co_await make_secure();
        if (!made) {
            co_return;
        }
    }
    while (!gone_) {
        parse_state state = parser_.parse();
        while (state == parse_state::need_more && !expired_) {
            enter_reading();
            if (!out_.empty()) {
                body_parts nothing;
                if (!try_send(nothing)) {
                    co_await send_rest(nothing);
                }
            }
            if (gone_ || (draining_ && phase_ == phase::idle && !welcome_)) {
                co_return;
            }
            detail::received got;
            if (secure_) {
                got = co_await receive_secure(parser_.prepare());
            } else {
                got = co_await detail::receive(socket_, parser_.prepare());
            }
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
                co_await owner().handle(parser_.get(), response_);
            } catch (...) {
                failure = std::current_exception();
            }
            if (gone_) {
                co_return;
            }
            if (expired_) {
                co_await asio::this_coro::reset_cancellation_state();
                set_error(status::gateway_timeout);
                if (meter_) {
                    meter_->note().reason = refusal_reason(response_.code);
                }
            } else if (failure) {
                owner().report(failure);
                set_error(status::internal_server_error);
                response_.close = false; // the request was complete: the connection is usable
            } else if (response_.take_over) {
                co_await give_away();
                co_return;
            } else if (!response_.is_sendable()) {
                replace_invalid_response();
            }
        } else {
            if (parser_.is_tls()) {
                owner().handshake_failed("TLS on a port of plain HTTP", parser_.get().remote);
            }
            response_.reset();
            begin_record(true);
            set_error(expired_                       ? status::request_timeout
                      : state == parse_state::failed ? parser_.error()
                                                     : status::bad_request);
            owner().refused(parser_.get(), response_);
            if (meter_) {
                meter_->note().reason = refusal_reason(response_.code);
            }
        }

        const int version = whole ? parser_.get().version : 11;
        const bool head_only = whole && parser_.get().method == verb::head;
        const framing body_framing = framing_of(response_, version);
        const bool keep = whole && parser_.keep_alive() && body_framing != framing::until_close &&
                          !response_.close && !draining_ && !owner().peers_leave() && !expired_;
        const std::size_t before = out_.size();
        append_head(out_, response_, {version, keep, owner().date()});
        if (meter_) {
            meter_->responds(response_);
            meter_->sent(out_.size() - before);
        }
        if (response_.stream && !head_only && body_framing != framing::none) {
            const bool ended = co_await stream_body(body_framing);
            if (!ended) {
                co_return;
            }
        } else {
            body_parts body;
            if (!head_only && body_framing != framing::none) {
                if (meter_) {
                    meter_->sent(response_.body_size());
                }
                body = split_body();
            }
            close_stream();
            response_.stream.reset();
            parser_.next();
            if (!defer_send(body, keep) && !try_send(body)) {
                co_await send_rest(body);
            }
        }
        end_record(!gone_);
        response_.body.clear();
        response_.shared = {};
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
MCP_DECL void connection::enter_reading() {
    const auto current =
        parser_.idle() ? phase::idle : (parser_.in_body() ? phase::body : phase::head);
    if (current != phase_) {
        enter(current);
    }
    if (parser_.take_expect_continue()) {
        out_ += continue_response;
    }
}

MCP_DECL void connection::begin_request() {
    response_.reset();
    response_.takes_shared = true;
    stream_closed_ = false;
    begin_record(false);
    welcome_ = false;
    enter(phase::handling);
    if (out_.empty()) {
        return;
    }
    // Responses to earlier requests must not wait for a handler that suspends.
    asio::post(owner().executor(), [self = shared_from_this()] {
        if (self->phase_ == phase::handling && !self->sending_) {
            body_parts nothing;
            self->try_send(nothing);
            self->watch();
        }
    });
}

MCP_DECL void connection::begin_record(bool refused) {
    if (meter_) {
        meter_->begin(parser_.get(), response_, parser_.size(), refused);
    }
}

MCP_DECL void connection::end_record(bool complete) noexcept {
    try {
        if (meter_ && meter_->open()) {
            meter_->end(parser_.get().remote, complete);
        }
    } catch (...) {
        owner().report(std::current_exception());
    }
}

/// Returns the body of the response in its parts. Appends what stands before a shared text to the
/// head.
MCP_DECL connection::body_parts connection::split_body() {
    const std::string_view body = response_.body;
    const shared_text& shared = response_.shared;
    if (!shared.text) {
        return {body};
    }
    out_ += body.substr(0, shared.at);
    return {*shared.text, body.substr(shared.at)};
}

/// Appends a small `body` to the head, so that one buffer is sent. If the next request is already
/// there, appends any body that fits. Returns whether all output waits for the next response.
MCP_DECL bool connection::defer_send(body_parts& body, bool keep) {
    constexpr std::size_t cheap_to_copy = 2048;
    const std::size_t size = body[0].size() + body[1].size();
    const bool wait = keep && !parser_.idle() && out_.size() + size < owner().limit.pipelined_bytes;
    if (wait || size < cheap_to_copy) {
        out_.append(body[0]).append(body[1]);
        body = {};
    }
    return wait;
}

MCP_DECL void connection::set_error(status code) {
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
MCP_DECL void connection::replace_invalid_response() {
    owner().report(std::make_exception_ptr(
        std::invalid_argument("the response has an invalid status or header field")));
    set_error(status::internal_server_error);
    if (!response_.is_sendable()) { // a kept field is invalid
        response_.reset();
        set_error(status::internal_server_error);
    }
    response_.close = false;
}

/// Frees the memory of a large response instead of keeping it for the next.
MCP_DECL void connection::drop_large(std::string& text) {
    constexpr std::size_t kept = 16 * 1024;
    if (text.empty() && text.capacity() > kept) {
        std::string().swap(text);
    }
}

} // namespace mcp::http

#include <mcp/http/impl/connection_output.hpp>
#include <mcp/http/impl/connection_secure.hpp>
#include <mcp/http/impl/connection_watch.hpp>
