// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/member.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/transport/inbound.hpp>

#include <string>
#include <utility>

namespace mcp {

namespace detail {

inline json_view claim_in(json_view params) noexcept {
    return find_member(find_member(params, "_meta"), meta_key::protocol_version);
}

} // namespace detail

MCP_DECL json_view claimed_revision(json_view message) noexcept {
    return detail::claim_in(find_member(message, "params"));
}

MCP_DECL bool claims_modern(json_view message) noexcept {
    return bool(claimed_revision(message));
}

MCP_DECL jsonrpc::error not_begun(bool modern) {
    std::string text = "Send initialize first";
    if (modern)
        text += ", or name a modern revision in params._meta of each request";
    return invalid_request(std::move(text));
}

MCP_DECL jsonrpc::error not_initialized() {
    return invalid_request("Send notifications/initialized first");
}

MCP_DECL std::optional<jsonrpc::error> refuse_handshake(const jsonrpc::message& message) {
    if (message.kind != jsonrpc::message_kind::request || message.method != "initialize")
        return std::nullopt;
    if (detail::claim_in(message.params))
        return std::nullopt; // it claims a modern revision, which has no such method
    const auto wanted = message.params.find("protocolVersion").if_string();
    return unsupported_protocol_version(wanted.value_or(""));
}

MCP_DECL era era_of(json_view message, std::optional<std::string_view> header) noexcept {
    const json_view claim = claimed_revision(message);
    const json_view method = find_member(message, "method");
    if (method.if_string() == "initialize") {
        const auto text = claim.if_string();
        const auto claimed = text ? parse_revision(*text) : std::nullopt;
        return claimed && is_modern(*claimed) ? era::modern : era::legacy;
    }
    if (claim)
        return era::modern;
    if (!method || !header)
        return era::legacy;
    const auto named = parse_revision(*header);
    return !named || is_modern(*named) ? era::modern : era::legacy;
}

} // namespace mcp
