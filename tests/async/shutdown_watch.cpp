#include <mcp/async/shutdown_watch.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <sys/wait.h>
#include <unistd.h>

namespace shutdown_watch_test {

using namespace std::chrono_literals;
using mcp::detail::shutdown_watch;

TEST(shutdown_watch, acts_though_the_thread_of_the_server_hangs) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const pid_t child = ::fork();
        if (child == 0) {
            int stops = 0;
            const shutdown_watch watch(
                {.stop = [&] { ++stops; }, .overdue = [&] { ::_exit(stops); }, .patience = 1ms});
            std::raise(signal);
            for (;;)
                ::pause();
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 1);
    }
}

TEST(shutdown_watch, calls_once_and_not_after_its_end) {
    int calls = 0;
    {
        std::promise<void> called;
        shutdown_watch watch({.overdue = [&] {
            ++calls;
            called.set_value();
        }});
        watch.begin();
        watch.begin();
        called.get_future().wait();
    }
    {
        shutdown_watch watch({.overdue = [&] { ++calls; }, .patience = 1h});
        watch.begin();
    }
    {
        shutdown_watch watch(
            {.overdue = [&] { ++calls; }, .patience = std::chrono::milliseconds::max()});
        watch.begin();
    }
    EXPECT_EQ(calls, 1);
}

TEST(shutdown_watch, leaves_signals_alone_without_a_function_for_them) {
    const shutdown_watch watch({});
    struct sigaction now{};
    ::sigaction(SIGTERM, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_DFL);
}

} // namespace shutdown_watch_test
