// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mcp::schema::validation {

/// The keywords that constrain an instance, in the order in which they are applied: cheap keywords
/// first, keywords that need the marks of others last.
enum class keyword : std::uint8_t {
    type,
    enum_,
    const_,
    minimum,
    maximum,
    exclusive_minimum,
    exclusive_maximum,
    multiple_of,
    min_length,
    max_length,
    pattern,
    min_items,
    max_items,
    unique_items,
    min_properties,
    max_properties,
    required,
    dependent_required,
    property_names,
    properties,
    pattern_properties,
    additional_properties,
    prefix_items,
    items,
    additional_items,
    contains,
    dependent_schemas,
    dependencies,
    ref,
    dynamic_ref,
    all_of,
    any_of,
    one_of,
    not_,
    if_,
    unevaluated_items,
    unevaluated_properties,
    // Not applied on their own:
    then_,
    else_,
    min_contains,
    max_contains,
    definitions,
};

/// The required form of the value of a keyword.
enum class shape : std::uint8_t {
    schema,
    schemas,         // an array, not empty
    schema_map,      // an object of schemas
    schema_or_array, // `items` before 2020-12
    count,           // an integer, not negative
    number,
    positive, // a number above zero
    boolean,
    text,
    expression,     // a regular expression
    names,          // an array of strings
    names_map,      // an object of arrays of strings
    type_names,     // a type or an array of types
    dependency_map, // an object of schemas or arrays of strings
    array,
    anything,
};

struct keyword_entry {
    std::string_view name;
    keyword id;
    shape form;
};

inline constexpr keyword_entry keywords[] = {
    {"$defs", keyword::definitions, shape::schema_map},
    {"$dynamicRef", keyword::dynamic_ref, shape::text},
    {"$ref", keyword::ref, shape::text},
    {"additionalItems", keyword::additional_items, shape::schema},
    {"additionalProperties", keyword::additional_properties, shape::schema},
    {"allOf", keyword::all_of, shape::schemas},
    {"anyOf", keyword::any_of, shape::schemas},
    {"const", keyword::const_, shape::anything},
    {"contains", keyword::contains, shape::schema},
    {"definitions", keyword::definitions, shape::schema_map},
    {"dependencies", keyword::dependencies, shape::dependency_map},
    {"dependentRequired", keyword::dependent_required, shape::names_map},
    {"dependentSchemas", keyword::dependent_schemas, shape::schema_map},
    {"else", keyword::else_, shape::schema},
    {"enum", keyword::enum_, shape::array},
    {"exclusiveMaximum", keyword::exclusive_maximum, shape::number},
    {"exclusiveMinimum", keyword::exclusive_minimum, shape::number},
    {"if", keyword::if_, shape::schema},
    {"items", keyword::items, shape::schema_or_array},
    {"maxContains", keyword::max_contains, shape::count},
    {"maxItems", keyword::max_items, shape::count},
    {"maxLength", keyword::max_length, shape::count},
    {"maxProperties", keyword::max_properties, shape::count},
    {"maximum", keyword::maximum, shape::number},
    {"minContains", keyword::min_contains, shape::count},
    {"minItems", keyword::min_items, shape::count},
    {"minLength", keyword::min_length, shape::count},
    {"minProperties", keyword::min_properties, shape::count},
    {"minimum", keyword::minimum, shape::number},
    {"multipleOf", keyword::multiple_of, shape::positive},
    {"not", keyword::not_, shape::schema},
    {"oneOf", keyword::one_of, shape::schemas},
    {"pattern", keyword::pattern, shape::expression},
    {"patternProperties", keyword::pattern_properties, shape::schema_map},
    {"prefixItems", keyword::prefix_items, shape::schemas},
    {"properties", keyword::properties, shape::schema_map},
    {"propertyNames", keyword::property_names, shape::schema},
    {"required", keyword::required, shape::names},
    {"then", keyword::then_, shape::schema},
    {"type", keyword::type, shape::type_names},
    {"unevaluatedItems", keyword::unevaluated_items, shape::schema},
    {"unevaluatedProperties", keyword::unevaluated_properties, shape::schema},
    {"uniqueItems", keyword::unique_items, shape::boolean},
};

/// Returns the entry of `name`, or nullptr: annotations and unknown keywords are ignored.
constexpr const keyword_entry* find_keyword(std::string_view name) {
    for (const keyword_entry& entry : keywords) {
        if (entry.name == name) {
            return &entry;
        }
    }
    return nullptr;
}

/// Returns the name of a keyword for an error.
constexpr std::string_view name_of(keyword id) {
    for (const keyword_entry& entry : keywords) {
        if (entry.id == id) {
            return entry.name;
        }
    }
    return {};
}

inline constexpr std::array<std::string_view, 7> type_names{
    "null", "boolean", "integer", "number", "string", "array", "object"};

} // namespace mcp::schema::validation
