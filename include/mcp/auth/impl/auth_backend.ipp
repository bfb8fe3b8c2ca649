// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/http/message.hpp>

#include <optional>
#include <stdexcept>
#include <string_view>

namespace mcp {

MCP_DECL void throw_exception_from_error(const auth_failure& failure,
                                         const boost::source_location&) {
    throw std::runtime_error{failure.description};
}

MCP_DECL std::optional<std::string_view> bearer_token(const http::request& request) {
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

MCP_DECL auth_result allow_any::authenticate(const http::request&) const {
    principal nobody{"anonymous"};
    nobody.anonymous = true;
    return nobody;
}

} // namespace mcp
