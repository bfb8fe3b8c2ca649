// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/member_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL member_reader::member_reader(json_view value, std::string_view path)
    : object_{find_members(value)}
    , path_{path} {
    if (value && !object_) {
        error_.emplace(decode_error{std::string{path}, expected("object", value)});
    }
}

MCP_DECL json_view member_reader::find_present(std::string_view key) const {
    return error_ ? json_view{} : find_member(object_, key);
}

MCP_DECL json_view member_reader::find(std::string_view key) const {
    return error_ ? json_view{} : object_.find(key);
}

MCP_DECL void member_reader::fail(std::string_view key, std::string message) {
    if (!error_) {
        const json_path step{nullptr, key};
        error_.emplace(decode_error{render_path(path_, &step), std::move(message)});
    }
}

MCP_DECL std::string member_reader::expected(std::string_view what, json_view got) {
    std::string text{"expected "};
    return text.append(what).append(", got ").append(kind_name(got));
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, std::string& into) {
    if (const auto text = value.if_string()) {
        into.assign(*text);
    } else {
        fail(key, expected("string", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value,
                                        std::string_view& into) {
    if (const auto text = value.if_string()) {
        into = *text;
    } else {
        fail(key, expected("string", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, bool& into) {
    if (value.is_bool()) {
        into = value.get_bool();
    } else {
        fail(key, expected("boolean", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, double& into) {
    if (value.is_number()) {
        into = value.to_double();
    } else {
        fail(key, expected("number", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, std::int64_t& into) {
    if (const auto number = value.to_int64()) {
        into = *number;
    } else {
        fail(key, expected("integer", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, json_object& into) {
    if (const json_view object = find_members(value)) {
        into = std::move(object.to_json().get_object());
    } else {
        fail(key, expected("object", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value, json_view& into) {
    into = find_members(value);
    if (!into) {
        fail(key, expected("object", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, json_view value,
                                        std::vector<std::string>& into) {
    if (!check_array(key, value)) {
        return;
    }
    into.clear();
    into.reserve(value.size());
    const json_path list{nullptr, key};
    std::size_t i = 0;
    for (const json_view each : value.elements()) {
        const auto text = each.if_string();
        if (!text) {
            const json_path step{&list, {}, i};
            error_.emplace(decode_error{render_path(path_, &step), expected("string", each)});
            return;
        }
        into.emplace_back(*text);
        ++i;
    }
}

MCP_DECL void member_reader::adopt_error(const decode_error& inner, const json_path& step) {
    if (!error_) {
        error_.emplace(
            decode_error{join_paths(render_path(path_, &step), inner.path), inner.message});
    }
}

MCP_DECL bool member_reader::check_array(std::string_view key, json_view value) {
    if (!value.is_array()) {
        fail(key, expected("array", value));
    }
    return value.is_array();
}

} // namespace mcp
