// A WebSocket application lives beside the endpoint: ws://127.0.0.1:8000/echo and
// http://127.0.0.1:8000/mcp. The WebSocket is of Boost.Beast, whose event loop is of Boost.Asio; so the
// handler gives it the socket.

#include <mcp.hpp>
#include <mcp/http/taken_connection.hpp>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <exception>
#include <string>
#include <thread>
#include <utility>

namespace net = boost::asio;
namespace beast = boost::beast;
using upgrade_request = beast::http::request<beast::http::empty_body>;

int add(int a, int b) { return a + b; }

/// Sends each message back.
net::awaitable<void> echo(net::ip::tcp::socket socket, upgrade_request request) {
    try {
        beast::websocket::stream<beast::tcp_stream> peer(std::move(socket));
        peer.set_option(
            beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
        co_await peer.async_accept(request, net::use_awaitable);
        for (;;) {
            beast::flat_buffer message;
            co_await peer.async_read(message, net::use_awaitable);
            peer.text(peer.got_text());
            co_await peer.async_write(message.data(), net::use_awaitable);
        }
    } catch (const std::exception&) { // the peer has gone
    }
}

/// Returns a handler that gives its connections to the event loop of Boost.Asio.
mcp::http::handler websockets_on(net::io_context& loop) {
    return [&loop](mcp::http::request& q, mcp::http::response& r) -> asio::awaitable<void> {
        if (!mcp::http::asks_for_upgrade(q, "websocket")) {
            r.code = mcp::http::status::upgrade_required;
            r.set("Upgrade", "websocket");
            co_return;
        }
        upgrade_request request(beast::http::verb::get, std::string(q.target), 11);
        for (const auto& [name, value] : q.headers)
            request.insert(std::string(name), std::string(value));
        r.code = mcp::http::status::switching_protocols;
        r.take_over = [&loop, request](mcp::http::taken_connection& peer) -> asio::awaitable<void> {
            std::string early; // a client of WebSockets waits for the response
            net::ip::tcp::socket socket(loop, net::ip::tcp::v4(), peer.release(early));
            net::co_spawn(loop, echo(std::move(socket), request), net::detached);
            co_return;
        };
    };
}

int main(int argc, char** argv) {
    net::io_context loop;
    const auto alive = net::make_work_guard(loop);
    std::thread websockets([&] { loop.run(); });

    mcp::server calculator{"calculator", "1.0.0"};
    calculator.tool<add, "a", "b">("Add two numbers");
    mcp::http::router routes;
    routes.add(mcp::http::verb::get, "/echo", websockets_on(loop));
    const int status = mcp::run(calculator, routes, argc, argv);

    loop.stop();
    websockets.join();
    return status;
}
