// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/observation.hpp>
#include <mcp/server/options.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace mcp {

MCP_DECL observation::observation(const server_info& info, const server_options& options) noexcept
    : options_(options)
    , log_(info, options) {}

MCP_DECL bool observation::calls() const noexcept {
    return calls_ || logs_calls();
}

MCP_DECL bool observation::logs_calls() const noexcept {
    return options_.level == log_level::debug && !lines_;
}

MCP_DECL void observation::log(const log_line& line) const noexcept {
    if (line.level < options_.level)
        return;
    for (const auto& each : list_)
        each->log(line);
    if (!lines_)
        guarded([&] { log_.log(line); });
}

MCP_DECL void observation::count(std::string_view name, std::uint64_t by) const noexcept {
    if (counts_)
        for (const auto& each : list_)
            each->count(name, by);
}

MCP_DECL void observation::begin(const call_info& call, std::vector<kept>& all) const noexcept {
    for (std::size_t i = 0; i < list_.size(); ++i)
        all[i] = list_[i]->begin(call);
    if (logs_calls())
        guarded([&] { log_.begin(call); });
}
MCP_DECL void observation::end(const call_info& call, const call_end& how,
                               std::vector<kept>& all) const noexcept {
    for (std::size_t i = 0; i < all.size(); ++i)
        list_[i]->end(all[i], call, how);
    if (logs_calls())
        guarded([&] { log_.end(call, how); });
}

struct detail::call_span::record {
    using clock = std::chrono::steady_clock;

    record(const std::shared_ptr<const observation>& observers, const call_info& call)
        : to(observers)
        , method(call.method)
        , name(call.name)
        , id(call.request_id)
        , parent(call.trace.parent)
        , state(call.trace.state)
        , session(call.session)
        , http_id(call.http_id)
        , info{method,         name,    call.revision,  id,     {parent, state},
               call.arguments, session, call.over_http, http_id}
        , kept(observers->list_.size()) {
        observers->begin(info, kept);
        info.arguments = {};
        start = clock::now();
    }
    record(const record&) = delete;
    record& operator=(const record&) = delete;
    ~record() { end(outcome::cancelled, 0); }

    void end(outcome how, int code) noexcept {
        if (ended.exchange(true))
            return;
        if (const auto observers = to.lock()) // null: the server is destroyed
            observers->end(info, {how, code, clock::now() - start}, kept);
    }

    const std::weak_ptr<const observation> to;
    const std::string method;
    const std::string name;
    const std::string id;
    const std::string parent;
    const std::string state;
    const std::string session;
    const std::string http_id;
    call_info info;
    std::vector<observation::kept> kept;
    clock::time_point start;
    std::atomic<bool> ended{false};
};

MCP_DECL detail::call_span::call_span(const std::shared_ptr<const observation>& observers,
                                      const call_info& call)
    : record_(std::make_shared<record>(observers, call)) {}

MCP_DECL void detail::call_span::end(outcome how, int code) noexcept {
    if (record_)
        record_->end(how, code);
}

} // namespace mcp
