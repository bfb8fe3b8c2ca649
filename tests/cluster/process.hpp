#pragma once

// Server processes: this executable, started with `--serve`.

#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cluster {

/// Serves on a free port until SIGTERM. Prints the number of the port as the first line of standard
/// output.
int serve(const std::string& redis_url);

/// The number of events that the server keeps for the streams of a session.
inline constexpr std::size_t kept_events = 2'000;

/// A server process. One thread starts, kills and stops it, and must outlive it.
class process {
public:
    explicit process(std::string redis_url) : redis_url_(std::move(redis_url)) { start(); }
    process(process&& other) noexcept
        : redis_url_(std::move(other.redis_url_))
        , id_(std::exchange(other.id_, 0))
        , port_(other.port_) {}
    process& operator=(process&&) = delete;
    ~process() { kill(); }

    std::uint16_t port() const { return port_; }

    /// Starts the process on a new port. Returns when it accepts connections.
    void start() {
        std::string words[] = {"/proc/self/exe", "--serve", redis_url_};
        char* const raw[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
        int says[2];
        if (::pipe2(says, O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe");
        id_ = ::fork();
        if (id_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that crashes leaves no process behind
            ::dup2(says[1], 1);
            ::close_range(3, ~0U, 0);
            ::execv(raw[0], raw);
            ::_exit(127);
        }
        ::close(says[1]);
        std::string line;
        for (char c = 0; ::read(says[0], &c, 1) == 1 && c != '\n';)
            line += c;
        ::close(says[0]);
        if (line.empty())
            throw std::runtime_error("a server process does not start");
        port_ = static_cast<std::uint16_t>(std::stoul(line));
    }

    /// Ends the process at once, like a crash.
    void kill() { end(SIGKILL); }

    /// Stops the process gracefully. Returns its wait status; 0 is success.
    int stop() { return end(SIGTERM); }

private:
    int end(int signal) {
        if (id_ <= 0)
            return 0;
        int status = 0;
        ::kill(id_, signal);
        ::waitpid(id_, &status, 0);
        id_ = 0;
        return status;
    }

    std::string redis_url_;
    pid_t id_ = 0;
    std::uint16_t port_ = 0;
};

} // namespace cluster
