#pragma once

#include <mcp/json/value.hpp>

#include <string_view>

namespace mcp {

// The two rules for reading the members of every protocol object. Clients differ in how they write
// "nothing": Jackson, System.Text.Json, serde and Ruby write null, and PHP writes an empty object
// as an empty array.

/// Returns the member `key`, or nullptr if it is absent. A null member counts as absent. `object`
/// may be null.
inline const json* find_member(const json_object* object, std::string_view key) noexcept {
    const json* member = object ? object->if_contains(key) : nullptr;
    return member && !member->is_null() ? member : nullptr;
}

/// Returns the members of an object, or nullptr for another value. `[]` counts as `{}`.
inline const json_object* find_members(const json& value) noexcept {
    static const json_object none;
    const json_array* array = value.if_array();
    return array && array->empty() ? &none : value.if_object();
}

} // namespace mcp
