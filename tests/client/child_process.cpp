// SPDX-License-Identifier: MIT
#include <mcp/client/child_process.hpp>

#include <mcp/client/client.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/server.hpp>
#include <mcp/transport/stdio.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace child_process_test {

using namespace std::chrono_literals;

/// This test is the program of a server if it is started with this variable.
constexpr auto as_server = "MCP_TEST_AS_SERVER";

TEST(child_server, serves_if_it_is_started_for_that) {
    if (!std::getenv(as_server))
        return;
    mcp::server server{{.name = "child", .version = "1.0.0"}};
    server.tool<"shout">("Says it louder", [](mcp::arg<"text", std::string> text) {
        return std::string(text) + "!";
    });
    server.tool<"die">("Ends the process", [] { std::_Exit(7); });
    std::_Exit(mcp::serve_stdio(server));
}

struct answers final : mcp::message_receiver, mcp::request_receiver {
    void receive(std::string message) override { messages.push_back(std::move(message)); }
    void closed(std::exception_ptr why) override { end = why; }
    bool done() const noexcept override { return false; }

    std::vector<std::string> messages;
    std::exception_ptr end;
};

std::string text_of(const std::exception_ptr& failure) {
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const mcp::transport_error& e) {
        constexpr const char* names[] = {"not_connected", "closed", "timeout", "bad_message",
                                         "too_large"};
        return names[static_cast<int>(e.why())] + std::string(" ") + e.what();
    } catch (const std::exception& e) {
        return std::string("other ") + e.what();
    }
    return "";
}

/// The state of a process: a letter, or nothing if there is no such process.
std::string state_of(int process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto at = text.rfind(')');
    return at == text.npos ? "" : text.substr(at + 2, 1);
}

auto descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

mcp::child_process shell(const std::string& script) {
    mcp::child_process made("/bin/sh", {"-c", script});
    made.errors = mcp::child_errors::discard;
    made.close_time = made.terminate_time = 60ms;
    return made;
}

class child_process : public testing::Test {
protected:
    /// Runs the event loop until something is so.
    template <class Condition>
    void run_until(Condition condition) {
        const auto late = std::chrono::steady_clock::now() + 30s;
        io.restart();
        while (!condition()) {
            ASSERT_LT(std::chrono::steady_clock::now(), late);
            io.run_one_for(1s);
        }
    }

    /// Awaits something, and returns its failure.
    template <class T>
    std::string run(asio::awaitable<T> work) {
        std::optional<std::exception_ptr> end;
        auto ended = [&](std::exception_ptr e, auto...) { end = e; };
        asio::co_spawn(io, std::move(work), ended);
        run_until([&] { return end.has_value(); });
        return text_of(end.value_or(nullptr));
    }

    std::string open(mcp::child_process program) {
        transport = std::make_unique<mcp::child_transport>(std::move(program));
        return run(transport->open(got));
    }

    std::string send(const std::string& body) {
        mcp::outgoing_request request;
        request.method = "ping";
        request.body = body;
        return run(transport->send(std::move(request), got));
    }

    asio::io_context io{1};
    answers got;
    std::unique_ptr<mcp::child_transport> transport;
};

TEST_F(child_process, refuses_what_no_process_can_get) {
    mcp::child_process named("x", {"a"});
    named.environment = {{"A=B", ""}};
    for (const mcp::child_process& each :
         {mcp::child_process(""), mcp::child_process("x", {std::string("a\0b", 3)}), named})
        EXPECT_THROW(mcp::child_transport{each}, std::invalid_argument);
}

TEST_F(child_process, says_why_it_cannot_start) {
    mcp::child_process misplaced = shell("cat");
    misplaced.folder = "/no/such/folder";
    const std::pair<mcp::child_process, std::string> cases[] = {
        {mcp::child_process("no-such-program", {"--token=x"}),
         "not_connected no-such-program: the program cannot be started: No such file or directory"},
        {mcp::child_process("/etc/passwd"),
         "not_connected /etc/passwd: the program cannot be started: Permission denied"},
        {misplaced, "not_connected /bin/sh: the working folder /no/such/folder: No such file or "
                    "directory"},
    };
    const auto before = descriptors();
    for (const auto& [program, expected] : cases) {
        EXPECT_EQ(open(program), expected);
        EXPECT_EQ(transport->process_id(), 0);
        EXPECT_EQ(send("x").substr(0, 13), "not_connected");
    }
    transport.reset();
    EXPECT_EQ(descriptors(), before);
}

TEST_F(child_process, says_how_it_ended) {
    const std::string sh = "/bin/sh: ";
    const std::pair<std::string, std::string> cases[] = {
        {"exit 3", "closed " + sh + "the process has ended with status 3"},
        {"echo one >&2; printf 'no\\tkey\\033[0m\\n\\n' >&2; exit 1",
         "closed " + sh +
             "the process has ended with status 1; the last line on its standard error: "
             "no?key?[0m"},
        {"kill -9 $$", "closed " + sh + "signal 9 has ended the process"},
        {"exec >&-; sleep 100", "closed " + sh + "the process has closed its standard output"},
        {"printf '{\"jsonrpc\":\"%0200d\"}\\n' 0; sleep 100",
         "too_large " + sh + "a message is longer than 100 bytes"},
        {"exec <&-; echo '{\"jsonrpc\":1}'; sleep 100",
         "closed " + sh + "it reads no more messages"},
    };
    for (const auto& [script, expected] : cases) {
        got = {};
        mcp::child_process program = shell(script);
        program.message_bytes = 100;
        EXPECT_EQ(open(program), "");
        const int id = transport->process_id();
        if (script.find("<&-") != script.npos) {
            run_until([&] { return !got.messages.empty(); });
            EXPECT_EQ(send("{}"), "");
        }
        run_until([&] { return got.end != nullptr; });
        EXPECT_EQ(text_of(got.end), expected);
        EXPECT_EQ(send("{}"), expected);
        EXPECT_EQ(run(transport->close()), "");
        EXPECT_EQ(state_of(id), "") << script;
        EXPECT_EQ(transport->process_id(), 0);
    }
}

TEST_F(child_process, skips_what_is_no_message) {
    std::string told;
    mcp::child_process program =
        shell("echo warning >&2; echo Listening; echo '[1] x'; echo '{\"level\":3}'; exec cat");
    program.on_error_line = [&](std::string_view line) { told.append(line).append("|"); };
    EXPECT_EQ(open(program), "");
    const std::string large = R"({"jsonrpc":"2.0","text":")" + std::string(300'000, 'x') + "\"}";
    EXPECT_EQ(send(large), "");
    EXPECT_EQ(send("{\"jsonrpc\":\n\"2.0\"}"), "");
    run_until([&] { return got.messages.size() == 2; });
    EXPECT_EQ(got.messages[0], large);
    EXPECT_EQ(got.messages[1], R"({"jsonrpc": "2.0"})");
    run_until([&] { return told.find("warning|") != told.npos; });
    const std::string no = "no message on standard output: ";
    for (const std::string& each : {no + "Listening|", no + "[1] x|", no + "{\"level\":3}|"})
        EXPECT_NE(told.find(each), told.npos) << told;
    EXPECT_EQ(run(transport->close()), "");
    EXPECT_EQ(text_of(got.end), "closed /bin/sh: the connection has ended");
}

TEST_F(child_process, ends_with_its_transport) {
    const std::string say = "echo '{\"jsonrpc\":'$!'}'; ";
    const struct {
        const char* name;
        std::string script;
        bool polite;
    } cases[] = {
        {"end of input", "exec sleep 1000 <&- >&- & " + say + "cat; kill $!", true},
        {"SIGTERM", "sleep 1000 & " + say + "wait", true},
        {"SIGKILL", "trap '' TERM; sleep 1000 & " + say + "wait; wait", true},
        {"its helper lives on", "sleep 1000 >&- <&- & " + say, true},
        {"destructor", "trap '' TERM; sleep 1000 & " + say + "wait; wait", false},
    };
    const asio::steady_timer first(io); // makes the descriptors of the event loop
    const auto before = descriptors();
    for (const auto& [name, script, polite] : cases) {
        got = {};
        EXPECT_EQ(open(shell(script)), "");
        const int id = transport->process_id();
        run_until([&] { return !got.messages.empty(); });
        const int helper = std::stoi(got.messages[0].substr(11));
        EXPECT_GT(helper, 0) << name;
        const auto begun = std::chrono::steady_clock::now();
        if (polite) {
            EXPECT_EQ(run(transport->close()), "");
        }
        transport.reset();
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s) << name;
        EXPECT_EQ(state_of(id), "") << name; // no zombie
        run_until([&] { return state_of(helper) == "" || state_of(helper) == "Z"; });
        io.run(); // nothing is left to do
        EXPECT_EQ(descriptors(), before) << name;
    }
}

TEST_F(child_process, has_a_clean_environment) {
    ::setenv("MCP_TEST_SECRET", "s3cret", 1);
    ::setenv("LC_TEST", "C", 1);
    const struct {
        mcp::inherited_environment inherit;
        bool secret;
        bool locale;
    } cases[] = {
        {mcp::inherited_environment::safe, false, true},
        {mcp::inherited_environment::all, true, true},
        {mcp::inherited_environment::none, false, false},
    };
    for (const auto& [inherit, secret, locale] : cases) {
        std::string told;
        mcp::child_process program("/usr/bin/env");
        program.inherit = inherit;
        program.environment = {{"USER", "somebody"}, {"KEY", "a=b c"}};
        program.on_error_line = [&](std::string_view line) { told.append(line).append("|"); };
        got = {};
        EXPECT_EQ(open(program), "");
        run_until([&] { return got.end != nullptr; });
        const auto has = [&](const std::string& text) {
            return told.find(": " + text + "|") != told.npos;
        };
        EXPECT_EQ(has("MCP_TEST_SECRET=s3cret"), secret);
        EXPECT_EQ(has("LC_TEST=C"), locale);
        EXPECT_TRUE(has("USER=somebody") && has("KEY=a=b c")) << told;
        EXPECT_EQ(told.find("USER="), told.rfind("USER="));
    }
    ::unsetenv("MCP_TEST_SECRET");
    ::unsetenv("LC_TEST");
}

TEST_F(child_process, inherits_no_descriptors_and_no_signals) {
    struct sigaction before{};
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGHUP, &ignore, &before);
    std::ifstream open_file("/etc/passwd");
    mcp::child_process program = shell("grep Sig[BI] /proc/self/status >&2; cd /proc/self/fd; "
                                       "echo fd * >&2; pwd -P >&2");
    program.folder = "/tmp";
    std::string told;
    program.on_error_line = [&](std::string_view line) { told.append(line).append("|"); };
    EXPECT_EQ(open(program), "");
    run_until([&] { return got.end != nullptr; });
    ::sigaction(SIGHUP, &before, nullptr);
    EXPECT_NE(told.find("SigBlk:\t0000000000000000|"), told.npos) << told;
    EXPECT_NE(told.find("0|fd 0 1 2 3|/"), told.npos) << told; // SIGHUP, and 3 is the folder itself
}

TEST_F(child_process, starts_again) {
    EXPECT_EQ(open(shell("read -r line; echo '{\"jsonrpc\":'$$'}'")), "");
    for (int i = 0; i < 3; ++i) {
        got = {};
        if (i > 0) {
            EXPECT_EQ(run(transport->open(got)), "");
        }
        const int id = transport->process_id();
        EXPECT_EQ(send("{}"), "");
        run_until([&] { return got.end != nullptr; });
        EXPECT_EQ(got.messages, std::vector{"{\"jsonrpc\":" + std::to_string(id) + "}"});
    }
}

mcp::child_process this_server() {
    mcp::child_process made("/proc/self/exe", {"--gtest_filter=child_server.*"});
    made.environment = {{as_server, "1"}};
    made.errors = mcp::child_errors::discard;
    return made;
}

asio::awaitable<void> use(mcp::client& client, mcp::child_process program, std::string& said) {
    co_await client.connect(std::make_unique<mcp::child_transport>(program));
    said = to_string(client.server().revision);
    mcp::json_object arguments{{"text", "hello"}};
    said += ' ' + co_await client.call<std::string>("shout", arguments);
    try {
        co_await client.call("die");
    } catch (const mcp::transport_error& e) {
        said += std::string(" ") + e.what();
    }
    co_await client.close();
}

TEST_F(child_process, carries_a_client_in_both_eras) {
    for (const mcp::revision pinned : {mcp::latest, mcp::latest_legacy}) {
        mcp::client_options options;
        if (pinned != mcp::latest)
            options.revision = pinned;
        mcp::client client(options);
        std::string said;
        EXPECT_EQ(run(use(client, this_server(), said)), "");
        EXPECT_EQ(said, std::string(to_string(pinned)) +
                            " hello! /proc/self/exe: the process has ended with status 7");
    }
}

/// A server of the old era that ends when it does not know a method, and one that says nothing.
TEST_F(child_process, a_client_starts_a_server_again_that_ends_at_an_unknown_method) {
    const std::string initialize =
        R"(*\"initialize\"*) printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":)"
        R"("2024-11-05","capabilities":{},"serverInfo":{"name":"old","version":"1"}}}\n' "$id";;)";
    const std::string loop = "while read -r line; do id=${line#*\\\"id\\\":}; id=${id%%[,\\}]*}; "
                             "case \"$line\" in ";
    for (const std::string unknown : {"*server/discover*) exit 1;;", "*server/discover*);;"}) {
        mcp::client_options options;
        options.probe_timeout = 200ms;
        mcp::client client(options);
        auto connect = [&]() -> asio::awaitable<void> {
            auto made = std::make_unique<mcp::child_transport>(
                shell(loop + unknown + initialize + " esac; done"));
            co_await client.connect(std::move(made));
        };
        EXPECT_EQ(run(connect()), "");
        EXPECT_EQ(client.server().info.name, "old");
        EXPECT_EQ(client.server().revision, mcp::revision::v2024_11_05);
    }
}

} // namespace child_process_test
