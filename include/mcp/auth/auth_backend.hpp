#pragma once

#include <mcp/async/pending.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/http/message.hpp>
#include <mcp/result.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Why a request is not let in.
struct auth_failure {
    enum class reason : std::uint8_t {
        no_token,      ///< 401 without an error code [RFC 6750 §3.1]
        invalid_token, ///< 401: malformed, unknown, expired, revoked, or for another audience
        bad_request,   ///< 400: the credentials are not of the form that they must have
        unavailable,   ///< 503: whoever knows the answer cannot be reached
    };

    reason why = reason::no_token;
    std::string description{}; ///< one sentence that the peer may see; no secrets
};

/// What `result::value()` throws: `std::runtime_error`.
[[noreturn]] inline void throw_exception_from_error(const auth_failure& failure,
                                                    const boost::source_location&) {
    throw std::runtime_error{failure.description};
}

/// What an authentication gives.
using auth_result = result<principal, auth_failure>;

/// Finds out who makes a request.
///
/// `authenticate` is called for every request, from all event loops at once, and returns
/// `auth_result` or `asio::awaitable<auth_result>`; the request outlives what it returns. A backend
/// that blocks its thread says so by `static constexpr bool blocking = true`, and is then called on
/// the server's threads for collaborators. A failure is never an exception: what is thrown is
/// answered with 500.
///
/// A backend whose tokens are issued by no authorization server says so by
/// `static constexpr bool authorization_server = false`. It is said to callers without a token; of
/// another backend, `mcp::run` warns if `protected_resource` does not name the server.
///
/// [MCP 2026-07-28 basic/authorization]
template <class T>
concept auth_backend = requires(T& backend, const http::request& request) {
    { backend.authenticate(request) };
    requires std::same_as<awaited_t<decltype(backend.authenticate(request))>, auth_result>;
};

/// Whether an authorization server issues the tokens that a backend accepts.
template <class T>
inline constexpr bool has_authorization_server_v = true;
template <class T>
    requires requires { T::authorization_server; }
inline constexpr bool has_authorization_server_v<T> = T::authorization_server;

/// The token of `Authorization: Bearer <token>`; nothing if there is no such header. More than one
/// Authorization header, or another scheme, is no token. [RFC 6750 §2.1]
inline std::optional<std::string_view> bearer_token(const http::request& request) {
    const auto value = request.headers.find("authorization");
    if (!value || request.headers.count("authorization") != 1)
        return std::nullopt;
    constexpr std::string_view scheme = "bearer ";
    if (value->size() <= scheme.size() || !http::iequals(value->substr(0, scheme.size()), scheme))
        return std::nullopt;
    std::string_view token = value->substr(scheme.size());
    while (token.starts_with(' '))
        token.remove_prefix(1);
    return token.empty() ? std::nullopt : std::optional(token);
}

/// Any `auth_backend`, for the code that is the same for all.
class any_auth_backend {
public:
    template <auth_backend Backend>
    any_auth_backend(std::shared_ptr<Backend> backend, pool_source pool)
        : authenticate_([b = std::move(backend), p = std::move(pool)](const http::request& q) {
            return call_collaborator<Backend>(p, [b, &q] { return b->authenticate(q); });
        })
        , has_authorization_server_(has_authorization_server_v<Backend>) {}

    /// The request outlives what is returned.
    pending<auth_result> authenticate(const http::request& request) const {
        return authenticate_(request);
    }

    bool has_authorization_server() const noexcept { return has_authorization_server_; }

private:
    std::function<pending<auth_result>(const http::request&)> authenticate_;
    bool has_authorization_server_;
};

/// Lets everybody in, as nobody in particular: for servers that need no authentication.
class allow_any {
public:
    static constexpr bool authorization_server = false;

    auth_result authenticate(const http::request&) const {
        principal nobody{"anonymous"};
        nobody.anonymous = true;
        return nobody;
    }
};

static_assert(auth_backend<allow_any>);

} // namespace mcp
