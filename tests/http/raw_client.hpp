#pragma once

#include <mcp/http/secure_channel.hpp>

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <utility>

/// A client that sends and receives exactly the bytes a test wants. Reads give up after ten
/// seconds, so that a broken server fails a test and does not hang it.
class raw_client {
public:
    using secure_ptr = std::unique_ptr<mcp::http::secure_channel>;

    explicit raw_client(std::uint16_t port, secure_ptr secure = nullptr)
        : raw_client(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port),
                     std::move(secure)) {}
    explicit raw_client(const asio::generic::stream_protocol::endpoint& server,
                        secure_ptr secure = nullptr)
        : socket_(loop_)
        , secure_(std::move(secure)) {
        socket_.connect(server);
        const timeval patience{10, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        while (secure_ && !secure_->handshake() && secure_->failure().empty()) {
            send_raw(take_output());
            if (!read_some()) {
                break;
            }
        }
        if (secure_) {
            send_raw(take_output());
        }
    }

    /// One thread may send while another reads.
    void send(std::string_view bytes) {
        if (!secure_) {
            return send_raw(bytes);
        }
        std::string sealed;
        {
            const std::lock_guard lock(*mutex_);
            secure_->write(bytes);
            sealed = take_output();
        }
        send_raw(sealed);
    }

    /// Sends bytes past TLS.
    void send_raw(std::string_view bytes) {
        std::error_code ec; // a server may have closed already: what it answered is still read
        asio::write(socket_, asio::buffer(bytes), ec);
    }

    /// Whether the server has said that nothing follows.
    bool heard_goodbye() const { return secure_ && secure_->ended(); }

    /// Everything up to the end of the connection.
    std::string read_all() {
        while (read_some()) {
        }
        return std::exchange(received_, {});
    }

    /// Everything up to and with `mark`; less if the connection ends before.
    std::string read_until(std::string_view mark) {
        std::size_t at = 0;
        while ((at = received_.find(mark)) == std::string::npos) {
            if (!read_some()) {
                return std::exchange(received_, {});
            }
        }
        std::string out = received_.substr(0, at + mark.size());
        received_.erase(0, at + mark.size());
        return out;
    }

    /// One response with Content-Length (or without a body).
    std::string read_response() {
        std::string out = read_until("\r\n\r\n");
        constexpr std::string_view field = "\r\nContent-Length: ";
        if (const auto at = out.find(field); at != std::string::npos) {
            const auto size = std::stoul(out.substr(at + field.size()));
            while (received_.size() < size && read_some()) {
            }
            out += received_.substr(0, size);
            received_.erase(0, size);
        }
        return out;
    }

    void shutdown_send() {
        say_goodbye();
        end_without_goodbye();
    }
    void end_without_goodbye() { socket_.shutdown(asio::socket_base::shutdown_send); }
    void close() {
        say_goodbye();
        socket_.close();
    }

    /// Says that nothing follows; over TLS only, and the connection stays open.
    void say_goodbye() {
        if (secure_) {
            secure_->close();
            send_raw(take_output());
        }
    }

    /// Closes with a reset in place of the usual goodbye.
    void reset() {
        socket_.set_option(asio::socket_base::linger(true, 0));
        socket_.close();
    }

private:
    bool read_some() {
        char bytes[16384];
        const auto n = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
        if (n <= 0) {
            return false;
        }
        const std::string_view all(bytes, static_cast<std::size_t>(n));
        if (!secure_) {
            received_.append(all);
            return true;
        }
        const std::lock_guard lock(*mutex_);
        secure_->feed(all);
        if (!secure_->handshake()) {
            return true;
        }
        char plain[16384];
        while (const std::size_t size = secure_->read(plain)) {
            received_.append(plain, size);
        }
        return true;
    }

    std::string take_output() { return std::exchange(secure_->output(), {}); }

    asio::io_context loop_;
    asio::generic::stream_protocol::socket socket_;
    secure_ptr secure_;
    std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
    std::string received_;
};
