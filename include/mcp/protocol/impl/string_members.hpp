// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
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
read_string_members(json_view value, std::string_view path) {
    member_reader r{value, path};
    std::vector<std::pair<std::string, std::string>> read;
    for (const auto& [name, member] : value.members()) {
        if (const auto text = member.if_string()) {
            read.emplace_back(name, *text);
        } else if (!member.is_null()) {
            r.fail(name, member_reader::expected("string", member));
        }
    }
    return r.finish(std::move(read));
}

} // namespace mcp::detail
