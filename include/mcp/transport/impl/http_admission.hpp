#pragma once

// Authentication and rate limits, before anything else of a request is checked.
// [MCP 2026-07-28 basic/authorization]

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/transport/impl/http_endpoint.hpp>
#include <mcp/transport/trusted_proxies.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp {

/// Authenticates a request. Awaits only if a collaborator must be awaited.
inline asio::awaitable<void> streamable_http::endpoint::admit(const http::request& q,
                                                              http::response& r) {
    const auto& auth = server_.environment().auth;
    if (!auth)
        return limit(q, r, nullptr);
    if (options_.limit_by_address && server_.environment().limiter)
        return admit_by_address(q, r);
    auto step = auth->authenticate(q);
    if (!step.ready())
        return admit_later(q, r, std::move(step));
    auto who = take_principal(r, step.take());
    return who ? limit(q, r, std::move(who)) : done();
}

inline asio::awaitable<void>
streamable_http::endpoint::admit_later(const http::request& q, http::response& r,
                                       detail::pending<auth_result> step) {
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    auto who = take_principal(r, step.take());
    if (who)
        co_await limit(q, r, std::move(who));
}

/// Returns the principal, or null after a refusal. [RFC 6750 §3.1]
inline streamable_http::endpoint::principal_ptr
streamable_http::endpoint::take_principal(http::response& r, auth_result outcome) const {
    if (outcome && !outcome->subject.empty())
        return std::make_shared<const principal>(std::move(*outcome));
    using reason = auth_failure::reason;
    const auth_failure failure =
        outcome ? auth_failure{reason::invalid_token, "The token has no subject"} : outcome.error();
    const protected_resource& resource = server_.options().resource;
    constexpr int unauthorized = -31401;
    const auto& auth = server_.environment().auth;
    const bool issued = !auth || auth->has_authorization_server() || resource.has_metadata();
    const std::string why =
        !failure.description.empty() ? failure.description
        : issued                     ? "Authentication is required"
                 : "Authentication is required: send a bearer token. No authorization server "
                   "issues tokens for this server; ask its operator for a token";
    server_.environment().count(failure.why == reason::unavailable ? counter::unavailable
                                                                   : counter::unauthenticated);
    switch (failure.why) {
    case reason::unavailable:
        r.set("Retry-After", "5");
        refuse(r, http::status::service_unavailable, {unauthorized, why});
        return nullptr;
    case reason::bad_request:
        r.set("WWW-Authenticate", challenge(resource, "invalid_request", {}, why));
        refuse(r, http::status::bad_request, {unauthorized, why});
        return nullptr;
    case reason::invalid_token:
        r.set("WWW-Authenticate", challenge(resource, "invalid_token", {}, why));
        break;
    case reason::no_token:
        r.set("WWW-Authenticate", challenge(resource));
        break;
    }
    refuse(r, http::status::unauthorized, {unauthorized, why});
    return nullptr;
}

/// Asks the limiter before the backend, so that attempts with wrong tokens are counted as well.
inline asio::awaitable<void> streamable_http::endpoint::admit_by_address(const http::request& q,
                                                                         http::response& r) {
    const auto& shared = server_.environment();
    auto asked = shared.limiter->acquire(limit_key(q, nullptr));
    const bool counted = co_await settled(r, asked);
    if (!counted)
        co_return;
    const rate_decision decision = asked.take();
    if (!within_limit(r, decision))
        co_return;
    auto known = shared.auth->authenticate(q);
    const bool reached = co_await settled(r, known);
    if (!reached)
        co_return;
    const auto who = take_principal(r, known.take());
    if (who)
        co_await route(q, r, who);
}

/// Returns the key of the limiter: the subject of the principal, or the address if the principal
/// has no subject of its own.
inline std::string streamable_http::endpoint::limit_key(const http::request& q,
                                                        const principal_ptr& who) const {
    if (who && !who->anonymous && !options_.limit_by_address)
        return "subject:" + who->subject;
    return "address:" + caller_of(client_address(options_.proxies, q));
}

/// Takes a permit for each request of a batch; the first was taken when the batch came in. Returns
/// nothing, after a refusal, if the limiter cannot be reached.
inline asio::awaitable<std::optional<streamable_http::endpoint::permits>>
streamable_http::endpoint::take_permits(const http::request& q, http::response& r,
                                        principal_ptr who, std::size_t requests) {
    const auto& limiter = server_.environment().limiter;
    permits taken{requests};
    for (std::size_t i = 1; limiter && i < requests; ++i) {
        auto step = limiter->acquire(limit_key(q, who));
        const bool reached = co_await settled(r, step);
        if (!reached)
            co_return std::nullopt;
        const rate_decision decision = step.take();
        if (decision.allowed)
            continue;
        server_.environment().count(counter::rate_limited);
        taken.requests = i;
        taken.retry_after = whole_seconds(decision);
        break;
    }
    co_return taken;
}

inline std::chrono::seconds::rep
streamable_http::endpoint::whole_seconds(const rate_decision& decision) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(decision.retry_after).count();
    return seconds < 1 ? 1 : seconds;
}

inline asio::awaitable<void>
streamable_http::endpoint::limit(const http::request& q, http::response& r, principal_ptr who) {
    const auto& limiter = server_.environment().limiter;
    if (!limiter)
        return route(q, r, who);
    auto step = limiter->acquire(limit_key(q, who));
    if (!step.ready())
        return limit_later(q, r, std::move(who), std::move(step));
    return within_limit(r, step.take()) ? route(q, r, who) : done();
}

inline asio::awaitable<void>
streamable_http::endpoint::limit_later(const http::request& q, http::response& r, principal_ptr who,
                                       detail::pending<rate_decision> step) {
    const bool reached = co_await settled(r, step);
    if (!reached)
        co_return;
    const rate_decision decision = step.take();
    if (within_limit(r, decision))
        co_await route(q, r, who);
}

/// Refuses a request beyond the limit. [RFC 6585 §4] [RFC 9110 §10.2.3]
inline bool streamable_http::endpoint::within_limit(http::response& r,
                                                    const rate_decision& decision) const {
    if (decision.allowed)
        return true;
    server_.environment().count(counter::rate_limited);
    refuse_for_now(r, "Too many requests", whole_seconds(decision));
    return false;
}

/// Refuses with 429: the peer must wait for `seconds`.
inline void streamable_http::endpoint::refuse_for_now(http::response& r, std::string_view why,
                                                      std::chrono::seconds::rep seconds,
                                                      const jsonrpc::id& id) {
    r.set("Retry-After", std::to_string(seconds));
    refuse(r, http::status::too_many_requests, too_many(why, seconds), id);
}

inline jsonrpc::error streamable_http::endpoint::too_many(std::string_view why,
                                                          std::chrono::seconds::rep seconds) {
    constexpr int code = -31429;
    return {code, std::string(why), R"({"retryAfter":)" + std::to_string(seconds) + '}'};
}

inline asio::awaitable<void> streamable_http::endpoint::route(const http::request& q,
                                                              http::response& r,
                                                              const principal_ptr& who) {
    if (q.method == http::verb::post)
        return post(q, r, who);
    const bool legacy = server_.options().legacy;
    const bool streams = legacy && server_.environment().topics.streams();
    if (streams && q.method == http::verb::get)
        return get(q, r, who);
    if (legacy && q.method == http::verb::delete_)
        return erase(q, r, who);
    r.set("Allow", streams ? "POST, GET, DELETE" : legacy ? "POST, DELETE" : "POST");
    return refused(r, http::status::method_not_allowed, -32000, "Method not allowed");
}

} // namespace mcp
