// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>

#include <algorithm>
#include <string_view>

namespace mcp::http {

MCP_DECL bool accepts_media(const fields& headers, std::string_view type) noexcept {
    detail::acceptance result;
    for (const field& each : headers)
        if (iequals(each.name, "accept"))
            result.read(each.value, type);
    return result.accepted;
}

MCP_DECL bool has_plain_body(const fields& headers) noexcept {
    return std::all_of(headers.begin(), headers.end(), [](const field& each) {
        return !iequals(each.name, "content-encoding") || each.value.empty() ||
               iequals(each.value, "identity");
    });
}

} // namespace mcp::http
