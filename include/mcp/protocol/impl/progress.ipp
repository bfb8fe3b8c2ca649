// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

/// Writes a whole number without a fraction.
inline void write_number(json_writer& w, std::string_view key, double number) {
    constexpr double exact = 9007199254740992.0; // 2^53
    const bool small = number >= -exact && number <= exact;
    const auto whole = small ? static_cast<std::int64_t>(number) : 0;
    if (small && !(static_cast<double>(whole) < number) && !(static_cast<double>(whole) > number)) {
        w.member(key, whole);
    } else {
        w.member(key, number);
    }
}

} // namespace detail

MCP_DECL void write(json_writer& w, const progress_token& token, const progress_update& update,
                    revision r) {
    w.begin_object();
    w.member_raw("progressToken", token.text());
    detail::write_number(w, "progress", update.progress);
    if (update.total) {
        detail::write_number(w, "total", *update.total);
    }
    if (has_progress_message(r)) {
        write_present(w, "message", update.message);
    }
    w.end_object();
}

MCP_DECL void write_progress(std::string& out, const progress_token& token,
                             const progress_update& update, revision r) {
    std::string params;
    json_writer w{params};
    write(w, token, update, r);
    jsonrpc::write_notification(out, "notifications/progress", params);
}

MCP_DECL result<jsonrpc::id, decode_error> read_token(json_view value, std::string_view path) {
    if (auto read = jsonrpc::id::from(value)) {
        return *std::move(read);
    }
    return decode_error{std::string{path}, member_reader::expected("string or integer", value)};
}

MCP_DECL result<std::pair<progress_token, progress_update>, decode_error>
read_progress(json_view params) {
    member_reader r{params};
    std::pair<progress_token, progress_update> read;
    r.need("progressToken", read.first, read_token);
    r.need("progress", read.second.progress);
    r.take("total", read.second.total);
    r.take("message", read.second.message);
    return r.finish(std::move(read));
}

} // namespace mcp
