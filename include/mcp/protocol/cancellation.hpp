#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/progress.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// "Stop working on this request" [MCP 2026-07-28 basic/patterns/cancellation]. Over modern HTTP a
/// client closes the response stream instead.
struct cancellation {
    cancellation() = default;
    explicit cancellation(jsonrpc::id request_, std::string reason_ = {})
        : request{std::move(request_)}
        , reason{std::move(reason_)} {}

    jsonrpc::id request;
    /// For logs and people; empty for none.
    std::string reason;

    friend bool operator==(const cancellation&, const cancellation&) = default;
};

/// Appends the whole notification.
inline void write_cancelled(std::string& out, const cancellation& what) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member_raw("requestId", what.request.text());
    write_present(w, "reason", what.reason);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/cancelled", params);
}

/// The params of `notifications/cancelled`. Malformed ones are to be ignored, as is an unknown id.
inline result<cancellation, decode_error> read_cancelled(const json_object* params) {
    member_reader r{params};
    cancellation read;
    r.need("requestId", read.request, read_token);
    r.take("reason", read.reason);
    return r.finish(std::move(read));
}

} // namespace mcp
