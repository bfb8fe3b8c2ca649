// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/pagination.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp {

MCP_DECL std::string encode_cursor(std::size_t offset) {
    return to_base64url("at:" + std::to_string(offset));
}

MCP_DECL std::optional<std::size_t> decode_cursor(std::string_view cursor) {
    const auto text = from_base64url(cursor);
    if (!text || !text->starts_with("at:")) {
        return std::nullopt;
    }
    std::size_t offset = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, failed] = std::from_chars(text->data() + 3, end, offset);
    if (failed != std::errc{} || stop != end || encode_cursor(offset) != cursor) {
        return std::nullopt;
    }
    return offset;
}

namespace detail {

MCP_DECL void begin_page(json_writer& w, std::string_view member, const json_object& meta,
                         revision r, std::string_view server_info) {
    begin_result(w, r, server_info, meta);
    w.key(member);
    w.begin_array();
}

MCP_DECL void end_page(json_writer& w, const std::optional<std::string>& next_cursor,
                       const cache_policy& caching, revision r) {
    w.end_array();
    write_present(w, "nextCursor", next_cursor);
    write_members(w, caching, r);
    w.end_object();
}

} // namespace detail

MCP_DECL result<std::optional<std::string>, decode_error> read_cursor(json_view params) {
    member_reader r{params};
    std::optional<std::string> cursor;
    r.take("cursor", cursor);
    return r.finish(std::move(cursor));
}

} // namespace mcp
