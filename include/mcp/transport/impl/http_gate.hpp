// SPDX-License-Identifier: MIT
#pragma once

// The gate of the HTTP endpoint: Host, Origin and path, authentication and rate limits, before
// anything else of a request is checked. [MCP 2026-07-28 basic/authorization]

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/impl/http_exchange.hpp>
#include <mcp/transport/impl/http_part.hpp>
#include <mcp/transport/trusted_proxies.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp::detail {

/// Lets requests in, or refuses them.
class http_gate : http_part {
public:
    using principal_ptr = std::shared_ptr<const principal>;

    /// The principal of a request, null without an auth backend; nothing if the request has been
    /// refused.
    using entry = std::optional<principal_ptr>;

    explicit http_gate(const http_part& common) : http_part(common) {}

    /// Returns whether the endpoint accepts the Host, the Origin and the path; if not, refuses.
    bool accepts(const http::request& q, http::response& r) const;

    /// Authenticates and counts a request. The result is ready unless a collaborator must be
    /// awaited. May throw `unavailable` at once.
    pending<entry> admit(const http::request& q, http::response& r) const;

    /// The requests of a batch that the limiter permits.
    struct permits {
        std::size_t requests = 0;
        std::chrono::seconds::rep retry_after = 1; ///< for the others
    };

    /// Takes a permit for each request of a batch; the first was taken when the batch came in.
    /// Returns nothing, after a refusal, if the limiter cannot be reached.
    asio::awaitable<std::optional<permits>> take_permits(http_exchange x,
                                                         std::size_t requests) const;

    /// Returns the key of a caller, for limits: the subject, or the address.
    std::string limit_key(const http::request& q, const principal_ptr& identity) const;

private:
    asio::awaitable<entry> admit_later(const http::request& q, http::response& r,
                                       pending<auth_result> authenticated) const;
    asio::awaitable<entry> admit_by_address(const http::request& q, http::response& r) const;
    pending<entry> limit(const http::request& q, http::response& r, principal_ptr identity) const;
    asio::awaitable<entry> limit_later(http::response& r, principal_ptr identity,
                                       pending<rate_decision> decided) const;
    principal_ptr take_principal(const http::request& q, http::response& r,
                                 auth_result outcome) const;
    bool within_limit(http::response& r, const rate_decision& decision) const;
    static std::chrono::seconds::rep whole_seconds(const rate_decision& decision);
};

inline bool http_gate::accepts(const http::request& q, http::response& r) const {
    if (!accepts_host(options_.policy, q))
        refuse(r, http::status::forbidden,
               {errc::refused, "This Host is not allowed; a server on localhost accepts only "
                               "localhost. Allow it by --allowed-hosts or http_policy::hosts"});
    else if (!accepts_origin(options_.policy, q))
        refuse(r, http::status::forbidden,
               {errc::refused, "This Origin is not allowed. Allow it by --allowed-origins or "
                               "http_policy::origins"});
    else if (q.mounted != 0 && q.path.size() > q.mounted && q.path.substr(q.mounted) != "/")
        refuse(r, http::status::not_found,
               {errc::refused, "There is no MCP endpoint at this path"});
    else
        return true;
    return false;
}

inline pending<http_gate::entry> http_gate::admit(const http::request& q, http::response& r) const {
    const auto& auth = server_.environment().auth;
    if (!auth)
        return limit(q, r, nullptr);
    if (options_.limit_by_address && server_.environment().limiter)
        return pending<entry>(admit_by_address(q, r));
    auto authenticated = auth->authenticate(q);
    if (!authenticated.ready())
        return pending<entry>(admit_later(q, r, std::move(authenticated)));
    auto identity = take_principal(q, r, authenticated.take());
    return identity ? limit(q, r, std::move(identity)) : pending<entry>(entry());
}

inline asio::awaitable<http_gate::entry>
http_gate::admit_later(const http::request& q, http::response& r,
                       pending<auth_result> authenticated) const {
    const bool reached = co_await settled(r, authenticated);
    if (!reached)
        co_return std::nullopt;
    auto identity = take_principal(q, r, authenticated.take());
    if (!identity)
        co_return std::nullopt;
    auto limited = limit(q, r, std::move(identity));
    if (!limited.ready())
        co_await limited.settle();
    co_return limited.take();
}

/// Returns the principal, or null after a refusal. [RFC 6750 §3.1]
inline http_gate::principal_ptr http_gate::take_principal(const http::request& q, http::response& r,
                                                          auth_result outcome) const {
    if (outcome && !outcome->subject.empty())
        return std::make_shared<const principal>(std::move(*outcome));
    using reason = auth_failure::reason;
    const auth_failure failure =
        outcome ? auth_failure{reason::invalid_token, "The token has no subject"} : outcome.error();
    const protected_resource resource = resource_at(server_.options().resource, q.params);
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
        refuse(r, http::status::service_unavailable, {errc::unauthorized, why});
        return nullptr;
    case reason::bad_request:
        r.set("WWW-Authenticate", challenge(resource, "invalid_request", {}, why));
        refuse(r, http::status::bad_request, {errc::unauthorized, why});
        return nullptr;
    case reason::invalid_token:
        r.set("WWW-Authenticate", challenge(resource, "invalid_token", {}, why));
        break;
    case reason::no_token:
        r.set("WWW-Authenticate", challenge(resource));
        break;
    }
    refuse(r, http::status::unauthorized, {errc::unauthorized, why});
    return nullptr;
}

/// Asks the limiter before the backend, so that attempts with wrong tokens are counted as well.
inline asio::awaitable<http_gate::entry> http_gate::admit_by_address(const http::request& q,
                                                                     http::response& r) const {
    const auto& shared = server_.environment();
    auto asked = shared.limiter->acquire(limit_key(q, nullptr));
    const bool counted = co_await settled(r, asked);
    if (!counted)
        co_return std::nullopt;
    const rate_decision decision = asked.take();
    if (!within_limit(r, decision))
        co_return std::nullopt;
    auto known = shared.auth->authenticate(q);
    const bool reached = co_await settled(r, known);
    if (!reached)
        co_return std::nullopt;
    const auto identity = take_principal(q, r, known.take());
    co_return identity ? entry(identity) : entry();
}

/// Returns the key of the limiter: the subject of the principal, or the address if the principal
/// has no subject of its own. A peer over a Unix domain socket has no address, but a user.
inline std::string http_gate::limit_key(const http::request& q,
                                        const principal_ptr& identity) const {
    if (identity && !identity->anonymous && !options_.limit_by_address)
        return "subject:" + identity->subject;
    const asio::ip::address address = client_address(options_.proxies, q);
    if (q.local && address == q.remote)
        return "user:" + std::to_string(q.local->user);
    return "address:" + caller_of(address);
}

inline asio::awaitable<std::optional<http_gate::permits>>
http_gate::take_permits(http_exchange x, std::size_t requests) const {
    const auto& limiter = server_.environment().limiter;
    permits taken{requests};
    for (std::size_t i = 1; limiter && i < requests; ++i) {
        auto decided = limiter->acquire(limit_key(x.request, x.principal));
        const bool reached = co_await settled(x.response, decided);
        if (!reached)
            co_return std::nullopt;
        const rate_decision decision = decided.take();
        if (decision.allowed)
            continue;
        server_.environment().count(counter::rate_limited);
        taken.requests = i;
        taken.retry_after = whole_seconds(decision);
        break;
    }
    co_return taken;
}

inline std::chrono::seconds::rep http_gate::whole_seconds(const rate_decision& decision) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(decision.retry_after).count();
    return seconds < 1 ? 1 : seconds;
}

inline pending<http_gate::entry> http_gate::limit(const http::request& q, http::response& r,
                                                  principal_ptr identity) const {
    const auto& limiter = server_.environment().limiter;
    if (!limiter)
        return pending<entry>(entry(std::move(identity)));
    auto decided = limiter->acquire(limit_key(q, identity));
    if (!decided.ready())
        return pending<entry>(limit_later(r, std::move(identity), std::move(decided)));
    return pending<entry>(within_limit(r, decided.take()) ? entry(std::move(identity)) : entry());
}

inline asio::awaitable<http_gate::entry>
http_gate::limit_later(http::response& r, principal_ptr identity,
                       pending<rate_decision> decided) const {
    const bool reached = co_await settled(r, decided);
    if (!reached)
        co_return std::nullopt;
    const rate_decision decision = decided.take();
    co_return within_limit(r, decision) ? entry(std::move(identity)) : entry();
}

/// Refuses a request beyond the limit. [RFC 6585 §4] [RFC 9110 §10.2.3]
inline bool http_gate::within_limit(http::response& r, const rate_decision& decision) const {
    if (decision.allowed)
        return true;
    server_.environment().count(counter::rate_limited);
    refuse_for_now(r, "Too many requests", whole_seconds(decision));
    return false;
}

} // namespace mcp::detail
