// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/client/response_cache.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

/// About the memory of an entry beside its texts.
inline constexpr std::size_t cache_entry_overhead = 200;

/// Appends a part of the name of an entry. No name of one is the beginning of that of another.
inline void append_part(std::string& to, std::string_view part) {
    to.append(std::to_string(part.size())).append(":").append(part);
}

/// Returns the beginning of the names of all entries for a method, or for a target of it.
inline std::string entry_prefix(std::string_view server, std::string_view method,
                                std::optional<std::string_view> target) {
    std::string name;
    append_part(name, server);
    append_part(name, method);
    if (target)
        append_part(name, *target);
    return name;
}

inline std::string entry_name(const response_cache::key& of, cache_scope scope) {
    std::string name = entry_prefix(of.server, of.method, of.target);
    return scope == cache_scope::public_ ? name + '+' : (name + '-').append(of.partition);
}

} // namespace detail

MCP_DECL response_cache::response_cache(response_cache_options options)
    : options_(std::move(options)) {}

MCP_DECL std::optional<std::string> response_cache::find(const key& of) {
    const std::lock_guard lock(mutex_);
    auto found = find_entry(detail::entry_name(of, cache_scope::private_));
    return found ? found : find_entry(detail::entry_name(of, cache_scope::public_));
}

MCP_DECL std::optional<std::string> response_cache::find_entry(const std::string& name) {
    const auto found = entries_.find(name);
    if (found == entries_.end())
        return std::nullopt;
    if (found->second.end <= options_.now()) {
        erase(found);
        return std::nullopt;
    }
    uses_.splice(uses_.begin(), uses_, found->second.use);
    return found->second.text;
}

MCP_DECL std::uint64_t response_cache::begin() const {
    const std::lock_guard lock(mutex_);
    return drops_;
}

MCP_DECL void response_cache::put(const key& of, const cache_policy& policy, std::string text,
                                  std::uint64_t begun) {
    const std::lock_guard lock(mutex_);
    for (const cache_scope scope : {cache_scope::private_, cache_scope::public_})
        if (const auto old = entries_.find(detail::entry_name(of, scope)); old != entries_.end())
            erase(old);
    std::string name = detail::entry_name(of, policy.scope);
    const std::size_t size = name.size() + text.size() + detail::cache_entry_overhead;
    if (policy.ttl.count() <= 0 || begun != drops_ || size > options_.bytes ||
        options_.entries == 0)
        return;
    while (entries_.size() >= options_.entries || bytes_ > options_.bytes - size)
        erase(entries_.find(*uses_.back()));
    const auto at = entries_.try_emplace(std::move(name)).first;
    at->second.text = std::move(text);
    at->second.end = detail::later(options_.now(), std::min(policy.ttl, options_.longest));
    at->second.use = uses_.insert(uses_.begin(), &at->first);
    bytes_ += size;
}

MCP_DECL void response_cache::drop(std::string_view server, std::string_view method,
                                   std::optional<std::string_view> target) {
    const std::lock_guard lock(mutex_);
    ++drops_;
    const std::string prefix = detail::entry_prefix(server, method, target);
    for (auto at = entries_.lower_bound(prefix);
         at != entries_.end() && at->first.starts_with(prefix);)
        erase(at++);
}

MCP_DECL void response_cache::clear() {
    const std::lock_guard lock(mutex_);
    ++drops_;
    entries_.clear();
    uses_.clear();
    bytes_ = 0;
}

MCP_DECL std::size_t response_cache::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

MCP_DECL void response_cache::erase(entries::iterator found) {
    bytes_ -= found->first.size() + found->second.text.size() + detail::cache_entry_overhead;
    uses_.erase(found->second.use);
    entries_.erase(found);
}

} // namespace mcp
