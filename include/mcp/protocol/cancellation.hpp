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

/// A notification that cancels a request [MCP 2026-07-28 basic/patterns/cancellation]. Over modern
/// HTTP a client closes the response stream instead.
struct cancellation {
    cancellation() = default;
    explicit cancellation(jsonrpc::id request_, std::string reason_ = {})
        : request{std::move(request_)}
        , reason{std::move(reason_)} {}

    jsonrpc::id request;
    /// A text for logs and users; empty if there is none.
    std::string reason;

    friend bool operator==(const cancellation&, const cancellation&) = default;
};

/// Appends the complete notification.
inline void write_cancelled(std::string& out, const cancellation& what) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member_raw("requestId", what.request.text());
    write_present(w, "reason", what.reason);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/cancelled", params);
}

/// Reads the params of `notifications/cancelled`. The receiver ignores malformed params and unknown
/// ids.
inline result<cancellation, decode_error> read_cancelled(const json_object* params) {
    member_reader r{params};
    cancellation read;
    r.need("requestId", read.request, read_token);
    r.take("reason", read.reason);
    return r.finish(std::move(read));
}

} // namespace mcp
