// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/server/standard_error.hpp>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mcp {

namespace detail {

/// Writes to a descriptor without blocking, and without changing the mode that it shares with other
/// processes.
class unblocking_writer {
public:
    explicit unblocking_writer(int descriptor) noexcept : descriptor_(descriptor) {}
    unblocking_writer(const unblocking_writer&) = delete;
    unblocking_writer& operator=(const unblocking_writer&) = delete;
    ~unblocking_writer() { close(); }

    /// Writes the bytes for which there is room, and returns their number. Returns nothing if there
    /// is no reader.
    std::optional<std::size_t> write(std::string_view text) {
        look();
        if (how_ == way::waiting)
            return 0;
        const blocked_sigpipe quiet;
        std::size_t done = 0;
        while (done < text.size()) {
            const char* from = text.data() + done;
            const std::size_t size = text.size() - done;
            const auto put = how_ == way::socket ? ::send(descriptor_, from, size, MSG_DONTWAIT)
                                                 : ::write(target(), from, size);
            if (put > 0)
                done += static_cast<std::size_t>(put);
            else if (errno == EAGAIN || errno == EWOULDBLOCK)
                return done;
            else if (errno != EINTR)
                return std::nullopt;
        }
        return done;
    }

    /// Returns a copy of the descriptor for `wait_and_write`. The thread may still use it when the
    /// writer is destroyed.
    int copy() {
        look();
        return ::fcntl(target(), F_DUPFD_CLOEXEC, 3);
    }

private:
    enum class way : std::uint8_t {
        direct,  ///< a file: takes all bytes at once
        own,     ///< a pipe or terminal: through a non-blocking description of its own
        socket,  ///< a socket: with a flag of the call
        waiting, ///< may block: left to the thread
    };

    int target() const noexcept { return own_ >= 0 ? own_ : descriptor_; }
    void close() noexcept {
        if (own_ >= 0)
            ::close(std::exchange(own_, -1));
    }

    /// Finds out the kind of the descriptor. Programs may replace it at any time.
    void look() {
        struct stat now{};
        if (::fstat(descriptor_, &now) != 0)
            now = {};
        if (now.st_dev == seen_.st_dev && now.st_ino == seen_.st_ino &&
            now.st_mode == seen_.st_mode)
            return;
        close();
        seen_ = now;
        how_ = S_ISSOCK(now.st_mode) ? way::socket : way::direct;
        if (!S_ISFIFO(now.st_mode) && !S_ISCHR(now.st_mode))
            return;
        const std::string path = "/proc/self/fd/" + std::to_string(descriptor_);
        own_ = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        how_ = own_ >= 0 ? way::own : way::waiting;
    }

    const int descriptor_;
    int own_ = -1;
    way how_ = way::direct;
    struct stat seen_{};
};

/// Writes all bytes, however long it takes. Returns false if there is no reader.
inline bool wait_and_write(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto put = ::write(descriptor, text.data(), text.size());
        if (put > 0) {
            text.remove_prefix(static_cast<std::size_t>(put));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd room{descriptor, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

} // namespace detail

/// Holds the waiting lines and the number of lost lines.
class standard_error::queue {
public:
    queue(int descriptor, std::size_t most) : writer_(descriptor), most_(most) {}

    /// Returns whether the caller must start a thread that waits for the reader.
    bool write(std::string line, std::string_view name) {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            line.insert(0, loss());
            const auto done = writer_.write(line);
            if (!done) {
                lose(1, name);
                return false;
            }
            lost_ = 0;
            if (*done == line.size())
                return false;
            line.erase(0, *done);
        } else if (bytes_ + line.size() > most_) {
            lose(1, name);
            return false;
        }
        bytes_ += line.size();
        waiting_.push_back(std::move(line));
        // A fork does not copy the thread: the parent and the child both write the waiting lines.
        return std::exchange(waiter_, ::getpid()) != ::getpid();
    }

    bool flush(std::chrono::milliseconds timeout) {
        std::unique_lock lock(mutex_);
        return empty_.wait_for(lock, detail::within_clocks(timeout),
                               [this] { return waiting_.empty() || waiter_ != ::getpid(); });
    }

    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }

    /// Records that there is no waiting thread.
    void abandon() {
        const std::lock_guard lock(mutex_);
        waiter_ = 0;
    }

    /// Writes the waiting lines until none is left.
    void drain() {
        std::unique_lock lock(mutex_);
        while (!waiting_.empty() && !ended_) {
            const int to = writer_.copy();
            const std::string line = waiting_.front();
            lock.unlock();
            const bool written = detail::wait_and_write(to, line);
            ::close(to);
            lock.lock();
            bytes_ -= line.size();
            waiting_.pop_front();
            if (!written) {
                lose(1 + waiting_.size(), name_);
                waiting_.clear();
                bytes_ = 0;
            } else if (waiting_.empty() && lost_ > 0) {
                waiting_.push_back(loss());
                bytes_ = waiting_.front().size();
                lost_ = 0;
            }
        }
        waiter_ = 0;
        empty_.notify_all();
    }

private:
    void lose(std::size_t lines, std::string_view name) {
        lost_ += lines;
        name_ = name;
    }
    std::string loss() const {
        if (lost_ == 0)
            return {};
        return name_ + " [warning] " + std::to_string(lost_) + (lost_ == 1 ? " line" : " lines") +
               " of the log lost: standard error was not read\n";
    }

    std::mutex mutex_;
    std::condition_variable empty_;
    detail::unblocking_writer writer_;
    const std::size_t most_;
    std::deque<std::string> waiting_;
    std::size_t bytes_ = 0; ///< of the waiting lines
    std::size_t lost_ = 0;
    std::string name_;
    pid_t waiter_ = 0; ///< the process whose thread waits for the reader
    bool ended_ = false;
};

MCP_DECL standard_error& standard_error::get() {
    static auto* const one = new standard_error(STDERR_FILENO); // outlives static servers
    struct last_words {
        ~last_words() { one->flush(); }
    };
    static const last_words at_exit;
    return *one;
}

MCP_DECL standard_error::standard_error(int descriptor, std::size_t waiting_bytes)
    : queue_(std::make_shared<queue>(descriptor, waiting_bytes)) {}

MCP_DECL standard_error::~standard_error() {
    queue_->end();
}

MCP_DECL bool standard_error::flush(std::chrono::milliseconds timeout) {
    return queue_->flush(timeout);
}

MCP_DECL void standard_error::write(std::string line, std::string_view name) {
    if (!queue_->write(std::move(line), name))
        return;
    // Blocks all signals in the thread: they are for the program's own threads, and a closed reader
    // would raise SIGPIPE here.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    // Detached: a thread that waits for a reader must not keep the process from ending.
    try {
        std::thread([lines = queue_] { lines->drain(); }).detach();
    } catch (const std::system_error&) {
        queue_->abandon(); // no thread available: the next line tries again
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace mcp
