// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_error.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp::http {

MCP_DECL client_error::client_error(client_failure reason, std::string_view host,
                                    std::string_view description)
    : std::runtime_error((host.empty() ? std::string("HTTP client") : std::string(host))
                             .append(": ")
                             .append(description))
    , why_(reason)
    , host_(host) {}

} // namespace mcp::http
