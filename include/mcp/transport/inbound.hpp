#pragma once

#include <mcp/json/member.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Says to which of the two wires a message belongs.
enum class era : std::uint8_t { legacy, modern };

/// Returns the revision in the message's own `_meta`, whatever its type; null if there is none.
inline const json* claimed_revision(const json& message) noexcept {
    const json* params = find_member(message.if_object(), "params");
    const json* meta = params ? find_member(params->if_object(), "_meta") : nullptr;
    return meta ? find_member(meta->if_object(), meta_key::protocol_version) : nullptr;
}

/// Returns whether the message claims the modern wire. It is then treated as modern in every case.
inline bool claims_modern(const json& message) noexcept {
    return claimed_revision(message) != nullptr;
}

/// Returns the error for a request that names no modern revision while there is no session.
/// `modern` says whether such a revision would be served.
inline jsonrpc::error not_begun(bool modern) {
    std::string text = "Send initialize first";
    if (modern)
        text += ", or name a modern revision in params._meta of each request";
    return invalid_request(std::move(text));
}

/// Returns the era of one message, from the message itself. A transport with headers passes the
/// revision that its header names, if any.
///
/// `initialize` is legacy unless it claims a modern revision. A response is legacy unless it claims
/// a revision. A header with a modern or unknown revision makes all other messages modern, so that
/// a missing member is reported and not guessed.
inline era era_of(const json& message, std::optional<std::string_view> header = {}) noexcept {
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
