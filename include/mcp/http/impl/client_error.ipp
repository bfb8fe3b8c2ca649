#pragma once

#include <mcp/http/client_error.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp::http {

MCP_DECL client_error::client_error(client_failure why, std::string_view host,
                                    std::string_view sentence)
    : std::runtime_error((host.empty() ? std::string("HTTP client") : std::string(host))
                             .append(": ")
                             .append(sentence))
    , why_(why)
    , host_(host) {}

} // namespace mcp::http
