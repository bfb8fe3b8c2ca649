// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/server/topics.hpp>

namespace mcp::detail {

MCP_DECL std::string resource_topic(std::string_view uri) {
    return "resource:" + normal_uri(uri);
}

MCP_DECL std::string session_topic(std::string_view id) {
    return "session:" + std::string(id);
}

MCP_DECL std::string record_topic(std::string_view id) {
    return "record:" + std::string(id);
}

MCP_DECL std::string stream_topic(std::string_view session, std::uint64_t stream) {
    return "stream:" + std::string(session) + ':' + std::to_string(stream);
}

} // namespace mcp::detail
