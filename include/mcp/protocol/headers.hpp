// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The HTTP header fields of the protocol. Field names compare without regard to case.
namespace header {
inline constexpr std::string_view protocol_version = "MCP-Protocol-Version";
/// The `method` of the body; modern only.
inline constexpr std::string_view method = "Mcp-Method";
/// The target of the method, see `mcp_name`; modern only.
inline constexpr std::string_view name = "Mcp-Name";
/// The prefix of the name that an `x-mcp-header` gives; modern only.
inline constexpr std::string_view param_prefix = "Mcp-Param-";
/// Legacy only.
inline constexpr std::string_view session_id = "Mcp-Session-Id";
/// Legacy only [HTML §9.2].
inline constexpr std::string_view last_event_id = "Last-Event-ID";
} // namespace header

/// Returns the value that `Mcp-Name` must have for a request: `params.name` of `tools/call` and
/// `prompts/get`, `params.uri` of `resources/read`, `params.taskId` of `tasks/…`. Returns nothing
/// for other methods, and if the member is missing or not a string. The view points into `params`.
std::optional<std::string_view> mcp_name(std::string_view method, json_view params);

/// Encodes a value for `Mcp-Name` and `Mcp-Param-…`. A value of visible ASCII, spaces and tabs,
/// with no space or tab at its ends, is returned unchanged; any other becomes `=?base64?…?=`
/// [MCP 2026-07-28 basic/transports/streamable-http].
std::string encode_header_value(std::string_view value);

/// Decodes a value of `Mcp-Name` or `Mcp-Param-…`. Returns nothing if it has a forbidden character,
/// if its base64 is not canonical, or if the decoded bytes are not UTF-8. The caller trims the
/// field first.
std::optional<std::string> decode_header_value(std::string_view field);

/// An argument that a tool mirrors in a header: `x-mcp-header` in its input schema.
struct header_parameter {
    enum class type : std::uint8_t { string, integer, boolean };

    /// The complete field name, such as `Mcp-Param-Region`.
    std::string field;
    /// The member names that lead from the arguments to the value.
    std::vector<std::string> path;
    type kind = type::string;

    /// Returns the argument; absent also if it is null. There must be no header then.
    json_view find(json_view arguments) const;

    /// Returns the value that a client sends, before it is encoded. Returns nothing if the client
    /// omits the header or if the argument has the wrong type.
    std::optional<std::string> value(json_view arguments) const;

    /// Compares the header with the arguments. Returns a sentence that describes a mismatch, or
    /// nothing if they agree. `received` is the trimmed field value, or nothing if there is no
    /// field.
    std::optional<std::string> check(json_view arguments,
                                     std::optional<std::string_view> received) const;
};

/// The `x-mcp-header` entries of an input schema; the list may be empty. If an entry breaks a rule,
/// `error` gives the reason, and an HTTP client must not show the tool.
struct header_parameters {
    std::vector<header_parameter> list;
    /// One sentence; empty if the schema is valid.
    std::string error;
};
header_parameters find_header_parameters(const json& input_schema);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/headers.ipp>
#endif
