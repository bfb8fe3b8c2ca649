// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/systemd.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp::systemd {

namespace detail {

/// Returns the number in a variable; nothing if it has none.
inline std::optional<std::uint64_t> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    std::uint64_t number = 0;
    if (text == nullptr || *text == '\0')
        return std::nullopt;
    const char* const end = text + std::strlen(text);
    const auto [read, failure] = std::from_chars(text, end, number);
    return failure == std::errc() && read == end ? std::optional(number) : std::nullopt;
}

/// Returns whether a variable that names a process names this one.
inline bool names_this_process(const char* variable) {
    return number_in(variable) == static_cast<std::uint64_t>(::getpid());
}

/// The socket for messages to systemd.
class notify_socket {
public:
    notify_socket() {
        const char* const name = std::getenv("NOTIFY_SOCKET");
        at_.sun_family = AF_UNIX;
        const std::size_t length = name == nullptr ? 0 : std::strlen(name);
        if (length < 2 || length >= sizeof at_.sun_path || (*name != '/' && *name != '@'))
            return;
        std::memcpy(at_.sun_path, name, length);
        if (*name == '@')
            at_.sun_path[0] = '\0'; // the abstract namespace
        size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
        fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const timeval patience{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;
    ~notify_socket() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    bool send(std::string_view state, int flags = 0) const {
        return fd_ >= 0 && ::sendto(fd_, state.data(), state.size(), flags | MSG_NOSIGNAL,
                                    reinterpret_cast<const sockaddr*>(&at_), size_) >= 0;
    }

private:
    sockaddr_un at_{};
    socklen_t size_ = 0;
    int fd_ = -1;
};

} // namespace detail

MCP_DECL std::vector<int> take_sockets(std::string_view name) {
    static std::mutex mutex;
    static std::set<int> taken;
    const std::lock_guard lock(mutex);
    std::vector<int> sockets;
    if (!detail::names_this_process("LISTEN_PID"))
        return sockets;
    const char* const set = std::getenv("LISTEN_FDNAMES");
    std::string_view names = set != nullptr ? set : "";
    constexpr int first = 3;
    const std::uint64_t count = detail::number_in("LISTEN_FDS").value_or(0);
    for (int each = first; count < 1000 && each < first + static_cast<int>(count); ++each) {
        const std::string_view its_name = names.substr(0, names.find(':'));
        names.remove_prefix(std::min(names.size(), its_name.size() + 1));
        if ((!name.empty() && its_name != name) || !taken.insert(each).second)
            continue;
        ::fcntl(each, F_SETFD, FD_CLOEXEC);
        sockets.push_back(each);
    }
    return sockets;
}

MCP_DECL bool notify(std::string_view state) {
    return detail::notify_socket().send(state);
}

MCP_DECL std::optional<std::chrono::microseconds> watchdog_timeout() {
    const auto time = detail::number_in("WATCHDOG_USEC");
    const bool other =
        std::getenv("WATCHDOG_PID") != nullptr && !detail::names_this_process("WATCHDOG_PID");
    if (!time || *time == 0 || other || *time > std::uint64_t{1'000'000'000'000})
        return std::nullopt;
    return std::chrono::microseconds(*time);
}

/// Goes round the event loops: from the first, which has the timer, to the last, which shows the
/// sign of life.
class watchdog::round : public std::enable_shared_from_this<round> {
public:
    round(std::vector<asio::any_io_executor> event_loops, std::chrono::microseconds timeout)
        : loops_(std::move(event_loops))
        , interval_(timeout / 2)
        , timer_(loops_.front()) {}

    void wait() {
        timer_.expires_after(interval_);
        timer_.async_wait([self = shared_from_this()](std::error_code ended) {
            if (!ended && !self->stopped_)
                self->visit(1);
        });
    }

    void stop() {
        stopped_ = true;
        asio::post(loops_.front(), [self = shared_from_this()] { self->timer_.cancel(); });
    }

private:
    void visit(std::size_t next) {
        if (next < loops_.size()) {
            asio::post(loops_[next], [self = shared_from_this(), next] { self->visit(next + 1); });
            return;
        }
        to_systemd_.send("WATCHDOG=1", MSG_DONTWAIT);
        asio::post(loops_.front(), [self = shared_from_this()] {
            if (!self->stopped_)
                self->wait();
        });
    }

    const std::vector<asio::any_io_executor> loops_;
    const std::chrono::microseconds interval_;
    const detail::notify_socket to_systemd_;
    asio::steady_timer timer_; // used on the first event loop
    std::atomic<bool> stopped_{false};
};

MCP_DECL watchdog::watchdog(std::vector<asio::any_io_executor> event_loops,
                            std::chrono::microseconds timeout)
    : round_(std::make_shared<round>(std::move(event_loops), timeout)) {
    round_->wait();
}

MCP_DECL watchdog::~watchdog() {
    round_->stop();
}

} // namespace mcp::systemd
