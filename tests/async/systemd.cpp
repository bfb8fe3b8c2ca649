#include <mcp/async/systemd.hpp>

#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/local/datagram_protocol.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace systemd_test {

namespace systemd = mcp::systemd;

/// A variable of the environment; null is unset.
void set(const char* variable, const char* value) {
    value == nullptr ? ::unsetenv(variable) : ::setenv(variable, value, 1);
}

/// What systemd is to a service.
class manager {
public:
    explicit manager(const std::string& name)
        : socket_(loop_, asio::local::datagram_protocol::endpoint(
                             name.front() == '@' ? std::string(1, '\0') + name.substr(1) : name)) {
        socket_.non_blocking(true);
        set("NOTIFY_SOCKET", name.c_str());
    }
    ~manager() {
        set("NOTIFY_SOCKET", nullptr);
        ::unlink(socket_.local_endpoint().path().c_str());
    }

    /// The next message; empty if there is none.
    std::string told() {
        char bytes[256];
        std::error_code none;
        const std::size_t size = socket_.receive(asio::buffer(bytes), 0, none);
        return {bytes, size};
    }

private:
    asio::io_context loop_;
    asio::local::datagram_protocol::socket socket_;
};

const std::string unique = "asio-mcp-systemd-" + std::to_string(::getpid());

TEST(systemd, is_told_of_states) {
    for (const std::string& name : {"/tmp/" + unique, '@' + unique}) {
        manager here(name);
        EXPECT_TRUE(systemd::notify("READY=1\nSTATUS=ready"));
        EXPECT_EQ(here.told(), "READY=1\nSTATUS=ready");
        EXPECT_EQ(here.told(), "");
    }
    for (const char* name : {static_cast<const char*>(nullptr), "", "/", "vsock:2:1234", "relative",
                             "/tmp/asio-mcp/nobody"}) {
        set("NOTIFY_SOCKET", name);
        EXPECT_FALSE(systemd::notify("READY=1"));
    }
    set("NOTIFY_SOCKET", nullptr);
}

/// Calls `body` in a process of its own; its result.
template <class Body>
int result_of(Body body) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body(std::to_string(::getpid())));
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(systemd, passes_sockets_to_the_process_that_it_names) {
    struct {
        std::optional<std::string> process; ///< `self` is the process itself
        const char* count;
        int sockets;
    } const table[] = {{"self", "2", 2},   {"self", "1", 1},      {"self", "0", 0},
                       {"self", "", 0},    {"self", "-1", 0},     {"self", "1x", 0},
                       {"self", "4e9", 0}, {"self", "9999", 0},   {"1", "2", 0},
                       {"", "2", 0},       {std::nullopt, "2", 0}};
    for (const auto& each : table) {
        const int found = result_of([&](const std::string& self) {
            const std::string process = each.process == "self" ? self : each.process.value_or("");
            set("LISTEN_PID", each.process ? process.c_str() : nullptr);
            set("LISTEN_FDS", each.count);
            ::dup2(0, 3);
            const std::vector<int> sockets = systemd::take_sockets();
            if (!systemd::take_sockets().empty())
                return 100; // they were taken
            if (!sockets.empty() && (sockets[0] != 3 || ::fcntl(3, F_GETFD) != FD_CLOEXEC))
                return 101;
            return static_cast<int>(sockets.size());
        });
        EXPECT_EQ(found, each.sockets) << each.process.value_or("unset") << ' ' << each.count;
    }
}

TEST(systemd, tells_sockets_apart_by_their_names) {
    struct {
        const char* names;
        std::string_view name;
        std::vector<int> named, rest;
    } const table[] = {
        {"web:admin:web", "admin", {4}, {3, 5}}, {"web:admin:web", "web", {3, 5}, {4}},
        {"web:admin:web", "", {3, 4, 5}, {}},    {"web::admin", "admin", {5}, {3, 4}},
        {"admin", "admin", {3}, {4, 5}},         {"web", "admin", {}, {3, 4, 5}},
        {nullptr, "admin", {}, {3, 4, 5}}};
    for (const auto& each : table) {
        const int right = result_of([&](const std::string& self) {
            set("LISTEN_PID", self.c_str());
            set("LISTEN_FDS", "3");
            set("LISTEN_FDNAMES", each.names);
            const bool first = systemd::take_sockets(each.name) == each.named;
            return static_cast<int>(first && systemd::take_sockets() == each.rest);
        });
        EXPECT_EQ(right, 1) << (each.names ? each.names : "unset") << ' ' << each.name;
    }
}

TEST(systemd, watches_the_process_that_it_names) {
    struct {
        const char* time;
        const char* process; ///< `self` is the process itself
        int timeout;
    } const table[] = {{"20", "self", 20}, {"20", nullptr, 20}, {"20", "1", 0},
                       {"0", "self", 0},   {"", "self", 0},     {nullptr, "self", 0}};
    for (const auto& each : table) {
        const int found = result_of([&](const std::string& self) {
            set("WATCHDOG_USEC", each.time);
            set("WATCHDOG_PID",
                each.process != nullptr && each.process[0] == 's' ? self.c_str() : each.process);
            const auto timeout = systemd::watchdog_timeout();
            return timeout ? static_cast<int>(timeout->count()) : 0;
        });
        EXPECT_EQ(found, each.timeout);
    }
}

TEST(systemd, hears_nothing_while_an_event_loop_hangs) {
    manager here('@' + unique);
    asio::io_context first;
    asio::io_context second;
    auto work = asio::make_work_guard(first);
    {
        const systemd::watchdog dog({first.get_executor(), second.get_executor()},
                                    std::chrono::milliseconds(2));
        for (int i = 0; i < 3; ++i) {
            first.run_one(); // the timer
            EXPECT_EQ(here.told(), "") << "the second has not run";
            second.restart();
            EXPECT_EQ(second.poll(), 1U);
            EXPECT_EQ(here.told(), "WATCHDOG=1");
            first.run_one();
        }
    }
    work.reset();
    first.run(); // ends
    EXPECT_EQ(here.told(), "");
}

} // namespace systemd_test
