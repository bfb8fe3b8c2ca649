// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/stop_signals.hpp>

#include <csignal>
#include <functional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mcp::detail {

/// Makes signals end process 1, as in a container: the kernel ignores those with a default effect.
inline void let_signals_end_process_1() noexcept {
    if (::getpid() != 1)
        return;
    struct sigaction end{};
    end.sa_handler = [](int number) { ::_exit(128 + number); };
    ::sigaction(SIGINT, &end, nullptr);
    ::sigaction(SIGTERM, &end, nullptr);
}

MCP_DECL void stop_signals::watch(std::function<void()> stop) {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this, stop = std::move(stop)](std::error_code released, int) {
        if (released)
            return; // this object may have gone
        release();
        stop();
    });
}

MCP_DECL void stop_signals::release() noexcept {
    std::error_code ignored;
    signals_.cancel(ignored);
    signals_.clear(ignored);
    let_signals_end_process_1();
}

} // namespace mcp::detail
