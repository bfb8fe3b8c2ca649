#include <mcp/transport/stdio.hpp>

#include <mcp/jsonrpc/connection.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <iostream>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace stdio_test {

using mcp::detail::checked_fd;
using mcp::detail::owned_fd;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

static_assert(mcp::jsonrpc::connection<mcp::detail::line_connection>);

struct person {
    std::string name;
};

/// What a child process serves.
int serve() {
    mcp::server server{"test", "1"};
    server.tool<"print">("", [] {
        std::printf("by printf\n");
        std::cout << "by cout\n" << std::flush;
        const bool written = ::write(1, "by write\n", 9) == 9;
        const bool spawned = std::system("echo by a child; cat") == 0;
        int byte = std::getchar();
        return written && spawned && byte == EOF ? "printed" : "failed";
    });
    server.tool<"later">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        ctx.progress(1);
        asio::steady_timer soon(co_await asio::this_coro::executor, std::chrono::milliseconds(30));
        co_await soon.async_wait(asio::use_awaitable);
        co_return "at last";
    });
    server.tool<"hang">("", [](mcp::context& ctx) -> asio::awaitable<void> {
        ctx.progress(1);
        asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await never.async_wait(asio::use_awaitable);
    });
    server.tool<"who">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        const auto answer = co_await ctx.elicit<person>("Who?");
        co_return answer ? answer->name : "nobody";
    });
    server.tool<"pretty">("", [&server] {
        server.environment().topics.post(
            "tools/list_changed",
            "{\"jsonrpc\":\"2.0\",\r\n\"method\":\"notifications/pretty\"\n}");
        return "sent";
    });
    server.tool<"large">("", [] { return std::string(300'000, 'x'); });
    mcp::stdio_options options;
    options.peer.message_bytes = 1000;
    options.peer.drain = std::chrono::milliseconds(500);
    std::printf("before serving\n");
    const int status = mcp::serve_stdio(server, options);
    for (const int fd : {0, 1})
        if (const int flags = ::fcntl(fd, F_GETFL); flags >= 0 && (flags & O_NONBLOCK))
            return 90;
    std::signal(SIGPIPE, SIG_IGN);
    std::printf("after serving\n");
    std::fflush(stdout);
    return status;
}

struct fd_pair {
    owned_fd child;
    owned_fd parent;
};

fd_pair pipe_to_child() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    return {owned_fd(ends[0]), owned_fd(ends[1])};
}
fd_pair pipe_from_child() {
    auto made = pipe_to_child();
    return {std::move(made.parent), std::move(made.child)};
}
fd_pair sockets() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    return {owned_fd(ends[0]), owned_fd(ends[1])};
}

/// A server in a process of its own, at the other end of its standard streams.
class child {
public:
    child() : child(pipe_to_child(), pipe_from_child()) {}
    child(fd_pair input, fd_pair output)
        : input_(std::move(input.parent))
        , output_(std::move(output.parent)) {
        auto errors = pipe_from_child();
        errors_ = std::move(errors.parent);
        std::fflush(stdout);
        process_ = ::fork();
        if (process_ == 0) {
            for (const auto& [from, to] : {std::pair(input.child.get(), 0),
                                           {output.child.get(), 1},
                                           {errors.child.get(), 2}})
                from < 0 ? ::close(to) : ::dup2(from, to);
            input_.close();
            output_.close();
            errors_.close();
            std::signal(SIGPIPE, SIG_DFL);
            ::alarm(20);
            const int status = serve();
            ::_exit(status);
        }
    }
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            ::waitpid(process_, nullptr, 0);
        }
    }

    void say(std::string_view text) {
        while (!text.empty()) {
            const auto put = ::write(input_.get(), text.data(), text.size());
            ASSERT_GT(put, 0);
            text.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    /// The next line that the server writes; empty at the end.
    std::string hear() {
        for (;;) {
            const auto end = heard_.find('\n');
            if (end != heard_.npos) {
                std::string line = heard_.substr(0, end);
                heard_.erase(0, end + 1);
                return line;
            }
            char bytes[4096];
            const auto got = ::read(output_.get(), bytes, sizeof bytes);
            if (got <= 0)
                return std::exchange(heard_, {});
            heard_.append(bytes, static_cast<std::size_t>(got));
        }
    }
    std::vector<std::string> rest() {
        std::vector<std::string> lines;
        for (std::string line = hear(); !line.empty(); line = hear())
            lines.push_back(std::move(line));
        return lines;
    }
    /// Ends the server's input.
    void hang_up() { input_.close(); }
    void stop_listening() { output_.close(); }
    void kill(int signal) { ::kill(process_, signal); }

    /// The status that the server ends with; -1 if it is killed.
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string errors() {
        std::string all;
        char bytes[4096];
        for (ssize_t got; (got = ::read(errors_.get(), bytes, sizeof bytes)) > 0;)
            all.append(bytes, static_cast<std::size_t>(got));
        return all;
    }

private:
    owned_fd input_;
    owned_fd output_;
    owned_fd errors_;
    pid_t process_ = -1;
    std::string heard_;
};

const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
const std::string pong = R"({"jsonrpc":"2.0","id":1,"result":{}})";
const std::string after = "after serving";

std::string call(std::string_view id, std::string_view tool) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
           R"(","_meta":{"progressToken":1,)"
           R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{}}}})"
           "\n";
}
const std::string progress =
    R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}})";

const std::string initialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{"elicitation":{}},"clientInfo":{"name":"tester","version":"1"}}})"
    "\n";

TEST(stdio, serves_until_the_input_ends) {
    child server;
    server.say(ping + "\n");
    EXPECT_EQ(server.hear(), pong);
    server.say("\r\n \n" + ping + "\r\n" + ping);
    EXPECT_EQ(server.hear(), pong);
    server.hang_up();
    EXPECT_THAT(server.rest(), ElementsAre(pong, after));
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, what_a_handler_prints_goes_to_standard_error) {
    child server;
    server.say(call("1", "print"));
    EXPECT_THAT(server.hear(), HasSubstr(R"("text":"printed")"));
    server.hang_up();
    EXPECT_THAT(server.rest(), ElementsAre(after));
    EXPECT_EQ(server.wait(), 0);
    const std::string errors = server.errors();
    for (const char* text : {"before serving", "by printf", "by cout", "by write", "by a child"})
        EXPECT_THAT(errors, HasSubstr(text));
}

TEST(stdio, what_runs_at_the_end_of_the_input_is_answered) {
    child server;
    server.say(call("1", "later") + call("2", "later"));
    server.hang_up();
    const auto lines = server.rest();
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0], progress);
    EXPECT_EQ(lines[1], progress);
    EXPECT_THAT(lines[2] + lines[3], HasSubstr(R"("id":1,"result")"));
    EXPECT_THAT(lines[2] + lines[3], HasSubstr(R"("id":2,"result")"));
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, what_does_not_end_in_time_is_cancelled) {
    child server;
    server.say(call("1", "hang"));
    server.hang_up();
    EXPECT_THAT(server.rest(), ElementsAre(progress, after));
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, signals_end_it_gracefully) {
    for (const int signal : {SIGTERM, SIGINT}) {
        child server;
        server.say(call("1", "later"));
        EXPECT_EQ(server.hear(), progress);
        server.kill(signal);
        EXPECT_THAT(server.rest(), ElementsAre(HasSubstr("at last"), after));
        EXPECT_EQ(server.wait(), 0);
    }
}

TEST(stdio, a_second_signal_ends_it_at_once) {
    child server;
    server.say(call("1", "hang"));
    EXPECT_EQ(server.hear(), progress);
    server.kill(SIGTERM);
    server.kill(SIGINT); // if both are seen as one, the deadline ends it
    const int status = server.wait();
    EXPECT_TRUE(status == -1 || status == 0);
}

TEST(stdio, a_client_that_reads_no_more_ends_it) {
    child server;
    server.say(ping + "\n");
    EXPECT_EQ(server.hear(), pong);
    server.stop_listening();
    server.say(call("1", "hang") + ping + "\n");
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, large_messages_come_whole) {
    child server;
    server.say(call("1", "large") + ping + "\n");
    EXPECT_GT(server.hear().size(), 300'000U);
    EXPECT_EQ(server.hear(), pong);
    server.hang_up();
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, odd_lines) {
    child server;
    server.say("\xEF\xBB\xBF" + ping + "\n" + std::string(5000, ' ') + ping + "\nnonsense\n");
    EXPECT_EQ(server.hear(), pong);
    EXPECT_THAT(server.hear(), HasSubstr(R"("id":1,"error":{"code":-32600,)"
                                         R"("message":"A message may have at most 1000 bytes")"));
    EXPECT_THAT(server.hear(), HasSubstr(R"({"jsonrpc":"2.0","error":{"code":-32700,)"));
    server.hang_up();
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, asks_its_client_and_writes_one_line_per_message) {
    child server;
    server.say(initialize);
    EXPECT_THAT(server.hear(), HasSubstr(R"("protocolVersion":"2025-11-25")"));
    server.say(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who"}})"
               "\n");
    EXPECT_THAT(server.hear(), HasSubstr(R"("id":1,"method":"elicitation/create")"));
    server.say(R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"name":"Ann"}}})"
               "\n");
    EXPECT_THAT(server.hear(), HasSubstr(R"("text":"Ann")"));
    server.say(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"pretty"}})"
               "\n");
    EXPECT_EQ(server.hear(), R"({"jsonrpc":"2.0",  "method":"notifications/pretty" })");
    EXPECT_THAT(server.hear(), HasSubstr(R"("text":"sent")"));
    server.hang_up();
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, sockets_as_standard_streams) {
    child server(sockets(), sockets());
    server.say(ping + "\n");
    EXPECT_EQ(server.hear(), pong);
    server.hang_up();
    EXPECT_THAT(server.rest(), ElementsAre(after));
    EXPECT_EQ(server.wait(), 0);
}

TEST(stdio, regular_files_as_standard_streams) {
    std::string name = testing::TempDir() + "mcp_stdio_XXXXXX";
    const owned_fd questions = checked_fd(::mkstemp(name.data()), "mkstemp");
    std::remove(name.c_str());
    name = testing::TempDir() + "mcp_stdio_XXXXXX";
    const owned_fd answers = checked_fd(::mkstemp(name.data()), "mkstemp");
    std::remove(name.c_str());
    const std::string text = ping + "\n" + call("2", "later") + ping;
    ASSERT_EQ(::write(questions.get(), text.data(), text.size()), ssize_t(text.size()));
    ::lseek(questions.get(), 0, SEEK_SET);

    child server({owned_fd(::dup(questions.get())), {}}, {owned_fd(::dup(answers.get())), {}});
    EXPECT_EQ(server.wait(), 0);
    ::lseek(answers.get(), 0, SEEK_SET);
    std::string all(1000, '\0');
    all.resize(static_cast<std::size_t>(::read(answers.get(), all.data(), all.size())));
    EXPECT_TRUE(all.starts_with(pong + "\n" + progress + "\n" + pong + "\n")) << all;
    EXPECT_THAT(all, HasSubstr("at last"));
    EXPECT_TRUE(all.ends_with("}\n" + after + "\n")) << all;
}

TEST(stdio, a_terminal_as_standard_streams) {
    owned_fd terminal = checked_fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "openpt");
    ASSERT_EQ(::grantpt(terminal.get()), 0);
    ASSERT_EQ(::unlockpt(terminal.get()), 0);
    const owned_fd far =
        checked_fd(::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY | O_CLOEXEC), "pts");
    child server({owned_fd(::dup(far.get())), owned_fd(::dup(terminal.get()))},
                 {owned_fd(::dup(far.get())), owned_fd(::dup(terminal.get()))});
    server.say(ping + "\n");
    EXPECT_EQ(server.hear(), ping + "\r"); // the echo
    EXPECT_EQ(server.hear(), pong + "\r");
    server.say("\x04"); // end of file, in the terminal's usual mode
    EXPECT_EQ(server.hear(), after + "\r");
    EXPECT_EQ(server.wait(), 0);
    EXPECT_THAT(server.errors(), HasSubstr("standard input is a terminal: waiting for"));
}

TEST(stdio, closed_standard_streams) {
    child server({}, {});
    EXPECT_EQ(server.wait(), 0);
}

} // namespace stdio_test
