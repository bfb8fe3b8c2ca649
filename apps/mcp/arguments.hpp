// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>

#include "mcp/command_line.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp_app {

/// Collects the types that a schema names, also in its alternatives. `root` resolves references.
inline void collect_types(mcp::json_view schema, mcp::json_view root, std::set<std::string>& into,
                          int depth = 0) {
    if (!schema || !schema.is_object() || depth > 8)
        return;
    if (const auto reference = schema.find("$ref").if_string())
        for (const std::string_view place : {"$defs", "definitions"})
            if (const std::string start = "#/" + std::string(place) + '/';
                reference->starts_with(start))
                collect_types(root.find(place).find(reference->substr(start.size())), root, into,
                              depth + 1);
    if (const mcp::json_view type = schema.find("type"); type && type.is_string())
        into.emplace(type.get_string());
    else if (type && type.is_array())
        for (const mcp::json_view each : type.elements())
            into.emplace(each.if_string().value_or(std::string_view()));
    for (const std::string_view choice : {"anyOf", "oneOf"})
        if (const mcp::json_view all = schema.find(choice); all && all.is_array())
            for (const mcp::json_view each : all.elements())
                collect_types(each, root, into, depth + 1);
    if (const mcp::json_view all = schema.find("enum"); all && all.is_array() && into.empty())
        for (const mcp::json_view each : all.elements())
            into.emplace(mcp::kind_name(each));
}

/// Reads a value that the user has typed, as the schema wants it: a number, true or false, JSON for
/// arrays and objects, and text otherwise. Throws `usage_error`.
inline mcp::json typed_value(const std::string& name, const std::string& text,
                             mcp::json_view schema, mcp::json_view root) {
    std::set<std::string> types;
    collect_types(schema, root, types);
    auto parsed = mcp::parse_json(text);
    if (types.contains("string") && types.size() == 1)
        return mcp::json(text);
    if (parsed) {
        const mcp::json_view value(*parsed);
        const std::string kind(mcp::kind_name(value));
        const bool integer = types.contains("integer") && value.is_number() && value.to_int64();
        const bool fits = types.empty() || types.contains(kind) || integer;
        if (fits && (kind != "string" || !types.contains("string")))
            return *std::move(parsed);
    }
    if (types.empty() || types.contains("string"))
        return mcp::json(text);
    std::string expected;
    for (const std::string& each : types)
        expected.append(expected.empty() ? "" : " or ").append(each);
    throw usage_error(name + ": expected " + expected);
}

/// Reads arguments such as `city=Berlin`. `schema` is that of an object; absent if it is unknown.
inline mcp::json_object typed_arguments(const std::vector<std::string>& words, std::size_t from,
                                        mcp::json_view schema, mcp::json_object values = {}) {
    for (std::size_t i = from; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        if (equals == std::string::npos || equals == 0)
            throw usage_error(words[i] + ": an argument is written NAME=VALUE");
        const std::string name = words[i].substr(0, equals);
        const mcp::json_view of_name =
            schema ? schema.find("properties").find(name) : mcp::json_view();
        values[name] = typed_value(name, words[i].substr(equals + 1), of_name, schema);
    }
    return values;
}

} // namespace mcp_app
