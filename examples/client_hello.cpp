// A client: connects to a server, lists its tools, and calls one.
//
//     client_hello URL                     over HTTP
//     client_hello PROGRAM ARGUMENTS...    with a process

#include <mcp/client.hpp>
#include <mcp/client/child_process.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

struct forecast {
    std::string city;
    double celsius;
};

asio::awaitable<void> connect(mcp::client& client, std::vector<std::string> target) {
    if (target.front().starts_with("http"))
        return client.connect(target.front());
    mcp::child_process server(target.front(), {target.begin() + 1, target.end()});
    return client.connect(std::make_unique<mcp::child_transport>(std::move(server)));
}

asio::awaitable<void> ask(std::vector<std::string> target) {
    mcp::client client{{.name = "hello", .version = "1.0.0"}};
    co_await connect(client, target);
    for (const mcp::tool_info& each : co_await client.tools())
        std::printf("%s: %s\n", each.name.c_str(), each.description.c_str());
    const auto rome =
        co_await client.call<forecast>("get_forecast", {{"city", "Rome"}, {"days", 3}});
    std::printf("%s: %.1f degrees\n", rome.city.c_str(), rome.celsius);
    co_await client.close();
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fputs("client_hello: needs a URL or a program\n", stderr), 2;
    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, ask({argv + 1, argv + argc}),
                   [&](std::exception_ptr why) { failure = why; });
    loop.run();
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& why) { // a tool, the protocol, or the transport: three types
        std::fprintf(stderr, "client_hello: %s\n", why.what());
        return 1;
    }
}
