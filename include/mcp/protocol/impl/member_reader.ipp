// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/path.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/member_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL member_reader::member_reader(const json& value, std::string_view path)
    : object_{find_members(value)}
    , path_{path} {
    if (!object_) {
        error_.emplace(decode_error{std::string{path}, expected("object", value)});
    }
}

MCP_DECL const json* member_reader::find_present(std::string_view key) const {
    return error_ ? nullptr : find_member(object_, key);
}

MCP_DECL const json* member_reader::find(std::string_view key) const {
    return object_ && !error_ ? object_->if_contains(key) : nullptr;
}

MCP_DECL void member_reader::fail(std::string_view key, std::string message) {
    if (!error_) {
        const json_path step{nullptr, key};
        error_.emplace(decode_error{render_path(path_, &step), std::move(message)});
    }
}

MCP_DECL std::string member_reader::expected(std::string_view what, const json& got) {
    std::string text{"expected "};
    return text.append(what).append(", got ").append(kind_name(got));
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        std::string& into) {
    if (const auto* text = value.if_string()) {
        into.assign(text->data(), text->size());
    } else {
        fail(key, expected("string", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        std::string_view& into) {
    if (const auto* text = value.if_string()) {
        into = {text->data(), text->size()};
    } else {
        fail(key, expected("string", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value, bool& into) {
    if (const bool* truth = value.if_bool()) {
        into = *truth;
    } else {
        fail(key, expected("boolean", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value, double& into) {
    if (value.is_number()) {
        into = value.to_number<double>();
    } else {
        fail(key, expected("number", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        std::int64_t& into) {
    boost::system::error_code failed;
    const auto number = value.is_number() ? value.to_number<std::int64_t>(failed) : std::int64_t{0};
    if (value.is_number() && !failed) {
        into = number;
    } else {
        fail(key, expected("integer", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        json_object& into) {
    if (const auto* object = find_members(value)) {
        into = *object;
    } else {
        fail(key, expected("object", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        const json_object*& into) {
    into = find_members(value);
    if (!into) {
        fail(key, expected("object", value));
    }
}

MCP_DECL void member_reader::read_value(std::string_view key, const json& value,
                                        std::vector<std::string>& into) {
    const json_array* array = value.if_array();
    if (!array) {
        return fail(key, expected("array", value));
    }
    into.clear();
    into.reserve(array->size());
    const json_path list{nullptr, key};
    for (std::size_t i = 0; i < array->size() && !error_; ++i) {
        const json& element = (*array)[i];
        if (const auto* text = element.if_string()) {
            into.emplace_back(text->data(), text->size());
        } else {
            const json_path step{&list, {}, i};
            error_.emplace(decode_error{render_path(path_, &step), expected("string", element)});
        }
    }
}

MCP_DECL void member_reader::adopt_error(const decode_error& inner, const json_path& step) {
    if (!error_) {
        error_.emplace(
            decode_error{join_paths(render_path(path_, &step), inner.path), inner.message});
    }
}

MCP_DECL const json_array* member_reader::find_array(std::string_view key, const json& value) {
    const json_array* array = value.if_array();
    if (!array) {
        fail(key, expected("array", value));
    }
    return array;
}

} // namespace mcp
