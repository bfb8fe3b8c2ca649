// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/loopback_redirect.hpp>
#include <mcp/http/url.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/ip/address_v4.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp {

/// A port that listens, and the connections to it.
class loopback_redirect::receiver {
public:
    using tcp = asio::ip::tcp;

    receiver(const asio::any_io_executor& executor, const loopback_options& options)
        : acceptor_(executor)
        , ended_(executor)
        , path_(options.path)
        , page_(options.page) {}

    /// Listens at the port; returns whether that is possible.
    bool listen(std::uint16_t port) {
        std::error_code failed;
        acceptor_.close(failed);
        acceptor_.open(tcp::v4(), failed);
        if (!failed)
            acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
        if (!failed)
            acceptor_.bind({asio::ip::address_v4::loopback(), port}, failed);
        if (!failed)
            acceptor_.listen(16, failed);
        return !failed;
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    /// Closes the port and all connections.
    void close() {
        std::error_code ignored;
        acceptor_.close(ignored);
        for (const auto& each : open_)
            each->close(ignored);
        ended_.cancel();
    }

    /// Waits for a redirect with this state; nothing if none comes in time.
    static asio::awaitable<std::optional<std::string>>
    wait(std::shared_ptr<receiver> self, std::string state, std::chrono::milliseconds timeout) {
        self->state_ = std::move(state);
        self->ended_.expires_after(timeout);
        asio::co_spawn(self->acceptor_.get_executor(), accept(self), asio::detached);
        const auto ended = co_await asio::this_coro::cancellation_state;
        std::error_code ignored;
        co_await self->ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (ended.cancelled() != asio::cancellation_type::none)
            throw std::system_error(asio::error::operation_aborted);
        co_return self->query_;
    }

    /// Closes a receiver at the end of its scope.
    struct closing {
        std::shared_ptr<receiver> what;
        ~closing() { what->close(); }
    };

private:
    using socket = std::shared_ptr<tcp::socket>;

    static asio::awaitable<void> accept(std::shared_ptr<receiver> self) {
        std::error_code failed;
        while (!failed && self->acceptor_.is_open()) {
            const auto peer = std::make_shared<tcp::socket>(self->acceptor_.get_executor());
            co_await self->acceptor_.async_accept(
                *peer, asio::redirect_error(asio::use_awaitable, failed));
            constexpr std::size_t most = 32;
            if (!failed && self->open_.size() < most)
                asio::co_spawn(self->acceptor_.get_executor(), answer(self, peer), asio::detached);
        }
    }

    /// Browsers open connections on which they send nothing; these end with the port.
    static asio::awaitable<void> answer(std::shared_ptr<receiver> self, socket peer) {
        self->open_.insert(peer);
        constexpr std::size_t most = 16 * 1024;
        std::string head;
        std::error_code failed;
        co_await asio::async_read_until(*peer, asio::dynamic_buffer(head, most), "\r\n\r\n",
                                        asio::redirect_error(asio::use_awaitable, failed));
        if (!failed) {
            auto query = self->read(head);
            const std::string response = self->response(query.has_value());
            co_await asio::async_write(*peer, asio::buffer(response),
                                       asio::redirect_error(asio::use_awaitable, failed));
            peer->shutdown(tcp::socket::shutdown_send, failed);
            if (query && !self->query_) {
                self->query_ = std::move(query);
                self->ended_.cancel();
            }
        }
        self->open_.erase(peer);
    }

    /// Returns the query of a request that is the redirect.
    std::optional<std::string> read(std::string_view head) const {
        constexpr std::string_view method = "GET ";
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const auto end = line.find(" HTTP/1.");
        if (!line.starts_with(method) || end == line.npos)
            return std::nullopt;
        const std::string_view target = line.substr(method.size(), end - method.size());
        const auto question = std::min(target.find('?'), target.size());
        const std::string_view query = target.substr(std::min(question + 1, target.size()));
        const bool good =
            target.substr(0, question) == path_ && http::query_value(query, "state") == state_;
        return good ? std::optional<std::string>(query) : std::nullopt;
    }

    std::string response(bool good) const {
        const std::string_view body = good ? std::string_view(page_) : "Not found";
        std::string out = good ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 404 Not Found\r\n";
        out.append("Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                   "Referrer-Policy: no-referrer\r\n"
                   "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
                   "Connection: close\r\nContent-Length: ")
            .append(std::to_string(body.size()))
            .append("\r\n\r\n")
            .append(body);
        return out;
    }

    tcp::acceptor acceptor_;
    asio::steady_timer ended_; // cancelled when the redirect has come
    std::string path_;
    std::string page_;
    std::string state_;
    std::optional<std::string> query_;
    std::set<socket> open_;
};

MCP_DECL loopback_redirect::loopback_redirect(loopback_options options)
    : options_(std::move(options)) {
    if (!options_.open)
        options_.open = [](const std::string& url) {
            std::fprintf(stderr, "Open this page to authorize the program:\n%s\n", url.c_str());
        };
}

MCP_DECL loopback_redirect::~loopback_redirect() {
    if (receiver_)
        receiver_->close();
}

MCP_DECL asio::awaitable<std::string> loopback_redirect::redirect_uri(std::string earlier) {
    if (receiver_)
        receiver_->close();
    auto executor = co_await asio::this_coro::executor;
    receiver_ = std::make_shared<receiver>(executor, options_);
    const auto before = http::parse_web_url(earlier);
    const bool same = before && before->site.host == options_.host &&
                      before->site.scheme == "http" && before->target == options_.path;
    const std::uint16_t port = options_.port == 0 && same ? before->site.port : options_.port;
    if (!receiver_->listen(port) && (options_.port != 0 || !receiver_->listen(0)))
        throw authorization_error("port " + std::to_string(port) +
                                  " of this machine cannot receive the redirect");
    co_return "http://" + options_.host + ":" + std::to_string(receiver_->port()) + options_.path;
}

MCP_DECL asio::awaitable<std::string> loopback_redirect::authorize(std::string url) {
    if (!receiver_)
        throw authorization_error("the redirect URI is not ready");
    const receiver::closing last{std::exchange(receiver_, nullptr)};
    const std::string_view query =
        std::string_view(url).substr(std::min(url.find('?'), url.size()));
    auto state = http::query_value(query.substr(std::min<std::size_t>(1, query.size())), "state");
    options_.open(url);
    auto received =
        co_await receiver::wait(last.what, state.value_or(std::string()), options_.timeout);
    if (!received)
        throw authorization_error("the user has not authorized the program in time");
    co_return std::move(*received);
}

} // namespace mcp
