// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mcp {

class json_writer;

/// The capabilities of a client [MCP 2026-07-28 schema, ClientCapabilities].
struct client_capabilities {
    client_capabilities() = default;

    bool roots = false;
    /// The client notifies the server when its roots change; legacy only.
    bool roots_list_changed = false;
    bool sampling = false;
    /// Supports `tools` and `toolChoice` in sampling requests.
    bool sampling_tools = false;
    /// Supports an `includeContext` other than none.
    bool sampling_context = false;
    /// An empty `elicitation` object sets this capability.
    bool elicitation_form = false;
    bool elicitation_url = false;
    /// Settings by extension name, such as `io.modelcontextprotocol/tasks`; modern only.
    json_object extensions;
    json_object experimental;

    bool has_extension(std::string_view name) const { return extensions.contains(name); }

    /// Returns the capabilities of `needed` that are not set here.
    client_capabilities missing(const client_capabilities& needed) const;

    /// Returns the capabilities that the revision knows. A server cannot use the others, even if
    /// the client declares them.
    client_capabilities known_to(revision r) const;

    /// Returns whether no capability is set.
    bool empty() const;

    /// Returns the names of the capabilities that are set, such as `sampling.tools` or
    /// `elicitation.url`.
    std::vector<std::string> names() const;
};

/// The capabilities of a server [MCP 2026-07-28 schema, ServerCapabilities]. A `…_list_changed`
/// member has no effect unless its list is set too.
struct server_capabilities {
    server_capabilities() = default;

    bool tools = false;
    bool tools_list_changed = false;
    bool resources = false;
    bool resources_subscribe = false;
    bool resources_list_changed = false;
    bool prompts = false;
    bool prompts_list_changed = false;
    bool logging = false;
    bool completions = false;
    json_object extensions;
    json_object experimental;
};

/// Writes the capabilities that the revision knows.
void write(json_writer& w, const client_capabilities& value, revision r = latest);
void write(json_writer& w, const server_capabilities& value, revision r);

result<client_capabilities, decode_error> read_client_capabilities(json_view value,
                                                                   std::string_view path = {});
result<server_capabilities, decode_error> read_server_capabilities(json_view value,
                                                                   std::string_view path = {});

/// Returns the error for a request that needs capabilities which the client has not declared. The
/// message lists them, and says which of them do not exist in the client's revision. `data` lists
/// those that exist.
jsonrpc::error missing_client_capability(const client_capabilities& needed, revision r = latest);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/capabilities.ipp>
#endif
