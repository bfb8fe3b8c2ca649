#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/server/server.hpp>
#include <mcp/state/sealed_state.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace sealed_rounds_test {

struct person {
    std::string name;
};

/// Both ends of a pipe.
class pipe_pair {
public:
    pipe_pair() {
        if (::pipe(ends_.data()) != 0)
            throw std::runtime_error("pipe");
    }
    ~pipe_pair() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    void put(std::string_view text) const {
        if (::write(ends_[1], text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            std::abort();
    }
    /// Waits for one line.
    std::string line() const {
        std::string text;
        for (char c = 0; ::read(ends_[0], &c, 1) == 1 && c != '\n';)
            text += c;
        return text;
    }
    /// What is there now.
    std::string drain() const {
        std::string text;
        pollfd ready{ends_[0], POLLIN, 0};
        for (char c = 0; ::poll(&ready, 1, 0) == 1 && ::read(ends_[0], &c, 1) == 1;)
            text += c;
        return text;
    }

private:
    std::array<int, 2> ends_{};
};

/// A server in a process of its own, on a port of its own.
class node {
public:
    node(std::string name, std::string_view secret, const pipe_pair& effects) {
        const pipe_pair ready;
        pid_ = ::fork();
        if (pid_ == 0)
            serve(std::move(name), secret, effects, ready);
        port_ = ready.line();
    }
    ~node() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    /// Calls the tool `book`; `more` are further members of the params.
    mcp::json call(std::string_view more) const {
        const std::string body =
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"book",)"
            R"("arguments":{"seats":2},"_meta":{"io.modelcontextprotocol/protocolVersion":)"
            R"("2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":)"
            R"({"form":{}}}})" +
            std::string(more) + "}}";
        const std::string request =
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: book\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        asio::io_context loop;
        asio::ip::tcp::socket socket(loop);
        asio::ip::tcp::resolver resolver(loop);
        asio::connect(socket, resolver.resolve("127.0.0.1", port_));
        asio::write(socket, asio::buffer(request));
        std::string response;
        std::error_code ended;
        asio::read(socket, asio::dynamic_buffer(response), ended);
        const auto head = response.find("\r\n\r\n");
        if (head == std::string::npos)
            throw std::runtime_error("no response: " + response);
        auto parsed = mcp::parse_json(std::string_view(response).substr(head + 4));
        if (!parsed)
            throw std::runtime_error("no JSON: " + response);
        return std::move(*parsed);
    }

private:
    [[noreturn]] static void serve(std::string name, std::string_view secret,
                                   const pipe_pair& effects, const pipe_pair& ready) {
        mcp::server server{mcp::server_info{.name = name, .version = "1"},
                           mcp::sealed_state{mcp::seal_key::from_text(secret)}};
        server.tool<"book">(
            "Book seats",
            [&](mcp::arg<"seats", int> seats, mcp::context& ctx) -> asio::awaitable<std::string> {
                auto reserve = [&] {
                    effects.put(name);
                    return "reserved by " + name;
                };
                const std::string by = co_await ctx.once("reserve", reserve);
                std::string names;
                for (int i = 0; i < *seats; ++i) {
                    auto guest = co_await ctx.elicit<person>("Who sits there?");
                    names += " " + guest->name;
                }
                auto pay = [&] {
                    effects.put("$");
                    return 1;
                };
                co_await ctx.once("pay", pay);
                auto sure = co_await ctx.elicit<person>("Your signature?");
                co_return by + ", for" + names + ", signed " + sure->name + ", signed by " + name;
            });
        mcp::http::router app;
        app.mount("/mcp", mcp::streamable_http{server});
        mcp::http::server http{app, {.port = 0}};
        http.listen();
        ready.put(std::to_string(http.port()) + "\n");
        http.run();
        std::_Exit(0);
    }

    pid_t pid_ = -1;
    std::string port_;
};

std::string at(const mcp::json& value, std::string_view path) {
    boost::system::error_code ec;
    const auto* found = value.find_pointer({path.data(), path.size()}, ec);
    return found ? mcp::encode(*found) : std::string();
}

/// The further members of a retry that answers the one question of `response`.
std::string answered(const mcp::json& response, std::string_view name) {
    const auto& questions = response.at_pointer("/result/inputRequests").get_object();
    EXPECT_EQ(questions.size(), 1U);
    return R"(,"requestState":)" + at(response, "/result/requestState") + R"(,"inputResponses":{)" +
           mcp::encode(std::string(questions.begin()->key())) +
           R"(:{"action":"accept","content":{"name":")" + std::string(name) + R"("}}})";
}

constexpr std::string_view secret = "what both processes of the cluster know";

TEST(sealed_state, two_processes_take_alternate_rounds_of_one_call) {
    const pipe_pair effects;
    const node a("A", secret, effects);
    const node b("B", secret, effects);
    const auto first = a.call("");
    EXPECT_EQ(at(first, "/result/resultType"), R"("input_required")");
    const auto second = b.call(answered(first, "Ann"));
    EXPECT_EQ(at(second, "/result/resultType"), R"("input_required")");
    const auto third = a.call(answered(second, "Bob"));
    EXPECT_EQ(at(third, "/result/resultType"), R"("input_required")");
    const auto last = b.call(answered(third, "Cid"));
    EXPECT_EQ(at(last, "/result/content/0/text"),
              R"("reserved by A, for Ann Bob, signed Cid, signed by B")")
        << mcp::encode(last);
    EXPECT_EQ(effects.drain(), "A$") << "each effect happens once, in whatever process";
}

TEST(sealed_state, a_process_with_another_key_opens_nothing) {
    const pipe_pair effects;
    const node a("A", secret, effects);
    const node stranger("S", "another secret that is long enough", effects);
    const auto first = a.call("");
    const auto refused = stranger.call(answered(first, "Ann"));
    EXPECT_EQ(at(refused, "/error/code"), "-32602");
    EXPECT_NE(at(refused, "/error/message").find("requestState"), std::string::npos);
    EXPECT_EQ(at(a.call(answered(first, "Ann")), "/result/resultType"), R"("input_required")");
    EXPECT_EQ(effects.drain(), "A");
}

} // namespace sealed_rounds_test
