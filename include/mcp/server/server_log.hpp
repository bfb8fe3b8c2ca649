// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/protocol/logging.hpp>

#include <string_view>
#include <vector>

namespace mcp::detail {

/// The server's own log. It is the observer in use if no other takes the lines of the log. Writes
/// `weather [warning] tool forecast failed: std::runtime_error: no such host (id 7)` to standard
/// error, or to `server_options::log`. At level debug it also writes the begin and the
/// end of each request. Each entry is one line: line breaks, control characters and characters that
/// change the direction of text are escaped. Standard error never blocks the caller, see
/// `standard_error`.
class server_log {
public:
    /// A member of a line in JSON. Numbers and ids are JSON text.
    struct member {
        std::string_view name;
        std::string_view value;
        bool is_json = false;
    };
    using members = std::vector<member>;

    /// Both arguments must outlive the log.
    server_log(const server_info& info, const server_options& options) noexcept
        : info_(info)
        , options_(options) {}

    void begin(const call_info& call) const;
    void end(const call_info& call, const call_end& how) const;
    void log(const log_line& line) const;

    /// Writes a line whose text is escaped. `more` are members for a line in JSON.
    static void write(const server_info& info, const server_options& options, log_level level,
                      std::string_view text, const members& more);

private:
    const server_info& info_;
    const server_options& options_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/server_log.ipp>
#endif
