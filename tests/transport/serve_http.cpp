#include <mcp/transport/serve_http.hpp>

#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/router.hpp>
#include <mcp/server/server.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/datagram_protocol.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <support/process.hpp>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace serve_http_test {

using test::process;

int add(int a, int b) {
    return a + b;
}

int serve_plainly(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    mcp::serve_http_options options;
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    options.threads = 2;
    if (argc > 2)
        options.host = argv[2];
    if (argc > 3 && ::setuid(65534) != 0) // as nobody
        return 77;
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

int serve_with_a_json_log(int, const char* const*) {
    mcp::server server{"calculator", "1.0.0"};
    server.options().log_format = mcp::log_format::json_lines;
    mcp::serve_http_options options;
    options.port = 0;
    std::string seen;
    options.on_request = [&](const mcp::http::request_record& each) { seen += each.path; };
    options.on_listen = [&](const mcp::http::server* http) { seen += http ? "listens" : " ends"; };
    const int status = mcp::serve_http(server, options);
    return seen == "listens/nothing/mcp ends" ? status : 3;
}

TEST(serve_http, logs_refused_requests) {
    process server({}, serve_with_a_json_log);
    const std::string said = server.err_line();
    EXPECT_NE(said.find(R"("level":"notice","server":"calculator","message":"1.0.0 listens on)"),
              said.npos)
        << said;
    const std::string shown = test::url_in(said);
    const std::string url = shown.substr(0, shown.find('"'));
    test::post(url.substr(0, url.find("/mcp")) + "/nothing", test::call);
    const std::string nothing = server.err_line();
    EXPECT_NE(nothing.find(R"("path":"/nothing","status":404)"), nothing.npos) << nothing;
    EXPECT_NE(nothing.find(R"("reason":"nothing is at this path"})"), nothing.npos) << nothing;
    test::post(url, "no JSON");
    const std::string refused = server.err_line();
    EXPECT_NE(refused.find(R"("status":400)"), refused.npos) << refused;
    EXPECT_NE(refused.find(R"("reason":"Parse error: )"), refused.npos) << refused;
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(serve_http, an_address_that_cannot_be_used_is_one_line_and_status_1) {
    asio::io_context loop;
    const asio::ip::tcp::acceptor taken(loop, {asio::ip::address_v4::loopback(), 0});
    const std::string port = std::to_string(taken.local_endpoint().port());
    struct {
        std::vector<const char*> arguments;
        std::string text;
    } const table[] = {
        {{port.c_str()}, "127.0.0.1:" + port + ": Address already in use"},
        {{"1", "::1", "as nobody"}, "[::1]:1: "},
        {{"1", "127.0.0.1", "as nobody"}, "127.0.0.1:1: "},
        {{"80", "192.0.2.1"}, "192.0.2.1:80: Cannot assign requested address"},
        {{"80", "no.such.host.invalid"}, "no.such.host.invalid:80: Host not found (authoritative)"},
        {{"0", "unix:/none/a.sock"}, "unix:/none/a.sock: No such file or directory"},
        {{"0", "unix:/usr/a.sock", "as nobody"}, "unix:/usr/a.sock: Permission denied"},
    };
    std::ifstream file("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    int first_free = 1024;
    file >> first_free;
    for (const auto& each : table) {
        if (each.arguments.size() == 3 && (::getuid() != 0 || first_free <= 1))
            continue; // who is root in a container may need no right
        process server(each.arguments, serve_plainly);
        const std::string said = server.err_line();
        EXPECT_TRUE(said.starts_with("calculator: cannot listen on " + each.text)) << said;
        EXPECT_EQ(server.all_errors(), "");
        EXPECT_EQ(server.join(), 1);
    }
}

TEST(serve_http, serves_on_a_unix_domain_socket) {
    const std::string path = "/tmp/asio-mcp-test-" + std::to_string(::getpid()) + ".sock";
    const std::string host = "unix:" + path;
    process server({"0", host.c_str()}, serve_plainly);
    EXPECT_EQ(server.err_line(), "calculator: 1.0.0 listens on " + host + ", path /mcp");
    for (const char* named : {"localhost", "tools.example.com", "\xff:"}) { // the third is none
        asio::io_context loop;
        asio::generic::stream_protocol::socket socket(loop);
        socket.connect(asio::local::stream_protocol::endpoint(path));
        const std::string body = test::call;
        const std::string answer = test::exchange_on(
            std::move(socket),
            "POST /mcp HTTP/1.1\r\nHost: " + std::string(named) +
                "\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
                "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: add\r\n"
                "Connection: close\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
        EXPECT_EQ(answer.find(R"("text":"5")") != answer.npos, named[0] != '\xff') << answer;
    }
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

/// As systemd starts a service: with a socket that listens already, and one for messages.
TEST(serve_http, is_a_service_of_systemd) {
    const std::string name = "asio-mcp-serve-http-" + std::to_string(::getpid());
    asio::io_context loop;
    asio::local::datagram_protocol::socket told(
        loop, asio::local::datagram_protocol::endpoint(std::string(1, '\0') + name));
    const auto message = [&told] {
        char bytes[256];
        return std::string(bytes, told.receive(asio::buffer(bytes)));
    };
    asio::ip::tcp::acceptor opened(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = opened.local_endpoint().port();
    const std::string descriptor = std::to_string(opened.native_handle());
    const std::string notify = '@' + name;
    process server({descriptor.c_str(), notify.c_str()}, [](int, const char* const* argv) {
        if (::dup2(std::atoi(argv[1]), 3) != 3)
            return 77;
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        ::setenv("LISTEN_FDS", "1", 1);
        ::setenv("NOTIFY_SOCKET", argv[2], 1);
        ::setenv("WATCHDOG_USEC", "2000", 1);
        const char* const arguments[] = {"calculator", "0"};
        return serve_plainly(2, arguments);
    });
    opened.close();
    EXPECT_EQ(message(), "READY=1\nSTATUS=1.0.0 listens on 1 given socket, path /mcp");
    EXPECT_EQ(message(), "WATCHDOG=1");
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/mcp";
    EXPECT_NE(test::post(url, test::call).find(R"("text":"5")"), std::string::npos);
    server.signal(SIGTERM);
    std::string last = message();
    while (last == "WATCHDOG=1")
        last = message();
    EXPECT_EQ(last, "STOPPING=1");
    EXPECT_EQ(server.join(), 0);
}

TEST(serve_http, refuses_connections_when_no_descriptor_is_left_and_recovers) {
    process server({"0"}, [](int argc, const char* const* argv) {
        const rlimit few{40, 40};
        ::setrlimit(RLIMIT_NOFILE, &few);
        return serve_plainly(argc, argv);
    });
    const std::string url = test::url_in(server.err_line());
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    asio::io_context loop;
    std::vector<asio::ip::tcp::socket> held;
    for (int i = 0; i < 80; ++i)
        held.emplace_back(loop).connect({asio::ip::address_v4::loopback(), port});
    std::string refusal;
    std::error_code end;
    asio::read(held.back(), asio::dynamic_buffer(refusal), end);
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 ")) << refusal;
    held.clear();
    std::string answer;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!answer.starts_with("HTTP/1.1 200") && std::chrono::steady_clock::now() < give_up)
        answer = test::post(url, test::call); // until the server has seen their end
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    server.signal(SIGTERM);
    const std::string said = server.all_errors();
    const auto at = said.find("Too many open files");
    EXPECT_NE(at, said.npos) << said;
    EXPECT_EQ(said.find("Too many open files", at + 1), said.npos) << said;
    EXPECT_EQ(server.join(), 0);
}

TEST(serve_http, ends_a_thousand_streams_within_the_time_of_a_stop) {
    constexpr std::size_t count = 1'000;
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    if (before.rlim_max < count + 200)
        GTEST_SKIP() << "too few descriptors: ulimit -n";
    const rlimit enough{count + 200, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &enough);
    {
        process server({"0"}, serve_plainly);
        const std::string url = test::url_in(server.err_line());
        const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
        const std::string body =
            R"({"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":)"
            R"({"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/protocolVersion":)"
            R"("2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})";
        const std::string listen =
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n"
            "Mcp-Method: subscriptions/listen\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        asio::io_context loop;
        std::vector<asio::ip::tcp::socket> streams;
        for (std::size_t i = 0; i < count; ++i) {
            streams.emplace_back(loop).connect({asio::ip::address_v4::loopback(), port});
            asio::write(streams.back(), asio::buffer(listen));
        }
        for (auto& each : streams) {
            std::string begun;
            asio::read_until(each, asio::dynamic_buffer(begun), "\n\n");
            EXPECT_TRUE(begun.starts_with("HTTP/1.1 200 ")) << begun;
        }
        server.signal(SIGTERM);
        std::size_t whole = 0;
        for (auto& each : streams) {
            std::string rest;
            std::error_code end;
            asio::read(each, asio::dynamic_buffer(rest), end);
            whole += end == asio::error::eof && rest.ends_with("0\r\n\r\n");
        }
        EXPECT_EQ(whole, count);
        EXPECT_EQ(server.join(), 0);
        EXPECT_EQ(server.all_errors().find("still run"), std::string::npos)
            << "nothing was given up";
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(serve_http, at_the_root_the_routes_have_the_rest) {
    process server({}, serve_at_root);
    const std::string url = test::url_in(server.err_line());
    EXPECT_NE(test::post(url, test::call).find(R"("text":"5")"), std::string::npos);
    EXPECT_TRUE(test::exchange(url, "GET /else HTTP/1.1\r\n", {}).ends_with("home\n"));
    EXPECT_FALSE(test::exchange(url, "GET / HTTP/1.1\r\n", {}).ends_with("home\n"));
}

TEST(serve_http, the_root_shows_a_person_where_the_endpoint_is) {
    const auto opened = [](const std::string& url, const std::string& more) {
        return test::exchange(url, "GET / HTTP/1.1\r\n" + more, {});
    };
    const std::string browser = "Accept: text/html,*/*;q=0.8\r\n";
    process plain({"0"}, serve_plainly);
    const std::string url = test::url_in(plain.err_line());
    const std::string page = opened(url, browser);
    EXPECT_TRUE(page.starts_with("HTTP/1.1 200 ")) << page;
    EXPECT_NE(page.find(": " + url.substr(7) + "</p>"), page.npos) << page;
    EXPECT_TRUE(opened(url, "Accept: */*\r\n").starts_with("HTTP/1.1 404 "));
    EXPECT_TRUE(opened(url, browser + "Host: evil.example\r\n").starts_with("HTTP/1.1 403 "));
    process own({}, [](int, const char* const*) {
        mcp::server server{"calculator", "1.0.0"};
        mcp::http::router routes;
        routes.add(mcp::http::verb::get, "/", home);
        return mcp::serve_http(server, routes, {.port = 0});
    });
    EXPECT_TRUE(opened(test::url_in(own.err_line()), browser).ends_with("home\n"));
    process none({}, [](int, const char* const*) {
        mcp::server server{"calculator", "1.0.0"};
        mcp::serve_http_options options;
        options.port = 0;
        options.endpoint.page = false;
        return mcp::serve_http(server, options);
    });
    EXPECT_TRUE(opened(test::url_in(none.err_line()), browser).starts_with("HTTP/1.1 404 "));
}

TEST(serve_http, a_path_that_is_none_is_an_exception) {
    mcp::server server{"calculator", "1.0.0"};
    EXPECT_THROW(mcp::serve_http(server, {.path = "tools"}), std::invalid_argument);
}

} // namespace serve_http_test
