// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/local_users.hpp>
#include <mcp/http/message.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace mcp {

MCP_DECL local_users::local_users() : map_(by_number) {}

MCP_DECL local_users::local_users(mapping map) : map_(std::move(map)) {
    if (!map_)
        throw std::invalid_argument("local_users needs a mapping");
}

MCP_DECL auth_result local_users::authenticate(const http::request& request) const {
    using reason = auth_failure::reason;
    if (!request.local)
        return auth_failure{reason::no_token, "Only clients on the Unix domain socket are known"};
    std::optional<principal> identity = map_(*request.local);
    if (!identity || identity->subject.empty())
        return auth_failure{reason::invalid_token, "The user is no client of this server"};
    return std::move(*identity);
}

MCP_DECL principal local_users::by_number(const http::local_peer& peer) {
    principal identity{"uid:" + std::to_string(peer.user)};
    identity.claims = {{"uid", peer.user}, {"gid", peer.group}, {"pid", peer.process}};
    return identity;
}

} // namespace mcp
