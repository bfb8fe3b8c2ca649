// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mcp::http {
struct request_record;
} // namespace mcp::http

namespace mcp {

/// Counts what a server does, for Prometheus. It is an observer; copies share their counts.
///
///     mcp::metrics metrics;
///     mcp::server server{"weather", "1.0.0", metrics};
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     app.add(mcp::http::verb::get, "/metrics", metrics.handler());
///     mcp::http::server http{app, {.records = {.on_end = metrics.on_end()}}};
///
/// Labels have few values: methods of the protocol and of HTTP, statuses, and names of tools that
/// the server has registered. Each thread counts by itself; `text` adds the counts. All members are
/// thread-safe.
class metrics {
public:
    /// `names` limits the tools and the events that are counted by name. All others are counted
    /// together, as `other`.
    explicit metrics(std::size_t names = 500);

    void begin(const call_info& call);
    void end(const call_info& call, const call_end& how);
    void count(std::string_view event, std::uint64_t by);

    /// Counts a request of an HTTP server.
    void record(const http::request_record& request);

    /// Returns `record` as a function, for `http::record_settings::on_end`.
    std::function<void(const http::request_record&)> on_end() const;

    /// Counts a command that Redis has answered, or has not.
    void redis_round_trip(std::chrono::nanoseconds duration, bool answered);

    /// Returns `redis_round_trip` as a function, for `redis::settings::on_reply`.
    std::function<void(std::chrono::nanoseconds, bool)> on_redis_reply() const;

    /// Adds a gauge of a name such as `shop_open_orders`, which each scrape reads by a call of
    /// `read`, on any thread. `labels` is empty, or text such as `{role="broker"}`. A gauge of the
    /// same name and labels is replaced. Throws `std::invalid_argument` if the name is not valid.
    void gauge(std::string name, std::string help, std::function<double()> read,
               std::string labels = {});

    /// Removes the gauges of a name. No `read` of them runs afterwards.
    void remove_gauges(const std::string& name);

    /// Returns all counts in the text format of Prometheus, version 0.0.4.
    std::string text() const;

    /// Returns a handler that answers GET with `text`. Anybody who may call it sees the names of
    /// the tools.
    http::handler handler() const;

private:
    struct registry;

    std::shared_ptr<registry> data_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/metrics.ipp>
#endif
