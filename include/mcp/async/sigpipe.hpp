// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <csignal>

namespace mcp::detail {

/// Prevents SIGPIPE from ending the process during its lifetime. A write to a pipe or socket
/// without a reader fails instead. A handler of the program, and SIG_IGN, stay in place.
class ignored_sigpipe {
public:
    ignored_sigpipe();
    ignored_sigpipe(const ignored_sigpipe&) = delete;
    ignored_sigpipe& operator=(const ignored_sigpipe&) = delete;
    ~ignored_sigpipe();

private:
    struct sigaction before_{};
    bool changed_ = false;
};

/// Blocks SIGPIPE for the calling thread, whatever the process does with it. For a write in code
/// that does not own the process. Restores the signal mask of the thread.
class blocked_sigpipe {
public:
    blocked_sigpipe();
    blocked_sigpipe(const blocked_sigpipe&) = delete;
    blocked_sigpipe& operator=(const blocked_sigpipe&) = delete;
    ~blocked_sigpipe();

private:
    sigset_t only_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/sigpipe.ipp>
#endif
