// The reference program: raw Asio coroutines without an HTTP library. Reads each request up to the
// blank line, skips the body that Content-Length announces, and answers with a fixed JSON body of
// BYTES (150). Each of THREADS (1) has an event loop and accepts connections, as in the library.
//
//     bare_asio PORT [BYTES [THREADS]]

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <strings.h>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace {

using asio::ip::tcp;

/// Returns a response with a JSON body of `bytes`.
std::string response_of(std::size_t bytes) {
    std::string body = R"({"jsonrpc":"2.0","id":1,"result":{"text":""}})";
    body.insert(body.size() - 3, bytes - std::min(bytes, body.size()), 'x');
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        if (head.size() - at > name.size() &&
            ::strncasecmp(head.data() + at, name.data(), name.size()) == 0) {
            return std::strtoul(head.data() + at + name.size(), nullptr, 10);
        }
    }
    return 0;
}

asio::awaitable<void> serve(tcp::socket socket, std::string_view response) {
    try {
        std::string buffer(4096, '\0');
        std::size_t filled = 0;
        for (;;) {
            std::string_view seen(buffer.data(), filled);
            const auto blank = seen.find("\r\n\r\n");
            const auto head = seen.substr(0, blank);
            const std::size_t size =
                blank == seen.npos ? seen.npos : blank + 4 + content_length(head);
            if (size > filled) {
                if (filled == buffer.size()) {
                    buffer.resize(buffer.size() * 2);
                }
                const auto room = asio::buffer(buffer) + filled;
                filled += co_await socket.async_read_some(room, asio::use_awaitable);
                continue;
            }
            buffer.erase(0, size);
            buffer.resize(buffer.size() + size);
            filled -= size;
            co_await asio::async_write(socket, asio::buffer(response), asio::use_awaitable);
        }
    } catch (const std::exception&) {
        // The peer has closed the connection.
    }
}

asio::awaitable<void> listen(unsigned short port, std::string_view response) {
    const auto executor = co_await asio::this_coro::executor;
    const tcp::endpoint address(asio::ip::address_v4::loopback(), port);
    tcp::acceptor acceptor(executor, address.protocol());
    acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
    acceptor.bind(address);
    acceptor.listen();
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(executor, serve(std::move(socket), response), asio::detached);
    }
}

void run(unsigned short port, std::string_view response) {
    asio::io_context loop(1);
    asio::co_spawn(loop, listen(port, response), asio::detached);
    loop.run();
}

} // namespace

int main(int argc, char** argv) {
    const auto number = [&](int at, int otherwise) {
        return argc > at ? std::atoi(argv[at]) : otherwise;
    };
    const auto port = static_cast<unsigned short>(number(1, 8080));
    const std::string response = response_of(static_cast<std::size_t>(number(2, 150)));
    std::vector<std::thread> others;
    for (int i = 1; i < number(3, 1); ++i)
        others.emplace_back(run, port, std::string_view(response));
    run(port, response);
}
