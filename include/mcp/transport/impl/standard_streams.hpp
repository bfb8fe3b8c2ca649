// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp::detail {

/// A file descriptor that its destructor closes.
class owned_fd {
public:
    owned_fd() = default;
    explicit owned_fd(int fd) noexcept : fd_(fd) {}
    owned_fd(owned_fd&& other) noexcept : fd_(other.release()) {}
    owned_fd& operator=(owned_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~owned_fd() { close(); }

    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void close() noexcept {
        if (fd_ >= 0)
            ::close(release());
    }

private:
    int fd_ = -1;
};

inline owned_fd checked_fd(int fd, const char* call) {
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), call);
    return owned_fd(fd);
}

/// Opens /dev/null in place of each closed descriptor of 0, 1 and 2. Otherwise the next file or
/// socket that is opened gets the number, and printed or logged text goes into it.
inline void open_missing_streams() {
    for (const int each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(each, F_GETFD) < 0)
            checked_fd(::open("/dev/null", O_RDWR), "/dev/null").release(); // returns `each`
    }
}

/// Returns a copy of the descriptor that child processes do not inherit.
inline owned_fd private_copy(int fd) {
    return checked_fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3), "dup");
}

/// Returns whether an event loop can wait for the descriptor, and its non-blocking mode disturbs no
/// other process. A terminal shares that mode with the shell, and a regular file is always ready.
inline bool suits_event_loop(int fd) {
    struct stat status{};
    return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/// Detaches standard input and output from the rest of the process: descriptor 0 is empty and
/// descriptor 1 is standard error. So the input and output of a handler or a child process do not
/// mix with the messages. The destructor restores them.
class standard_streams {
public:
    standard_streams()
        : input_((open_missing_streams(), private_copy(STDIN_FILENO)))
        , output_(private_copy(STDOUT_FILENO))
        , input_flags_(::fcntl(input_.get(), F_GETFL))
        , output_flags_(::fcntl(output_.get(), F_GETFL)) {
        const owned_fd null = checked_fd(::open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
        redirect(null.get(), STDIN_FILENO);
        redirect(STDERR_FILENO, STDOUT_FILENO);
        flush(); // earlier output goes to standard error
    }
    standard_streams(const standard_streams&) = delete;
    standard_streams& operator=(const standard_streams&) = delete;
    ~standard_streams() {
        flush();
        ::fcntl(input_.get(), F_SETFL, input_flags_);
        ::fcntl(output_.get(), F_SETFL, output_flags_);
        redirect(input_.get(), STDIN_FILENO);
        redirect(output_.get(), STDOUT_FILENO);
    }

    int input() const noexcept { return input_.get(); }
    int output() const noexcept { return output_.get(); }

private:
    static void flush() {
        std::cout.flush();
        std::fflush(stdout);
    }
    static void redirect(int from, int to) noexcept {
        while (::dup2(from, to) < 0 && errno == EINTR) {
        }
    }

    owned_fd input_;
    owned_fd output_;
    int input_flags_;
    int output_flags_;
};

} // namespace mcp::detail
