// SPDX-License-Identifier: MIT
#pragma once

// The settings of `mcp::run`: a row for each option.

#include <mcp/app/impl/run_setting.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/protocol/logging.hpp>

#include <cstddef>
#include <vector>

namespace mcp::detail {

inline constexpr run_spelling<run_transport> run_transports[] = {
    {"stdio", run_transport::stdio, true},
    {"http", run_transport::http, true},
    {"streamablehttp", run_transport::http}};

inline constexpr run_spelling<log_level> run_log_levels[] = {
    {"debug", log_level::debug, true},
    {"trace", log_level::debug},
    {"verbose", log_level::debug},
    {"info", log_level::info, true},
    {"information", log_level::info},
    {"notice", log_level::notice, true},
    {"warning", log_level::warning, true},
    {"warn", log_level::warning},
    {"error", log_level::error, true},
    {"err", log_level::error},
    {"critical", log_level::critical, true},
    {"crit", log_level::critical},
    {"fatal", log_level::critical},
    {"alert", log_level::alert, true},
    {"emergency", log_level::emergency, true},
    {"emerg", log_level::emergency},
    {"panic", log_level::emergency}};

/// Returns the rows. They read into `o` and show it, so it must outlive them. The transport is the
/// first: it decides whether the variables of the others matter.
inline std::vector<run_setting> run_settings(run_options& o) {
    using namespace run_group;
    return {
        {"--transport", "{stdio, http}", "Transport for clients", general,
         as_choice(o.transport, run_transports)},
        {"--log-level", "{debug, info, notice, warning, error, critical, alert, emergency}",
         "Least severe messages to log", general, as_choice(o.level, run_log_levels)},
        {"--shutdown-timeout", "TIME", "Time that running requests get at shutdown", general,
         as_time(o.shutdown_timeout),
         shown_time(o.peer.drain) + " over stdio, " + shown_time(o.limits.shutdown_timeout) +
             " over http"},
        {"--host", "HOST", "Address or name to listen on", http, as_text(o.host, read_host)},
        {"--port", "NUMBER", "Port to listen on, 0 for any", http, as_number(o.port)},
        {"--path", "PATH", "Path of the endpoint", http, as_text(o.path, read_path)},
        {"--threads", "NUMBER", "Event loops, 0 for one per core", http,
         as_number(o.threads, 1024U)},
        {"--calls", "NUMBER", "Calls of one session at once", limits,
         as_number<std::size_t>(o.endpoint.calls, 1'000'000)},
    };
}

} // namespace mcp::detail
