#include <mcp/async/stop_signals.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stop_signals_test {

/// Returns how a child process that runs `body` ends: its status, or 128 and the signal.
template <class Body>
int end_of(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        body();
        ::_exit(7);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(stop_signals, the_first_calls_and_the_second_kills) {
    for (const int signal : {SIGINT, SIGTERM}) {
        int calls = 0;
        EXPECT_EQ(end_of([&] {
                      asio::io_context io;
                      mcp::detail::stop_signals signals(io.get_executor());
                      signals.watch([&] { ++calls; });
                      std::raise(signal);
                      io.run();
                      ::_exit(calls);
                  }),
                  1);
        EXPECT_EQ(end_of([&] {
                      asio::io_context io;
                      mcp::detail::stop_signals signals(io.get_executor());
                      signals.watch([&] { std::raise(signal); });
                      std::raise(signal);
                      io.run();
                  }),
                  128 + signal);
    }
}

TEST(stop_signals, kill_when_nobody_waits_for_them) {
    EXPECT_EQ(end_of([] {
                  asio::io_context io;
                  mcp::detail::stop_signals signals(io.get_executor());
                  signals.watch([] { ::_exit(1); });
                  signals.release();
                  std::raise(SIGTERM);
              }),
              128 + SIGTERM);
    EXPECT_EQ(end_of([] {
                  asio::io_context io;
                  std::optional<mcp::detail::stop_signals> signals(io.get_executor());
                  signals->watch([] { ::_exit(1); });
                  signals.reset();
                  io.run();
                  std::raise(SIGTERM);
              }),
              128 + SIGTERM);
}

TEST(stop_signals, the_second_ends_process_1_of_a_container_too) {
    const int status = end_of([] {
        if (::unshare(CLONE_NEWPID) != 0)
            ::_exit(77);
        ::_exit(end_of([] { // is process 1 of its namespace
            asio::io_context io;
            mcp::detail::stop_signals signals(io.get_executor());
            signals.watch([] { ::kill(::getpid(), SIGTERM); });
            ::kill(::getpid(), SIGTERM);
            io.run();
        }));
    });
    if (status == 77)
        GTEST_SKIP() << "namespaces need rights";
    EXPECT_EQ(status, 128 + SIGTERM);
}

} // namespace stop_signals_test
