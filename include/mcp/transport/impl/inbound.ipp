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

inline const json* claim_in(const json_object* params) noexcept {
    const json* meta = find_member(params, "_meta");
    return meta ? find_member(meta->if_object(), meta_key::protocol_version) : nullptr;
}

} // namespace detail

MCP_DECL const json* claimed_revision(const json& message) noexcept {
    const json* params = find_member(message.if_object(), "params");
    return params ? detail::claim_in(params->if_object()) : nullptr;
}

MCP_DECL bool claims_modern(const json& message) noexcept {
    return claimed_revision(message) != nullptr;
}

MCP_DECL jsonrpc::error not_begun(bool modern) {
    std::string text = "Send initialize first";
    if (modern)
        text += ", or name a modern revision in params._meta of each request";
    return invalid_request(std::move(text));
}

MCP_DECL std::optional<jsonrpc::error> refuse_handshake(const jsonrpc::message& message) {
    if (message.kind != jsonrpc::message_kind::request || message.method != "initialize")
        return std::nullopt;
    if (detail::claim_in(message.params))
        return std::nullopt; // it claims a modern revision, which has no such method
    const json* wanted = find_member(message.params, "protocolVersion");
    return unsupported_protocol_version(wanted && wanted->is_string()
                                            ? std::string_view(wanted->get_string())
                                            : std::string_view());
}

MCP_DECL era era_of(const json& message, std::optional<std::string_view> header) noexcept {
    const json* claim = claimed_revision(message);
    const json* method = find_member(message.if_object(), "method");
    if (method && method->is_string() && method->get_string() == "initialize") {
        const auto claimed =
            claim && claim->is_string() ? parse_revision(claim->get_string()) : std::nullopt;
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
