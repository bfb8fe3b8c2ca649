// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// The two alphabets of [RFC 4648]: `standard` (§4) is padded with '=', `url` (§5) is not.
enum class base64_alphabet { standard, url };

/// Appends `data`, any bytes, as base64.
void append_base64(std::string& out, std::string_view data,
                   base64_alphabet alphabet = base64_alphabet::standard);

/// Returns `data` as base64 with '+', '/' and padding [RFC 4648 §4].
std::string to_base64(std::string_view data);

/// Returns `data` as base64 with '-' and '_', without padding [RFC 4648 §5].
std::string to_base64url(std::string_view data);

/// Decodes base64. Returns nullopt for a character outside the alphabet (white space too), wrong or
/// missing padding, or unused bits that are not zero. So each value has exactly one text.
std::optional<std::string> from_base64(std::string_view text);

/// Decodes base64url under the same rules; it must not be padded.
std::optional<std::string> from_base64url(std::string_view text);

inline std::string to_base64(std::string_view data) {
    std::string out;
    append_base64(out, data);
    return out;
}

inline std::string to_base64url(std::string_view data) {
    std::string out;
    append_base64(out, data, base64_alphabet::url);
    return out;
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/base64.ipp>
#endif
