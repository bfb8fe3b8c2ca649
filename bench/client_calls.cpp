// Calls a tool of a server over HTTP, with some calls under way at once on one client, for SECONDS.
// Prints the microseconds of CPU for each call. With SECONDS 0 it connects as many clients as there
// are calls, and prints the bytes of memory for each, idle.
//
//     client_calls URL CALLS SECONDS

#include <mcp/client.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>

#include "cpu_time.hpp"
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

void rethrow(std::exception_ptr why) {
    if (why)
        std::rethrow_exception(why);
}

/// The memory of this process, in bytes.
double resident() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double pages = 0;
    file >> all >> pages;
    return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

asio::awaitable<void> call(mcp::client& client, clock_type::time_point end, std::size_t& count) {
    mcp::json_object numbers;
    numbers["a"] = 1;
    numbers["b"] = 2;
    while (clock_type::now() < end) {
        co_await client.call("add", numbers);
        ++count;
    }
}

asio::awaitable<void> start(mcp::client& client, std::string url, int calls,
                            clock_type::time_point end, std::size_t& count, double& before) {
    co_await client.connect(url);
    before = bench::cpu_seconds();
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < calls; ++i)
        asio::co_spawn(executor, call(client, end, count), rethrow);
}

asio::awaitable<void> connect_all(std::vector<mcp::client>& clients, std::string url) {
    const double before = resident();
    for (mcp::client& each : clients)
        co_await each.connect(url);
    std::printf("%.0f\n", (resident() - before) / static_cast<double>(clients.size()));
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4)
        return std::fputs("client_calls URL CALLS SECONDS\n", stderr), 2;
    const int calls = std::atoi(argv[2]);
    const int seconds = std::atoi(argv[3]);
    asio::io_context loop(1);
    if (seconds == 0) {
        std::vector<mcp::client> clients(static_cast<std::size_t>(calls));
        asio::co_spawn(loop, connect_all(clients, argv[1]), rethrow);
        loop.run();
        return 0;
    }
    mcp::client client;
    std::size_t count = 0;
    double before = 0;
    const auto end = clock_type::now() + std::chrono::seconds(seconds);
    asio::co_spawn(loop, start(client, argv[1], calls, end, count, before), rethrow);
    loop.run();
    std::printf("%.2f\n", (bench::cpu_seconds() - before) / static_cast<double>(count) * 1e6);
}
