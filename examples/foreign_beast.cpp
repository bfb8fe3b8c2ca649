// An HTTP server of Boost.Beast on Boost.Asio that serves MCP at /mcp: an application which has such a
// server keeps it. The endpoint runs on an event loop of standalone Asio beside it.

#include <mcp.hpp>
#include <mcp/http/foreign_call.hpp>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;

int add(int a, int b) { return a + b; }

/// Awaits a function that calls another function with its result, on any thread.
template <class Result, class Start>
net::awaitable<Result> result_of(Start start) {
    const auto executor = co_await net::this_coro::executor;
    co_return co_await net::async_initiate<const net::use_awaitable_t<>, void(Result)>(
        [&](auto handler) {
            const auto waits = std::make_shared<decltype(handler)>(std::move(handler));
            start([executor, waits](Result result) {
                net::post(executor, [waits, result = std::move(result)]() mutable {
                    std::move (*waits)(std::move(result));
                });
            });
        },
        net::use_awaitable);
}

mcp::http::foreign_request taken(beast::http::request<beast::http::string_body> from,
                                 const tcp::endpoint& peer) {
    mcp::http::foreign_request out;
    out.method = from.method_string();
    out.target = from.target();
    for (const auto& field : from)
        out.headers.emplace_back(field.name_string(), field.value());
    out.body = std::move(from.body());
    out.remote = asio::ip::make_address(peer.address().to_string());
    return out;
}

class session {
public:
    session(tcp::socket socket, asio::any_io_executor mcp, mcp::http::handler endpoint)
        : stream_(std::move(socket))
        , mcp_(std::move(mcp))
        , endpoint_(std::move(endpoint)) {}

    net::awaitable<void> run() {
        const tcp::endpoint peer = stream_.socket().remote_endpoint();
        beast::flat_buffer buffer;
        for (bool keep = true; keep;) {
            beast::http::request_parser<beast::http::string_body> parser;
            parser.body_limit(4 * 1024 * 1024);
            co_await beast::http::async_read(stream_, buffer, parser, net::use_awaitable);
            keep = parser.keep_alive();
            if (parser.get().target() == "/mcp")
                keep = co_await serve_mcp(taken(parser.release(), peer), keep);
            else
                co_await send(beast::http::status::not_found, "This is the application.\n", keep);
        }
    }

private:
    /// Returns whether the connection can be kept.
    net::awaitable<bool> serve_mcp(mcp::http::foreign_request request, bool keep) {
        std::unique_ptr<mcp::http::foreign_call> call; // at the end of this function it ends, too
        auto answer = co_await result_of<mcp::http::foreign_response>([&](auto respond) {
            call = std::make_unique<mcp::http::foreign_call>(mcp_, endpoint_, std::move(request),
                                                             std::move(respond));
        });
        beast::http::response<beast::http::string_body> head;
        head.result(static_cast<unsigned>(answer.code));
        for (const auto& [name, value] : answer.headers)
            head.insert(name, value);
        head.keep_alive(keep && !answer.close);
        if (!answer.streams) {
            head.body() = std::move(answer.body);
            head.prepare_payload();
            co_await beast::http::async_write(stream_, head, net::use_awaitable);
            co_return head.keep_alive();
        }
        head.chunked(true);
        beast::http::response_serializer<beast::http::string_body> serializer(head);
        co_await beast::http::async_write_header(stream_, serializer, net::use_awaitable);
        for (bool more = true; more;) {
            const auto part = co_await result_of<mcp::http::foreign_part>(
                [&](auto next) { call->read(std::move(next)); });
            if (part.failed)
                co_return false; // without the last chunk, so that the client sees it
            if (!part.bytes.empty())
                co_await net::async_write(stream_, beast::http::make_chunk(net::buffer(part.bytes)),
                                          net::use_awaitable);
            more = !part.last;
        }
        co_await net::async_write(stream_, beast::http::make_chunk_last(), net::use_awaitable);
        co_return head.keep_alive();
    }

    net::awaitable<void> send(beast::http::status code, std::string text, bool keep) {
        beast::http::response<beast::http::string_body> response(code, 11, std::move(text));
        response.keep_alive(keep);
        response.prepare_payload();
        co_await beast::http::async_write(stream_, response, net::use_awaitable);
    }

    beast::tcp_stream stream_;
    asio::any_io_executor mcp_;
    mcp::http::handler endpoint_;
};

net::awaitable<void> talk(tcp::socket socket, asio::any_io_executor mcp,
                          mcp::http::handler endpoint) {
    try {
        session peer(std::move(socket), std::move(mcp), std::move(endpoint));
        co_await peer.run();
    } catch (const std::exception&) { // the peer has gone
    }
}

net::awaitable<void> accept(tcp::acceptor acceptor, asio::any_io_executor mcp,
                            mcp::http::handler endpoint) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(net::use_awaitable);
        net::co_spawn(acceptor.get_executor(), talk(std::move(socket), mcp, endpoint),
                      net::detached);
    }
}

int main(int argc, char** argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");

    asio::io_context mcp_loop;
    const auto alive = asio::make_work_guard(mcp_loop);
    std::thread mcp_thread([&] { mcp_loop.run(); });

    net::io_context loop;
    // The last argument is the port, so that `--port 8080` works.
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[argc - 1]) : 8000);
    tcp::acceptor acceptor(loop, {net::ip::address_v4::loopback(), port});
    std::cerr << "http://127.0.0.1:" << acceptor.local_endpoint().port() << "/mcp\n";
    net::co_spawn(
        loop, accept(std::move(acceptor), mcp_loop.get_executor(), mcp::streamable_http{server}),
        net::detached);
    net::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](auto, int) { loop.stop(); });
    loop.run();

    mcp_loop.stop();
    mcp_thread.join();
}
