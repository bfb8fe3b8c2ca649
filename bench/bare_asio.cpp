// The reference program: raw Asio coroutines without an HTTP library, on one thread. Reads each
// request up to the blank line, skips the body that Content-Length announces, and answers with a
// fixed JSON body of 150 bytes.
//
//     bare_asio [PORT]

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <strings.h>
#include <utility>

namespace {

using asio::ip::tcp;

constexpr std::string_view response =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 150\r\n"
    "\r\n"
    R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"42"}],)"
    R"("structuredContent":{"result":42,"comment":"the fixed answer to them all"}}})";
static_assert(response.substr(response.find("\r\n\r\n") + 4).size() == 150);

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

asio::awaitable<void> serve(tcp::socket socket) {
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

asio::awaitable<void> listen(unsigned short port) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), port});
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv) {
    const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8080);
    asio::io_context loop(1);
    asio::co_spawn(loop, listen(port), asio::detached);
    loop.run();
}
