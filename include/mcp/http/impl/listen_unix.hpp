// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>

#include <asio/basic_socket_acceptor.hpp>
#include <asio/error.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp::http::detail {

/// A listening socket of any family.
using listener = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

[[noreturn]] inline void throw_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Returns the TCP endpoint in `any`, unless it is of another family.
inline std::optional<asio::ip::tcp::endpoint>
tcp_endpoint(const asio::generic::stream_protocol::endpoint& any) {
    asio::ip::tcp::endpoint made;
    const int family = any.data()->sa_family;
    if ((family != AF_INET && family != AF_INET6) || any.size() > made.capacity())
        return std::nullopt;
    std::memcpy(made.data(), any.data(), any.size());
    made.resize(any.size());
    return made;
}

/// Returns who has connected a Unix domain socket.
inline std::optional<local_peer> local_peer_of(int socket) {
    ucred known{};
    socklen_t size = sizeof known;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &known, &size) != 0)
        return std::nullopt;
    return local_peer{known.pid, known.uid, known.gid};
}

/// Keeps other servers from changing the sockets in the directory of a file.
class directory_lock {
public:
    explicit directory_lock(const std::string& file) {
        const auto slash = file.rfind('/');
        const std::string directory = slash == file.npos ? "." : file.substr(0, slash + 1);
        fd_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd_ < 0)
            throw_errno(directory);
        ::flock(fd_, LOCK_EX); // where there are no locks, the race is the only loss
    }
    directory_lock(const directory_lock&) = delete;
    directory_lock& operator=(const directory_lock&) = delete;
    ~directory_lock() { ::close(fd_); }

private:
    int fd_ = -1;
};

/// The file of a bound Unix domain socket. It is removed, unless another server has replaced it.
class socket_file {
public:
    socket_file() = default;
    explicit socket_file(std::string path) : path_(std::move(path)) {
        if (::lstat(path_.c_str(), &made_) != 0)
            path_.clear();
    }
    socket_file(socket_file&& other) noexcept { *this = std::move(other); }
    socket_file& operator=(socket_file&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(made_, other.made_);
        return *this;
    }
    ~socket_file() { remove(); }

    /// Call it while the socket is open: the number of its file has no other use until then.
    void remove() noexcept {
        const std::string path = std::exchange(path_, std::string());
        if (path.empty())
            return;
        try {
            const directory_lock alone(path);
            struct stat now{};
            if (::lstat(path.c_str(), &now) == 0 && now.st_dev == made_.st_dev &&
                now.st_ino == made_.st_ino)
                ::unlink(path.c_str());
        } catch (const std::system_error&) {
            // The directory has gone, and the file with it.
        }
    }

private:
    std::string path_;
    struct stat made_{};
};

/// Returns whether a server has left the socket behind: nobody listens.
inline bool is_stale(const std::string& path, const asio::local::stream_protocol::endpoint& at) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const bool refused = ::connect(probe, at.data(), static_cast<socklen_t>(at.size())) != 0 &&
                         errno == ECONNREFUSED;
    ::close(probe);
    return refused;
}

constexpr std::string_view unix_prefix = "unix:";

/// Listens on the Unix domain socket that `host` names: `unix:PATH`, or `unix:@NAME` for the
/// abstract namespace. A file that a server has left behind is replaced. Throws
/// `std::system_error`.
inline listener listen_unix(asio::io_context& loop, const std::string& host,
                            std::optional<unsigned> mode, socket_file& file) {
    std::string path = host.substr(unix_prefix.size());
    const bool has_file = !path.starts_with('@');
    if (!has_file)
        path.front() = '\0';
    if (path.size() < 2)
        throw std::system_error(std::make_error_code(std::errc::invalid_argument));
    const asio::local::stream_protocol::endpoint at(path);
    listener made(loop, asio::generic::stream_protocol(AF_UNIX, 0));
    if (!has_file) {
        made.bind(at);
        made.listen();
        return made;
    }
    const directory_lock alone(path); // until it listens: before that it looks left behind
    std::error_code failed;
    made.bind(at, failed);
    if (failed == asio::error::address_in_use && is_stale(path, at)) {
        ::unlink(path.c_str());
        made.bind(at, failed);
    }
    if (failed)
        throw std::system_error(failed);
    socket_file bound(path);
    if (mode && ::chmod(path.c_str(), *mode) != 0)
        throw_errno(path);
    made.listen();
    file = std::move(bound);
    return made;
}

/// Returns a listener that owns `descriptor`. Throws `std::system_error` if that is no listening
/// stream socket.
inline listener adopt(asio::io_context& loop, int descriptor) {
    const auto option = [descriptor](int name) {
        int value = -1;
        socklen_t size = sizeof value;
        return ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
    };
    if (option(SO_TYPE) != SOCK_STREAM || option(SO_ACCEPTCONN) != 1)
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "descriptor " + std::to_string(descriptor) +
                                    " is not a listening stream socket");
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return listener(loop, asio::generic::stream_protocol(option(SO_DOMAIN), 0), descriptor);
}

/// Returns another descriptor for the same listening socket.
inline listener copy_of(asio::io_context& loop, listener& of) {
    const int descriptor = ::fcntl(of.native_handle(), F_DUPFD_CLOEXEC, 3);
    if (descriptor < 0)
        throw_errno("dup");
    return adopt(loop, descriptor);
}

} // namespace mcp::http::detail
