// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/revision.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL jsonrpc::error invalid_request(std::string why) {
    return {jsonrpc::errc::invalid_request, std::move(why)};
}

MCP_DECL jsonrpc::error invalid_params(std::string why) {
    return {jsonrpc::errc::invalid_params, std::move(why)};
}

MCP_DECL jsonrpc::error internal_error() {
    return {jsonrpc::errc::internal_error, "Internal error"};
}

MCP_DECL jsonrpc::error method_not_found(std::string_view method) {
    return {jsonrpc::errc::method_not_found, "Method not found: " + std::string{method}};
}

MCP_DECL jsonrpc::error unknown_tool(std::string_view name) {
    return invalid_params("Unknown tool: " + std::string{name});
}

MCP_DECL jsonrpc::error unknown_prompt(std::string_view name) {
    return invalid_params("Unknown prompt: " + std::string{name});
}

MCP_DECL jsonrpc::error invalid_cursor() {
    return invalid_params("Invalid cursor");
}

MCP_DECL jsonrpc::error header_mismatch(std::string_view why) {
    return {errc::header_mismatch, "Header mismatch: " + std::string{why}};
}

MCP_DECL jsonrpc::error resource_not_found(std::string_view uri, revision r) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.member("uri", uri);
    w.end_object();
    return {is_modern(r) ? jsonrpc::errc::invalid_params : errc::resource_not_found,
            "Resource not found", std::move(data)};
}

MCP_DECL jsonrpc::error too_many_requests(std::string_view why, std::chrono::seconds retry_after) {
    return {errc::too_many_requests, std::string(why),
            R"({"retryAfter":)" + std::to_string(retry_after.count()) + '}'};
}

MCP_DECL jsonrpc::error request_timed_out(std::chrono::milliseconds limit, revision r) {
    const std::string time = std::to_string(limit.count());
    return {is_modern(r) ? errc::timed_out : errc::legacy_timed_out,
            "Request timed out: the server allows " + time + " ms for this call",
            R"({"timeout":)" + time + '}'};
}

MCP_DECL jsonrpc::error unsupported_protocol_version(std::string_view requested,
                                                     std::span<const revision> supported) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    w.key("supported");
    w.begin_array();
    bool none = true;
    for (revision r : supported) {
        if (is_modern(r)) {
            none = false;
            w.value(to_string(r));
        }
    }
    w.end_array();
    w.member("requested", requested);
    w.end_object();
    return {errc::unsupported_protocol_version,
            none ? "Unsupported protocol version: this server supports only revisions that begin "
                   "with initialize"
                 : "Unsupported protocol version",
            std::move(data)};
}

} // namespace mcp
