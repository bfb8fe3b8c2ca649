// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/http/server.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/metrics.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/transport/operations.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline void begin_check(http::response& r) {
    r.content_type = "application/json";
    r.set("Cache-Control", "no-store");
}

/// Returns a label of Prometheus with its value.
inline std::string label_text(std::string_view name, std::string_view value) {
    std::string text(name);
    text += "=\"";
    for (const char c : value)
        if (c == '\n')
            text += "\\n";
        else
            (c == '\\' || c == '"' ? text += '\\' : text) += c;
    return text += '"';
}

/// Returns whether the collaborator of a role is healthy now.
inline bool is_healthy(any_server& server, std::string_view role) {
    const health_report report = server.health();
    return std::all_of(report.parts.begin(), report.parts.end(),
                       [&](const auto& part) { return part.role != role || part.state.ok; });
}

inline void write_health(json_writer& w, const any_server& server, health_options shown) {
    w.begin_object();
    w.member("status", std::string_view("healthy"));
    w.member("server", std::string_view(server.environment().info.name));
    if (shown.tool_names) {
        const auto offers = server.offers();
        const auto& tools = (*offers)->tools.entries();
        w.member("tools_count", tools.size());
        w.key("tools");
        w.begin_array();
        for (const auto& each : tools)
            w.value(std::string_view(each->key()));
        w.end_array();
    }
    w.end_object();
}

inline void write_readiness(json_writer& w, const health_report& report, bool draining) {
    w.begin_object();
    w.member("status", draining ? std::string_view("draining") : report.status());
    w.key("collaborators");
    w.begin_object();
    for (const auto& each : report.parts) {
        w.key(each.role);
        w.begin_object();
        w.member("ok", each.state.ok);
        if (!each.state.ok)
            w.member("reason", std::string_view(each.state.reason));
        w.end_object();
    }
    w.end_object();
    w.end_object();
}

} // namespace detail

MCP_DECL http::handler health_handler(const any_server& server, health_options shown) {
    return [&server, shown](http::request&, http::response& r) -> asio::awaitable<void> {
        detail::begin_check(r);
        json_writer w(r.body);
        detail::write_health(w, server, shown);
        co_return;
    };
}

MCP_DECL http::handler readiness_handler(any_server& server) {
    return [&server](http::request&, http::response& r) -> asio::awaitable<void> {
        detail::begin_check(r);
        const health_report report = server.health();
        const bool draining = server.draining();
        if (draining || !report.healthy())
            r.code = http::status::service_unavailable;
        json_writer w(r.body);
        detail::write_readiness(w, report, draining);
        co_return;
    };
}

MCP_DECL void add_gauges(metrics& to, any_server& server) {
    const server_info& info = server.environment().info;
    to.gauge(
        "mcp_server_info", "Name and version of the server.", [] { return 1.0; },
        "{" + detail::label_text("name", info.name) + "," +
            detail::label_text("version", info.version) + "}");
    for (const auto& part : server.health().parts)
        to.gauge(
            "mcp_collaborator_healthy", "Whether a collaborator can be reached.",
            [&server, role = part.role] { return detail::is_healthy(server, role) ? 1.0 : 0.0; },
            "{" + detail::label_text("role", part.role) + "}");
    to.gauge(
        "mcp_blocking_calls_waiting", "Calls of blocking handlers that wait for a thread.",
        [&server] { return static_cast<double>(server.environment().waiting_for_pool.value()); });
    to.gauge("mcp_legacy_sessions", "Sessions over HTTP that are live in this process.",
             [&server] { return static_cast<double>(server.environment().live_sessions.value()); });
    to.gauge("mcp_stream_queue_bytes", "Unread bytes that event streams hold.", [&server] {
        return static_cast<double>(server.environment().stream_budget()->used());
    });
}

MCP_DECL void add_gauges(metrics& to, const http::server& server) {
    to.gauge("mcp_http_connections", "Open connections.",
             [&server] { return static_cast<double>(server.connections()); });
    to.gauge("mcp_http_streams", "Responses under way that are produced over time, such as SSE.",
             [&server] { return static_cast<double>(server.streams()); });
    to.gauge("mcp_http_bytes_in_flight", "Bytes that count for limits::bytes_in_flight.",
             [&server] { return static_cast<double>(server.bytes_in_flight()); });
}

MCP_DECL void remove_http_gauges(metrics& from) {
    for (const char* name :
         {"mcp_http_connections", "mcp_http_streams", "mcp_http_bytes_in_flight"})
        from.remove_gauges(name);
}

} // namespace mcp
