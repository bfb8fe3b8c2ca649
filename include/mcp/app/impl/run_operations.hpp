// SPDX-License-Identifier: MIT
#pragma once

// Health, metrics and the access log of `mcp::run`.

#include <mcp/app/run_options.hpp>
#include <mcp/async/systemd.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/server.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/metrics.hpp>
#include <mcp/server/observation.hpp>
#include <mcp/transport/operations.hpp>
#include <mcp/transport/serve_http.hpp>

#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Serves the checks and the metrics, on a port of their own or beside the endpoint. It must
/// outlive the HTTP server of the endpoint, so that `/ready` answers while that stops.
class run_operations {
public:
    /// Adds what the options ask for to the routes and to the options of the endpoint's server.
    run_operations(any_server& server, const run_options& options, http::router& routes,
                   serve_http_options& endpoint) {
        endpoint.access_log = options.access_log;
        if (options.metrics) {
            counts_.emplace();
            server.environment().observers->add(std::make_shared<mcp::metrics>(*counts_));
            add_gauges(*counts_, server);
            endpoint.on_request = counts_->on_end();
            endpoint.on_listen = [counts = *counts_](const http::server* http) mutable {
                http != nullptr ? add_gauges(counts, *http) : remove_http_gauges(counts);
            };
        }
        if (options.operations)
            add_routes(server, routes);
        std::vector<int> given = systemd::take_sockets("admin");
        if (options.admin_port == 0 && given.empty())
            return;
        http::router checks;
        add_routes(server, checks);
        http::server_options listening;
        listening.host = options.admin_host;
        listening.port = options.admin_port;
        listening.sockets = std::move(given);
        admin_ = std::make_unique<http::server>(std::move(checks), std::move(listening));
    }

    /// Returns whether the checks have a port of their own.
    bool is_apart() const noexcept { return admin_ != nullptr; }

    /// Starts to serve. Returns the text of a failure, or an empty text.
    std::string start(const run_options& options) {
        try {
            if (admin_)
                admin_->start();
            return {};
        } catch (const std::system_error& failure) {
            const std::string& host = options.admin_host;
            return "cannot listen on " + (host.find(':') != host.npos ? "[" + host + "]" : host) +
                   ":" + std::to_string(options.admin_port) + ": " + failure.code().message();
        }
    }

private:
    void add_routes(any_server& server, http::router& to) const {
        to.add(http::verb::get, "/health", health_handler(server));
        to.add(http::verb::get, "/ready", readiness_handler(server));
        if (counts_)
            to.add(http::verb::get, "/metrics", counts_->handler());
    }

    std::optional<mcp::metrics> counts_;
    std::unique_ptr<http::server> admin_;
};

} // namespace mcp::detail
