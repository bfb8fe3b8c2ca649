#include <mcp/app/run.hpp>

#include <mcp/app/run_options.hpp>
#include <mcp/auth/static_tokens.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/legacy/http_sse.hpp>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <future>
#include <string>
#include <support/loopback.hpp>
#include <support/process.hpp>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace run_test {

int add(int a, int b) {
    return a + b;
}

int serve_openly(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    return mcp::run(server, argc, argv);
}

/// Has tools that never end, that log a lot, and that block.
int serve_busy(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    server.tool<"hang">("", [](mcp::context& ctx) -> asio::awaitable<void> {
        ctx.progress(1);
        asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await never.async_wait(asio::use_awaitable);
    });
    server.tool<"block">("", mcp::blocking([&server](mcp::context& ctx) {
                             ctx.progress(1);
                             server.environment().log(mcp::log_level::error, "begun");
                             while (ctx.principal() == nullptr) // over stdio: always
                                 ::pause();
                             return 0;
                         }));
    server.tool<"spin">("Blocks the event loop", [&server](mcp::context& ctx) {
        server.environment().log(mcp::log_level::error, "begun");
        while (ctx.principal() == nullptr)
            ::pause();
        return 0;
    });
    server.tool<"flood">("", [&server] {
        for (int i = 0; i < 2'000; ++i)
            server.environment().log(mcp::log_level::error, std::string(990, 'x'));
        return "logged";
    });
    return mcp::run(server, argc, argv);
}

/// For who has a token only, and says where there are some.
int serve_protected(int argc, const char* const* argv) {
    mcp::static_tokens tokens{{"anns-token", {.subject = "ann"}}};
    mcp::server server{"calculator", "1.0.0", std::move(tokens)};
    server.options().resource = {.resource = "https://example.com/tools",
                                 .authorization_servers = {"https://login.example.com"},
                                 .scopes_supported = {"read", "write"}};
    server.tool<add, "a", "b">("Add two numbers");
    return mcp::run(server, argc, argv);
}

class process : public test::process {
public:
    explicit process(std::vector<const char*> arguments,
                     int (*serve)(int, const char* const*) = serve_openly)
        : test::process(std::move(arguments), serve) {}
};

using test::call;
using test::exchange;
using test::post;
using test::tool_call;
using test::url_in;

TEST(run, serves_http_until_sigterm) {
    process server({"--transport", "http", "--port", "0", "--path", "/tools", "--threads", "2"});
    const std::string said = server.err_line();
    const auto url = said.find("http://127.0.0.1:");
    ASSERT_NE(url, std::string::npos) << said;
    EXPECT_TRUE(said.ends_with("/tools")) << said;

    const std::string answer = post(said.substr(url), call);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    EXPECT_NE(answer.find(R"("id":7)"), std::string::npos) << answer;
    EXPECT_NE(answer.find(R"("text":"5")"), std::string::npos) << answer;

    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, serves_checks_and_metrics_where_the_options_say) {
    const auto get = [](const std::string& url, const std::string& path) {
        return test::exchange(url, "GET " + path + " HTTP/1.1\r\n", "");
    };
    process plain({"--transport=http", "--port=0"}, serve_openly);
    EXPECT_NE(get(test::url_in(plain.err_line()), "/health").find("404"), std::string::npos);

    process beside(
        {"--transport=http", "--port=0", "--operations", "--metrics", "--access-log=all"},
        serve_openly);
    const std::string url = test::url_in(beside.err_line());
    test::post(url, test::call);
    EXPECT_NE(beside.err_line().find("tools/call add"), std::string::npos);
    EXPECT_NE(get(url, "/health").find(R"({"status":"healthy","server":"calculator"})"),
              std::string::npos);
    EXPECT_NE(get(url, "/ready").find(R"({"status":"healthy","collaborators":{)"),
              std::string::npos);
    const std::string counts = get(url, "/metrics");
    for (const char* line :
         {R"(mcp_tool_calls_total{tool="add",outcome="ok"} 1)",
          R"(mcp_http_requests_total{method="POST",status="200"} 1)", R"(mcp_http_connections 1)"})
        EXPECT_NE(counts.find("\n" + std::string(line) + "\n"), std::string::npos)
            << line << counts;

    asio::io_context loop;
    std::string port;
    { // a port that is free now
        const asio::ip::tcp::acceptor free(loop, {asio::ip::address_v4::loopback(), 0});
        port = std::to_string(free.local_endpoint().port());
    }
    const std::string option = "--admin-port=" + port;
    process apart({"--transport=http", "--port=0", option.c_str(), "--metrics", "--drain-delay=1h"},
                  serve_openly);
    const std::string public_url = test::url_in(apart.err_line());
    EXPECT_NE(get(public_url, "/metrics").find("404"), std::string::npos);
    const std::string admin = "http://127.0.0.1:" + port + "/";
    EXPECT_NE(get(admin, "/metrics").find("\nmcp_http_connections "), std::string::npos);
    EXPECT_NE(get(admin, "/mcp").find("404"), std::string::npos);
    process taken({"--transport=http", "--port=0", option.c_str()}, serve_openly);
    EXPECT_EQ(taken.err_line(),
              "calculator: cannot listen on 127.0.0.1:" + port + ": Address already in use");
    EXPECT_EQ(taken.join(), 1);
    for (const char* path : {"health", "ready"}) {
        const std::string head =
            test::exchange(admin, "HEAD /" + std::string(path) + " HTTP/1.1\r\n", "");
        EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n")) << head;
    }
    apart.signal(SIGTERM);
    std::string ready = get(admin, "/ready");
    for (int i = 0; i < 100'000 && ready.starts_with("HTTP/1.1 200 "); ++i) // until it has come
        ready = get(admin, "/ready");
    EXPECT_TRUE(ready.starts_with("HTTP/1.1 503 ")) << ready;
    EXPECT_NE(ready.find(R"("status":"draining")"), ready.npos) << ready;
    EXPECT_TRUE(get(admin, "/health").starts_with("HTTP/1.1 200 "));
    process nowhere({"--transport=http", "--metrics"}, serve_openly);
    EXPECT_EQ(nowhere.err_line(), "calculator: --metrics: say where they are read: --admin-port or "
                                  "--operations");
    EXPECT_EQ(nowhere.join(), 2);
}

TEST(run, the_admin_port_may_be_a_socket_of_systemd) {
    asio::io_context loop;
    asio::ip::tcp::acceptor web(loop, {asio::ip::address_v4::loopback(), 0});
    asio::ip::tcp::acceptor admin(loop, {asio::ip::address_v4::loopback(), 0});
    const std::string fds[] = {std::to_string(web.native_handle()),
                               std::to_string(admin.native_handle())};
    process server({fds[0].c_str(), fds[1].c_str()}, [](int, const char* const* argv) {
        const int given[] = {::fcntl(std::atoi(argv[1]), F_DUPFD, 100),
                             ::fcntl(std::atoi(argv[2]), F_DUPFD, 100)};
        ::dup2(given[0], 3);
        ::dup2(given[1], 4);
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        ::setenv("LISTEN_FDS", "2", 1);
        ::setenv("LISTEN_FDNAMES", "web.socket:admin", 1);
        const char* const arguments[] = {"calculator", "--transport=http", "--metrics"};
        return serve_openly(3, arguments);
    });
    EXPECT_NE(server.err_line().find("listens on 1 given socket"), std::string::npos);
    const auto get = [](const asio::ip::tcp::acceptor& at, const std::string& path) {
        const std::string port = std::to_string(at.local_endpoint().port());
        return test::exchange("http://127.0.0.1:" + port + "/", "GET " + path + " HTTP/1.1\r\n",
                              "");
    };
    EXPECT_TRUE(get(admin, "/metrics").starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE(get(web, "/metrics").starts_with("HTTP/1.1 404 "));
}

TEST(run, the_time_of_calls_can_be_set) {
    process server({"--transport", "http", "--port", "0", "--call-timeout", "5ms"}, serve_busy);
    const std::string answer = post(url_in(server.err_line()), tool_call("hang"));
    EXPECT_NE(answer.find(R"("code":-31504,"message":"Request timed out)"), answer.npos) << answer;
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, the_limit_of_calls_can_be_set) {
    process server({"--transport", "http", "--port", "0", "--calls", "0"}, serve_busy);
    const std::string url = url_in(server.err_line());
    const auto say = [&](const std::string& body, const std::string& more = {}) {
        return exchange(url,
                        "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\n"
                        "Accept: application/json, text/event-stream\r\n" +
                            more,
                        body);
    };
    const std::string begun =
        say(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":)"
            R"("2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}})");
    const auto at = begun.find("Mcp-Session-Id: ");
    ASSERT_NE(at, begun.npos) << begun;
    const std::string answer =
        say(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hang"}})",
            begun.substr(at, begun.find("\r\n", at) + 2 - at));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 429")) << answer;
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, tells_who_has_no_token_where_there_are_some) {
    process server({"--transport", "http", "--port", "0", "--path", "/tools"}, serve_protected);
    const std::string said = server.err_line();
    const std::string url = said.substr(said.find("http://127.0.0.1:"));

    const std::string refused = post(url, call);
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 401")) << refused;
    EXPECT_NE(refused.find("WWW-Authenticate: Bearer "), std::string::npos) << refused;
    EXPECT_NE(refused.find("resource_metadata=\"https://example.com/.well-known/"
                           "oauth-protected-resource/tools\", scope=\"read write\""),
              std::string::npos)
        << refused;

    for (const std::string path :
         {"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/tools"}) {
        const std::string metadata =
            exchange(url, "GET " + path + " HTTP/1.1\r\nOrigin: https://app.example.org\r\n", {});
        EXPECT_TRUE(metadata.starts_with("HTTP/1.1 200")) << metadata;
        EXPECT_NE(metadata.find("Access-Control-Allow-Origin: *"), std::string::npos) << metadata;
        EXPECT_NE(metadata.find(R"("authorization_servers":["https://login.example.com"])"),
                  std::string::npos)
            << metadata;
    }

    const std::string answer = post(url, call, "Authorization: Bearer anns-token\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    EXPECT_NE(answer.find(R"("text":"5")"), std::string::npos) << answer;
}

TEST(run, pages_that_are_accepted_can_read_the_answers) {
    process server({"--transport", "http", "--port", "0"});
    const std::string said = server.err_line();
    const std::string url = said.substr(said.find("http://127.0.0.1:"));
    const auto preflight = [&](std::string_view origin) {
        return exchange(url,
                        "OPTIONS /mcp HTTP/1.1\r\nAccess-Control-Request-Method: POST\r\n"
                        "Access-Control-Request-Headers: mcp-param-x\r\nOrigin: " +
                            std::string(origin) + "\r\n",
                        {});
    };
    const auto has = [](std::string_view text, std::string_view part) {
        return text.find(part) != text.npos;
    };
    const std::string allowed = preflight("http://localhost:6274");
    EXPECT_TRUE(allowed.starts_with("HTTP/1.1 204")) << allowed;
    EXPECT_TRUE(has(allowed, "Access-Control-Allow-Origin: http://localhost:6274\r\n")) << allowed;
    EXPECT_TRUE(has(allowed, "Access-Control-Allow-Headers: mcp-param-x\r\n")) << allowed;
    const std::string other = preflight("https://evil.example");
    EXPECT_TRUE(other.starts_with("HTTP/1.1 403")) << other;
    EXPECT_FALSE(has(other, "Access-Control")) << other;

    constexpr std::string_view mark = "Access-Control-Allow-Origin: http://localhost:6274\r\n";
    const std::string answer = post(url, call, "Origin: http://localhost:6274\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200") && has(answer, mark)) << answer;
    const std::string refused = post(url, call, "Origin: http://localhost:6274\r\nExpect: tea\r\n");
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 417") && has(refused, mark)) << refused;
}

int serve_from_pages(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0",
                       mcp::static_tokens{{"anns-token", {.subject = "ann"}}}};
    server.options().resource.authorization_servers = {"https://login.example.com"};
    server.tool<add, "a", "b">("Add two numbers");
    return mcp::run(server, argc, argv);
}

TEST(run, refusals_and_permissions_of_pages_follow_the_settings) {
    struct {
        std::vector<const char*> settings;
        const char* request; ///< the first line, and fields besides Authorization
        const char* status;
        std::vector<const char*> has;
        const char* lacks;
    } const table[] = {
        {{},
         "POST /mcp HTTP/1.1\r\nOrigin: https://app.example\r\n",
         "403",
         {"This Origin is not allowed. Allow it by --allowed-origins or http_policy::origins"},
         "Access-Control"},
        {{"--allowed-origins", "https://app.example"},
         "POST /mcp HTTP/1.1\r\nOrigin: https://app.example\r\n",
         "200",
         {"Access-Control-Allow-Origin: https://app.example\r\n",
          "Access-Control-Expose-Headers: Mcp-Session-Id, WWW-Authenticate, Retry-After"},
         "nothing"},
        {{"--cors-origins", "https://app.example"},
         "POST /mcp HTTP/1.1\r\nOrigin: https://app.example\r\n",
         "200",
         {"Access-Control-Allow-Origin: https://app.example\r\n"},
         "nothing"},
        {{"--cors-origins", "https://app.example"},
         "OPTIONS /mcp HTTP/1.1\r\nOrigin: https://app.example\r\n"
         "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
         "authorization,mcp-session-id,mcp-protocol-version,content-type\r\n",
         "204",
         {"Access-Control-Allow-Methods: GET, POST, DELETE, OPTIONS\r\n",
          "Access-Control-Allow-Headers: authorization,mcp-session-id,mcp-protocol-version,"
          "content-type\r\n"},
         "nothing"},
        {{"--cors-origins", "https://app.example"},
         "POST /mcp HTTP/1.1\r\nOrigin: http://localhost:6274\r\n",
         "200",
         {},
         "Access-Control"},
        {{"--cors-origins", "none", "--allowed-origins", "https://app.example"},
         "POST /mcp HTTP/1.1\r\nOrigin: https://app.example\r\n",
         "200",
         {},
         "Access-Control"},
        {{"--allowed-hosts", "a.example"},
         "POST /mcp HTTP/1.1\r\n",
         "403",
         {"This Host is not allowed", "--allowed-hosts or http_policy::hosts"},
         "nothing"},
        {{"--public-url", "https://example.com/tools/mcp"},
         "POST http://example.com/mcp HTTP/1.1\r\nOrigin: https://example.com\r\n",
         "200",
         {"Access-Control-Allow-Origin: https://example.com\r\n"},
         "nothing"},
        {{"--public-url", "https://example.com/tools/mcp"},
         "GET /.well-known/oauth-protected-resource/tools/mcp HTTP/1.1\r\n",
         "200",
         {R"("resource":"https://example.com/tools/mcp")"},
         "nothing"},
        {{"--public-url", "https://example.com/tools/mcp"},
         "POST /mcp HTTP/1.1\r\nAuthorization: Bearer stolen\r\n",
         "401",
         {"https://example.com/.well-known/oauth-protected-resource/tools/mcp"},
         "nothing"},
        {{"--public-url", "https://example.com/tools/mcp", "--http-sse", "/mcp", "--keep-alive",
          "1ms"},
         "GET /mcp/sse HTTP/1.1\r\n",
         "200",
         {"event: endpoint\n", "data: /tools/mcp/messages/?session_id="},
         "nothing"},
        {{"--http-sse", "/"},
         "OPTIONS /messages/ HTTP/1.1\r\nOrigin: http://localhost:6274\r\n"
         "Access-Control-Request-Method: POST\r\n",
         "204",
         {"Access-Control-Allow-Origin: http://localhost:6274\r\n"},
         "nothing"},
        {{"--max-body", "10B"}, "POST /mcp HTTP/1.1\r\n", "413", {}, "nothing"},
        {{"--sessions", "required"},
         "POST /mcp HTTP/1.1\r\n",
         "400",
         {"Mcp-Session-Id"},
         "nothing"},
    };
    const std::string list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
    for (const auto& each : table) {
        std::vector<const char*> arguments = {"--transport", "http", "--port", "0"};
        arguments.insert(arguments.end(), each.settings.begin(), each.settings.end());
        process server(arguments, serve_from_pages);
        const std::string url = url_in(server.err_line());
        std::string head = each.request;
        if (!head.starts_with("OPTIONS") && head.find("Authorization: ") == head.npos)
            head += "Authorization: Bearer anns-token\r\n";
        if (head.starts_with("POST"))
            head += "Content-Type: application/json\r\n"
                    "Accept: application/json, text/event-stream\r\n";
        const std::string answer = exchange(url, head, head.starts_with("POST") ? list : "",
                                            [&] { server.signal(SIGTERM); });
        SCOPED_TRACE(each.request + answer);
        EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + each.status));
        for (const char* part : each.has)
            EXPECT_NE(answer.find(part), answer.npos) << part;
        EXPECT_EQ(answer.find(each.lacks), answer.npos) << each.lacks;
    }
}

TEST(run, a_wrong_setting_of_a_file_is_one_line_and_status_2) {
    process server({"--config", "/no/such/file"});
    EXPECT_EQ(server.err_line(),
              "calculator: --config: cannot read /no/such/file: No such file or directory");
    EXPECT_EQ(server.join(), 2);
}

int serve_own_tokens(int argc, const char* const* argv) {
    mcp::static_tokens tokens{{"anns-token", {.subject = "ann"}}};
    mcp::server server{"calculator", "1.0.0", std::move(tokens)};
    server.options().resource = {.resource = "https://example.com/mcp"};
    return mcp::run(server, argc, argv);
}

/// Of a backend that says nothing of an authorization server, there is expected to be one.
struct own_backend {
    mcp::auth_result authenticate(const mcp::http::request&) { return mcp::auth_failure{}; }
};
int serve_own_backend(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0", own_backend()};
    return mcp::run(server, argc, argv);
}

TEST(run, warns_that_clients_are_not_told_where_to_get_a_token) {
    process server({"--transport", "http", "--port", "0"}, serve_own_backend);
    const std::string said = server.err_line();
    EXPECT_NE(said.find("authorization_servers"), std::string::npos) << said;
}

TEST(run, has_no_metadata_without_an_authorization_server) {
    process server({"--transport", "http", "--port", "0"}, serve_own_tokens);
    const std::string said = server.err_line();
    const auto at = said.find("http://127.0.0.1:");
    ASSERT_NE(at, std::string::npos) << "a warning: " << said;
    const std::string refused = post(said.substr(at), call);
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 401")) << refused;
    EXPECT_EQ(refused.find("resource_metadata"), std::string::npos) << refused;
    const std::string answer =
        exchange(said.substr(at), "GET /.well-known/oauth-protected-resource HTTP/1.1\r\n", {});
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << answer;
}

TEST(run, has_no_metadata_of_what_is_no_resource) {
    process server({"--transport", "http", "--port", "0"});
    const std::string said = server.err_line();
    const std::string url = said.substr(said.find("http://127.0.0.1:"));
    const std::string answer =
        exchange(url, "GET /.well-known/oauth-protected-resource HTTP/1.1\r\n", {});
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << answer;
}

asio::awaitable<void> hello(mcp::http::request& q, mcp::http::response& r) {
    r.body = "Hello, " + std::string(q.params.find("name").value_or("nobody")) + "\n";
    co_return;
}

int serve_beside(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
    mcp::http::router routes;
    routes.add(mcp::http::verb::get, "/hello/{name}", hello);
    routes.add(mcp::http::verb::get, "/tools/{name}", hello);
    mcp::run_options defaults;
    defaults.port = 0;
    defaults.path = "/tools";
    return mcp::run(server, routes, argc, argv, defaults);
}

TEST(run, serves_beside_the_routes_of_an_application) {
    struct case_ {
        const char* path;
        const char* status;
    };
    const case_ cases[] = {{"/hello/ann", "200"}, {"/tools/ann", "200"}, {"/other", "404"}};
    for (const char* path : {"/tools", "/"}) {
        process server({"--path", path}, serve_beside);
        const std::string url = url_in(server.err_line());
        EXPECT_TRUE(url.ends_with(path)) << url;
        EXPECT_NE(post(url, call).find(R"("text":"5")"), std::string::npos) << path;
        for (const auto& [target, status] : cases) {
            const std::string answer =
                exchange(url, "GET " + std::string(target) + " HTTP/1.1\r\n", {});
            EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + status)) << answer;
        }
        server.signal(SIGTERM);
        EXPECT_EQ(server.join(), 0);
    }
    process stdio({"--transport", "stdio"}, serve_beside);
    stdio.write(std::string(call) + "\n");
    EXPECT_NE(stdio.out_line().find(R"("text":"5")"), std::string::npos);
    stdio.close_input();
    EXPECT_EQ(stdio.join(), 0);
}

TEST(run, sigint_stops_gracefully) {
    process server({"--transport", "http", "--port", "0"});
    EXPECT_NE(server.err_line().find("/mcp"), std::string::npos);
    server.signal(SIGINT);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, serves_stdio_until_the_input_ends) {
    process server({});
    server.write(std::string(call) + "\n");
    const std::string answer = server.out_line();
    EXPECT_NE(answer.find(R"("id":7)"), std::string::npos) << answer;
    EXPECT_NE(answer.find(R"("text":"5")"), std::string::npos) << answer;
    server.close_input();
    EXPECT_EQ(server.join(), 0);
}

TEST(run, answers_help_and_version) {
    process version({"--version"});
    EXPECT_EQ(version.out_line(), "calculator 1.0.0");
    EXPECT_EQ(version.join(), 0);

    process help({"--help"});
    EXPECT_NE(help.out_line().find("calculator"), std::string::npos);
    EXPECT_EQ(help.join(), 0);
}

TEST(run, a_wrong_option_is_one_line_and_status_2) {
    process server({"--port", "high"});
    EXPECT_NE(server.err_line().find("calculator: --port"), std::string::npos);
    EXPECT_EQ(server.err_line(), "");
    EXPECT_EQ(server.join(), 2);
}

TEST(run, a_wrong_path_pattern_is_one_line_and_status_2) {
    process server({"--transport", "http", "--path", "/{"});
    EXPECT_NE(server.err_line().find("calculator: --path"), std::string::npos);
    EXPECT_EQ(server.join(), 2);
}

TEST(run, a_port_in_use_is_one_line_and_status_1) {
    asio::io_context loop;
    asio::ip::tcp::acceptor taken(loop, {asio::ip::address_v4::loopback(), 0});
    const std::string port = std::to_string(taken.local_endpoint().port());
    process server({"--transport", "http", "--port", port.c_str()});
    const std::string said = server.err_line();
    EXPECT_NE(said.find("cannot listen on 127.0.0.1:" + port), std::string::npos) << said;
    EXPECT_EQ(server.err_line(), "");
    EXPECT_EQ(server.join(), 1);
}

TEST(run, the_url_that_it_names_is_one_that_works) {
    char own[256] = {};
    ::gethostname(own, sizeof own - 1);
    struct {
        std::string host, shown;
    } const table[] = {
        {"0.0.0.0", "127.0.0.1"},   {"::", "localhost"},        {"0:0::0", "localhost"},
        {"127.0.0.2", "127.0.0.2"}, {"localhost", "localhost"}, {"::1", "[::1]"},
        {"[::1]", "[::1]"},         {"", "127.0.0.1"},          {own, own},
        {"0", "127.0.0.1"},         {"127.2", "127.0.0.2"}};
    const bool has_v6 = test::has_v6_loopback();
    for (const auto& each : table) {
        if (!has_v6 && each.host.find(':') != std::string::npos)
            continue;
        SCOPED_TRACE(each.host);
        process server({"--transport", "http", "--port", "0", "--host", each.host.c_str()});
        const std::string said = server.err_line();
        const std::string url = url_in(said);
        EXPECT_TRUE(url.starts_with("http://" + each.shown + ":")) << said;
        EXPECT_EQ(said.ends_with(" and all other addresses of this machine"),
                  each.host == "0.0.0.0" || each.host == "::" || each.host == "0:0::0" ||
                      each.host == "0")
            << said;
        const std::string answer = post(url, call);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    }
}

TEST(run, a_host_that_is_not_its_own_is_refused) {
    process server({"--transport", "http", "--port", "0", "--host", "127.0.0.2"});
    const std::string url = url_in(server.err_line());
    const std::string answer = post(url, call, "Host: evil.example\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
}

TEST(run, path_slash_serves_the_root_only) {
    process server({"--transport", "http", "--port", "0", "--path", "/"});
    const std::string url = url_in(server.err_line());
    ASSERT_TRUE(url.ends_with("/"));
    EXPECT_TRUE(post(url, call).starts_with("HTTP/1.1 200"));
    for (const char* other : {"mcp", "favicon.ico", "/", ".well-known/oauth-protected-resource"}) {
        const std::string answer = post(url + other, call);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << other << "\n" << answer;
    }
}

constexpr auto no_session = "Mcp-Session-Id: 00000000-0000-4000-8000-000000000000\r\n"
                            "MCP-Protocol-Version: 2025-11-25\r\n";

TEST(run, lives_when_the_reader_of_its_errors_has_gone) {
    process server({"--transport", "http", "--port", "0"}, serve_busy);
    const std::string url = url_in(server.err_line());
    server.close_errors();
    for (int i = 0; i < 3; ++i) {
        exchange(url,
                 std::string("GET /mcp HTTP/1.1\r\nAccept: text/event-stream\r\n") + no_session,
                 {});
        EXPECT_TRUE(post(url, tool_call("flood")).starts_with("HTTP/1.1 200"));
    }
    EXPECT_TRUE(post(url, call).starts_with("HTTP/1.1 200"));
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, does_not_stand_still_when_nobody_reads_its_errors) {
    process server({"--transport", "http", "--port", "0"}, serve_busy);
    const std::string url = url_in(server.err_line());
    EXPECT_TRUE(post(url, tool_call("flood")).starts_with("HTTP/1.1 200")); // 2 MB of log
    EXPECT_TRUE(post(url, call).starts_with("HTTP/1.1 200"));
    std::string line = server.err_line();
    while (!line.empty() && !line.ends_with("standard error was not read"))
        line = server.err_line(); // empty: the server has ended
    EXPECT_TRUE(line.starts_with("calculator [warning] ")) << line;
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);

    process stdio({}, serve_busy);
    stdio.write(tool_call("flood") + "\n" + call + "\n");
    EXPECT_NE((stdio.out_line() + stdio.out_line()).find(R"("text":"5")"), std::string::npos);
    stdio.close_input();
    EXPECT_EQ(stdio.join(), 0) << "and it ends, though the log has not gone";
}

TEST(run, closed_standard_streams_do_not_become_sockets) {
    asio::io_context loop;
    asio::ip::tcp::acceptor probe(loop, {asio::ip::address_v4::loopback(), 0});
    const std::string port = std::to_string(probe.local_endpoint().port());
    probe.close();
    const std::string url = "http://127.0.0.1:" + port + "/mcp";
    process server({"--transport", "http", "--port", port.c_str()},
                   [](int argc, const char* const* argv) {
                       for (const int each : {0, 1, 2})
                           ::close(each);
                       return serve_busy(argc, argv);
                   });
    EXPECT_EQ(server.err_line(), "");
    const auto listens = [&] {
        asio::ip::tcp::socket socket(loop);
        std::error_code failed;
        socket.connect(
            {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))},
            failed);
        return !failed;
    };
    while (!listens()) // polls; nothing else shows that it is there
        std::this_thread::yield();
    EXPECT_TRUE(post(url, tool_call("flood")).starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(post(url, call).starts_with("HTTP/1.1 200"));
    server.signal(SIGTERM);
    EXPECT_EQ(server.join(), 0);
}

TEST(run, ends_soon_after_the_input_though_a_call_runs) {
    for (const bool by_signal : {false, true}) {
        process server({"--shutdown-timeout", "0"}, serve_busy);
        server.write(tool_call("hang") + "\n");
        EXPECT_NE(server.out_line().find("progress"), std::string::npos);
        by_signal ? server.signal(SIGTERM) : server.close_input();
        EXPECT_EQ(server.join(), 0);
    }
}

TEST(run, a_signal_after_the_end_of_the_input_ends_it) {
    process server({"--shutdown-timeout", "3600"}, serve_busy);
    server.write(tool_call("hang") + "\n");
    EXPECT_NE(server.out_line().find("progress"), std::string::npos);
    server.close_input();
    int status = -1;
    while (status < 0) { // the first ones may come before the end of the input is seen
        server.signal(SIGTERM);
        status = server.ended();
    }
    EXPECT_TRUE(status == 0 || status == 128 + SIGTERM) << status;
}

TEST(run, a_signal_ends_it_though_a_handler_blocks) {
    process server({"--shutdown-timeout", "0"}, serve_busy);
    server.write(tool_call("block") + "\n");
    EXPECT_NE(server.out_line().find("progress"), std::string::npos);
    server.close_input();
    int status = -1;
    while (status < 0) { // the first ones may come before the end of the input is seen
        server.signal(SIGTERM);
        status = server.ended();
    }
    EXPECT_EQ(status, 128 + SIGTERM);
}

TEST(run, leaves_behind_what_does_not_end) {
    struct {
        const char* transport;
        const char* tool;
        bool by_signal;
    } const table[] = {{"http", "block", true},
                       {"http", "spin", true},
                       {"stdio", "block", true},
                       {"stdio", "block", false}};
    for (const auto& [transport, tool, by_signal] : table) {
        SCOPED_TRACE(std::string(transport) + ' ' + tool);
        process server({"--transport", transport, "--port", "0", "--shutdown-timeout", "0"},
                       serve_busy);
        std::thread caller;
        if (std::string(transport) == "http") {
            const std::string url = url_in(server.err_line());
            caller = std::thread([url, name = std::string(tool)] { post(url, tool_call(name)); });
        } else {
            server.write(tool_call(tool) + "\n");
        }
        EXPECT_TRUE(server.err_line().ends_with("begun"));
        by_signal ? server.signal(SIGTERM) : server.close_input();
        EXPECT_TRUE(server.err_line().ends_with("the process ends without them"));
        EXPECT_EQ(server.join(), 0);
        if (caller.joinable())
            caller.join();
    }
}

TEST(run, a_second_signal_ends_it_at_once) {
    for (const char* transport : {"stdio", "http"}) {
        process server({"--transport", transport, "--port", "0", "--shutdown-timeout", "3600"},
                       serve_busy);
        const bool http = std::string(transport) == "http";
        const std::string url = http ? url_in(server.err_line()) : "";
        std::promise<void> begun;
        std::thread caller;
        if (http) {
            caller = std::thread([&url, &begun] {
                const std::string answer =
                    post(url, tool_call("hang"), {}, [&begun] { begun.set_value(); });
                EXPECT_EQ(answer.find("result"), std::string::npos);
            });
            begun.get_future().wait();
        } else {
            server.write(tool_call("hang") + "\n");
            EXPECT_NE(server.out_line().find("progress"), std::string::npos);
        }
        // Two that come at once count as one.
        int status = -1;
        while (status < 0) {
            server.signal(SIGTERM);
            status = server.ended();
        }
        EXPECT_TRUE(status == 128 + SIGTERM || status == 0) << status;
        if (http)
            caller.join();
    }
}

} // namespace run_test
