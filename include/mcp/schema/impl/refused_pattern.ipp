// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/pattern.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>
#include <mcp/schema/refused_pattern.hpp>

#include <string>
#include <string_view>

namespace mcp::schema {

namespace detail {

/// Returns why the engine refuses the value of `key`, or a pattern in it. Enters schemas only:
/// values such as that of `default` may have members of the same names.
inline std::string refused_in(std::string_view key, const json& value) {
    using validation::shape;
    const validation::keyword_entry* known = validation::find_keyword(key);
    const shape form = known ? known->form : shape::anything;
    std::string refused;
    if (key == "pattern" && value.is_string()) {
        if (!pattern{value.get_string()}.is_valid())
            return {};
        const auto compiled = reflect::regex::compile(value.get_string());
        return compiled ? "" : compiled.error().message;
    }
    if (form == shape::schema || form == shape::schema_or_array)
        refused = refused_pattern(value);
    if ((form == shape::schemas || form == shape::schema_or_array) && value.is_array()) {
        const json_array& all = value.get_array();
        for (auto each = all.begin(); each != all.end() && refused.empty(); ++each)
            refused = refused_pattern(*each);
    }
    if ((form == shape::schema_map || form == shape::dependency_map) && value.is_object()) {
        const json_object& all = value.get_object();
        for (auto each = all.begin(); each != all.end() && refused.empty(); ++each)
            refused = refused_pattern(each->value());
    }
    return refused;
}

} // namespace detail

MCP_DECL std::string refused_pattern(const json& schema) {
    const json_object* members = schema.if_object();
    std::string refused;
    if (!members || !reflect::engine.load())
        return refused;
    for (auto each = members->begin(); each != members->end() && refused.empty(); ++each)
        refused = detail::refused_in(each->key(), each->value());
    return refused;
}

} // namespace mcp::schema
