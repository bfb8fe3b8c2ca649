// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mcp {

/// Fills `out` from the cryptographic generator of the operating system. Throws `std::system_error`
/// if there is none. Safe in any thread.
void fill_random(std::span<std::uint8_t> out);

/// Returns an unpredictable text: `bytes` random bytes as base64url without padding, suitable for
/// headers, URLs and file names. 16 bytes give 22 characters.
std::string random_token(std::size_t bytes);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/random.ipp>
#endif
