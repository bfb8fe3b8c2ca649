// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

class json_writer;

/// The result of `server/discover` [MCP 2026-07-28 server/discover].
struct discover_result {
    /// Modern revisions only; `initialize` negotiates a legacy revision.
    std::vector<std::string> supported_versions;
    server_capabilities capabilities;
    /// Tells the model how to use the server; empty if absent.
    std::string instructions;
    cache_policy caching;
    /// The name and version of the server, as read from a result; absent if the result has none.
    std::optional<implementation> server_info;
};

/// Returns the modern revisions of `all_revisions` in their wire form.
std::vector<std::string> modern_versions();

/// Writes a complete result. `server_info` is that of `begin_result`.
void write(json_writer& w, const discover_result& value, revision r,
           std::string_view server_info = {});

result<discover_result, decode_error> read_discover_result(json_view value,
                                                           std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/discover.ipp>
#endif
