// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/file_tokens.hpp>
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/time_form.hpp>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp {

namespace detail {

/// The file of a `file_tokens`, locked against other users of it.
class token_file {
public:
    using content = std::map<std::string, stored_authorization>;

    explicit token_file(const std::string& path) : path_(path) {
        const std::string beside = path + ".lock";
        lock_ = descriptor{::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
        int code = lock_.number < 0 ? -1 : 0;
        while (code == 0 && ::flock(lock_.number, LOCK_EX) != 0)
            code = errno == EINTR ? 0 : -1;
        if (code != 0)
            fail_by_errno("cannot be locked");
    }

    content read() const {
        const descriptor file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
        if (file.number < 0 && errno == ENOENT)
            return {};
        struct stat facts{};
        if (file.number < 0 || ::fstat(file.number, &facts) != 0)
            fail_by_errno("cannot be opened");
        if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid())
            fail("is not a file of this user");
        if ((facts.st_mode & 077U) != 0)
            fail("may be read by other users: its mode must be 0600");
        if (facts.st_size > max_bytes)
            fail("is too large");
        std::string text(static_cast<std::size_t>(facts.st_size), '\0');
        std::size_t size = 0;
        while (size < text.size()) {
            const ssize_t n = ::read(file.number, text.data() + size, text.size() - size);
            if (n == 0)
                break;
            if (n < 0 && errno != EINTR)
                fail_by_errno("cannot be read");
            size += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        const auto parsed = parse_json(std::string_view(text).substr(0, size));
        content out;
        if (!parsed || decode_into(out, *parsed))
            fail("does not hold tokens of this program");
        return out;
    }

    void write(const content& all) const {
        const std::string text = encode(all);
        const std::string fresh = path_ + ".new";
        ::unlink(fresh.c_str()); // of a process that has crashed
        descriptor file{
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
        bool good = file.number >= 0;
        for (std::string_view rest = text; good && !rest.empty();) {
            const ssize_t n = ::write(file.number, rest.data(), rest.size());
            good = n > 0 || (n < 0 && errno == EINTR);
            rest.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
        }
        if (!good || ::fsync(file.number) != 0 || ::rename(fresh.c_str(), path_.c_str()) != 0) {
            const int why = errno;
            ::unlink(fresh.c_str());
            errno = why;
            fail_by_errno("cannot be written");
        }
        const auto slash = path_.rfind('/');
        const std::string folder = slash == path_.npos ? "." : path_.substr(0, slash + 1);
        const descriptor entry{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (entry.number >= 0)
            ::fsync(entry.number);
    }

private:
    static constexpr off_t max_bytes = 4 << 20;

    struct descriptor {
        explicit descriptor(int opened = -1) : number(opened) {}
        descriptor(descriptor&& other) noexcept : number(std::exchange(other.number, -1)) {}
        descriptor& operator=(descriptor&& other) noexcept {
            std::swap(number, other.number);
            return *this;
        }
        ~descriptor() {
            if (number >= 0)
                ::close(number);
        }
        int number;
    };

    [[noreturn]] void fail(const std::string& reason) const {
        throw std::runtime_error("the file of tokens " + path_ + " " + reason);
    }
    [[noreturn]] void fail_by_errno(const std::string& reason) const {
        fail(reason + ": " + std::generic_category().message(errno));
    }

    const std::string& path_;
    descriptor lock_;
};

} // namespace detail

MCP_DECL file_tokens::file_tokens(std::string path) : path_(std::move(path)) {}

MCP_DECL std::optional<stored_authorization> file_tokens::load(const std::string& server) const {
    auto all = detail::token_file(path_).read();
    const auto found = all.find(server);
    return found == all.end() ? std::nullopt : std::optional(std::move(found->second));
}

MCP_DECL void file_tokens::save(const std::string& server,
                                const stored_authorization& authorization) const {
    const detail::token_file file(path_);
    auto all = file.read();
    all[server] = authorization;
    file.write(all);
}

MCP_DECL void file_tokens::erase(const std::string& server) const {
    const detail::token_file file(path_);
    auto all = file.read();
    if (all.erase(server) != 0)
        file.write(all);
}

} // namespace mcp
