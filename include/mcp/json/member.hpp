// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <string_view>

namespace mcp {

// The two rules for reading the members of every protocol object. Clients differ in how they write
// "nothing": Jackson, System.Text.Json, serde and Ruby write null, and PHP writes an empty object
// as an empty array.

/// Returns the member `key`, or nullptr if it is absent. A null member counts as absent. `object`
/// may be null.
const json* find_member(const json_object* object, std::string_view key) noexcept;

/// Returns the members of an object, or nullptr for another value. `[]` counts as `{}`.
const json_object* find_members(const json& value) noexcept;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/member.ipp>
#endif
