#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/value.hpp>
#include <mcp/result.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// The HTTP header fields of the protocol; names of fields compare without regard to case.
namespace header {
inline constexpr std::string_view protocol_version = "MCP-Protocol-Version";
/// The `method` of the body (modern).
inline constexpr std::string_view method = "Mcp-Method";
/// What the method deals with, see `mcp_name` (modern).
inline constexpr std::string_view name = "Mcp-Name";
/// Before the name that an `x-mcp-header` gives (modern).
inline constexpr std::string_view param_prefix = "Mcp-Param-";
/// Only legacy.
inline constexpr std::string_view session_id = "Mcp-Session-Id";
/// Only legacy [HTML §9.2].
inline constexpr std::string_view last_event_id = "Last-Event-ID";
} // namespace header

/// What `Mcp-Name` must say for this request: `params.name` of `tools/call` and `prompts/get`,
/// `params.uri` of `resources/read`, `params.taskId` of `tasks/…`. Nothing for other methods, and
/// if the member is missing or no string. The view is into `params`.
std::optional<std::string_view> mcp_name(std::string_view method, const json_object* params);

/// A value as it may stand in `Mcp-Name` and `Mcp-Param-…`: as it is if it is visible ASCII, space
/// and tab, with neither at its ends; else `=?base64?…?=`
/// [MCP 2026-07-28 basic/transports/streamable-http].
std::string encode_header_value(std::string_view value);

/// The value that such a header stands for, or nothing if it has characters that must not be there,
/// or its base64 is not exactly as it ought to be, or what it encodes is not UTF-8. The field must
/// have been trimmed already.
std::optional<std::string> decode_header_value(std::string_view field);

/// An argument that a tool wants mirrored as a header: `x-mcp-header` in its input schema.
struct header_parameter {
    enum class type : std::uint8_t { string, integer, boolean };

    /// The whole field name: `Mcp-Param-Region`.
    std::string field;
    /// The members that lead from the arguments to the value.
    std::vector<std::string> path;
    type kind = type::string;

    /// The argument, or nullptr if it is absent or null: then there must be no header.
    const json* find(const json_object* arguments) const;

    /// The value as a client sends it, not yet encoded; nothing if the header is to be left out or
    /// the argument is not of the right type.
    std::optional<std::string> value(const json_object* arguments) const;

    /// What is wrong with the header that came with these arguments, as one sentence; nothing if it
    /// says the same as they do. `received` is the field as it came, trimmed; absent if it did not.
    std::optional<std::string> check(const json_object* arguments,
                                     std::optional<std::string_view> received) const;
};

/// Every `x-mcp-header` of an input schema. If one of them breaks a rule the reason is the error,
/// and an HTTP client must not show that tool. Without any the list is empty.
struct header_parameters {
    std::vector<header_parameter> list;
    /// One sentence; empty if the schema is sound.
    std::string error;
};
header_parameters find_header_parameters(const json& input_schema);

} // namespace mcp

#include <mcp/protocol/impl/headers.hpp>
