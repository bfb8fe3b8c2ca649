// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/result.hpp>

#include <string>
#include <utility>

namespace mcp {

MCP_DECL void write_cancelled(std::string& out, const cancellation& what) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member_raw("requestId", what.request.text());
    write_present(w, "reason", what.reason);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/cancelled", params);
}

MCP_DECL result<cancellation, decode_error> read_cancelled(json_view params) {
    member_reader r{params};
    cancellation read;
    r.need("requestId", read.request, read_token);
    r.take("reason", read.reason);
    return r.finish(std::move(read));
}

} // namespace mcp
