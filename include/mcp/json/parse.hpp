// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/parse_error.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <string_view>

namespace mcp {

/// Reads one JSON text [RFC 8259] strictly. It must be one value with nothing after it, in UTF-8,
/// without repeated keys in an object [RFC 7493 §2], unpaired surrogates, or numbers too large for
/// a double. Integers of 64 bits are exact; other numbers become the nearest double.
///
/// `storage` provides the memory of the value; the default is the heap.
result<json, parse_error> parse_json(std::string_view text, const json_limits& limits = {},
                                     json_storage storage = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/parse.ipp>
#endif
