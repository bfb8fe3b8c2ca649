// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

namespace mcp::detail {

/// The server's own log. It is the observer in use if no other takes the lines of the log. Writes
/// `weather [warning] tool forecast failed: std::runtime_error: no such host (id 7)` to standard
/// error, or to `server_options::log`. At level debug it also writes the begin and the
/// end of each request. Each entry is one line: line breaks, control characters and characters that
/// change the direction of text are escaped. Standard error never blocks the caller, see
/// `standard_error`.
class server_log {
public:
    /// Both arguments must outlive the log.
    server_log(const server_info& info, const server_options& options) noexcept
        : info_(info)
        , options_(options) {}

    void begin(const call_info& call) const;
    void end(const call_info& call, const call_end& how) const;
    void log(const log_line& line) const;

private:
    const server_info& info_;
    const server_options& options_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/server_log.ipp>
#endif
