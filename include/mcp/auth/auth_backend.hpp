// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/result.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The reason why a request is refused.
struct auth_failure {
    enum class reason : std::uint8_t {
        no_token,      ///< 401 without an error code [RFC 6750 §3.1]
        invalid_token, ///< 401: malformed, unknown, expired, revoked, or for another audience
        bad_request,   ///< 400: the credentials are malformed
        unavailable,   ///< 503: the authority that knows the answer cannot be reached
    };

    reason why = reason::no_token;
    std::string description{}; ///< a sentence that the client may see; no secrets
};

/// Makes `result::value()` throw `std::runtime_error`.
[[noreturn]] void throw_exception_from_error(const auth_failure& failure,
                                             const boost::source_location&);

/// The result of an authentication.
using auth_result = result<principal, auth_failure>;

/// Authenticates requests.
///
/// `authenticate` is called for every request, from all event loops concurrently. It returns
/// `auth_result` or `asio::awaitable<auth_result>`; the request outlives the returned value. A
/// backend that blocks its thread declares `static constexpr bool blocking = true` and is then
/// called on the server's threads for collaborators. A failure is never an exception: an exception
/// gives 500.
///
/// A backend whose tokens come from no authorization server declares
/// `static constexpr bool authorization_server = false`. Clients without a token are told so. For
/// any other backend, `mcp::run` warns if `protected_resource` does not name the server.
///
/// [MCP 2026-07-28 basic/authorization]
template <class T>
concept auth_backend = requires(T& backend, const http::request& request) {
    { backend.authenticate(request) };
    requires std::same_as<detail::awaited_t<decltype(backend.authenticate(request))>, auth_result>;
};

namespace detail {

/// Whether an authorization server issues the tokens of a backend.
template <class T>
inline constexpr bool has_authorization_server_v = true;
template <class T>
    requires requires { T::authorization_server; }
inline constexpr bool has_authorization_server_v<T> = T::authorization_server;

} // namespace detail

/// Returns the token of `Authorization: Bearer <token>`; empty if the header is absent, repeated,
/// or of another scheme. [RFC 6750 §2.1]
std::optional<std::string_view> bearer_token(const http::request& request);

namespace detail {

/// Any `auth_backend`, type-erased.
class any_auth_backend {
public:
    template <auth_backend Backend>
    any_auth_backend(std::shared_ptr<Backend> backend, pool_source pool)
        : authenticate_([b = std::move(backend), p = std::move(pool)](const http::request& q) {
            return call_collaborator<Backend>(p, [b, &q] { return b->authenticate(q); });
        })
        , has_authorization_server_(has_authorization_server_v<Backend>) {}

    /// Authenticates a request, which must outlive the returned value.
    pending<auth_result> authenticate(const http::request& request) const {
        return authenticate_(request);
    }

    bool has_authorization_server() const noexcept { return has_authorization_server_; }

private:
    std::function<pending<auth_result>(const http::request&)> authenticate_;
    bool has_authorization_server_;
};

} // namespace detail

/// An `auth_backend` that accepts every request, as an anonymous principal.
class allow_any {
public:
    static constexpr bool authorization_server = false;

    auth_result authenticate(const http::request& request) const;
};

static_assert(auth_backend<allow_any>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/auth_backend.ipp>
#endif
