// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/app/run.hpp>
#include <mcp/app/run_options.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/standard_error.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/impl/standard_streams.hpp>
#include <mcp/transport/resource_metadata.hpp>
#include <mcp/transport/stdio.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/ip/address.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>
#include <exception>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace mcp {

namespace detail {

/// Writes one line to standard error; returns `status`.
inline int report(const any_server& server, const std::string& text, int status) {
    const std::string& name = server.environment().info.name;
    standard_error::get().write(name + ": " + text + "\n", name);
    standard_error::get().flush();
    return status;
}

/// Returns whether the host is an unspecified address, such as `0.0.0.0` or `::`.
inline bool is_everywhere(const std::string& host) {
    std::error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    return !no_address && address.is_unspecified();
}

/// Returns an IPv4 address in its full spelling: `0` becomes 0.0.0.0 and `127.2` becomes 127.0.0.2,
/// as in the resolver and in clients, which send the full spelling as Host. Other hosts are
/// unchanged.
inline std::string written_out(const std::string& host) {
    in_addr address{};
    if (::inet_aton(host.c_str(), &address) == 0)
        return host;
    return asio::ip::address_v4(ntohl(address.s_addr)).to_string();
}

/// Returns the host for a URL. An unspecified address becomes the loopback address.
inline std::string url_host(const std::string& host) {
    if (is_everywhere(host))
        return host.find(':') == host.npos ? "127.0.0.1" : "localhost";
    return host.find(':') != host.npos ? "[" + host + "]" : host;
}

/// Restricts the handler to the root path: a mount also takes the paths below it.
inline http::handler at_root_only(http::handler endpoint) {
    return [endpoint = std::move(endpoint), nowhere = http::router()](http::request& q,
                                                                      http::response& r) {
        return q.path == "/" ? endpoint(q, r) : nowhere(q, r);
    };
}

inline int run_http(any_server& server, const run_options& options,
                    streamable_http_options settings) {
    const std::string host = written_out(options.host.empty() ? run_options().host : options.host);
    const std::string shown = url_host(host);
    settings.policy.own_names.push_back(shown);
    settings.calls = options.calls.value_or(settings.calls);
    http::router router;
    http::server_options listening;
    try {
        // Lets accepted web pages read the responses of the endpoint.
        http::cors_options pages;
        pages.accepts = [policy = settings.policy](const http::request& q) {
            return accepts_host(policy, q) && accepts_origin(policy, q);
        };
        const http::cors endpoint(streamable_http(server, std::move(settings)), std::move(pages));
        listening.on_refusal = endpoint.marker();
        if (options.path == "/")
            router.mount("/", at_root_only(endpoint));
        else
            router.mount(options.path, endpoint);
        const protected_resource& resource = server.options().resource;
        const auto& auth = server.environment().auth;
        if (resource.has_metadata())
            router.mount(resource_metadata_path, resource_metadata(resource));
        else if (auth && auth->has_authorization_server())
            server.environment().log(
                log_level::warning, "clients cannot find the authorization server: set the "
                                    "resource and its authorization_servers in options().resource");
    } catch (const std::invalid_argument& error) {
        return report(server, std::string("--path: ") + error.what(), 2);
    }

    listening.host = host;
    listening.port = options.port;
    listening.threads =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    listening.signals = true;
    listening.limits = options.limits;
    listening.limits.shutdown_timeout =
        options.shutdown_timeout.value_or(listening.limits.shutdown_timeout);
    listening.on_error = [&server](std::exception_ptr failure) {
        server.environment().log(log_level::error, "http: " + describe_exception(failure));
    };
    http::server http(router, std::move(listening));
    try {
        http.listen();
    } catch (const std::system_error& error) {
        const std::string where = host.find(':') != host.npos ? "[" + host + "]" : host;
        return report(server,
                      "cannot listen on " + where + ":" + std::to_string(options.port) + ": " +
                          error.code().message(),
                      1);
    }

    report(server,
           server.environment().info.version + " listens on http://" + shown + ":" +
               std::to_string(http.port()) + options.path +
               (is_everywhere(host) ? " and all other addresses of this machine" : ""),
           0);
    http.run();
    server.environment().join_pool(); // jobs of the pool complete on the event loops of `http`
    return 0;
}

} // namespace detail

MCP_DECL int run(any_server& server, const run_options& options, streamable_http_options http) {
    if (options.answer) {
        std::fputs(options.answer->c_str(), stdout);
        return 0;
    }
    detail::open_missing_streams();
    const detail::ignored_sigpipe no_signal;
    server.options().level = options.level;
    server.log_offers();
    int status = 0;
    if (options.transport == run_transport::stdio) {
        stdio_options stdio;
        stdio.peer.drain = options.shutdown_timeout.value_or(stdio.peer.drain);
        status = serve_stdio(server, stdio);
    } else {
        status = detail::run_http(server, options, std::move(http));
    }
    standard_error::get().flush();
    return status;
}

MCP_DECL int run(any_server& server, int argc, const char* const* argv,
                 streamable_http_options http) {
    const server_info& info = server.environment().info;
    const auto options = parse_run_options(argc, argv, info.name, info.version);
    if (!options)
        return detail::report(server, options.error().what(), 2);
    return run(server, *options, std::move(http));
}

MCP_DECL int run(any_server& server, const run_options& options) {
    return run(server, options, streamable_http_options());
}

MCP_DECL int run(any_server& server, int argc, const char* const* argv) {
    return run(server, argc, argv, streamable_http_options());
}

} // namespace mcp
