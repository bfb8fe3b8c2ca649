#pragma once

#include <asio/buffer.hpp>
#include <asio/completion_condition.hpp>
#include <asio/connect.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace test {

/// A server in a process of its own, with pipes to its three streams.
class process {
public:
    explicit process(std::vector<const char*> arguments, int (*serve)(int, const char* const*)) {
        arguments.insert(arguments.begin(), "calculator");
        int in[2];
        int out[2];
        int err[2];
        if (::pipe(in) != 0 || ::pipe(out) != 0 || ::pipe(err) != 0)
            std::abort();
        std::fflush(nullptr); // or the child would write it again
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            ::dup2(err[1], 2);
            for (const int end : {in[0], in[1], out[0], out[1], err[0], err[1]})
                ::close(end);
            std::signal(SIGPIPE, SIG_DFL);
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
    void close_errors() { ::close(std::exchange(err_, -1)); }
    std::string all_errors() const {
        std::string text;
        char bytes[4096];
        for (ssize_t got; (got = ::read(err_, bytes, sizeof bytes)) > 0;)
            text.append(bytes, static_cast<std::size_t>(got));
        return text;
    }
    void close_input() {
        if (in_ >= 0)
            ::close(std::exchange(in_, -1));
    }
    std::string out_line() const { return line(out_); }
    std::string err_line() const { return line(err_); }
    void signal(int number) const { ::kill(id_, number); }

    /// As `join` if it has ended, else -1.
    int ended() {
        int status = 0;
        if (::waitpid(id_, &status, WNOHANG) != id_)
            return -1;
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

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

/// Sends a request, and reads until the server closes.
inline std::string exchange_on(
    asio::generic::stream_protocol::socket socket, const std::string& request,
    const std::function<void()>& begun = [] {}) {
    asio::write(socket, asio::buffer(request));
    std::string answer;
    std::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), asio::transfer_at_least(1), end);
    begun();
    if (!end)
        asio::read(socket, asio::dynamic_buffer(answer), end);
    return answer;
}

/// Sends a request to the server at `url`, and reads until it closes. The host is resolved, as
/// clients do; it is the Host unless `head` has one. `begun` is called when the response has begun,
/// or there is none.
inline std::string exchange(
    const std::string& url, const std::string& head, const std::string& body,
    const std::function<void()>& begun = [] {}) {
    const auto authority = url.substr(7, url.find('/', 7) - 7);
    const auto colon = authority.rfind(':');
    std::string host = authority.substr(0, colon);
    if (host.starts_with('['))
        host = host.substr(1, host.size() - 2);
    asio::io_context loop;
    asio::ip::tcp::socket socket(loop);
    asio::ip::tcp::resolver resolver(loop);
    asio::connect(socket, resolver.resolve(host, authority.substr(colon + 1)));
    const bool named = head.find("\r\nHost: ") != head.npos;
    const std::string request =
        head + (named ? "" : "Host: " + authority + "\r\n") +
        "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    return exchange_on(std::move(socket), request, begun);
}

/// The URL in what the server says when it listens.
inline std::string url_in(const std::string& said) {
    const auto begin = said.find("http://");
    return begin == said.npos ? "" : said.substr(begin, said.find(' ', begin) - begin);
}

inline std::string tool_in(const std::string& body) {
    const auto begin = body.find(R"("name":")") + 8;
    return body.substr(begin, body.find('"', begin) - begin);
}

inline std::string post(
    const std::string& url, const std::string& body, const std::string& more = {},
    const std::function<void()>& begun = [] {}) {
    return exchange(url,
                    "POST " + url.substr(url.find('/', 7)) +
                        " HTTP/1.1\r\nContent-Type: application/json\r\n"
                        "Accept: application/json, text/event-stream\r\n"
                        "MCP-Protocol-Version: 2026-07-28\r\n"
                        "Mcp-Method: tools/call\r\nMcp-Name: " +
                        tool_in(body) + "\r\n" + more,
                    body, begun);
}

inline constexpr auto call =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","arguments":)"
    R"({"a":2,"b":3},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}}}})";

inline std::string tool_call(const std::string& name) {
    return R"({"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":")" + name +
           R"(","_meta":{"progressToken":1,"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
}

} // namespace test
