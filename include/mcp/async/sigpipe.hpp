#pragma once

#include <csignal>
#include <ctime>
#include <pthread.h>

namespace mcp::detail {

/// Prevents SIGPIPE from ending the process during its lifetime. A write to a pipe or socket
/// without a reader fails instead. A handler of the program, and SIG_IGN, stay in place.
class ignored_sigpipe {
public:
    ignored_sigpipe() {
        ::sigaction(SIGPIPE, nullptr, &before_);
        changed_ = (before_.sa_flags & SA_SIGINFO) == 0 && before_.sa_handler == SIG_DFL;
        if (!changed_)
            return;
        // A handler that does nothing. Child processes would inherit SIG_IGN.
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

/// Blocks SIGPIPE for the calling thread, whatever the process does with it. For a write in code
/// that does not own the process. Restores the signal mask of the thread.
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
            ::sigtimedwait(&only_, nullptr, &at_once); // consumes the signal of the write
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t only_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

} // namespace mcp::detail
