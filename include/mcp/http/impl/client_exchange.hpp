// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/client.hpp>: one request and its response.

#include <mcp/http/client_error.hpp>
#include <mcp/http/client_parser.hpp>
#include <mcp/http/impl/client_connect.hpp>
#include <mcp/http/impl/client_pool.hpp>
#include <mcp/http/impl/client_watchdog.hpp>
#include <mcp/http/url.hpp>

#include <asio/error.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http::detail {

/// Returns whether the field lines have this name, without regard to case.
inline bool has_field(std::string_view lines, std::string_view name) {
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        if (iequals(lines.substr(0, std::min(lines.find(':'), end)), name))
            return true;
        lines.remove_prefix(end + 2);
    }
    return false;
}

/// Converts an IPv4-mapped IPv6 address, such as ::ffff:127.0.0.1, to the IPv4 address that it
/// reaches.
inline asio::ip::address unmapped(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

/// One request and its response, on one executor. It must not move: the watchdog refers to it.
class exchange {
public:
    exchange(std::shared_ptr<client_core> core, client_request request,
             asio::any_io_executor executor)
        : core_(std::move(core))
        , request_(std::move(request))
        , executor_(std::move(executor))
        , times_(request_.timeouts.value_or(core_->options.timeouts))
        , watchdog_(std::make_shared<client_watchdog>(executor_)) {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;
    ~exchange() { watchdog_->stop(); }

    /// Sends the request and reads the head of the response.
    asio::awaitable<void> start();

    /// Lifts all limits except `client_timeouts::read`.
    void lift_total() { watchdog_->limit_total(client_watchdog::clock::time_point::max()); }

    client_response& response() noexcept { return parser_->get(); }

    /// Appends the next bytes of the body; false at its end.
    asio::awaitable<bool> read(std::string& out);

    /// Skips what has arrived of the body. Returns whether the body has ended.
    bool skip_arrived();

    void close() noexcept {
        closed_ = true;
        if (channel_)
            channel_->close();
    }

    [[noreturn]] void fail(client_failure reason, std::string_view description) {
        drop();
        throw client_error(reason, target_ ? std::string_view(url().host) : std::string_view(),
                           description);
    }

private:
    const web_url& url() const noexcept { return target_->parts; }

    void prepare();
    std::string message() const;
    asio::awaitable<void> connect();
    asio::awaitable<void> connect_to(asio::ip::tcp::endpoint address);
    asio::awaitable<void> send_request();
    asio::awaitable<void> write(std::string_view bytes);
    asio::awaitable<void> fill();
    void end();
    [[noreturn]] void fail_parser();
    [[noreturn]] void fail_io(client_failure reason, std::string_view description);

    void watch_channel() {
        watchdog_->watch(client_watchdog::after(times_.read),
                         [channel = channel_.get()] { channel->close(); });
    }

    void drop() noexcept {
        watchdog_->pause();
        channel_.reset();
    }

    std::shared_ptr<client_core> core_;
    client_request request_;
    asio::any_io_executor executor_;
    client_timeouts times_;
    std::shared_ptr<client_watchdog> watchdog_;
    std::shared_ptr<const client_target> target_{}; // null if the URL is malformed
    std::optional<asio::ip::tcp::socket> socket_;
    std::unique_ptr<client_channel> channel_;
    std::optional<response_parser> parser_;
    std::string_view phase_; // the current activity
    bool ended_ = false;
    bool closed_ = false;
};

/// Checks that the request can be sent, before any other step.
inline void exchange::prepare() {
    target_ = core_->target_of(request_.url);
    if (!target_)
        fail(client_failure::bad_request,
             "the URL must be http or https, in ASCII, without user and password");
    if (request_.method == verb::connect || request_.method == verb::other)
        fail(client_failure::bad_request, "the client does not support this method");
    if (url().site.scheme == "https" && !core_->options.tls)
        fail(client_failure::no_tls,
             "https needs TLS: include <mcp/http/tls.hpp> (CMake: asio-mcp::tls) and set "
             "client_options::tls to mcp::http::tls()");
    watchdog_->limit_total(client_watchdog::after(times_.total));
}

inline std::string exchange::message() const {
    std::string out;
    out.reserve(256 + url().target.size() + request_.headers().size() + request_.body.size());
    out.append(to_string(request_.method)).append(" ").append(url().target).append(" HTTP/1.1\r\n");
    out.append("Host: ").append(url().host).append("\r\n");
    if (!core_->options.user_agent.empty() && !has_field(request_.headers(), "user-agent"))
        out.append("User-Agent: ").append(core_->options.user_agent).append("\r\n");
    out += request_.headers();
    if (core_->options.idle_per_origin == 0 || core_->options.idle_total == 0)
        out += "Connection: close\r\n";
    const bool wants_body = request_.method == verb::post || request_.method == verb::put ||
                            request_.method == verb::patch;
    if (wants_body || !request_.body.empty()) {
        out += "Content-Length: ";
        out += std::to_string(request_.body.size());
        out += "\r\n";
    }
    return out.append("\r\n").append(request_.body);
}

inline asio::awaitable<void> exchange::start() {
    prepare();
    channel_ = core_->take(executor_, target_->origin);
    bool kept = channel_ != nullptr;
    while (true) {
        if (!kept)
            co_await connect();
        try {
            co_await send_request();
            co_return;
        } catch (const client_error& failure) {
            const bool was_idle_too_long =
                kept && failure.why() == client_failure::closed && !parser_->touched() && !closed_;
            if (!was_idle_too_long || !request_.repeatable)
                throw;
        }
        kept = false;
    }
}

inline asio::awaitable<void> exchange::connect() {
    const auto deadline = client_watchdog::after(times_.connect);
    phase_ = "resolving the host";
    endpoints addresses;
    try {
        addresses =
            co_await resolve(executor_, url().site.host, url().site.port, watchdog_, deadline);
    } catch (const std::exception&) {
        fail_io(client_failure::not_resolved, "the host cannot be resolved");
    }
    if (const auto& allow = core_->options.allow)
        std::erase_if(addresses,
                      [&](const auto& each) { return !allow(unmapped(each.address())); });
    if (addresses.empty())
        fail(client_failure::not_allowed, "the address of the host is not allowed");

    phase_ = "connecting";
    bool connected = false;
    for (std::size_t i = 0; !connected; ++i) {
        // Leaves time for the other addresses if this one does not respond.
        const auto remaining = static_cast<std::int64_t>(addresses.size() - i);
        const auto now = client_watchdog::clock::now();
        const bool for_ever = deadline == client_watchdog::clock::time_point::max();
        watchdog_->watch(for_ever ? deadline : now + (deadline - now) / remaining, [this] {
            std::error_code ignored;
            socket_->close(ignored);
        });
        try {
            co_await connect_to(addresses[i]);
            connected = true;
        } catch (const std::system_error& failure) {
            const bool cancelled =
                failure.code() == asio::error::operation_aborted && !watchdog_->expired();
            if (cancelled || remaining == 1)
                fail_io(client_failure::not_connected, "cannot connect");
            watchdog_->clear_expired();
        }
        watchdog_->pause();
    }

    phase_ = "negotiating TLS";
    try {
        if (url().site.scheme == "https")
            channel_ = core_->options.tls(std::move(*socket_), url().site.host);
        else
            channel_ = std::make_unique<plain_channel>(std::move(*socket_));
        watchdog_->watch(deadline, [this] { channel_->close(); });
        co_await channel_->handshake();
    } catch (const std::exception&) {
        fail_io(client_failure::tls, "cannot establish TLS");
    }
    socket_.reset();
    watchdog_->pause();
}

inline asio::awaitable<void> exchange::connect_to(asio::ip::tcp::endpoint address) {
    socket_.emplace(executor_);
    socket_->open(address.protocol());
    co_await socket_->async_connect(address, asio::use_awaitable);
    socket_->set_option(asio::ip::tcp::no_delay(true));
}

inline asio::awaitable<void> exchange::send_request() {
    parser_.emplace(request_.method, core_->options.limits);
    phase_ = "sending the request";
    const std::string bytes = message();
    co_await write(bytes);
    phase_ = "waiting for the response";
    while (true) {
        switch (parser_->next()) {
        case response_step::head:
            phase_ = "reading the response";
            co_return;
        case response_step::need_more:
            co_await fill();
            break;
        default:
            fail_parser();
        }
    }
}

inline asio::awaitable<void> exchange::write(std::string_view bytes) {
    while (!bytes.empty()) {
        watch_channel();
        try {
            const std::size_t n = co_await channel_->write(bytes);
            bytes.remove_prefix(n);
        } catch (const std::system_error& failure) {
            if (failure.code() == asio::error::operation_aborted)
                fail_io(client_failure::closed, "the connection was lost");
            co_return; // a server may refuse the rest of a request; its response is still read
        } catch (const std::exception&) {
            fail_io(client_failure::closed, "the connection was lost");
        }
    }
}

/// Reads some bytes for the parser.
inline asio::awaitable<void> exchange::fill() {
    if (!channel_)
        fail(client_failure::closed, "the connection is closed");
    watch_channel();
    std::size_t n = 0;
    try {
        n = co_await channel_->read(parser_->prepare());
    } catch (const std::exception&) {
        fail_io(client_failure::closed, "the connection was lost");
    }
    watchdog_->pause();
    if (n > 0)
        parser_->commit(n);
    else
        parser_->finish();
}

inline asio::awaitable<bool> exchange::read(std::string& out) {
    while (!ended_) {
        switch (parser_->next()) {
        case response_step::body:
            out += parser_->piece();
            co_return true;
        case response_step::complete:
            end();
            break;
        case response_step::need_more:
            co_await fill();
            break;
        default:
            fail_parser();
        }
    }
    co_return false;
}

inline bool exchange::skip_arrived() {
    response_step step = response_step::body;
    while (!ended_ && step == response_step::body)
        step = parser_->next();
    if (step == response_step::complete)
        end();
    return ended_;
}

/// Ends the exchange, and gives the connection back.
inline void exchange::end() {
    ended_ = true;
    watchdog_->stop();
    if (parser_->keep_alive() && channel_ && !closed_)
        core_->put(executor_, target_->origin, std::move(channel_));
    channel_.reset();
}

inline void exchange::fail_parser() {
    fail(parser_->too_large()   ? client_failure::too_large
         : parser_->cut_short() ? client_failure::closed
                                : client_failure::bad_response,
         parser_->error());
}

/// Converts the current exception to the one that the caller gets: a deadline, a cancellation or
/// `why`.
inline void exchange::fail_io(client_failure reason, std::string_view description) {
    const bool expired = watchdog_->expired();
    std::string sentence(description);
    try {
        throw;
    } catch (const std::system_error& failure) {
        const bool aborted = failure.code() == asio::error::operation_aborted;
        if (aborted && !expired && !closed_) {
            drop();
            throw; // the awaiting coroutine was cancelled
        }
        sentence.append(": ").append(failure.code().message());
    } catch (const std::exception& failure) {
        sentence.append(": ").append(failure.what());
    }
    if (expired)
        fail(client_failure::timeout, "timed out while " + std::string(phase_));
    fail(reason, sentence);
}

} // namespace mcp::http::detail
