// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/result.hpp>
#include <mcp/transport/message_peer.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp {

/// The transport of `mcp::run`.
enum class run_transport { stdio, http };

/// The settings of `mcp::run`: those of the command line and the environment, and more.
struct run_options {
    run_transport transport = run_transport::stdio; ///< `stdio` or `http`
    /// The address or name to listen on; see `http::server_options`.
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;         ///< 0 takes any free port
    std::string path = "/mcp";         ///< the path of the endpoint
    unsigned threads = 1;              ///< event loops; 0 means one for each core
    log_level level = log_level::info; ///< less severe messages are not logged
    /// The time for running requests at shutdown. If unset, `peer.drain` applies over stdio and
    /// `limits.shutdown_timeout` over HTTP.
    std::optional<std::chrono::milliseconds> shutdown_timeout;
    /// The time between the signal and the end of accepting; see `serve_http_options`.
    std::chrono::milliseconds drain_delay{0};
    /// Concurrent calls of one session. If unset, `endpoint.calls` applies.
    std::optional<unsigned> calls;
    /// Limits for peers of the HTTP server; set by the program, not by the command line.
    http::limits limits{};
    /// The policy, limits and streams of the endpoint; set by the program.
    streamable_http_options endpoint{};
    /// The limits and the principal of the client over stdio; set by the program.
    peer_options peer{};

    /// Set by `--help` and `--version`: the text to print instead of serving.
    std::optional<std::string> answer;
};

/// The reason why a command line or the environment cannot be used.
struct usage_error {
    /// One line that names the option or the variable.
    std::string message;

    const std::string& what() const { return message; }
};

/// Makes `result::value()` throw `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(const usage_error& error,
                                                    const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

/// Looks up an environment variable; returns null if it is not set.
using environment_lookup = std::function<const char*(const char* name)>;

/// Reads `--transport --host --port --path --threads --log-level --shutdown-timeout --calls --help
/// --version`.
///
/// Each option but the last two has a variable: `MCP_TRANSPORT`, `MCP_HOST`, `MCP_PORT`,
/// `MCP_PATH`, `MCP_THREADS`, `MCP_LOG_LEVEL`, `MCP_SHUTDOWN_TIMEOUT` (in seconds), `MCP_CALLS`.
/// The command line wins; an overruled variable is not checked. An empty value counts as not set,
/// for options and variables. Space around a value is ignored. Names of transports and levels are
/// case-insensitive and have common synonyms: `streamable-http`, `WARN`, `fatal`.
///
/// Kubernetes sets `MCP_PORT=tcp://10.0.0.1:8000` for a Service named mcp: such a value is ignored.
/// Over stdio, the variables of HTTP (host, port, path, threads, calls) are not checked.
///
/// `--version` shows `name` and `version`. `--help` shows `defaults`, which apply to what is not
/// given. The error is one line that names the option or the variable.
result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                   const environment_lookup& environment,
                                                   std::string_view name = "server",
                                                   std::string_view version = "",
                                                   run_options defaults = {});

/// Reads the arguments with the environment of the process.
result<run_options, usage_error> parse_run_options(int argc, const char* const* argv,
                                                   std::string_view name, std::string_view version,
                                                   run_options defaults = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/app/impl/run_options.ipp>
#endif
