#pragma once

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace test {

/// A server's end of a connection that says exactly the bytes a test wants. Reads give up after ten
/// seconds, so that a broken client fails a test and does not hang it.
class conversation {
public:
    explicit conversation(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
        const timeval patience{10, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    /// The next request, with its body if it has a Content-Length; empty if the client has left.
    std::string read_request() {
        std::size_t head = 0;
        while ((head = received_.find("\r\n\r\n")) == std::string::npos)
            if (!read_some())
                return {};
        std::size_t size = head + 4;
        constexpr std::string_view field = "\r\nContent-Length: ";
        if (const auto at = received_.find(field); at < head)
            size += std::stoul(received_.substr(at + field.size()));
        while (received_.size() < size)
            if (!read_some())
                return {};
        std::string out = received_.substr(0, size);
        received_.erase(0, size);
        return out;
    }

    /// False if the client is gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n =
                ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    /// Reads the next request and answers it.
    void answer(std::string_view body) {
        if (!read_request().empty())
            send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                 std::string(body));
    }

    /// Waits for the end of the connection; false if there are bytes in place of it.
    bool client_leaves() { return received_.empty() && !read_some() && !timed_out_; }

    void close() { socket_.close(); }

    /// Closes with a reset in place of the usual goodbye.
    void reset() {
        socket_.set_option(asio::socket_base::linger(true, 0));
        socket_.close();
    }

private:
    bool read_some() {
        char bytes[16384];
        const auto n = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
        timed_out_ = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (n > 0)
            received_.append(bytes, static_cast<std::size_t>(n));
        return n > 0;
    }

    asio::ip::tcp::socket socket_;
    std::string received_;
    bool timed_out_ = false;
};

/// A server on a free port of 127.0.0.1 whose nth connection follows the nth script, each on a
/// thread of its own. There must be no more connections than scripts.
class scripted_peer {
public:
    using script = std::function<void(conversation&)>;

    explicit scripted_peer(std::vector<script> scripts)
        : scripts_(std::move(scripts))
        , acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}) {
        accept();
        thread_ = std::thread([this] { loop_.run(); });
    }
    scripted_peer(const scripted_peer&) = delete;
    ~scripted_peer() { finish(); }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string url(std::string_view target = "/") const {
        return "http://127.0.0.1:" + std::to_string(port()) + std::string(target);
    }
    std::size_t accepted() const noexcept { return accepted_; }

    /// Waits until all scripts that were begun have ended.
    void finish() {
        loop_.stop();
        if (thread_.joinable())
            thread_.join();
        for (auto& each : conversations_)
            each.join();
        conversations_.clear();
    }

private:
    void accept() {
        acceptor_.async_accept([this](std::error_code ec, asio::ip::tcp::socket socket) {
            if (ec)
                return;
            const std::size_t n = accepted_++;
            if (n < scripts_.size()) {
                conversations_.emplace_back([this, n, s = std::move(socket)]() mutable {
                    conversation with(std::move(s));
                    scripts_[n](with);
                });
            } else {
                ADD_FAILURE() << "there are more connections than scripts";
            }
            accept();
        });
    }

    std::vector<script> scripts_;
    asio::io_context loop_;
    asio::ip::tcp::acceptor acceptor_;
    std::atomic<std::size_t> accepted_{0};
    std::vector<std::thread> conversations_;
    std::thread thread_;
};

/// Runs an awaitable on a loop, and gives what it gives. Fails rather than hangs.
template <class T>
T run_on(asio::io_context& loop, asio::awaitable<T> what) {
    std::exception_ptr failure;
    std::optional<T> value;
    bool done = false;
    asio::co_spawn(loop, std::move(what), [&](std::exception_ptr f, T v) {
        failure = f;
        if (!f)
            value.emplace(std::move(v));
        done = true;
    });
    loop.restart();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done && std::chrono::steady_clock::now() < deadline)
        loop.run_one_until(deadline);
    if (!done)
        throw std::runtime_error("it did not complete");
    if (failure)
        std::rethrow_exception(failure);
    return std::move(*value);
}

} // namespace test
