// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/shutdown_watch.hpp>
#include <mcp/async/sigpipe.hpp>
#include <mcp/async/systemd.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/compression_options.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/secure_channel.hpp>
#include <mcp/http/server.hpp>
#include <mcp/http/url.hpp>
#include <mcp/server/access_log.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/server_log.hpp>
#include <mcp/server/standard_error.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/impl/http_page.hpp>
#include <mcp/transport/impl/overdue.hpp>
#include <mcp/transport/impl/standard_streams.hpp>
#include <mcp/transport/resource_metadata.hpp>
#include <mcp/transport/serve_http.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/ip/address.hpp>
#include <asio/signal_set.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

/// Writes one line to standard error; returns `status`.
inline int report(const any_server& server, const std::string& text, int status) {
    const server_info& info = server.environment().info;
    const server_options& options = server.environment().options;
    if (options.log_format == log_format::json_lines && !options.log)
        server_log::write(info, options, status == 0 ? log_level::notice : log_level::error, text,
                          {});
    else
        standard_error::get().write(info.name + ": " + text + "\n", info.name);
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

/// Returns where the server listens, and how a client reaches it.
inline std::string place(const serve_http_options& options, const std::string& host, int port) {
    if (!options.sockets.empty())
        return std::to_string(options.sockets.size()) +
               (options.sockets.size() == 1 ? " given socket, path " : " given sockets, path ") +
               options.path;
    if (host.starts_with("unix:"))
        return host + ", path " + options.path;
    return (options.tls ? "https://" : "http://") + url_host(host) + ":" + std::to_string(port) +
           options.path + (is_everywhere(host) ? " and all other addresses of this machine" : "");
}

/// Returns the line about an address that cannot be used.
inline std::string cannot_listen(const serve_http_options& options, const std::string& host,
                                 const std::error_code& why) {
    std::string text = "cannot listen on ";
    if (!options.sockets.empty())
        return text + "a given descriptor: " + why.message();
    if (host.starts_with("unix:"))
        return text + host + ": " + why.message();
    text += (host.find(':') != host.npos ? "[" + host + "]" : host) + ":" +
            std::to_string(options.port) + ": " + why.message();
    if (why.value() == EACCES)
        text += "; ports below 1024 need CAP_NET_BIND_SERVICE or a socket of systemd";
    return text;
}

/// Tells systemd that the server is ready, and lets it watch the event loops if it wishes.
inline void tell_ready(const http::server& http, const std::string& status,
                       std::optional<systemd::watchdog>& alive) {
    systemd::notify("READY=1\nSTATUS=" + status);
    const auto timeout = systemd::watchdog_timeout();
    if (!timeout)
        return;
    std::vector<asio::any_io_executor> loops;
    for (std::size_t i = 0; i < http.threads(); ++i)
        loops.push_back(http.executor(i));
    alive.emplace(std::move(loops), *timeout);
}

/// Returns the time from the signal until handlers that do not end are given up.
inline std::chrono::milliseconds patience_of(const serve_http_options& options) {
    return within_clocks(options.drain_delay) + within_clocks(options.limits.shutdown_timeout) +
           std::chrono::seconds(1); // for handlers that look at their cancellation
}

/// Accepts the host and the origin of the public URL, and makes it the resource of the server.
inline void apply_public_url(any_server& server, serve_http_options& options) {
    const auto url =
        http::parse_web_url(options.public_url.substr(0, options.public_url.find('{')));
    if (!url)
        throw std::invalid_argument("'" + options.public_url + "' is not an http or https URL");
    server.options().resource.resource = options.public_url;
    http_policy& policy = options.endpoint.policy;
    policy.own_names.push_back(url->site.host);
    if (policy.hosts)
        policy.hosts->push_back(url->site.host);
    policy.origins.push_back(url->site.scheme + "://" + url->host);
    std::string_view path = options.public_url;
    path.remove_prefix(std::min(path.find('/', path.find("://") + 3), path.size()));
    if (path.ends_with(options.path))
        options.endpoint.removed_prefix = path.substr(0, path.size() - options.path.size());
}

/// Returns the permissions of pages. The policy accepts their origins.
inline http::cors_options permitted_pages(serve_http_options& options) {
    http_policy& policy = options.endpoint.policy;
    if (options.cors) {
        const auto& origins = options.cors->origins;
        policy.origins.insert(policy.origins.end(), origins.begin(), origins.end());
        return *options.cors;
    }
    http::cors_options pages;
    pages.accepts = [policy](const http::request& q) {
        return accepts_host(policy, q) && accepts_origin(policy, q);
    };
    return pages;
}

/// Reads the certificates again at each SIGHUP.
class reload_signal {
public:
    reload_signal(any_server& server, http::secure_layer& tls,
                  const asio::any_io_executor& executor)
        : server_(server)
        , tls_(tls)
        , signals_(executor, SIGHUP) {
        wait();
    }

private:
    void wait() {
        signals_.async_wait([this](std::error_code released, int) {
            if (released)
                return; // this object may have gone
            reload();
            wait();
        });
    }

    void reload() {
        try {
            tls_.reload();
            server_.environment().log(log_level::notice, "http: the certificates are read again");
        } catch (const std::exception& failure) {
            server_.environment().log(log_level::error,
                                      std::string("http: the present certificates remain: ") +
                                          failure.what());
        }
    }

    any_server& server_;
    http::secure_layer& tls_;
    asio::signal_set signals_;
};

/// Returns a handler that gives the root path to the endpoint, and the rest to the routes. A mount
/// would take the paths below it as well.
inline http::handler at_root_only(http::handler endpoint, http::router routes) {
    return [endpoint = std::move(endpoint), routes = std::move(routes)](http::request& q,
                                                                        http::response& r) {
        return q.path == "/" ? endpoint(q, r) : routes(q, r);
    };
}

/// Returns a handler that shows the page of the endpoint also at `/`, where a person looks first.
inline http::handler page_at_root(const http::handler& endpoint, const std::string& path) {
    return [endpoint, path](http::request& q, http::response& r) {
        q.path = path; // which the page names; it lives as long as this handler
        q.mounted = path.size();
        return endpoint(q, r);
    };
}

/// Returns a handler for all requests: the endpoint at its path, the metadata of the resource, the
/// page at the root if the routes have nothing there, and the routes.
inline http::handler beside(any_server& server, const http::handler& endpoint,
                            const std::string& path, http::router routes, bool page) {
    const protected_resource& resource = server.options().resource;
    const auto& auth = server.environment().auth;
    if (resource.has_metadata())
        routes.mount(resource_metadata_path, resource_metadata(resource));
    else if (auth && auth->has_authorization_server())
        server.environment().log(log_level::warning,
                                 "clients cannot find the authorization server: set the "
                                 "resource and its authorization_servers in options().resource");
    if (path == "/")
        return at_root_only(endpoint, std::move(routes));
    const bool is_pattern = path.find('{') != path.npos;
    const bool root_is_free = !routes.serves(http::verb::get, "/");
    routes.mount(path, endpoint);
    if (!page || is_pattern || !root_is_free)
        return routes;
    return [page = page_at_root(endpoint, path), routes = std::move(routes)](http::request& q,
                                                                             http::response& r) {
        return q.path == "/" && wants_page(q) ? page(q, r) : routes(q, r);
    };
}

/// Returns what the HTTP server tells of each request: the access log, and the caller's function.
inline http::record_settings records_of(const any_server& server,
                                        const serve_http_options& options) {
    http::record_settings made = access_log(server, options.access_log).settings();
    if (!options.on_request)
        return made;
    if (!made.on_end) {
        made.on_end = options.on_request;
        made.detailed = false;
        return made;
    }
    made.on_end = [first = std::move(made.on_end),
                   second = options.on_request](const http::request_record& each) {
        first(each);
        second(each);
    };
    return made;
}

} // namespace detail

MCP_DECL int serve_http(any_server& server, http::router routes, serve_http_options options) {
    detail::open_missing_streams();
    const detail::ignored_sigpipe no_signal;
    const std::string host =
        detail::written_out(options.host.empty() ? serve_http_options().host : options.host);
    options.endpoint.policy.own_names.push_back(detail::url_host(host));
    if (!options.public_url.empty())
        detail::apply_public_url(server, options);
    const http::cors_options pages = detail::permitted_pages(options);
    const bool page = options.endpoint.page;
    if (!options.http_sse.empty()) {
        if (detail::add_http_sse == nullptr)
            throw std::invalid_argument("http_sse needs <mcp/transport/legacy/http_sse.hpp>");
        detail::add_http_sse(server, routes, options.http_sse, options.endpoint, pages);
    }
    const http::cors endpoint(streamable_http(server, std::move(options.endpoint)), pages);
    if (options.systemd && options.sockets.empty())
        options.sockets = systemd::take_sockets();
    http::server_options listening;
    listening.on_refusal = endpoint.marker();
    listening.host = host;
    listening.port = options.port;
    listening.socket_mode = options.socket_mode;
    listening.sockets = options.sockets;
    listening.threads =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    listening.limits = options.limits;
    listening.drain_delay = options.drain_delay;
    listening.records = detail::records_of(server, options);
    server.environment().draining = false;
    listening.on_stop = [&server, tell = options.systemd] {
        server.environment().draining = true;
        if (tell)
            systemd::notify("STOPPING=1");
    };
    listening.on_error = [&server](std::exception_ptr failure) {
        server.environment().log(log_level::error, "http: " + detail::describe_exception(failure));
    };
    listening.tls = options.tls;
    listening.on_handshake_failure = [&server](std::string_view why,
                                               const asio::ip::address& peer) {
        if (server.environment().logs(log_level::debug))
            server.environment().log(log_level::debug,
                                     "http: " + peer.to_string() + ": " + std::string(why));
    };
    http::handler all = detail::beside(server, endpoint, options.path, std::move(routes), page);
    if (options.compression) {
        if (http::detail::make_compressed == nullptr)
            throw std::invalid_argument("compression needs <mcp/http/compression.hpp>");
        all = http::detail::make_compressed(std::move(all), *options.compression);
    }
    http::server http(std::move(all), std::move(listening));

    try {
        http.listen();
    } catch (const std::system_error& error) {
        return detail::report(server, detail::cannot_listen(options, host, error.code()), 1);
    }
    const detail::shutdown_watch watch(
        {.stop = [&http] { http.stop(); },
         .overdue = [&] { detail::tell_overdue(server, options.on_overdue); },
         .patience = detail::patience_of(options)});
    std::optional<detail::reload_signal> renewal;
    if (options.tls)
        renewal.emplace(server, *options.tls, http.executor(0));
    const std::string said =
        server.environment().info.version + " listens on " +
        detail::place(options, host, http.port()) +
        (options.public_url.empty() ? "" : " (clients use " + options.public_url + ")");
    detail::report(server, said, 0);
    std::optional<systemd::watchdog> alive;
    if (options.systemd)
        detail::tell_ready(http, said, alive);
    if (options.on_listen)
        options.on_listen(&http);
    http.run();
    if (options.on_listen)
        options.on_listen(nullptr);
    server.environment().join_pool(); // jobs of the pool complete on the event loops of `http`
    standard_error::get().flush();
    return 0;
}

MCP_DECL int serve_http(any_server& server, serve_http_options options) {
    return serve_http(server, http::router(), std::move(options));
}

} // namespace mcp
