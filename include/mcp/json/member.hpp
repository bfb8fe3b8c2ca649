// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>

#include <string_view>

namespace mcp {

// The two rules for reading the members of every protocol object. Clients differ in how they write
// "nothing": Jackson, System.Text.Json, serde and Ruby write null, and PHP writes an empty object
// as an empty array.

/// Returns the member `key`; absent if there is none, or no object. A null member is absent.
json_view find_member(json_view object, std::string_view key) noexcept;

/// Returns the value if it is an object, and absent otherwise. `[]` counts as `{}`.
json_view find_members(json_view value) noexcept;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/member.ipp>
#endif
