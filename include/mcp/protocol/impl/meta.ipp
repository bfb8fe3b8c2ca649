// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write_empty_result(json_writer& w, revision r, std::string_view server_info) {
    begin_result(w, r, server_info);
    w.end_object();
}

MCP_DECL bool request_meta::is_modern() const noexcept {
    return bool(find_member(object, meta_key::protocol_version));
}

MCP_DECL result<request_meta, decode_error> read_request_meta(json_view params) {
    request_meta read;
    const json_view meta = find_member(params, "_meta");
    if (!meta) {
        return read;
    }
    const std::string_view path = "params._meta";
    member_reader r{meta, path};
    read.object = find_members(meta);
    if (read.object && read.object.size() == 0) {
        return read;
    }
    r.take(meta_key::progress_token, read.progress_token, read_token);
    r.take(meta_key::protocol_version, read.protocol_version);
    r.take(meta_key::client_capabilities, read.client_capabilities, read_client_capabilities);
    r.take(meta_key::log_level, read.log_level, read_log_level);
    json_view info;
    r.take(meta_key::client_info, info);
    read.client_info = info ? r.find(meta_key::client_info) : json_view{};
    r.take(meta_key::trace_parent, read.trace_parent);
    r.take(meta_key::trace_state, read.trace_state);
    r.take(meta_key::baggage, read.baggage);
    return r.finish(std::move(read));
}

MCP_DECL std::optional<jsonrpc::error> check_modern_meta(const request_meta& meta) {
    std::string missing;
    if (meta.protocol_version.empty()) {
        missing.append(" ").append(meta_key::protocol_version);
    }
    if (!meta.client_capabilities) {
        missing.append(" ").append(meta_key::client_capabilities);
    }
    if (missing.empty()) {
        return std::nullopt;
    }
    return invalid_params("params._meta lacks" + missing);
}

MCP_DECL void write(json_writer& w, const request_meta& meta) {
    w.begin_object();
    write_present(w, meta_key::protocol_version, meta.protocol_version);
    if (meta.client_info) {
        w.member(meta_key::client_info, meta.client_info);
    }
    if (meta.client_capabilities) {
        w.key(meta_key::client_capabilities);
        write(w, *meta.client_capabilities);
    }
    if (meta.log_level) {
        w.member(meta_key::log_level, to_string(*meta.log_level));
    }
    write_present_raw(w, meta_key::progress_token, meta.progress_token.text());
    write_present(w, meta_key::trace_parent, meta.trace_parent);
    write_present(w, meta_key::trace_state, meta.trace_state);
    write_present(w, meta_key::baggage, meta.baggage);
    w.end_object();
}

MCP_DECL void begin_result(json_writer& w, revision r, std::string_view server_info,
                           const json_object& meta, std::string_view result_type) {
    w.begin_object();
    if (has_result_type(r)) {
        w.member("resultType", result_type);
    } else {
        server_info = {};
    }
    if (meta.empty() && server_info.empty()) {
        return;
    }
    w.key("_meta");
    w.begin_object();
    write_present_raw(w, meta_key::server_info, server_info);
    for (const auto& entry : meta) {
        const std::string_view key = entry.key();
        if (server_info.empty() || key != meta_key::server_info) {
            w.member(key, entry.value());
        }
    }
    w.end_object();
}

} // namespace mcp
