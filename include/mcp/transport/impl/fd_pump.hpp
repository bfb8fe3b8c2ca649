// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/transport/impl/standard_streams.hpp>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mcp::detail {

/// Copies, in a thread, between a descriptor that does not suit the event loop (a terminal, a file)
/// and a pipe that does. SIGPIPE must be ignored.
///
/// The pump ends when either side does. The destructor waits for that, so close the result of
/// `loop_end` first.
class fd_pump {
public:
    enum class direction { from_fd, to_fd };

    /// Starts the thread. `fd` must stay open until the pump is destroyed.
    fd_pump(int fd, direction way) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        owned_fd reading(ends[0]);
        owned_fd writing(ends[1]);
        const bool in = way == direction::from_fd;
        loop_end_ = std::move(in ? reading : writing);
        auto work = [fd, in, far = std::move(in ? writing : reading)] {
            in ? copy(fd, far.get(), far.get()) : copy(far.get(), fd, -1);
        };
        // Signals are for the thread that serves.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread(std::move(work));
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    fd_pump(const fd_pump&) = delete;
    fd_pump& operator=(const fd_pump&) = delete;
    ~fd_pump() {
        loop_end_.close();
        thread_.join();
    }

    /// Returns the pipe's end for the event loop. Call it once.
    owned_fd loop_end() noexcept { return std::move(loop_end_); }

private:
    /// Copies until the end of `from`, an error, or until the pipe `watched` has no reader.
    static void copy(int from, int to, int watched) {
        char bytes[16 * 1024];
        while (readable(from, watched)) {
            const ssize_t got = ::read(from, bytes, sizeof bytes);
            if (got < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (got <= 0 || !write_all(to, bytes, static_cast<std::size_t>(got)))
                return;
        }
    }

    static bool readable(int from, int watched) {
        for (;;) {
            pollfd both[] = {{from, POLLIN, 0}, {watched, 0, 0}};
            const int ready = ::poll(both, 2, -1);
            if (ready < 0 && errno != EINTR)
                return false;
            if (both[1].revents != 0)
                return false;
            if (ready > 0)
                return true;
        }
    }

    static bool write_all(int to, const char* bytes, std::size_t left) {
        while (left > 0) {
            const ssize_t put = ::write(to, bytes, left);
            if (put < 0 && errno == EAGAIN) {
                pollfd room = {to, POLLOUT, 0};
                ::poll(&room, 1, -1);
                continue;
            }
            if (put < 0 && errno != EINTR)
                return false;
            if (put > 0) {
                bytes += put;
                left -= static_cast<std::size_t>(put);
            }
        }
        return true;
    }

    owned_fd loop_end_;
    std::thread thread_;
};

} // namespace mcp::detail
