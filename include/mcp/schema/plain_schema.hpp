// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

namespace mcp::schema {

/// Adds an empty member `properties` to a schema of objects without it: the API of OpenAI refuses
/// parameter schemas without that member.
json with_properties(json schema);

/// Rewrites the schema in the subset of JSON Schema that the APIs of model vendors accept.
/// References that are not recursive are expanded, `oneOf` becomes `anyOf` or `enum`, `const`
/// becomes `enum`, `prefixItems` and `items: false` become `items` with limits. The result is never
/// stricter: all values that fit `schema` fit it too. References that are not JSON pointers into
/// the schema stay.
json plain_schema(const json& schema);

} // namespace mcp::schema

#ifdef MCP_BODIES
#include <mcp/schema/impl/plain_schema.ipp>
#endif
