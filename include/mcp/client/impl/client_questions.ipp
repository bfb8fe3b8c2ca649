// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_questions.hpp>

#include <string>
#include <utility>

namespace mcp::detail {

MCP_DECL sampling_result said_by_model(std::string words) {
    sampling_result result;
    result.content.emplace_back(std::move(words));
    result.stop_reason = "endTurn";
    return result;
}

} // namespace mcp::detail
