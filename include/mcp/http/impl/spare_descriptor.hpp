// SPDX-License-Identifier: MIT
#pragma once

#include <asio/generic/stream_protocol.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mcp::http::detail {

/// Returns whether no descriptor, or no memory for one, is left.
inline bool is_exhausted(const std::error_code& error) noexcept {
    const int value = error.value();
    return value == EMFILE || value == ENFILE || value == ENOBUFS || value == ENOMEM;
}

/// A descriptor that is kept for the time when no other is left. It serves to refuse connections,
/// which would wait in vain otherwise. Any thread may use it.
///
/// While one thread uses it, another may accept a connection with it. So whoever keeps a connection
/// calls `hold` first, and refuses the connection if that fails.
class spare_descriptor {
public:
    /// Returns the one that all servers of this process share.
    static std::shared_ptr<spare_descriptor> shared() {
        static std::mutex mutex;
        static std::weak_ptr<spare_descriptor> last;
        const std::lock_guard lock(mutex);
        auto it = last.lock();
        if (!it) {
            it = std::make_shared<spare_descriptor>();
            last = it;
        }
        return it;
    }

    spare_descriptor() noexcept { take(); }
    spare_descriptor(const spare_descriptor&) = delete;
    spare_descriptor& operator=(const spare_descriptor&) = delete;
    ~spare_descriptor() { give(); }

    /// Takes the descriptor if it is not held. Returns false if none is left.
    bool hold() noexcept {
        if (fd_ >= 0) {
            return true;
        }
        const std::lock_guard lock(mutex_);
        return take();
    }

    /// Accepts a connection, sends `response` and closes it. Sets the address of the peer. Returns
    /// false if none waits, or others have taken the descriptor.
    bool refuse_one(int listening, std::string_view response,
                    asio::generic::stream_protocol::endpoint& peer) noexcept {
        const std::lock_guard lock(mutex_);
        give();
        auto size = static_cast<socklen_t>(peer.capacity());
        const int fd = ::accept4(listening, peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            ::send(fd, response.data(), response.size(), MSG_NOSIGNAL);
            ::close(fd);
            peer.resize(std::min<std::size_t>(size, peer.capacity()));
        }
        take();
        return fd >= 0;
    }

private:
    bool take() noexcept {
        if (fd_ < 0) {
            fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        }
        return fd_ >= 0;
    }
    void give() noexcept {
        if (const int held = fd_.exchange(-1); held >= 0) {
            ::close(held);
        }
    }

    std::mutex mutex_;
    std::atomic<int> fd_{-1};
};

} // namespace mcp::http::detail
