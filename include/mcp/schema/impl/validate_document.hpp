// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/impl/validate_keywords.hpp>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mcp::schema::validation {

/// A schema with its own URI: the root, or a schema with an `$id`.
struct resource {
    const json* root = nullptr;
    std::string uri;
    std::map<std::string, const json*, std::less<>> anchors;
    std::map<std::string, const json*, std::less<>> dynamic_anchors;
};

/// One keyword of a schema, ready to be applied.
struct step {
    keyword id;
    const json* value;
    const json* target = nullptr;               // of $ref and $dynamicRef
    const reflect::regex* expression = nullptr; // of pattern
    std::string_view dynamic_name = {};         // of a $dynamicRef that leads to a dynamic anchor
};

/// One schema object.
struct node {
    const resource* home = nullptr;
    std::vector<step> steps;
};

/// A schema that is compiled once and applied many times. Pointers refer to `text`, so the document
/// must not move.
struct document {
    json text;
    std::deque<resource> resources;
    std::unordered_map<const json*, node> nodes;
    std::map<std::string, reflect::regex, std::less<>> patterns;
    /// Whether any schema has a keyword such as `unevaluatedItems` that depends on marks.
    bool has_unevaluated = false;
};

} // namespace mcp::schema::validation
