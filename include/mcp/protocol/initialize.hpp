// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>

namespace mcp {

class json_writer;

/// The params of `initialize`, the first request of a legacy client
/// [MCP 2025-11-25 basic/lifecycle].
struct initialize_params {
    /// The revision that the client asks for; it may be unknown.
    std::string protocol_version;
    client_capabilities capabilities;
    implementation client_info;
};

/// The result of `initialize`.
struct initialize_result {
    /// The revision that both peers use from now on.
    revision protocol_version = latest_legacy;
    server_capabilities capabilities;
    implementation server_info;
    /// Tells the model how to use the server; empty if absent.
    std::string instructions;
};

/// Returns the revision that a server chooses for a client that asks for `requested`: the same one
/// if it is a known legacy revision, otherwise the newest legacy revision. It never fails.
constexpr revision negotiate_legacy(std::string_view requested) noexcept {
    const auto known = parse_revision(requested);
    return known && is_legacy(*known) ? *known : latest_legacy;
}

void write(json_writer& w, const initialize_params& value, revision r);

/// Writes the result in the form of the negotiated revision.
void write(json_writer& w, const initialize_result& value);

result<initialize_params, decode_error> read_initialize_params(json_view params);

/// Reads the result of `initialize`. An unknown revision is an error: the client must disconnect.
result<initialize_result, decode_error> read_initialize_result(json_view value,
                                                               std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/initialize.ipp>
#endif
