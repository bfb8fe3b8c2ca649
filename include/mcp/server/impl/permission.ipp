// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/server/permission.hpp>

namespace mcp {

namespace detail {

inline std::string required_scopes(const std::vector<std::string>& needed) {
    if (needed.empty())
        return {};
    std::string text;
    json_writer w(text);
    w.begin_object();
    w.key("requiredScopes");
    w.begin_array();
    for (const std::string& each : needed)
        w.value(std::string_view(each));
    w.end_array();
    w.end_object();
    return text;
}

inline const http::path_params& path_or_none(const http::path_params* path) noexcept {
    static const http::path_params none;
    return path ? *path : none;
}

} // namespace detail

MCP_DECL forbidden::forbidden(std::vector<std::string> needed)
    : protocol_error(errc::forbidden, "Permission denied", detail::required_scopes(needed))
    , scopes_(std::move(needed)) {}

MCP_DECL bool permission::has_scopes(const principal* identity) const {
    if (scopes.empty())
        return identity != nullptr || empty();
    if (!identity)
        return false;
    for (const std::string& each : scopes)
        if (!identity->has_scope(each))
            return false;
    return true;
}

MCP_DECL bool permission::admits(const principal* identity, const http::path_params* path) const {
    if (!has_scopes(identity))
        return false;
    for (const caller_predicate& each : callers)
        if (!each(*identity, detail::path_or_none(path)))
            return false;
    return true;
}

MCP_DECL void permission::check_caller(const principal* identity,
                                       const http::path_params* path) const {
    if (!admits(identity, path))
        throw has_scopes(identity) ? forbidden() : forbidden(scopes);
}

MCP_DECL asio::awaitable<void> permission::check(const principal& identity,
                                                 const json_object& params,
                                                 const http::path_params* path) const {
    for (const predicate& each : predicates) {
        const bool allowed = co_await each(identity, params, detail::path_or_none(path));
        if (!allowed)
            throw forbidden();
    }
}

MCP_DECL permission operator&(permission a, const permission& b) {
    a.scopes.insert(a.scopes.end(), b.scopes.begin(), b.scopes.end());
    a.callers.insert(a.callers.end(), b.callers.begin(), b.callers.end());
    a.predicates.insert(a.predicates.end(), b.predicates.begin(), b.predicates.end());
    return a;
}

MCP_DECL json_object detail::reading_params(std::string_view uri) {
    json_object params;
    params["uri"] = normal_uri(uri);
    return params;
}

MCP_DECL asio::awaitable<std::exception_ptr>
detail::verdict_of(std::shared_ptr<const permission> needed,
                   std::shared_ptr<const principal> identity, json_object params,
                   const http::path_params* path) {
    try {
        needed->check_caller(identity.get(), path);
        if (identity)
            co_await needed->check(*identity, params, path);
    } catch (...) {
        co_return std::current_exception();
    }
    co_return nullptr;
}

} // namespace mcp
