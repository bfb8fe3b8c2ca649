#pragma once

#include <csignal>
#include <ctime>
#include <pthread.h>

namespace mcp::detail {

/// While this lives, a write to a pipe or socket that nobody reads is an error of that write, and
/// not the end of the process. Leaves a handler of the program's own, and SIG_IGN, as they are.
class ignored_sigpipe {
public:
    ignored_sigpipe() {
        ::sigaction(SIGPIPE, nullptr, &before_);
        changed_ = (before_.sa_flags & SA_SIGINFO) == 0 && before_.sa_handler == SIG_DFL;
        if (!changed_)
            return;
        // A handler that does nothing: SIG_IGN would be inherited by the programs that are started.
        struct sigaction nothing{};
        nothing.sa_handler = [](int) {};
        nothing.sa_flags = SA_RESTART;
        ::sigaction(SIGPIPE, &nothing, nullptr);
    }
    ignored_sigpipe(const ignored_sigpipe&) = delete;
    ignored_sigpipe& operator=(const ignored_sigpipe&) = delete;
    ~ignored_sigpipe() {
        if (changed_)
            ::sigaction(SIGPIPE, &before_, nullptr);
    }

private:
    struct sigaction before_{};
    bool changed_ = false;
};

/// The same for the calling thread only, whatever the process does with SIGPIPE: for a write in a
/// place that does not own the process. Restores the thread's mask.
class blocked_sigpipe {
public:
    blocked_sigpipe() {
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        sigemptyset(&only_);
        sigaddset(&only_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &only_, &before_);
    }
    blocked_sigpipe(const blocked_sigpipe&) = delete;
    blocked_sigpipe& operator=(const blocked_sigpipe&) = delete;
    ~blocked_sigpipe() {
        const timespec at_once{};
        if (!was_pending_)
            ::sigtimedwait(&only_, nullptr, &at_once); // takes the one that the write has raised
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t only_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

} // namespace mcp::detail
