// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

/// How a client reaches a server of a configuration.
enum class server_kind : std::uint8_t {
    process, ///< starts a program, and talks to it over its standard input and output
    http,    ///< streamable HTTP, or HTTP+SSE where the server has only that
    sse,     ///< HTTP+SSE of 2024-11-05
};

/// A server of an `mcpServers` configuration.
struct server_entry {
    server_entry() {}

    std::string name;
    server_kind kind = server_kind::process;
    std::string command{}; ///< the program; empty unless it is a process
    std::vector<std::string> arguments{};
    std::vector<std::pair<std::string, std::string>> environment{}; ///< added to the inherited one
    std::string folder{};                                           ///< empty for the current one
    std::string url{};                                              ///< empty for a process
    std::vector<std::pair<std::string, std::string>> headers{};     ///< of every request
};

/// Finds the value of a variable that a configuration names.
using variable_lookup = std::function<std::optional<std::string>(const std::string& name)>;

/// Returns the value of a variable in the environment of this process.
std::optional<std::string> environment_variable(const std::string& name);

/// Reads the servers of a configuration as hosts such as Claude Desktop and VS Code have it: the
/// member `mcpServers`, or else `servers`.
///
/// `${NAME}` and `${env:NAME}` stand for variables, and `${NAME:-text}` for one with a default, in
/// all texts but names. Entries with `"disabled": true` are left out, and unknown members ignored.
/// The error names the entry and the member; it has no value of a variable.
result<std::vector<server_entry>, decode_error>
read_mcp_servers(json_view configuration, const variable_lookup& find = environment_variable);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/mcp_servers.ipp>
#endif
