#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

/// Returns the cursor of the page that begins at element `offset` of a list. It is valid in every
/// process and opaque to the client [MCP 2026-07-28 server/utilities/pagination].
inline std::string encode_cursor(std::size_t offset) {
    return to_base64url("at:" + std::to_string(offset));
}

/// Returns the offset in a cursor. Returns nothing for a cursor that `encode_cursor` cannot have
/// made, such as an empty one: respond with `invalid_cursor()`.
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

/// One page of a list.
template <class Definition>
struct page {
    page() = default;
    explicit page(std::vector<Definition> items_, std::optional<std::string> next_cursor_ = {})
        : items{std::move(items_)}
        , next_cursor{std::move(next_cursor_)} {}

    std::vector<Definition> items;
    /// The cursor of the next page; absent on the last page. An empty text is a cursor too.
    std::optional<std::string> next_cursor;
    /// How long a cache may keep the page.
    cache_policy caching;
    json_object meta;
};

/// Writes the complete result of a list request. `member` names the list: `tools`, `resources`,
/// `resourceTemplates` or `prompts`. `server_info` is that of `begin_result`.
template <class Definition>
void write(json_writer& w, std::string_view member, const page<Definition>& value, revision r,
           std::string_view server_info = {}) {
    begin_result(w, r, server_info, value.meta);
    write_list(w, member, value.items, [&w, r](const Definition& one) { write(w, one, r); });
    write_present(w, "nextCursor", value.next_cursor);
    write_members(w, value.caching, r);
    w.end_object();
}

/// Reads a page. `read_one` decodes one definition, as `read_tool_definition` does.
template <class Definition>
result<page<Definition>, decode_error>
read_page(const json& value, std::string_view member,
          result<Definition, decode_error> (*read_one)(const json&, std::string_view)) {
    member_reader r{value};
    page<Definition> read;
    r.need_list(member, read.items, read_one);
    r.take("nextCursor", read.next_cursor);
    r.take("_meta", read.meta);
    read.caching = read_cache_policy(value);
    return r.finish(std::move(read));
}

/// Reads the cursor in the params of a list request; absent for the first page.
inline result<std::optional<std::string>, decode_error> read_cursor(const json_object* params) {
    member_reader r{params};
    std::optional<std::string> cursor;
    r.take("cursor", cursor);
    return r.finish(std::move(cursor));
}

} // namespace mcp
