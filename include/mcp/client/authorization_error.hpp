// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/transport_error.hpp>
#include <mcp/config.hpp>

#include <string>
#include <utility>

namespace mcp {

/// An exception of an `authorizer` that cannot get a token: the user has refused, the
/// authorization server is wrong or away, or the client is not registered there.
///
/// `what()` is a sentence for the user. It contains no token, code, secret or query.
class authorization_error : public transport_error {
public:
    explicit authorization_error(const std::string& description, std::string code = {})
        : transport_error(transport_failure::unauthorized, description)
        , code_(std::move(code)) {}

    /// Returns the `error` of the authorization server, such as `access_denied`; empty if it sent
    /// none. [RFC 6749 §4.1.2.1, §5.2]
    const std::string& code() const noexcept { return code_; }

private:
    std::string code_;
};

} // namespace mcp
