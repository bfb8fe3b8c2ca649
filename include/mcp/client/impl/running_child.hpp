// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/client/child_process.hpp>
#include <mcp/client/impl/spawn.hpp>
#include <mcp/client/transport_error.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/server/standard_error.hpp>
#include <mcp/transport/impl/line_connection.hpp>
#include <mcp/transport/impl/line_reader.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mcp::detail {

/// Returns the beginning of a text of a process, for a message of one line.
inline std::string printable(std::string_view text, std::size_t most) {
    std::string shown;
    append_utf8_repaired(shown, text.substr(0, most));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, '?');
    return shown + (text.size() > most ? "..." : "");
}

/// A child process that runs, or has ended. Its coroutines keep it. All members run on one serial
/// executor.
class running_child {
public:
    using clock = std::chrono::steady_clock;

    running_child(const child_process& what, spawned_child made,
                  const asio::any_io_executor& executor)
        : what_(what)
        , executor_(executor)
        , id_(made.id)
        , input_(executor, made.input.release())
        , output_(executor, std::move(made.output), what.message_bytes) {
        input_.native_non_blocking(true);
        if (made.errors.get() >= 0)
            errors_.emplace(executor, std::move(made.errors), longest_line);
    }
    running_child(const running_child&) = delete;
    running_child& operator=(const running_child&) = delete;
    ~running_child() { kill(); }

    static void start(const std::shared_ptr<running_child>& self) {
        asio::co_spawn(self->executor_, watch(self), asio::detached);
        if (self->errors_)
            asio::co_spawn(self->executor_, read_errors(self), asio::detached);
    }

    /// Reads the next message. Throws `transport_error` when the process has ended.
    asio::awaitable<bool> read(std::string& message) {
        reading_ = true;
        bool more = co_await output_.read(message);
        while (more && (ending_ || !(is_too_large(message) || is_message(message)))) {
            if (!ending_)
                tell("no message on standard output: " + printable(message, 200));
            more = co_await output_.read(message);
        }
        reading_ = false;
        if (more && is_too_large(message))
            throw transport_error(transport_failure::too_large,
                                  what_.program + ": a message is longer than " +
                                      std::to_string(what_.message_bytes) + " bytes");
        if (more)
            co_return true;
        output_ended_ = true;
        changed();
        if (ending_)
            co_return false;
        co_await wait_for(exited_, later(clock::now(), std::chrono::milliseconds(500)));
        if (errors_)
            co_await wait_for(errors_ended_, later(clock::now(), std::chrono::milliseconds(100)));
        throw transport_error(transport_failure::closed, what_.program + ": " + how_it_ended());
    }

    /// Returns false if the process reads no more.
    asio::awaitable<bool> write(std::string message) {
        make_line(message);
        std::string_view rest = message;
        while (!rest.empty()) {
            const ssize_t put = quiet_write(rest);
            if (put >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(put));
            } else if (errno == EAGAIN) {
                std::error_code error;
                co_await input_.async_wait(asio::posix::descriptor_base::wait_write,
                                           asio::redirect_error(asio::use_awaitable, error));
                if (error)
                    co_return false;
            } else if (errno != EINTR) {
                co_return false;
            }
        }
        co_return true;
    }

    /// Ends the process: its input, then SIGTERM, then SIGKILL.
    static void end(const std::shared_ptr<running_child>& self) {
        if (!std::exchange(self->ending_, true))
            asio::co_spawn(self->executor_, end_gently(self), asio::detached);
    }

    /// Waits until `end` is done.
    asio::awaitable<void> gone() { return wait_for(reaped_, clock::time_point::max()); }

    /// Ends the process group at once, and leaves no zombie.
    void kill() noexcept {
        ending_ = true;
        reap();
        changed();
    }

    pid_t id() const noexcept { return reaped_ ? 0 : id_; }

private:
    static constexpr std::size_t longest_line = 8 * 1024;

    bool is_too_large(std::string_view line) const noexcept {
        return line.size() > what_.message_bytes;
    }

    /// Returns whether a line may be a message: programs also print logs there.
    static bool is_message(std::string_view line) {
        const auto first = line.find_first_not_of(" \t");
        return (line[first] == '{' || line[first] == '[') && line.find("\"jsonrpc\"") != line.npos;
    }

    /// Gives a line to what takes the standard error of the process.
    void tell(std::string_view line) {
        try {
            if (what_.on_error_line)
                what_.on_error_line(line);
            else if (what_.errors == child_errors::inherit)
                standard_error::get().write(what_.program + ": " + std::string(line) + '\n',
                                            what_.program);
        } catch (const std::exception&) { // the lines to come are read all the same
        }
    }

    std::string how_it_ended() const {
        std::string text = "the process has closed its standard output";
        if (exited_ && info_.si_pid == 0)
            text = "the process has ended";
        else if (exited_ && info_.si_code == CLD_EXITED)
            text = "the process has ended with status " + std::to_string(info_.si_status);
        else if (exited_)
            text = "signal " + std::to_string(info_.si_status) + " has ended the process";
        if (!last_error_.empty())
            text += "; the last line on its standard error: " + last_error_;
        return text;
    }

    ssize_t quiet_write(std::string_view bytes) {
        const blocked_sigpipe quiet;
        return ::write(input_.native_handle(), bytes.data(), bytes.size());
    }

    /// Waits for the end of the process without a handler of SIGCHLD.
    static asio::awaitable<void> watch(std::shared_ptr<running_child> self) {
        std::error_code error;
#ifdef SYS_pidfd_open
        if (owned_fd fd(static_cast<int>(::syscall(SYS_pidfd_open, self->id_, 0))); fd.get() >= 0) {
            asio::posix::stream_descriptor process(self->executor_, fd.release());
            while (!self->has_exited() && !error)
                co_await process.async_wait(asio::posix::descriptor_base::wait_read,
                                            asio::redirect_error(asio::use_awaitable, error));
        }
#endif
        asio::steady_timer pause(self->executor_);
        for (auto time = std::chrono::milliseconds(5); !self->has_exited();
             time = std::min(2 * time, std::chrono::milliseconds(100))) {
            pause.expires_after(time);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
        self->exited_ = true;
        self->changed();
    }

    /// Returns whether the process has ended. It is not reaped: its number remains its own.
    bool has_exited() noexcept {
        if (exited_ || reaped_)
            return true;
        siginfo_t info{};
        const int result =
            ::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT);
        if (result != 0 && errno == ECHILD)
            reaped_ = true; // by the program, or because it ignores SIGCHLD
        else if (result != 0 || info.si_pid == 0)
            return false;
        info_ = info;
        exited_ = true;
        return true;
    }

    static asio::awaitable<void> read_errors(std::shared_ptr<running_child> self) {
        std::string line;
        bool more = co_await self->errors_->read(line);
        while (more) {
            line.resize(std::min(line.size(), longest_line));
            self->last_error_ = printable(line, 200);
            self->tell(line);
            more = co_await self->errors_->read(line);
        }
        self->errors_ended_ = true;
        self->changed();
    }

    static asio::awaitable<void> end_gently(std::shared_ptr<running_child> self) {
        std::error_code ignored;
        self->input_.close(ignored);
        if (!self->reading_ && !self->output_ended_)
            asio::co_spawn(self->executor_, discard_output(self), asio::detached);
        bool done = co_await self->ended_within(self->what_.close_time);
        if (!done) {
            self->signal(SIGTERM);
            done = co_await self->ended_within(self->what_.terminate_time);
        }
        self->signal(SIGKILL);
        co_await self->wait_for(self->exited_, later(clock::now(), std::chrono::seconds(2)));
        self->reap();
        self->changed();
    }

    static asio::awaitable<void> discard_output(std::shared_ptr<running_child> self) {
        std::string message;
        co_await self->read(message);
    }

    /// Waits until the process has ended, and no other holds its standard output.
    asio::awaitable<bool> ended_within(std::chrono::milliseconds time) {
        const auto until = later(clock::now(), time);
        co_await wait_for(exited_, until);
        co_await wait_for(output_ended_, until);
        co_return exited_&& output_ended_;
    }

    void signal(int number) const noexcept {
        if (!reaped_)
            ::kill(-id_, number);
    }

    void reap() noexcept {
        signal(SIGKILL);
        // A process that has been killed ends at once, unless it waits for a device.
        for (int i = 0; !reaped_ && i < 1000; ++i) {
            const pid_t got = ::waitpid(id_, nullptr, WNOHANG);
            if (got == id_ || (got < 0 && errno == ECHILD))
                reaped_ = true;
            else
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        exited_ = true;
        std::error_code ignored;
        input_.close(ignored);
        output_.stop();
        if (errors_)
            errors_->stop();
    }

    /// Waits until `condition` is true, or until a time.
    asio::awaitable<void> wait_for(const bool& condition, clock::time_point until) {
        asio::steady_timer timer(executor_, until);
        const waiting here(waiting_, timer);
        while (!condition && clock::now() < until) {
            std::error_code woken;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
    }

    void changed() {
        for (asio::steady_timer* each : waiting_)
            each->cancel();
    }

    /// The place of a timer in a list.
    struct waiting {
        waiting(std::list<asio::steady_timer*>& all_, asio::steady_timer& timer)
            : all(all_)
            , place(all.insert(all.end(), &timer)) {}
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;
        ~waiting() { all.erase(place); }

        std::list<asio::steady_timer*>& all;
        std::list<asio::steady_timer*>::iterator place;
    };

    const child_process what_;
    const asio::any_io_executor executor_;
    const pid_t id_; ///< of the process and of its group
    asio::posix::stream_descriptor input_;
    line_reader output_;
    std::optional<line_reader> errors_; ///< none if standard error is inherited
    std::string last_error_;
    siginfo_t info_{}; ///< how it has ended
    bool reading_ = false;
    bool ending_ = false;
    bool exited_ = false;
    bool output_ended_ = false;
    bool errors_ended_ = false;
    bool reaped_ = false;
    std::list<asio::steady_timer*> waiting_; ///< cancelled when one of these changes
};

/// The connection to a child process.
class child_connection final : public any_connection {
public:
    explicit child_connection(std::shared_ptr<running_child> child) : child_(std::move(child)) {}

    asio::awaitable<bool> read(std::string& message) override { return child_->read(message); }
    asio::awaitable<bool> write(std::string message) override {
        return child_->write(std::move(message));
    }
    void close() override { running_child::end(child_); }

private:
    const std::shared_ptr<running_child> child_;
};

} // namespace mcp::detail
