// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/initialize.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write(json_writer& w, const initialize_params& value, revision r) {
    w.begin_object();
    w.member("protocolVersion", value.protocol_version);
    w.key("capabilities");
    write(w, value.capabilities, r);
    w.key("clientInfo");
    write(w, value.client_info, r);
    w.end_object();
}

MCP_DECL void write(json_writer& w, const initialize_result& value) {
    const revision r = value.protocol_version;
    w.begin_object();
    w.member("protocolVersion", to_string(r));
    w.key("capabilities");
    write(w, value.capabilities, r);
    w.key("serverInfo");
    write(w, value.server_info, r);
    write_present(w, "instructions", value.instructions);
    w.end_object();
}

MCP_DECL result<initialize_params, decode_error> read_initialize_params(json_view params) {
    member_reader r{params};
    initialize_params read;
    r.need("protocolVersion", read.protocol_version);
    r.need("capabilities", read.capabilities, read_client_capabilities);
    r.need("clientInfo", read.client_info, read_implementation);
    return r.finish(std::move(read));
}

MCP_DECL result<initialize_result, decode_error> read_initialize_result(json_view value,
                                                                        std::string_view path) {
    member_reader r{value, path};
    initialize_result read;
    std::string version;
    r.need("protocolVersion", version);
    r.need("capabilities", read.capabilities, read_server_capabilities);
    r.need("serverInfo", read.server_info, read_implementation);
    r.take("instructions", read.instructions);
    const auto known = parse_revision(version);
    if (known && is_legacy(*known)) {
        read.protocol_version = *known;
    } else {
        r.fail("protocolVersion", "is not a revision that initialize can negotiate");
    }
    return r.finish(std::move(read));
}

} // namespace mcp
