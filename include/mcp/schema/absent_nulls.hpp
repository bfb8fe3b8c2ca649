// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mcp::schema {

/// Finds the nulls that stand for absent members under a schema known only at run time: those at
/// properties that are not required and may not be null. `decode` has the same rule for C++ types.
///
/// It looks at `properties`, and at those within them. It leaves values under `allOf`, `$ref`,
/// `items` and similar keywords unchanged for the validator. Any number of threads may use one
/// object.
class absent_nulls {
public:
    /// Finds the properties of a schema that `validator::compile` accepts.
    explicit absent_nulls(const json& schema);

    /// Returns the value without those nulls, or nullopt if it has none of them.
    std::optional<json> without(const json& value) const;

private:
    struct level {
        std::string name;
        std::vector<std::string> absent;
        std::vector<level> inside;
    };

    static level find(const json& root, const json& schema, std::size_t depth);
    static bool has(const level& here, const json& value);
    static void drop(const level& here, json& value);

    level root_;
};

} // namespace mcp::schema

#ifdef MCP_BODIES
#include <mcp/schema/impl/absent_nulls.ipp>
#endif
