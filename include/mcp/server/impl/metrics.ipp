// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/request_record.hpp>
#include <mcp/server/impl/metrics_cells.hpp>
#include <mcp/server/metrics.hpp>
#include <mcp/server/observer.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

/// Returns a small number of the calling thread.
inline std::size_t thread_number() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
    return number;
}

/// Returns whether Prometheus accepts the name of a metric. [Prometheus data model, metric names]
constexpr bool is_metric_name(std::string_view name) noexcept {
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
           name.find_first_not_of("_:0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == name.npos;
}

inline std::string_view method_label(http::verb method) noexcept {
    const std::string_view name = http::to_string(method);
    return name.empty() ? "other" : name;
}

} // namespace detail

struct metrics::registry {
    explicit registry(std::size_t limit) : names_limit(limit) {}

    /// The cells of a few threads. Threads of one shard rarely meet at its mutex.
    struct alignas(64) shard {
        std::mutex mutex;
        detail::metrics_cells cells;
    };
    struct gauge_entry {
        std::string help;
        std::function<double()> read;
    };

    template <class F>
    void edit(F change) {
        shard& mine = shards[detail::thread_number() % shards.size()];
        const std::lock_guard lock(mine.mutex);
        change(mine.cells);
    }

    /// Returns the cell of a name; that of `other` if the names are too many.
    template <class Cells>
    auto& named(Cells& cells, std::string_view name) {
        if (const auto found = cells.find(name); found != cells.end())
            return found->second;
        return cells[std::string(admit(name) ? name : "other")];
    }

    bool admit(std::string_view name) {
        const std::lock_guard lock(names_mutex);
        if (names.contains(name))
            return true;
        return names.size() < names_limit && names.emplace(name).second;
    }

    detail::metrics_cells sum() {
        detail::metrics_cells all;
        for (shard& each : shards) {
            const std::lock_guard lock(each.mutex);
            all += each.cells;
        }
        return all;
    }

    void write_http(detail::exposition& out, const detail::metrics_cells& all) const;
    void write_calls(detail::exposition& out, const detail::metrics_cells& all) const;
    void write_gauges(detail::exposition& out);

    const std::size_t names_limit;
    const double started =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    std::array<shard, 16> shards;
    std::mutex names_mutex; // taken within that of a shard
    std::set<std::string, std::less<>> names;
    std::mutex gauges_mutex;
    std::map<std::pair<std::string, std::string>, gauge_entry> gauges; // by name and labels
};

MCP_DECL metrics::metrics(std::size_t names) : data_(std::make_shared<registry>(names)) {}

MCP_DECL void metrics::begin(const call_info&) {
    data_->edit([](detail::metrics_cells& cells) { ++cells.begun; });
}

MCP_DECL void metrics::end(const call_info& call, const call_end& how) {
    data_->edit([&](detail::metrics_cells& cells) {
        --cells.begun;
        const auto add = [&](detail::call_cell& cell) {
            ++cell.ended[static_cast<std::size_t>(how.outcome)];
            cell.durations.add(how.duration);
        };
        // The method is one of the protocol, or empty.
        const std::string_view method = call.method.empty() ? "other" : call.method;
        const auto found = cells.methods.find(method);
        add(found != cells.methods.end() ? found->second : cells.methods[std::string(method)]);
        if (method == "tools/call")
            add(call.name.empty() ? cells.tools["other"] : data_->named(cells.tools, call.name));
    });
}

MCP_DECL void metrics::count(std::string_view event, std::uint64_t by) {
    data_->edit([&](detail::metrics_cells& cells) { data_->named(cells.events, event) += by; });
}

MCP_DECL void metrics::record(const http::request_record& request) {
    data_->edit([&](detail::metrics_cells& cells) {
        ++cells.http_requests[{request.method, static_cast<unsigned>(request.code)}];
        if (!request.stream)
            cells.http_durations[request.method].add(request.duration);
        cells.http_received += request.received;
        cells.http_sent += request.sent;
    });
}

MCP_DECL std::function<void(const http::request_record&)> metrics::on_end() const {
    return [self = *this](const http::request_record& each) mutable { self.record(each); };
}

MCP_DECL void metrics::redis_round_trip(std::chrono::nanoseconds duration, bool answered) {
    data_->edit([&](detail::metrics_cells& cells) {
        cells.redis.add(duration);
        cells.redis_failures += answered ? 0 : 1;
    });
}

MCP_DECL std::function<void(std::chrono::nanoseconds, bool)> metrics::on_redis_reply() const {
    return [self = *this](std::chrono::nanoseconds duration, bool answered) mutable {
        self.redis_round_trip(duration, answered);
    };
}

MCP_DECL void metrics::gauge(std::string name, std::string help, std::function<double()> read,
                             std::string labels) {
    if (!detail::is_metric_name(name) || help.find_first_of("\\\n") != help.npos)
        throw std::invalid_argument("the metric name '" + name + "' or its help is not valid");
    const std::lock_guard lock(data_->gauges_mutex);
    data_->gauges.insert_or_assign({std::move(name), std::move(labels)},
                                   registry::gauge_entry{std::move(help), std::move(read)});
}

MCP_DECL void metrics::remove_gauges(const std::string& name) {
    const std::lock_guard lock(data_->gauges_mutex);
    std::erase_if(data_->gauges, [&](const auto& each) { return each.first.first == name; });
}

MCP_DECL void metrics::registry::write_http(detail::exposition& out,
                                            const detail::metrics_cells& all) const {
    out.family("mcp_http_requests_total", "counter",
               "HTTP requests by method and status; 499 if the peer left before the response.");
    for (const auto& [key, value] : all.http_requests)
        out.sample(value, {{"method", detail::method_label(key.first)},
                           {"status", std::to_string(key.second)}});
    out.family("mcp_http_request_duration_seconds", "histogram",
               "Time from an HTTP request to the end of its response, without streams.");
    for (const auto& [method, value] : all.http_durations)
        out.sample(value, {{"method", detail::method_label(method)}});
    out.family("mcp_http_received_bytes_total", "counter", "Bytes of HTTP requests.");
    out.sample(all.http_received);
    out.family("mcp_http_sent_bytes_total", "counter", "Bytes of HTTP responses.");
    out.sample(all.http_sent);
}

MCP_DECL void metrics::registry::write_calls(detail::exposition& out,
                                             const detail::metrics_cells& all) const {
    const auto write = [&](const auto& cells, std::string_view label, std::string_view total,
                           std::string_view duration, std::string_view what) {
        const std::string help(what);
        out.family(total, "counter", help + " by outcome.");
        for (const auto& [name, cell] : cells)
            for (std::size_t i = 0; i < cell.ended.size(); ++i)
                if (cell.ended[i] != 0)
                    out.sample(cell.ended[i],
                               {{label, name}, {"outcome", to_string(static_cast<outcome>(i))}});
        out.family(duration, "histogram", "Duration of " + help + ".");
        for (const auto& [name, cell] : cells)
            out.sample(cell.durations, {{label, name}});
    };
    write(all.methods, "method", "mcp_requests_total", "mcp_request_duration_seconds",
          "MCP requests");
    write(all.tools, "tool", "mcp_tool_calls_total", "mcp_tool_call_duration_seconds",
          "calls of tools");
    out.family("mcp_requests_in_progress", "gauge", "MCP requests that have begun and not ended.");
    out.sample(static_cast<std::uint64_t>(std::max<std::int64_t>(all.begun, 0)));
    out.family("mcp_events_total", "counter", "Events that the server and its handlers count.");
    for (const auto& [name, value] : all.events)
        out.sample(value, {{"event", name}});
    if (all.redis.counts() == detail::histogram().counts() && all.redis_failures == 0)
        return;
    out.family("mcp_redis_command_duration_seconds", "histogram", "Round trips to Redis.");
    out.sample(all.redis);
    out.family("mcp_redis_failures_total", "counter", "Commands without a reply of Redis.");
    out.sample(all.redis_failures);
}

MCP_DECL void metrics::registry::write_gauges(detail::exposition& out) {
    const std::lock_guard lock(gauges_mutex);
    std::string_view last;
    for (const auto& [key, each] : gauges) {
        if (key.first != std::exchange(last, key.first))
            out.family(key.first, "gauge", each.help);
        out.sample(each.read(), key.second);
    }
}

MCP_DECL std::string metrics::text() const {
    const detail::metrics_cells all = data_->sum();
    detail::exposition out;
    data_->write_http(out, all);
    data_->write_calls(out, all);
    data_->write_gauges(out);
    out.family("process_start_time_seconds", "gauge", "Start of the process since 1970.");
    out.sample(data_->started, "");
    return out.take();
}

MCP_DECL http::handler metrics::handler() const {
    return [self = *this](http::request&, http::response& r) -> asio::awaitable<void> {
        r.content_type = "text/plain; version=0.0.4; charset=utf-8";
        r.set("Cache-Control", "no-store");
        r.body = self.text();
        co_return;
    };
}

} // namespace mcp
