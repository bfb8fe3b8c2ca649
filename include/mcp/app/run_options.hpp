// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/result.hpp>
#include <mcp/server/access_log.hpp>
#include <mcp/server/options.hpp>
#include <mcp/transport/message_peer.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp {

/// The transport of `mcp::run`.
enum class run_transport { stdio, http };

/// The settings of `mcp::run`: those of the command line, the environment and the file, and more.
struct run_options {
    run_transport transport = run_transport::stdio; ///< `stdio` or `http`
    /// The address or name to listen on, or `unix:PATH`; see `http::server_options`.
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;         ///< 0 takes any free port
    std::string path = "/mcp";         ///< the path of the endpoint
    unsigned threads = 1;              ///< event loops; 0 means one for each core
    log_level level = log_level::info; ///< less severe messages are not logged
    /// The time for running requests at shutdown. If unset, `peer.drain` applies over stdio and
    /// `limits.shutdown_timeout` over HTTP.
    std::optional<std::chrono::milliseconds> shutdown_timeout;
    /// The time of a call, in place of `server_options::call_timeout`. `milliseconds::max()`: no
    /// limit.
    std::optional<std::chrono::milliseconds> call_timeout{};
    /// Bytes of the result of a call, in place of `server_options::result_bytes`.
    std::optional<std::size_t> result_bytes{};
    /// The time between the signal and the end of accepting; see `serve_http_options`.
    std::chrono::milliseconds drain_delay{0};
    /// The permissions of the file of a Unix domain socket, such as 0660.
    std::optional<unsigned> socket_mode{};
    http::limits limits{}; ///< for peers of the HTTP server
    /// TLS of the HTTP server, if it has a certificate. A file of the program includes
    /// <mcp/http/tls_server.hpp>.
    http::tls_server_options tls{};
    streamable_http_options endpoint{}; ///< its policy, limits and streams
    /// The URL of the endpoint for clients behind a proxy; see `serve_http_options`.
    std::string public_url{};
    /// The permissions for pages of other origins; see `serve_http_options`.
    std::optional<http::cors_options> cors{};
    /// The path for clients of 2024-11-05; see `serve_http_options`.
    std::string http_sse{};
    /// Compresses responses and unpacks requests; see `http::compressed`. A file of the program
    /// includes <mcp/http/compression.hpp>.
    bool compression = false;
    /// The form of the log; that of `server.options()` if unset.
    std::optional<mcp::log_format> log_format{};
    access_lines access_log = access_lines::refused; ///< the HTTP requests that the log shows
    /// Serves `/health` and `/ready`, and `/metrics` if `metrics` is set, beside the endpoint.
    bool operations = false;
    /// A port on which they are served by themselves, so that they need not be public. 0: none.
    std::uint16_t admin_port = 0;
    std::string admin_host = "127.0.0.1"; ///< the address of `admin_port`
    bool metrics = false;                 ///< counts for Prometheus; see `mcp::metrics`
    /// The limits and the principal of the client over stdio; set by the program.
    peer_options peer{};

    /// Set by `--help`, `--version` and `--print-config`: the text to print instead of serving.
    std::optional<std::string> answer;
};

/// The reason why a command line, the environment or the file cannot be used.
struct usage_error {
    /// One line that names the option, the variable or the key.
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

/// Reads the settings from the command line, the environment and a file.
///
/// Each option, such as `--log-level`, has a variable `MCP_LOG_LEVEL` and a key `log-level` of the
/// file that `--config` or `MCP_CONFIG` names; `--help` lists them. The command line precedes the
/// variables, the variables precede the file, and the file precedes `defaults`. An overruled value
/// is not checked. An empty value counts as not set. Space around a value is ignored. Values of
/// choices are case-insensitive and have common synonyms: `streamable-http`, `WARN`, `fatal`.
///
/// The file is TOML or INI without sections. An option or a key that is unknown is an error, which
/// names the one that is most alike.
///
/// Kubernetes sets `MCP_PORT=tcp://10.0.0.1:8000` for a Service named mcp: such a value is ignored.
/// Over stdio, the variables of HTTP (host, port, path, threads, limits) are not checked.
///
/// `--version` shows `name` and `version`. `--help` shows `defaults`, which apply to what is not
/// given. `--print-config` shows all settings as a file, with the source of each.
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
