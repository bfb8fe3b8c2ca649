// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/batch.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

MCP_DECL result<const json_array*, error> read_batch(const json& value, std::size_t limit) {
    const auto* array = value.if_array();
    if (!array || array->empty()) {
        return error{errc::invalid_request, "a batch must be an array with at least one message"};
    }
    if (array->size() > limit) {
        return error{errc::invalid_request,
                     "a batch may have at most " + std::to_string(limit) + " messages"};
    }
    return array;
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
