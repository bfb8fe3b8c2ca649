// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <string>

namespace mcp::schema {

/// Returns why the engine refuses a `pattern` of the schema, although its syntax is supported: the
/// expression is too large, or names an unknown script. Empty if the engine accepts all of them, or
/// if the program has no engine.
std::string refused_pattern(const json& schema);

} // namespace mcp::schema

#ifdef MCP_BODIES
#include <mcp/schema/impl/refused_pattern.ipp>
#endif
