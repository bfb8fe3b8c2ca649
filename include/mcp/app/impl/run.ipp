// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/app/impl/run_operations.hpp>
#include <mcp/app/run.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/http/compression_options.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/result.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/standard_error.hpp>
#include <mcp/transport/impl/standard_streams.hpp>
#include <mcp/transport/serve_http.hpp>
#include <mcp/transport/stdio.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace mcp {

namespace detail {

/// Writes one line to standard error; returns the status.
inline int report_line(const any_server& server, const std::string& wrong, int status) {
    const std::string& name = server.environment().info.name;
    standard_error::get().write(name + ": " + wrong + "\n", name);
    standard_error::get().flush();
    return status;
}

/// Does the same for a wrong option.
inline int report_usage(const any_server& server, const std::string& wrong) {
    return report_line(server, wrong, 2);
}

inline result<run_options, usage_error>
read_options(const any_server& server, int argc, const char* const* argv, run_options defaults) {
    const server_info& info = server.environment().info;
    return parse_run_options(argc, argv, info.name, info.version, std::move(defaults));
}

/// Leaves the process while handlers still use its objects, which are not destroyed.
[[noreturn]] inline void leave_process() {
    standard_error::get().flush();
    std::quick_exit(0);
}

inline int run_stdio(any_server& server, const run_options& options) {
    stdio_options stdio;
    stdio.peer = options.peer;
    stdio.peer.drain = options.shutdown_timeout.value_or(stdio.peer.drain);
    stdio.on_overdue = leave_process;
    if (::isatty(STDIN_FILENO) == 1)
        server.environment().log(log_level::notice, "--transport http serves over HTTP");
    return serve_stdio(server, stdio);
}

inline int run_http(any_server& server, http::router routes, const run_options& options) {
    serve_http_options http;
    http.host = options.host;
    http.port = options.port;
    http.path = options.path;
    http.threads = options.threads;
    http.limits = options.limits;
    http.limits.shutdown_timeout = options.shutdown_timeout.value_or(http.limits.shutdown_timeout);
    http.drain_delay = options.drain_delay;
    http.socket_mode = options.socket_mode;
    http.on_overdue = leave_process;
    http.endpoint = options.endpoint;
    http.public_url = options.public_url;
    http.cors = options.cors;
    http.http_sse = options.http_sse;
    if (!http.http_sse.empty() && add_http_sse == nullptr)
        return report_usage(server, "--http-sse: this program does not have the transport; it must "
                                    "include <mcp/transport/legacy/http_sse.hpp>");
    if (options.compression) {
        if (http::detail::make_compressed == nullptr)
            return report_usage(server, "--compression: this program has no zlib: it must include "
                                        "<mcp/http/compression.hpp> and link asio-mcp::zlib");
        http.compression.emplace();
    }
    const http::tls_server_options& tls = options.tls;
    if (tls.certificate.empty() && !(tls.key + tls.client_authorities).empty())
        return report_usage(server, "--tls-key and --tls-client-ca need --tls-cert");
    if (!tls.certificate.empty() && http::detail::make_tls_server == nullptr)
        return report_usage(server, "--tls-cert: this program has no TLS: it must include "
                                    "<mcp/http/tls_server.hpp> and link asio-mcp::tls");
    try {
        if (!tls.certificate.empty())
            http.tls = http::detail::make_tls_server(tls);
    } catch (const std::runtime_error& failure) {
        return report_line(server, failure.what(), 1);
    }
    run_operations operations(server, options, routes, http);
    if (options.metrics && !options.operations && !operations.is_apart())
        return report_usage(server, "--metrics: say where they are read: --admin-port or "
                                    "--operations");
    if (const std::string wrong = operations.start(options); !wrong.empty())
        return report_line(server, wrong, 1);
    try {
        return serve_http(server, std::move(routes), std::move(http));
    } catch (const std::invalid_argument& error) {
        return report_usage(server, std::string("--path: ") + error.what());
    }
}

} // namespace detail

MCP_DECL int run(any_server& server, http::router routes, const run_options& options) {
    if (options.answer) {
        std::fputs(options.answer->c_str(), stdout);
        return 0;
    }
    detail::open_missing_streams();
    const detail::ignored_sigpipe no_signal;
    server.options().level = options.level;
    server.options().log_format = options.log_format.value_or(server.options().log_format);
    if (const auto time = options.call_timeout)
        server.options().call_timeout =
            *time == std::chrono::milliseconds::max() ? std::chrono::milliseconds::zero() : *time;
    server.options().result_bytes = options.result_bytes.value_or(server.options().result_bytes);
    server.log_offers();
    const int status = options.transport == run_transport::stdio
                           ? detail::run_stdio(server, options)
                           : detail::run_http(server, std::move(routes), options);
    standard_error::get().flush();
    return status;
}

MCP_DECL int run(any_server& server, const run_options& options) {
    return run(server, http::router(), options);
}

MCP_DECL int run(any_server& server, http::router routes, int argc, const char* const* argv,
                 run_options defaults) {
    defaults.transport = run_transport::http;
    const auto options = detail::read_options(server, argc, argv, std::move(defaults));
    return options ? run(server, std::move(routes), *options)
                   : detail::report_usage(server, options.error().what());
}

MCP_DECL int run(any_server& server, http::router routes, int argc, const char* const* argv) {
    return run(server, std::move(routes), argc, argv, run_options());
}

MCP_DECL int run(any_server& server, int argc, const char* const* argv, run_options defaults) {
    const auto options = detail::read_options(server, argc, argv, std::move(defaults));
    return options ? run(server, *options) : detail::report_usage(server, options.error().what());
}

MCP_DECL int run(any_server& server, int argc, const char* const* argv) {
    return run(server, argc, argv, run_options());
}

} // namespace mcp
