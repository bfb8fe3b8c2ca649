// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/sigpipe.hpp>

#include <csignal>
#include <ctime>
#include <pthread.h>

namespace mcp::detail {

MCP_DECL ignored_sigpipe::ignored_sigpipe() {
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

MCP_DECL ignored_sigpipe::~ignored_sigpipe() {
    if (changed_)
        ::sigaction(SIGPIPE, &before_, nullptr);
}

MCP_DECL blocked_sigpipe::blocked_sigpipe() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&only_);
    sigaddset(&only_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &only_, &before_);
}

MCP_DECL blocked_sigpipe::~blocked_sigpipe() {
    const timespec at_once{};
    if (!was_pending_)
        ::sigtimedwait(&only_, nullptr, &at_once); // consumes the signal of the write
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace mcp::detail
