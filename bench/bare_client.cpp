// The reference for clients: raw Asio coroutines without an HTTP library. Each of CONNECTIONS writes
// one fixed request, reads the response by its Content-Length, and so on, for SECONDS. Prints the
// microseconds of CPU for each request.
//
//     bare_client PORT REQUEST_FILE CONNECTIONS SECONDS

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include "cpu_time.hpp"
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <strings.h>

namespace {

using asio::ip::tcp;
using clock_type = std::chrono::steady_clock;

std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        if (head.size() - at > name.size() &&
            ::strncasecmp(head.data() + at, name.data(), name.size()) == 0)
            return std::strtoul(head.data() + at + name.size(), nullptr, 10);
    }
    return 0;
}

asio::awaitable<void> send(unsigned short port, std::string_view request,
                           clock_type::time_point end, std::size_t& count) {
    tcp::socket socket(co_await asio::this_coro::executor);
    const tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    co_await socket.async_connect(server, asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    std::string buffer(16384, '\0');
    while (clock_type::now() < end) {
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        std::size_t filled = 0;
        for (std::size_t size = buffer.size(); filled < size;) {
            const auto room = asio::buffer(buffer) + filled;
            filled += co_await socket.async_read_some(room, asio::use_awaitable);
            const std::string_view seen(buffer.data(), filled);
            const auto blank = seen.find("\r\n\r\n");
            if (blank != seen.npos)
                size = blank + 4 + content_length(seen.substr(0, blank));
        }
        ++count;
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 5)
        return std::fputs("bare_client PORT REQUEST_FILE CONNECTIONS SECONDS\n", stderr), 2;
    std::ifstream file(argv[2], std::ios::binary);
    const std::string request{std::istreambuf_iterator<char>(file), {}};
    asio::io_context loop(1);
    const auto end = clock_type::now() + std::chrono::seconds(std::atoi(argv[4]));
    std::size_t count = 0;
    for (int i = 0; i < std::atoi(argv[3]); ++i)
        asio::co_spawn(loop,
                       send(static_cast<unsigned short>(std::atoi(argv[1])), request, end, count),
                       [](std::exception_ptr why) {
                           if (why)
                               std::rethrow_exception(why);
                       });
    const double before = bench::cpu_seconds();
    loop.run();
    std::printf("%.2f\n", (bench::cpu_seconds() - before) / static_cast<double>(count) * 1e6);
}
