// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

MCP_DECL result<json_view, error> read_batch(json_view value, std::size_t limit) {
    if (!value.is_array() || value.size() == 0) {
        return error{errc::invalid_request, "a batch must be an array with at least one message"};
    }
    if (value.size() > limit) {
        return error{errc::invalid_request,
                     "a batch may have at most " + std::to_string(limit) + " messages"};
    }
    return value;
}

MCP_DECL void batch_reply::add(std::string_view answer) {
    if (answer.empty()) {
        return;
    }
    text_.push_back(text_.empty() ? '[' : ',');
    text_.append(answer);
}

MCP_DECL std::string batch_reply::take() {
    if (!text_.empty()) {
        text_.push_back(']');
    }
    return std::exchange(text_, {});
}

} // namespace mcp::jsonrpc
