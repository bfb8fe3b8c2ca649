// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

class json_writer;

/// Identifies the request that a progress notification belongs to: a string or an integer, chosen
/// by the requesting peer and sent back unchanged. Absent if the peer wants no progress.
using progress_token = jsonrpc::id;

/// The progress of a request [MCP 2026-07-28 basic/patterns/progress].
struct progress_update {
    progress_update() = default;
    explicit progress_update(double progress_, std::optional<double> total_ = std::nullopt,
                             std::string message_ = {})
        : progress{progress_}
        , total{total_}
        , message{std::move(message_)} {}

    /// Increases with every update. The handler chooses the unit.
    double progress = 0;
    /// The final value of `progress`, if known.
    std::optional<double> total;
    /// A text for the user. Peers older than 2025-03-26 do not get it.
    std::string message;

    friend bool operator==(const progress_update&, const progress_update&) = default;
};

/// Writes the params of `notifications/progress`. Throws `encode_error` for a number that is not
/// finite.
void write(json_writer& w, const progress_token& token, const progress_update& update, revision r);

/// Appends the complete notification.
void write_progress(std::string& out, const progress_token& token, const progress_update& update,
                    revision r);

/// Reads a progress token or a request id inside params.
result<jsonrpc::id, decode_error> read_token(json_view value, std::string_view path = {});

/// Reads the params of `notifications/progress`: the token and the update.
result<std::pair<progress_token, progress_update>, decode_error> read_progress(json_view params);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/progress.ipp>
#endif
