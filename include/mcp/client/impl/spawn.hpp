// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/child_process.hpp>
#include <mcp/transport/impl/standard_streams.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

extern char** environ; // NOLINT: POSIX wants this declaration

namespace mcp::detail {

/// The ends of two pipes, or three, which this process uses, and the process at the other ends.
struct spawned_child {
    pid_t id = 0;
    owned_fd input;
    owned_fd output;
    owned_fd errors; ///< none if standard error is inherited
};

struct pipe_ends {
    owned_fd reading;
    owned_fd writing;
};

/// Makes a pipe whose ends are not among the standard streams.
inline pipe_ends make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    pipe_ends made{owned_fd(ends[0]), owned_fd(ends[1])};
    for (owned_fd* each : {&made.reading, &made.writing})
        if (each->get() <= STDERR_FILENO)
            *each = private_copy(each->get());
    return made;
}

inline bool is_safe_variable(std::string_view name) {
    constexpr std::array<std::string_view, 7> safe{"HOME",  "LANG", "LOGNAME", "PATH",
                                                   "SHELL", "TERM", "USER"};
    return name.starts_with("LC_") || std::find(safe.begin(), safe.end(), name) != safe.end();
}

/// Returns the variables of a child process, each as NAME=VALUE.
inline std::vector<std::string> environment_of(const child_process& what) {
    std::vector<std::string> all;
    for (char** each = environ; each && *each; ++each) {
        const std::string_view text = *each;
        const std::string_view name = text.substr(0, text.find('='));
        // Old shells run a value of this form as a function.
        const bool function = text.substr(name.size()).starts_with("=()");
        const bool wanted =
            what.inherit == inherited_environment::all ||
            (what.inherit == inherited_environment::safe && is_safe_variable(name) && !function);
        const bool replaced = std::any_of(what.environment.begin(), what.environment.end(),
                                          [&](const auto& given) { return given.first == name; });
        if (wanted && !replaced)
            all.emplace_back(text);
    }
    for (const auto& [name, value] : what.environment)
        all.push_back(name + '=' + value);
    return all;
}

inline void check_texts(const child_process& what) {
    const auto check = [](bool good, const char* fault) {
        if (!good)
            throw std::invalid_argument(std::string("mcp::child_process: ") + fault);
    };
    const auto whole = [](const std::string& text) { return text.find('\0') == text.npos; };
    check(!what.program.empty(), "the program is empty");
    bool all_whole = whole(what.program) && whole(what.folder);
    for (const std::string& each : what.arguments)
        all_whole = all_whole && whole(each);
    for (const auto& [name, value] : what.environment) {
        all_whole = all_whole && whole(name) && whole(value);
        check(!name.empty() && name.find('=') == name.npos,
              "the name of a variable is empty or has a '='");
    }
    check(all_whole, "a text has a null character");
}

/// Returns pointers to the texts, and a null pointer.
inline std::vector<char*> as_pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& each : texts)
        pointers.push_back(each.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// The attributes and actions of `posix_spawn`. `posix_spawn` works without a copy of the memory,
/// and in processes with many threads.
class spawn_plan {
public:
    spawn_plan() {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_init(&actions_);
        sigset_t signals;
        sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setpgroup(&attributes_, 0); // a group of its own
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETPGROUP);
    }
    spawn_plan(const spawn_plan&) = delete;
    spawn_plan& operator=(const spawn_plan&) = delete;
    ~spawn_plan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    void redirect(int from, int to) {
        check(::posix_spawn_file_actions_adddup2(&actions_, from, to));
    }
    void change_folder(const std::string& folder) {
        check(::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()));
    }

    /// Starts the program. Returns 0 or an error number.
    int run(pid_t& id, const std::string& program, char* const* arguments, char* const* variables) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
        check(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
#endif
        return ::posix_spawnp(&id, program.c_str(), &actions_, &attributes_, arguments, variables);
    }

private:
    static void check(int error) {
        if (error != 0)
            throw std::system_error(error, std::generic_category(), "posix_spawn");
    }

    posix_spawnattr_t attributes_;
    posix_spawn_file_actions_t actions_;
};

/// Starts a program. Throws `std::system_error` if that fails; the text of the error names the
/// working folder if that is the reason.
inline spawned_child spawn(const child_process& what) {
    pipe_ends input = make_pipe();
    pipe_ends output = make_pipe();
    pipe_ends errors;
    spawn_plan plan;
    plan.redirect(input.reading.get(), STDIN_FILENO);
    plan.redirect(output.writing.get(), STDOUT_FILENO);
    const bool none_to_inherit = ::fcntl(STDERR_FILENO, F_GETFD) < 0;
    if (what.on_error_line || what.errors == child_errors::discard || none_to_inherit) {
        errors = make_pipe();
        plan.redirect(errors.writing.get(), STDERR_FILENO);
    }
    if (!what.folder.empty())
        plan.change_folder(what.folder);

    std::vector<std::string> arguments{what.program};
    arguments.insert(arguments.end(), what.arguments.begin(), what.arguments.end());
    std::vector<std::string> variables = environment_of(what);
    spawned_child made;
    const int error = plan.run(made.id, what.program, as_pointers(arguments).data(),
                               as_pointers(variables).data());
    if (error != 0) {
        struct stat folder{};
        const bool misplaced = !what.folder.empty() && (::stat(what.folder.c_str(), &folder) != 0 ||
                                                        !S_ISDIR(folder.st_mode));
        throw std::system_error(error, std::generic_category(),
                                misplaced ? "the working folder " + what.folder
                                          : "the program cannot be started");
    }
    made.input = std::move(input.writing);
    made.output = std::move(output.reading);
    made.errors = std::move(errors.reading);
    return made;
}

} // namespace mcp::detail
