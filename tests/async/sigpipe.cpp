#include <mcp/async/sigpipe.hpp>

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace sigpipe_test {

/// The errno of a write to a pipe that nobody reads.
int write_to_nobody() {
    int ends[2];
    if (::pipe(ends) != 0)
        return 0;
    ::close(ends[0]);
    const bool written = ::write(ends[1], "x", 1) == 1;
    const int error = errno;
    ::close(ends[1]);
    return written ? 0 : error;
}

/// How a child process that does this ends: its status, or 128 and the signal.
int in_child(int (*work)()) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGPIPE, SIG_DFL);
        ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(sigpipe, a_write_fails_and_the_process_lives) {
    EXPECT_EQ(in_child(write_to_nobody), 128 + SIGPIPE);
    EXPECT_EQ(in_child([] {
                  const mcp::detail::ignored_sigpipe quiet;
                  return write_to_nobody();
              }),
              EPIPE);
    EXPECT_EQ(in_child([] {
                  const mcp::detail::blocked_sigpipe quiet;
                  return write_to_nobody();
              }),
              EPIPE);
}

TEST(sigpipe, all_is_afterwards_as_it_was) {
    EXPECT_EQ(in_child([] {
                  {
                      const mcp::detail::ignored_sigpipe quiet;
                  }
                  return write_to_nobody();
              }),
              128 + SIGPIPE);
    EXPECT_EQ(in_child([] {
                  {
                      const mcp::detail::blocked_sigpipe quiet;
                  }
                  return write_to_nobody();
              }),
              128 + SIGPIPE);
}

TEST(sigpipe, what_the_program_has_set_stays) {
    EXPECT_EQ(in_child([] {
                  std::signal(SIGPIPE, [](int) { ::_exit(7); });
                  const mcp::detail::ignored_sigpipe quiet;
                  return write_to_nobody();
              }),
              7);
}

TEST(sigpipe, programs_that_are_started_get_it) {
    EXPECT_EQ(in_child([] {
                  const mcp::detail::ignored_sigpipe quiet;
                  const int status = std::system("kill -PIPE $$");
                  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
              }),
              SIGPIPE);
}

} // namespace sigpipe_test
