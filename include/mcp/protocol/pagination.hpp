#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/protocol/member_reader.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp {

/// A cursor for the page that begins at element `offset` of a list. It means the same in every
/// process, and nothing to the client [MCP 2026-07-28 server/utilities/pagination].
inline std::string encode_cursor(std::size_t offset) {
    return to_base64url("at:" + std::to_string(offset));
}

/// The offset in a cursor, or nothing if `encode_cursor` never made this one: answer
/// `invalid_cursor()`. An empty cursor is one as well, and not ours.
inline std::optional<std::size_t> decode_cursor(std::string_view cursor) {
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

/// The cursor in the params of a list request; absent for the first page.
inline result<std::optional<std::string>, decode_error> read_cursor(const json_object* params) {
    member_reader r{params};
    std::optional<std::string> cursor;
    r.take("cursor", cursor);
    return r.finish(std::move(cursor));
}

} // namespace mcp
