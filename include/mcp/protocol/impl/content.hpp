// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

template <class Block>
void end_content(json_writer& w, const Block& block, revision r) {
    write_annotations(w, block.annotations, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", block.meta);
    }
    w.end_object();
}

template <class Block>
void write_media(json_writer& w, std::string_view type, const Block& block, revision r) {
    w.begin_object();
    w.member("type", type);
    w.member("data", to_base64(block.data.view()));
    w.member("mimeType", block.mime_type);
    end_content(w, block, r);
}

template <class Block>
result<Block, decode_error> read_media(json_view value, std::string_view path) {
    member_reader r{value, path};
    Block read;
    std::string data;
    r.need("data", data);
    r.need("mimeType", read.mime_type);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    if (const auto decoded = from_base64(data)) {
        read.data = bytes{std::string_view{*decoded}};
    } else {
        r.fail("data", "is not base64");
    }
    return r.finish(std::move(read));
}

inline result<text, decode_error> read_text(json_view value, std::string_view path) {
    member_reader r{value, path};
    text read;
    r.need("text", read.value);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

/// Converts a block to a wider type.
template <class Wide, class Narrow>
result<Wide, decode_error> widened(result<Narrow, decode_error> read) {
    if (!read) {
        return std::move(read).error();
    }
    return Wide{*std::move(read)};
}

/// Returns the member `type` of a block; empty if absent.
inline std::string_view content_type(json_view value) {
    return value.find("type").if_string().value_or("");
}

} // namespace mcp::detail
