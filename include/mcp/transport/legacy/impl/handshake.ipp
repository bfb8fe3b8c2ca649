// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/transport/legacy/handshake.hpp>

#include <utility>

namespace mcp::legacy {

MCP_DECL result<handshake, jsonrpc::error> read_handshake(json_view params, std::size_t most) {
    auto read = read_initialize_params(params);
    if (!read)
        return invalid_params("params." + read.error().what());
    const mcp::revision agreed = negotiate_legacy(read->protocol_version);
    handshake made{agreed, std::move(read->client_info), read->capabilities.known_to(agreed)};
    std::string kept;
    json_writer w(kept);
    write(w, made.client, latest);
    const std::size_t info = kept.size();
    json_writer more(kept);
    write(more, made.capabilities, agreed);
    if (kept.size() > most)
        return invalid_params("params.clientInfo and params.capabilities have " +
                              std::to_string(info) + " and " + std::to_string(kept.size() - info) +
                              " bytes; together at most " + std::to_string(most) + " are allowed");
    return made;
}

MCP_DECL void write_handshake(std::string& out, const any_server& server, const jsonrpc::id& id,
                              mcp::revision agreed) {
    jsonrpc::begin_response(out, id);
    json_writer w(out);
    w.begin_object();
    w.member("protocolVersion", to_string(agreed));
    w.key("capabilities");
    write(w, server.capabilities(), agreed);
    w.member_raw("serverInfo", server.info_text(agreed));
    write_present(w, "instructions", server.environment().info.instructions);
    w.end_object();
    jsonrpc::end_response(out);
}

} // namespace mcp::legacy
