#include <mcp/app/run.hpp>

#include <mcp/auth/static_tokens.hpp>
#include <mcp/server/server.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

int add(int a, int b) {
    return a + b;
}

int serve_openly(int argc, const char* const* argv) {
    mcp::server server{"calculator", "1.0.0"};
    server.tool<add, "a", "b">("Add two numbers");
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

/// `mcp::run` in a process of its own, with pipes to its three streams.
class process {
public:
    explicit process(std::vector<const char*> arguments,
                     int (*serve)(int, const char* const*) = serve_openly) {
        arguments.insert(arguments.begin(), "calculator");
        int in[2];
        int out[2];
        int err[2];
        if (::pipe(in) != 0 || ::pipe(out) != 0 || ::pipe(err) != 0)
            std::abort();
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            ::dup2(err[1], 2);
            for (const int end : {in[0], in[1], out[0], out[1], err[0], err[1]})
                ::close(end);
            const int status = serve(static_cast<int>(arguments.size()), arguments.data());
            std::fflush(stdout);
            ::_exit(status);
        }
        ::close(in[0]);
        ::close(out[1]);
        ::close(err[1]);
        in_ = in[1];
        out_ = out[0];
        err_ = err[0];
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    ~process() {
        if (id_ != 0)
            ::kill(id_, SIGKILL);
        if (id_ != 0)
            join();
        close_input();
        ::close(out_);
        ::close(err_);
    }

    void write(const std::string& text) const {
        ASSERT_EQ(::write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    void close_input() {
        if (in_ >= 0)
            ::close(std::exchange(in_, -1));
    }
    std::string out_line() const { return line(out_); }
    std::string err_line() const { return line(err_); }
    void signal(int number) const { ::kill(id_, number); }

    /// Waits for the end; the exit status, or 128 and the signal.
    int join() {
        int status = 0;
        ::waitpid(std::exchange(id_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    static std::string line(int from) {
        std::string text;
        char c = 0;
        while (::read(from, &c, 1) == 1 && c != '\n')
            text += c;
        return text;
    }

    pid_t id_ = 0;
    int in_ = -1;
    int out_ = -1;
    int err_ = -1;
};

/// Sends a request to the server at `url`, and reads until it closes.
std::string exchange(const std::string& url, const std::string& head, const std::string& body) {
    const auto authority = url.substr(7, url.find('/', 7) - 7);
    const auto port = authority.substr(authority.rfind(':') + 1);
    asio::io_context loop;
    asio::ip::tcp::socket socket(loop);
    socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))});
    const std::string request = head + "Host: " + authority + "\r\nConnection: close\r\n" +
                                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                body;
    asio::write(socket, asio::buffer(request));
    std::string answer;
    std::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    return answer;
}

std::string post(const std::string& url, const std::string& body, const std::string& more = {}) {
    return exchange(url,
                    "POST " + url.substr(url.find('/', 7)) +
                        " HTTP/1.1\r\nContent-Type: application/json\r\n"
                        "Accept: application/json, text/event-stream\r\n"
                        "MCP-Protocol-Version: 2026-07-28\r\n"
                        "Mcp-Method: tools/call\r\nMcp-Name: add\r\n" +
                        more,
                    body);
}

constexpr auto call =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","arguments":)"
    R"({"a":2,"b":3},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}}}})";

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

TEST(run, has_no_metadata_of_what_is_no_resource) {
    process server({"--transport", "http", "--port", "0"});
    const std::string said = server.err_line();
    const std::string url = said.substr(said.find("http://127.0.0.1:"));
    const std::string answer =
        exchange(url, "GET /.well-known/oauth-protected-resource HTTP/1.1\r\n", {});
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << answer;
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

} // namespace
