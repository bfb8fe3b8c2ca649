#pragma once

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <cstddef>
#include <cstdint>
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
    explicit raw_client(std::uint16_t port)
        : raw_client(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)) {}
    explicit raw_client(const asio::generic::stream_protocol::endpoint& server) : socket_(loop_) {
        socket_.connect(server);
        const timeval patience{10, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    void send(std::string_view bytes) {
        std::error_code ec; // a server may have closed already: what it answered is still read
        asio::write(socket_, asio::buffer(bytes), ec);
    }

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

    void shutdown_send() { socket_.shutdown(asio::socket_base::shutdown_send); }
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
        if (n > 0) {
            received_.append(bytes, static_cast<std::size_t>(n));
        }
        return n > 0;
    }

    asio::io_context loop_;
    asio::generic::stream_protocol::socket socket_;
    std::string received_;
};
