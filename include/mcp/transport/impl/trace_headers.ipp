// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/trace_context.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <string_view>

namespace mcp {

MCP_DECL trace_context read_trace_headers(const http::fields& headers) noexcept {
    const auto parent = headers.find(meta_key::trace_parent);
    if (!parent || headers.count(meta_key::trace_parent) != 1)
        return {};
    const bool single = headers.count(meta_key::trace_state) == 1;
    return make_trace_context(*parent,
                              single ? *headers.find(meta_key::trace_state) : std::string_view());
}

} // namespace mcp
