// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp::http::detail {

/// Returns whether no descriptor, or no memory for one, is left.
inline bool is_exhausted(const std::error_code& error) noexcept {
    const int value = error.value();
    return value == EMFILE || value == ENFILE || value == ENOBUFS || value == ENOMEM;
}

/// A descriptor that is kept for the time when no other is left. It serves to refuse connections,
/// which would wait in vain otherwise.
class spare_descriptor {
public:
    spare_descriptor() noexcept { take(); }
    spare_descriptor(const spare_descriptor&) = delete;
    spare_descriptor& operator=(const spare_descriptor&) = delete;
    ~spare_descriptor() { give(); }

    /// Accepts a connection, sends `response` and closes it. Returns false if none waits, or others
    /// have taken the descriptor.
    bool refuse_one(int listening, std::string_view response) noexcept {
        give();
        const int peer = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (peer >= 0) {
            ::send(peer, response.data(), response.size(), MSG_NOSIGNAL);
            ::close(peer);
        }
        take();
        return peer >= 0;
    }

private:
    void take() noexcept { fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
    void give() noexcept {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }

    int fd_ = -1;
};

} // namespace mcp::http::detail
