#include <mcp/transport/serve_http.hpp>

#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/server/server.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <support/process.hpp>

namespace serve_http_test {

using test::process;

int add(int a, int b) {
    return a + b;
}

int serve_plainly(int, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    mcp::serve_http_options options;
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    options.threads = 2;
    return mcp::serve_http(server, options);
}

asio::awaitable<void> home(mcp::http::request&, mcp::http::response& r) {
    r.body = "home\n";
    co_return;
}

/// The endpoint has the root, and the routes the rest.
int serve_at_root(int, const char* const*) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    mcp::http::router routes;
    routes.add(mcp::http::verb::get, "/", home);
    routes.fallback(home);
    return mcp::serve_http(server, routes, {.port = 0, .path = "/"});
}

TEST(serve_http, serves_until_a_signal) {
    for (const int signal : {SIGINT, SIGTERM}) {
        process server({"0"}, serve_plainly);
        const std::string said = server.err_line();
        EXPECT_TRUE(said.starts_with("calculator: 1.0.0 listens on http://127.0.0.1:")) << said;
        EXPECT_NE(test::post(test::url_in(said), test::call).find(R"("text":"5")"),
                  std::string::npos);
        server.signal(signal);
        EXPECT_EQ(server.join(), 0);
    }
}

TEST(serve_http, an_address_that_cannot_be_used_is_status_1) {
    asio::io_context loop;
    const asio::ip::tcp::acceptor taken(loop, {asio::ip::address_v4::loopback(), 0});
    const std::string port = std::to_string(taken.local_endpoint().port());
    process server({port.c_str()}, serve_plainly);
    EXPECT_TRUE(server.err_line().starts_with("calculator: cannot listen on 127.0.0.1:" + port));
    EXPECT_EQ(server.join(), 1);
}

TEST(serve_http, at_the_root_the_routes_have_the_rest) {
    process server({}, serve_at_root);
    const std::string url = test::url_in(server.err_line());
    EXPECT_NE(test::post(url, test::call).find(R"("text":"5")"), std::string::npos);
    EXPECT_TRUE(test::exchange(url, "GET /else HTTP/1.1\r\n", {}).ends_with("home\n"));
    EXPECT_FALSE(test::exchange(url, "GET / HTTP/1.1\r\n", {}).ends_with("home\n"));
}

TEST(serve_http, a_path_that_is_none_is_an_exception) {
    mcp::server server{"calculator", "1.0.0"};
    EXPECT_THROW(mcp::serve_http(server, {.path = "tools"}), std::invalid_argument);
}

} // namespace serve_http_test
