// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// Returns the cursor of the page that begins at element `offset` of a list. It is valid in every
/// process and opaque to the client [MCP 2026-07-28 server/utilities/pagination].
std::string encode_cursor(std::size_t offset);

/// Returns the offset in a cursor. Returns nothing for a cursor that `encode_cursor` cannot have
/// made, such as an empty one: respond with `invalid_cursor()`.
std::optional<std::size_t> decode_cursor(std::string_view cursor);

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

namespace detail {

/// Begins the result of a list request, up to the elements of the list.
void begin_page(json_writer& w, std::string_view member, const json_object& meta, revision r,
                std::string_view server_info);

/// Ends the list and its result.
void end_page(json_writer& w, const std::optional<std::string>& next_cursor,
              const cache_policy& caching, revision r);

} // namespace detail

/// Writes the complete result of a list request. `member` names the list: `tools`, `resources`,
/// `resourceTemplates` or `prompts`. `server_info` is that of `begin_result`.
template <class Definition>
void write(json_writer& w, std::string_view member, const page<Definition>& value, revision r,
           std::string_view server_info = {}) {
    detail::begin_page(w, member, value.meta, r, server_info);
    for (const Definition& one : value.items) {
        write(w, one, r);
    }
    detail::end_page(w, value.next_cursor, value.caching, r);
}

/// Reads a page. `read_one` decodes one definition, as `read_tool_definition` does.
template <class Definition>
result<page<Definition>, decode_error>
read_page(json_view value, std::string_view member,
          result<Definition, decode_error> (*read_one)(json_view, std::string_view)) {
    member_reader r{value};
    page<Definition> read;
    r.need_list(member, read.items, read_one);
    r.take("nextCursor", read.next_cursor);
    r.take("_meta", read.meta);
    read.caching = read_cache_policy(value);
    return r.finish(std::move(read));
}

/// Reads the cursor in the params of a list request; absent for the first page.
result<std::optional<std::string>, decode_error> read_cursor(json_view params);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/pagination.ipp>
#endif
