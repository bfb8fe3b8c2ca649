// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// The requirements for the claims of a token. [RFC 7519 §4.1]
struct jwt_claims_options {
    std::string issuer{};                ///< `iss`, compared exactly
    std::vector<std::string> audience{}; ///< one of these must be in `aud`, compared exactly
    std::chrono::seconds leeway{30};     ///< allowed clock difference
};

/// The reason why claims are refused.
struct claims_failure {
    std::string_view sentence; ///< for the client
};

/// Makes `result::value()` throw `std::invalid_argument`.
[[noreturn]] void throw_exception_from_error(const claims_failure& failure,
                                             const boost::source_location&);

/// Returns the principal of the claims, if they are valid at the time `now`.
///
/// `iss` and `aud` are compared exactly. `exp` is required and must be in the future; `nbf` and
/// `iat`, if present, must be in the past; `sub` must not be empty. Scopes are those of `scope` and
/// `scp`, each a string separated by spaces or an array of strings. A claim of the wrong type is
/// refused. [RFC 7519 §4.1] [RFC 8693 §4.2] [RFC 9068 §4]
result<principal, claims_failure> check_claims(json_object claims,
                                               const jwt_claims_options& options,
                                               std::chrono::system_clock::time_point now);

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwt_claims.ipp>
#endif
