// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/connection.hpp>
#include <mcp/http/impl/receive.hpp>
#include <mcp/http/impl/request_meter.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/taken_connection.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

namespace detail {

/// Returns whether a field, a list of tokens, has `token`. A token may have a version after `/`.
inline bool lists_token(const fields& headers, std::string_view name, std::string_view token) {
    for (const field& each : headers) {
        if (!iequals(each.name, name)) {
            continue;
        }
        std::string_view rest = each.value;
        while (!rest.empty()) {
            std::string_view one = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            one.remove_prefix(std::min(one.size(), one.find_first_not_of(" \t")));
            one = one.substr(0, one.find_last_not_of(" \t") + 1);
            if (iequals(one, token)) {
                return true;
            }
        }
    }
    return false;
}

} // namespace detail

MCP_DECL bool asks_for_upgrade(const request& q, std::string_view protocol) noexcept {
    return q.version >= 11 && detail::lists_token(q.headers, "Connection", "upgrade") &&
           detail::lists_token(q.headers, "Upgrade", protocol);
}

/// Lets the application have the connection until its awaitable completes.
MCP_DECL asio::awaitable<void> connection::give_away() {
    if (meter_) {
        meter_->responds(response_);
    }
    end_record(true);
    body_parts nothing;
    if (!try_send(nothing)) { // responses to earlier requests
        co_await send_rest(nothing);
    }
    if (gone_) {
        co_return;
    }
    const auto take_over = std::exchange(response_.take_over, nullptr);
    taken_connection taken(*this, std::string(parser_.unread()));
    taken_ = &taken;
    enter(phase::taken);
    parser_.next();
    try {
        co_await take_over(taken);
    } catch (...) {
        owner().report(std::current_exception());
    }
    taken_ = nullptr;
    co_await linger();
}

MCP_DECL asio::awaitable<std::size_t> taken_connection::read(std::span<char> room) {
    if (!early_.empty()) {
        const std::size_t size = early_.copy(room.data(), room.size());
        early_.erase(0, size);
        co_return size;
    }
    if (owner_.gone_ || room.empty()) {
        co_return 0;
    }
    detail::received got;
    if (owner_.secure_) {
        got = co_await owner_.receive_secure(room);
    } else {
        got = co_await detail::receive(owner_.socket_, room);
    }
    co_return got.error ? 0 : got.size;
}

MCP_DECL asio::awaitable<bool> taken_connection::write(std::string_view bytes) {
    connection::body_parts body{bytes};
    if (!owner_.gone_ && !owner_.try_send(body)) {
        co_await owner_.send_rest(body);
    }
    co_return !owner_.gone_;
}

MCP_DECL void taken_connection::on_drain(std::function<void()> call) {
    drain_ = std::move(call);
    if (owner_.draining_ && drain_) {
        drain_();
    }
}

MCP_DECL bool taken_connection::has_descriptor() const noexcept {
    return !owner_.secure_;
}

MCP_DECL int taken_connection::release(std::string& early) {
    if (!has_descriptor()) {
        throw std::logic_error("taken_connection::release: the connection has TLS; use read and "
                               "write, or let a proxy end TLS");
    }
    early = std::exchange(early_, {});
    owner_.gone_ = true; // for the server
    return owner_.socket_.release();
}

} // namespace mcp::http
