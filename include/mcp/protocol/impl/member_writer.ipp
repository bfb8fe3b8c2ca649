// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_writer.hpp>

#include <string>
#include <string_view>

namespace mcp {

MCP_DECL void write_present(json_writer& w, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        w.member(key, text);
    }
}

MCP_DECL void write_present_raw(json_writer& w, std::string_view key, std::string_view json_text) {
    if (!json_text.empty()) {
        w.member_raw(key, json_text);
    }
}

MCP_DECL void require_json_text(std::string_view key, std::string_view json_text) {
    const auto parsed = parse_json(json_text, own_json_limits);
    if (!parsed) {
        throw encode_error{std::string{key} + " is not JSON: " + parsed.error().what()};
    }
}

MCP_DECL void write_json_text(json_writer& w, std::string_view key, std::string_view json_text) {
    require_json_text(key, json_text);
    w.member_raw(key, json_text);
}

MCP_DECL void write_present_object(json_writer& w, std::string_view key,
                                   const json_object& object) {
    if (!object.empty()) {
        w.member(key, object);
    }
}

} // namespace mcp
