// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/member.hpp>
#include <mcp/schema/absent_nulls.hpp>
#include <mcp/schema/validate.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::schema {
namespace detail {

/// Compiles a schema that contains only those properties, and the definitions of the root, to
/// which they may refer.
inline std::optional<validator> properties_alone(const json& root, const json& properties) {
    json_object schema;
    for (const std::string_view key : {"$schema", "$defs", "definitions"}) {
        if (const json_view member = find_member(root, key)) {
            schema.emplace(key, member.to_json());
        }
    }
    schema.emplace("properties", properties);
    auto compiled = validator::compile(json(std::move(schema)));
    return compiled ? std::optional{std::move(*compiled)} : std::nullopt;
}

inline bool is_required(const json& schema, std::string_view name) {
    const json_view required = find_member(schema, "required");
    if (!required || !required.is_array()) {
        return false;
    }
    const auto names = required.elements();
    return std::any_of(names.begin(), names.end(),
                       [name](json_view each) { return each.if_string() == name; });
}

} // namespace detail

MCP_DECL absent_nulls::absent_nulls(const json& schema) : root_{find(schema, schema, 0)} {}

MCP_DECL std::optional<json> absent_nulls::without(const json& value) const {
    if (!has(root_, value)) {
        return std::nullopt;
    }
    json copy(value, json_storage{});
    drop(root_, copy);
    return copy;
}

MCP_DECL absent_nulls::level absent_nulls::find(const json& root, const json& schema,
                                                std::size_t depth) {
    constexpr std::size_t deepest = 16;
    level found;
    const json_object* object = schema.if_object();
    const json* properties = object ? object->if_contains("properties") : nullptr;
    const json_object* members = properties ? properties->if_object() : nullptr;
    if (!members || depth == deepest) {
        return found;
    }
    const auto alone = detail::properties_alone(root, *properties);
    for (const auto& [name, about] : *members) {
        const json null{{name, nullptr}};
        if (alone && !detail::is_required(schema, name) && !alone->validate(null)) {
            found.absent.emplace_back(name);
        }
        level within = find(root, about, depth + 1);
        if (!within.absent.empty() || !within.inside.empty()) {
            within.name = name;
            found.inside.push_back(std::move(within));
        }
    }
    return found;
}

MCP_DECL bool absent_nulls::has(const level& here, const json& value) {
    const json_object* object = value.if_object();
    if (!object) {
        return false;
    }
    for (const std::string& name : here.absent) {
        const json* member = object->if_contains(name);
        if (member && member->is_null()) {
            return true;
        }
    }
    for (const level& within : here.inside) {
        const json* member = object->if_contains(within.name);
        if (member && has(within, *member)) {
            return true;
        }
    }
    return false;
}

MCP_DECL void absent_nulls::drop(const level& here, json& value) {
    json_object* object = value.if_object();
    if (!object) {
        return;
    }
    for (const std::string& name : here.absent) {
        const json* member = object->if_contains(name);
        if (member && member->is_null()) {
            object->stable_erase(name);
        }
    }
    for (const level& within : here.inside) {
        if (json* member = object->if_contains(within.name)) {
            drop(within, *member);
        }
    }
}

} // namespace mcp::schema
