// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::detail {

MCP_DECL void write_members(json_writer& w, const member_writer* plan, const void* const* members,
                            std::size_t count) {
    w.begin_object();
    for (std::size_t at = 0; at < count; ++at) {
        if (plan[at].absent != nullptr && plan[at].absent(members[at])) {
            continue;
        }
        w.key(plan[at].name);
        plan[at].write(w, members[at]);
    }
    w.end_object();
}

MCP_DECL void throw_nameless(std::string_view enumeration, const std::string& value) {
    std::string message = "value " + value + " of enum ";
    message.append(enumeration)
        .append(" has no name in JSON; if C++ names it, widen mcp::enum_range<")
        .append(enumeration)
        .append(">");
    throw encode_error{message};
}

MCP_DECL void write_flags(json_writer& w, const std::string_view* names, const std::uint64_t* flags,
                          std::size_t count, std::uint64_t bits, std::string_view enumeration) {
    w.begin_array();
    for (std::size_t at = 0; at < count; ++at) {
        if ((bits & flags[at]) != 0) {
            w.value(names[at]);
            bits &= ~flags[at];
        }
    }
    if (bits != 0) {
        throw_nameless(enumeration, std::to_string(bits));
    }
    w.end_array();
}

MCP_DECL void throw_unwritable(const std::string& what) {
    throw encode_error{"this value cannot be written as a " + what};
}

} // namespace mcp::detail
