// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/legacy/session.hpp>
#include <mcp/session/session_record.hpp>
#include <mcp/transport/legacy/live_sessions.hpp>

#include <utility>

namespace mcp::legacy {

MCP_DECL live_sessions::live_sessions(std::string request_prefix, mcp::detail::tally counted)
    : request_prefix_(std::move(request_prefix))
    , counted_(std::move(counted)) {}

MCP_DECL std::shared_ptr<session> live_sessions::obtain(const session_record& record) {
    std::shared_ptr<session> found;
    {
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const auto now = std::chrono::steady_clock::now();
        const auto at = home.sessions.find(record.id);
        if (at != home.sessions.end()) {
            at->second.seen = now;
            found = at->second.live;
        } else {
            found = std::make_shared<session>(
                record.id, handshake{record.revision, record.client, record.capabilities},
                request_prefix_);
            sweep(home, now);
            home.sessions.emplace(record.id, entry{found, now, counted_.add()});
        }
    }
    found->refresh(record.threshold, record.version);
    return found;
}

MCP_DECL std::shared_ptr<session> live_sessions::find(std::string_view id) {
    shard& home = shard_of(id);
    std::lock_guard lock(home.mutex);
    const auto at = home.sessions.find(id);
    return at == home.sessions.end() ? nullptr : at->second.live;
}

MCP_DECL void live_sessions::end(std::string_view id) {
    std::shared_ptr<session> gone;
    {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto at = home.sessions.find(id);
        if (at == home.sessions.end())
            return;
        gone = std::move(at->second.live);
        home.sessions.erase(at);
    }
    gone->cancel_all();
    gone->hang_up();
}

MCP_DECL std::size_t live_sessions::size() const {
    std::size_t all = 0;
    for (const shard& each : shards_) {
        std::lock_guard lock(each.mutex);
        all += each.sessions.size();
    }
    return all;
}

MCP_DECL live_sessions::shard& live_sessions::shard_of(std::string_view id) {
    return shards_[std::hash<std::string_view>{}(id) % shards_.size()];
}

MCP_DECL void live_sessions::sweep(shard& home, std::chrono::steady_clock::time_point now) {
    if (now - home.swept < std::chrono::minutes(1))
        return;
    home.swept = now;
    std::erase_if(home.sessions, [now](const auto& each) {
        return now - each.second.seen > std::chrono::minutes(10) &&
               each.second.live.use_count() == 1;
    });
}

} // namespace mcp::legacy
