// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write(json_writer& w, const log_message& message) {
    w.begin_object();
    w.member("level", to_string(message.level));
    write_present(w, "logger", message.logger);
    w.member_raw("data", message.data.empty() ? "null" : std::string_view{message.data});
    w.end_object();
}

MCP_DECL void write_log(std::string& out, const log_message& message) {
    std::string params;
    json_writer w{params};
    write(w, message);
    jsonrpc::write_notification(out, "notifications/message", params);
}

MCP_DECL result<log_level, decode_error> read_log_level(json_view value, std::string_view path) {
    const auto text = value.if_string();
    const auto level = text ? parse_log_level(*text) : std::nullopt;
    if (!level) {
        return decode_error{std::string{path},
                            "expected one of debug, info, notice, warning, error, critical, "
                            "alert, emergency"};
    }
    return *level;
}

MCP_DECL result<log_level, decode_error> read_set_level(json_view params) {
    member_reader r{params};
    log_level level{};
    r.need("level", level, read_log_level);
    return r.finish(level);
}

MCP_DECL result<log_message, decode_error> read_log_message(json_view params) {
    member_reader r{params};
    log_message read;
    r.need("level", read.level, read_log_level);
    r.take("logger", read.logger);
    if (const json_view data = r.find("data")) {
        json_writer{read.data}.value(data);
    } else {
        r.fail("data", "is missing");
    }
    return r.finish(std::move(read));
}

} // namespace mcp
