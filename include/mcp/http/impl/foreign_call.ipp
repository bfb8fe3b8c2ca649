// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/foreign_call.hpp>
#include <mcp/http/head.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

class foreign_call::state : public std::enable_shared_from_this<state> {
public:
    state(asio::any_io_executor executor, handler handle, foreign_request request,
          respond_function respond, std::chrono::milliseconds keep_alive)
        : executor_(std::move(executor))
        , handle_(std::move(handle))
        , given_(std::move(request))
        , respond_(std::move(respond))
        , keep_alive_(keep_alive)
        , timer_(executor_) {}

    void start() {
        handling_ = true;
        asio::co_spawn(executor_, run(shared_from_this()),
                       asio::bind_cancellation_slot(cancel_.slot(), asio::detached));
    }

    void read(part_function next) {
        asio::co_spawn(executor_, read_part(shared_from_this(), std::move(next)), asio::detached);
    }

    void drain() {
        if (response_.stream && !ended_)
            response_.stream->drain();
    }

    void cancel() {
        cancelled_ = true;
        timer_.cancel();
        if (handling_)
            cancel_.emit(asio::cancellation_type::terminal);
        else if (response_.stream && !std::exchange(ended_, true))
            response_.stream->close();
    }

    const asio::any_io_executor& executor() const { return executor_; }

private:
    static asio::awaitable<void> run(std::shared_ptr<state> self) {
        try {
            co_await self->respond();
        } catch (...) { // the call is cancelled
        }
        self->handling_ = false;
    }

    asio::awaitable<void> respond() {
        if (cancelled_)
            co_return;
        request_.method = to_verb(given_.method);
        request_.method_name = given_.method;
        request_.target = given_.target;
        request_.body = given_.body;
        request_.remote = given_.remote;
        request_.local = given_.local;
        for (const auto& [name, value] : given_.headers)
            request_.headers.add(name, value);
        if (!split_target(request_.target, request_)) {
            set_error(status::bad_request);
        } else {
            try {
                co_await handle_(request_, response_);
                if (!response_.is_sendable())
                    set_error(status::internal_server_error);
            } catch (...) {
                set_error(status::internal_server_error);
            }
        }
        handling_ = false;
        if (cancelled_) {
            if (response_.stream && !std::exchange(ended_, true))
                response_.stream->close();
            co_return;
        }
        respond_(made());
    }

    void set_error(status code) {
        response_.clear();
        if (!response_.is_sendable()) // a kept field is invalid
            response_.reset();
        response_.code = code;
        response_.content_type = "text/plain";
        response_.body.append(reason(code)).append("\n");
    }

    foreign_response made() {
        foreign_response out;
        out.code = response_.code;
        out.close = response_.close;
        out.streams = response_.stream != nullptr;
        if (!response_.content_type.empty())
            out.headers.emplace_back("Content-Type", response_.content_type);
        std::string_view lines = response_.headers;
        while (!lines.empty()) {
            const std::string_view line = lines.substr(0, lines.find("\r\n"));
            const auto colon = line.find(':');
            std::string_view value = line.substr(colon + 1);
            value.remove_prefix(value.starts_with(' ') ? 1 : 0);
            out.headers.emplace_back(line.substr(0, colon), value);
            lines.remove_prefix(line.size() + 2);
        }
        if (!out.streams) {
            response_.complete_body();
            out.body = std::move(response_.body);
        }
        return out;
    }

    static asio::awaitable<void> read_part(std::shared_ptr<state> self, part_function next) {
        foreign_part part;
        self->arm();
        try {
            bool more = !self->ended_;
            while (more && part.bytes.empty())
                more = co_await self->response_.stream->read(part.bytes);
            part.last = !more;
        } catch (...) {
            part.failed = true;
        }
        self->timer_.cancel();
        if (self->cancelled_)
            co_return;
        self->ended_ = part.last || part.failed;
        next(std::move(part));
    }

    /// Asks for a comment if the pending read takes long.
    void arm() {
        if (keep_alive_ == std::chrono::milliseconds::zero())
            return;
        timer_.expires_after(keep_alive_);
        timer_.async_wait([self = shared_from_this()](std::error_code failed) {
            if (failed || self->ended_)
                return;
            self->response_.stream->idle();
            self->arm();
        });
    }

    asio::any_io_executor executor_;
    handler handle_;
    foreign_request given_; // what `request_` views
    respond_function respond_;
    std::chrono::milliseconds keep_alive_;
    asio::steady_timer timer_;
    asio::cancellation_signal cancel_;
    request request_;
    response response_;
    bool handling_ = false;
    bool cancelled_ = false;
    bool ended_ = false; // the stream was read to its end, or closed
};

MCP_DECL foreign_call::foreign_call(asio::any_io_executor executor, handler handle,
                                    foreign_request request, respond_function respond,
                                    std::chrono::milliseconds keep_alive)
    : state_(std::make_shared<state>(std::move(executor), std::move(handle), std::move(request),
                                     std::move(respond), keep_alive)) {
    asio::post(state_->executor(), [call = state_] { call->start(); });
}

MCP_DECL foreign_call& foreign_call::operator=(foreign_call&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

MCP_DECL foreign_call::~foreign_call() {
    cancel();
}

MCP_DECL void foreign_call::read(part_function next) {
    asio::post(state_->executor(),
               [call = state_, next = std::move(next)]() mutable { call->read(std::move(next)); });
}

MCP_DECL void foreign_call::drain() {
    asio::post(state_->executor(), [call = state_] { call->drain(); });
}

/// The event loop destroys the state, and with it the stream, which belongs to its thread.
MCP_DECL void foreign_call::cancel() noexcept {
    if (state_) {
        const asio::any_io_executor executor = state_->executor();
        asio::post(executor, [call = std::move(state_)] { call->cancel(); });
    }
}

} // namespace mcp::http
