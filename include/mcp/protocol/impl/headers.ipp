// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/headers.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

inline constexpr std::string_view sentinel_begin = "=?base64?";
inline constexpr std::string_view sentinel_end = "?=";

constexpr bool is_sentinel(std::string_view field) noexcept {
    return field.size() >= sentinel_begin.size() + sentinel_end.size() &&
           field.starts_with(sentinel_begin) && field.ends_with(sentinel_end);
}

/// Returns whether the value is visible ASCII, with spaces and tabs only inside [RFC 9110 §5.5].
constexpr bool is_plain_field(std::string_view value) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (!value.empty() && (blank(value.front()) || blank(value.back()))) {
        return false;
    }
    return std::all_of(value.begin(), value.end(),
                       [&](char c) { return (c > ' ' && c < 0x7F) || blank(c); });
}

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool same_field(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// Returns whether the text is a `token` [RFC 9110 §5.6.2].
constexpr bool is_token(std::string_view text) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        const char l = lower(c);
        return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// Returns the whole number that a decimal text equals; `42.0` is a whole number.
inline std::optional<std::int64_t> read_whole(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot != std::string_view::npos) {
        const std::string_view fraction = text.substr(dot + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) {
            return std::nullopt;
        }
        text = text.substr(0, dot);
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (text.empty() || failed != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return number;
}

/// Returns the whole number that a JSON number equals, within the range that JavaScript keeps
/// exact.
inline std::optional<std::int64_t> whole_of(json_view value) {
    constexpr std::int64_t safe = 9007199254740991; // 2^53 - 1
    const auto number = value.to_int64();
    return number && *number >= -safe && *number <= safe ? number : std::nullopt;
}

/// Walks a schema. Distinguishes keywords that hold schemas from keywords that hold plain data.
class header_parameter_finder {
public:
    header_parameters run(const json& schema) {
        visit(schema, true, 0);
        return std::move(found_);
    }

private:
    static constexpr std::string_view keyword = "x-mcp-header";
    static constexpr int deepest = 64;

    /// `reachable` means that the path so far goes through `properties` only.
    void visit(const json& schema, bool reachable, int depth) {
        if (depth > deepest) {
            return fail("the schema is nested too deeply");
        }
        const json_object* object = schema.if_object();
        if (!object || !found_.error.empty()) {
            return;
        }
        if (const json* name = object->if_contains(keyword)) {
            add(*object, *name, reachable && depth > 0);
        }
        for (const auto& entry : *object) {
            const std::string_view key = entry.key();
            if (key == "properties") {
                visit_properties(entry.value(), reachable, depth);
            } else if (key == "$defs" || key == "definitions" || key == "patternProperties" ||
                       key == "dependentSchemas") {
                visit_members(entry.value(), depth);
            } else if (key != "const" && key != "enum" && key != "default" && key != "examples") {
                visit_keyword(entry.value(), depth);
            }
        }
    }

    void visit_properties(const json& properties, bool reachable, int depth) {
        const json_object* object = properties.if_object();
        if (!object) {
            return;
        }
        for (const auto& property : *object) {
            path_.emplace_back(property.key());
            visit(property.value(), reachable, depth + 1);
            path_.pop_back();
        }
    }

    void visit_members(const json& schemas, int depth) {
        if (const json_object* object = schemas.if_object()) {
            for (const auto& entry : *object) {
                visit(entry.value(), false, depth + 1);
            }
        }
    }

    void visit_keyword(const json& value, int depth) {
        visit(value, false, depth + 1);
        if (const json_array* array = value.if_array()) {
            for (const json& element : *array) {
                visit(element, false, depth + 1);
            }
        }
    }

    void add(const json_object& schema, const json& name, bool reachable) {
        if (!name.is_string() || !is_token(name.get_string())) {
            return fail("x-mcp-header must be an HTTP token");
        }
        if (!reachable) {
            return fail(
                "x-mcp-header is allowed only on parameters reached through properties alone");
        }
        header_parameter added;
        added.field.append(header::param_prefix).append(name.get_string());
        added.path = path_;
        const json* type = schema.if_contains("type");
        const auto kind = type ? type_of(*type) : std::nullopt;
        if (!kind) {
            return fail("x-mcp-header is allowed only on a string, an integer or a boolean");
        }
        added.kind = *kind;
        for (const header_parameter& other : found_.list) {
            if (same_field(other.field, added.field)) {
                return fail("two parameters have the same x-mcp-header");
            }
        }
        found_.list.push_back(std::move(added));
    }

    /// Returns the type if `type` is one of the three, or one of them and null.
    static std::optional<header_parameter::type> type_of(const json& type) {
        if (const auto* name = type.if_string()) {
            if (*name == "string") {
                return header_parameter::type::string;
            }
            if (*name == "integer") {
                return header_parameter::type::integer;
            }
            if (*name == "boolean") {
                return header_parameter::type::boolean;
            }
            return std::nullopt;
        }
        const json_array* both = type.if_array();
        if (!both || both->size() != 2) {
            return std::nullopt;
        }
        const auto is_null = [](const json& t) {
            return t.is_string() && t.get_string() == "null";
        };
        return is_null((*both)[0])   ? single_type((*both)[1])
               : is_null((*both)[1]) ? single_type((*both)[0])
                                     : std::nullopt;
    }
    static std::optional<header_parameter::type> single_type(const json& type) {
        return type.is_string() ? type_of(type) : std::nullopt;
    }

    void fail(std::string_view why) {
        if (found_.error.empty()) {
            found_.error = why;
            found_.list.clear();
        }
    }

    header_parameters found_;
    std::vector<std::string> path_;
};

} // namespace detail

MCP_DECL std::optional<std::string_view> mcp_name(std::string_view method, json_view params) {
    std::string_view key;
    if (method == "tools/call" || method == "prompts/get") {
        key = "name";
    } else if (method == "resources/read") {
        key = "uri";
    } else if (method.starts_with("tasks/")) {
        key = "taskId";
    }
    return key.empty() ? std::nullopt : params.find(key).if_string();
}

MCP_DECL std::string encode_header_value(std::string_view value) {
    std::string out;
    const bool looks_encoded =
        value.starts_with(detail::sentinel_begin) && value.ends_with(detail::sentinel_end);
    if (detail::is_plain_field(value) && !looks_encoded) {
        out = value;
    } else {
        out = detail::sentinel_begin;
        append_base64(out, value);
        out += detail::sentinel_end;
    }
    return out;
}

MCP_DECL std::optional<std::string> decode_header_value(std::string_view field) {
    if (!detail::is_plain_field(field)) {
        return std::nullopt;
    }
    if (!detail::is_sentinel(field)) {
        return std::string{field};
    }
    field.remove_prefix(detail::sentinel_begin.size());
    field.remove_suffix(detail::sentinel_end.size());
    auto decoded = from_base64(field);
    return decoded && is_utf8(*decoded) ? std::move(decoded) : std::nullopt;
}

MCP_DECL json_view header_parameter::find(json_view arguments) const {
    for (const std::string& step : path) {
        arguments = arguments.find(step);
    }
    return arguments && !arguments.is_null() ? arguments : json_view{};
}

MCP_DECL std::optional<std::string> header_parameter::value(json_view arguments) const {
    const json_view argument = find(arguments);
    if (!argument) {
        return std::nullopt;
    }
    if (kind == type::string && argument.is_string()) {
        return std::string{argument.get_string()};
    }
    if (kind == type::boolean && argument.is_bool()) {
        return argument.get_bool() ? "true" : "false";
    }
    const auto whole = kind == type::integer ? detail::whole_of(argument) : std::nullopt;
    return whole ? std::optional{std::to_string(*whole)} : std::nullopt;
}

MCP_DECL std::optional<std::string>
header_parameter::check(json_view arguments, std::optional<std::string_view> received) const {
    if (!find(arguments)) {
        return received ? std::optional{field + " is present, but its argument is missing"}
                        : std::nullopt;
    }
    if (!received) {
        return field + " is missing";
    }
    const auto decoded = decode_header_value(*received);
    if (!decoded) {
        return field + " has an invalid encoding";
    }
    const auto expected = value(arguments);
    if (!expected) {
        return std::nullopt; // the validation of the arguments reports it
    }
    const bool same = kind == type::integer
                          ? detail::read_whole(*decoded) == detail::read_whole(*expected)
                          : *decoded == *expected;
    return same ? std::nullopt : std::optional{field + " does not match the body"};
}

MCP_DECL header_parameters find_header_parameters(const json& input_schema) {
    return detail::header_parameter_finder{}.run(input_schema);
}

} // namespace mcp
