// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/client_certificates.hpp>
#include <mcp/http/client_certificate.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/value.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL client_certificates::client_certificates() : map_(by_subject) {}

MCP_DECL client_certificates::client_certificates(mapping map) : map_(std::move(map)) {
    if (!map_)
        throw std::invalid_argument("client_certificates needs a mapping");
}

MCP_DECL auth_result client_certificates::authenticate(const http::request& request) const {
    using reason = auth_failure::reason;
    if (request.certificate == nullptr)
        return auth_failure{reason::no_token, "A client certificate is required"};
    std::optional<principal> identity = map_(*request.certificate);
    if (!identity || identity->subject.empty())
        return auth_failure{reason::invalid_token,
                            "The certificate is of no client of this server"};
    return std::move(*identity);
}

MCP_DECL principal client_certificates::by_subject(const http::client_certificate& certificate) {
    const auto list = [](const std::vector<std::string>& names) {
        return json_array(names.begin(), names.end());
    };
    principal identity{certificate.subject};
    identity.expires = certificate.expires;
    identity.claims = {{"subject", certificate.subject}, {"common_name", certificate.common_name},
                       {"dns", list(certificate.dns)},   {"email", list(certificate.email)},
                       {"uris", list(certificate.uris)}, {"fingerprint", certificate.fingerprint}};
    return identity;
}

} // namespace mcp
