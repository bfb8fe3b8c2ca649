// SPDX-License-Identifier: MIT
#pragma once

// The settings of `mcp::run`: a row for each option.

#include <mcp/app/impl/run_setting.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <chrono>
#include <cstddef>
#include <utility>
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

inline constexpr run_spelling<session_policy> run_sessions[] = {
    {"offered", session_policy::offered, true},
    {"required", session_policy::required, true},
    {"none", session_policy::none, true}};

inline constexpr run_spelling<log_format> run_log_formats[] = {
    {"text", log_format::text, true},
    {"timed", log_format::timed, true},
    {"json", log_format::json_lines, true}};

inline constexpr run_spelling<access_lines> run_access_lines[] = {
    {"none", access_lines::none, true},
    {"refused", access_lines::refused, true},
    {"all", access_lines::all, true}};

using run_rows = std::vector<run_setting>;

inline run_rows general_rows(run_options& o) {
    using run_group::general;
    return {
        {"--transport", "{stdio, http}", "Transport for clients", general,
         as_choice(o.transport, run_transports)},
        {"--log-level", "{debug, info, notice, warning, error, critical, alert, emergency}",
         "Least severe messages to log", general, as_choice(o.level, run_log_levels)},
        {"--log-format", "{text, timed, json}", "Form of the log", general,
         as_choice(o.log_format, run_log_formats), "text"},
        {"--shutdown-timeout", "TIME", "Time that running requests get at shutdown", general,
         as_time(o.shutdown_timeout),
         shown_time(o.peer.drain) + " over stdio, " + shown_time(o.limits.shutdown_timeout) +
             " over http"},
        {"--call-timeout", "TIME", "Time of a call", general, as_time(o.call_timeout),
         "as the program says"},
        {"--max-result", "SIZE", "Result of a call", general, as_size(o.result_bytes),
         "as the program says"},
    };
}

inline run_rows http_rows(run_options& o) {
    using run_group::http;
    return {
        {"--host", "HOST", "Address or name to listen on, or unix:PATH", http,
         as_text(o.host, read_host)},
        {"--socket-mode", "MODE", "Permissions of a Unix domain socket", http,
         as_mode(o.socket_mode), "those of the umask"},
        {"--drain-delay", "TIME", "Time between the signal and the end of accepting", http,
         as_time(o.drain_delay)},
        {"--port", "NUMBER", "Port to listen on, 0 for any", http, as_number(o.port)},
        {"--path", "PATH", "Path of the endpoint", http, as_text(o.path, read_path)},
        {"--threads", "NUMBER", "Event loops, 0 for one per core", http,
         as_number(o.threads, 1024U)},
#ifndef MCP_NO_LEGACY
        {"--sessions", "{offered, required, none}", "Sessions of clients that initialize", http,
         as_choice(o.endpoint.sessions, run_sessions)},
        {"--http-sse", "PATH", "Serves clients of 2024-11-05 at PATH/sse and PATH/messages", http,
         as_text(o.http_sse, read_path), "off"},
#endif
        {"--compression", "BOOLEAN", "Compresses responses and unpacks requests", http,
         as_flag(o.compression)},
        {"--always-stream", "BOOLEAN", "Answers by event streams only", http,
         as_flag(o.endpoint.always_stream)},
        {"--stream-after", "TIME", "Silence of a handler before its stream begins", http,
         as_time(o.endpoint.stream_after, std::chrono::milliseconds(0))},
        {"--keep-alive", "TIME", "Silence of a stream before a comment is sent", http,
         as_time(o.limits.keep_alive_interval)},
        {"--retry", "TIME", "Time after which clients reconnect to a stream", http,
         as_time(o.endpoint.retry)},
        {"--strict-accept", "BOOLEAN", "Refuses clients that do not accept both JSON and streams",
         http, as_flag(o.endpoint.strict_accept)},
        {"--tls-cert", "FILE", "Certificate for https, with its chain, in PEM", http,
         as_text(o.tls.certificate, read_file_name)},
        {"--tls-key", "FILE", "Private key, if it is not in the file of --tls-cert", http,
         as_text(o.tls.key, read_file_name)},
        {"--tls-client-ca", "FILE", "Authorities of certificates that clients must have", http,
         as_text(o.tls.client_authorities, read_file_name)},
    };
}

inline run_rows operation_rows(run_options& o) {
    using run_group::operations;
    return {
        {"--access-log", "{none, refused, all}", "HTTP requests that the log shows", operations,
         as_choice(o.access_log, run_access_lines)},
        {"--admin-port", "NUMBER", "Port of /health, /ready and /metrics, 0 for none", operations,
         as_number(o.admin_port)},
        {"--admin-host", "HOST", "Address of the admin port", operations,
         as_text(o.admin_host, read_host)},
        {"--operations", "BOOLEAN", "Serves these beside the endpoint", operations,
         as_flag(o.operations)},
        {"--metrics", "BOOLEAN", "Counts for Prometheus", operations, as_flag(o.metrics)},
    };
}

inline run_rows client_rows(run_options& o) {
    using run_group::clients;
    return {
        {"--public-url", "URL", "URL of the endpoint for clients, behind a proxy", clients,
         as_text(o.public_url, read_url), "that of the listener"},
        {"--allowed-hosts", "HOST,...", "Accepted names of this server, * for all", clients,
         as_list(o.endpoint.policy.hosts, read_host_name), "localhost for local clients, or all"},
        {"--allowed-origins", "ORIGIN,...", "Accepted origins of pages besides localhost", clients,
         as_list(o.endpoint.policy.origins, read_origin), "none"},
        {"--cors-origins", "ORIGIN,...", "Origins of pages that may read responses, or none",
         clients, as_pages(o.cors), "all accepted origins"},
        {"--trusted-proxies", "NUMBER", "Proxies that add to the header of addresses", clients,
         as_number<std::size_t>(o.endpoint.proxies.count, 100)},
        {"--forwarded-header", "NAME", "Header of addresses that proxies set", clients,
         as_text(o.endpoint.proxies.header, read_field_name)},
        {"--limit-by-address", "BOOLEAN", "Limits the rate of addresses, not of subjects", clients,
         as_flag(o.endpoint.limit_by_address)},
    };
}

inline run_rows limit_rows(run_options& o) {
    using run_group::limits;
    constexpr std::size_t million = 1'000'000;
    return {
        {"--max-connections", "NUMBER", "Open connections", limits,
         as_number(o.limits.connections, million)},
        {"--max-head", "SIZE", "Request line and header fields", limits,
         as_size(o.limits.head_bytes)},
        {"--max-body", "SIZE", "Body of a request", limits, as_size(o.limits.body_bytes)},
        {"--max-in-flight", "SIZE", "Requests and unsent responses of all connections", limits,
         as_size(o.limits.bytes_in_flight)},
        {"--max-batch", "NUMBER", "Messages of a batch", limits,
         as_number(o.endpoint.batch, million)},
        {"--calls", "NUMBER", "Calls of one session at once", limits,
         as_number(o.endpoint.calls, million)},
        {"--max-listens", "NUMBER", "Listen streams of one subject or address", limits,
         as_size(o.endpoint.listen_streams)},
        {"--handshake-timeout", "TIME", "Time for the handshake of TLS", limits,
         as_time(o.limits.handshake_timeout)},
        {"--header-timeout", "TIME", "Time for the head of a request", limits,
         as_time(o.limits.head_timeout)},
        {"--body-timeout", "TIME", "Time for the body of a request", limits,
         as_time(o.limits.body_timeout)},
        {"--write-timeout", "TIME", "Time for a peer to accept 8 KiB", limits,
         as_time(o.limits.write_timeout)},
        {"--idle-timeout", "TIME", "Time of an open connection without a request", limits,
         as_time(o.limits.idle_timeout)},
    };
}

/// Returns the rows. They read into `o` and show it, so it must outlive them. The transport is the
/// first: it decides whether the variables of the others matter.
inline run_rows run_settings(run_options& o) {
    run_rows all = general_rows(o);
    for (run_rows (*more)(run_options&) : {http_rows, client_rows, limit_rows, operation_rows})
        for (run_setting& each : more(o))
            all.push_back(std::move(each));
    return all;
}

} // namespace mcp::detail
