// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Reads an object whose members are all strings, such as the arguments of a prompt. Every member
/// is optional, so a null member counts as absent.
inline result<std::vector<std::pair<std::string, std::string>>, decode_error>
read_string_members(const json& value, std::string_view path) {
    member_reader r{value, path};
    std::vector<std::pair<std::string, std::string>> read;
    if (const json_object* object = value.if_object()) {
        for (const auto& member : *object) {
            std::optional<std::string> text;
            r.take(member.key(), text);
            if (text) {
                read.emplace_back(std::string{member.key()}, *std::move(text));
            }
        }
    }
    return r.finish(std::move(read));
}

} // namespace mcp::detail
