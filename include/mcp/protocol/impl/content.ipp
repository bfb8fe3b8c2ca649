// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/impl/content.hpp>
#include <mcp/protocol/impl/resources.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace mcp {

MCP_DECL content::content() = default;
MCP_DECL content::content(text block) : value{std::move(block)} {}
MCP_DECL content::content(image block) : value{std::move(block)} {}
MCP_DECL content::content(audio block) : value{std::move(block)} {}
MCP_DECL content::content(resource_link block) : value{std::move(block)} {}
MCP_DECL content::content(embedded_resource block) : value{std::move(block)} {}
MCP_DECL content::content(std::string words) : value{text{std::move(words)}} {}
MCP_DECL content::content(const char* words) : value{text{words}} {}
MCP_DECL content::content(const content&) = default;
MCP_DECL content::content(content&&) noexcept = default;
MCP_DECL content& content::operator=(const content&) = default;
MCP_DECL content& content::operator=(content&&) = default;
MCP_DECL content::~content() = default;

MCP_DECL const std::string* content::if_text() const {
    const auto* block = std::get_if<text>(&value);
    return block ? &block->value : nullptr;
}

namespace detail {

inline result<resource_link, decode_error> read_resource_link(json_view value,
                                                              std::string_view path) {
    member_reader r{value, path};
    resource_link read;
    r.need("uri", read.uri);
    read_resource_members(r, read);
    return r.finish(std::move(read));
}

inline result<embedded_resource, decode_error> read_embedded_resource(json_view value,
                                                                      std::string_view path) {
    member_reader r{value, path};
    embedded_resource read;
    r.need("resource", read.resource, read_resource_contents);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

} // namespace detail

MCP_DECL void write(json_writer& w, const text& block, revision r) {
    w.begin_object();
    w.member("type", "text");
    w.member("text", block.value);
    detail::end_content(w, block, r);
}

MCP_DECL void write(json_writer& w, const image& block, revision r) {
    detail::write_media(w, "image", block, r);
}

MCP_DECL void write(json_writer& w, const audio& block, revision r) {
    if (has_audio(r)) {
        return detail::write_media(w, "audio", block, r);
    }
    write(w,
          text{"[audio: " + block.mime_type + ", " + std::to_string(block.data.size()) + " bytes]",
               block.annotations},
          r);
}

MCP_DECL void write(json_writer& w, const resource_link& block, revision r) {
    if (!has_resource_links(r)) {
        const std::string& name = block.title.empty() ? block.name : block.title;
        return write(w, text{"[resource: " + name + ", " + block.uri + "]", block.annotations}, r);
    }
    w.begin_object();
    w.member("type", "resource_link");
    w.member("uri", block.uri);
    detail::write_resource_members(w, block, r);
    w.end_object();
}

MCP_DECL void write(json_writer& w, const embedded_resource& block, revision r) {
    w.begin_object();
    w.member("type", "resource");
    w.key("resource");
    write(w, block.resource, r);
    detail::end_content(w, block, r);
}

MCP_DECL void write(json_writer& w, const content& block, revision r) {
    std::visit([&w, r](const auto& one) { write(w, one, r); }, block.value);
}

MCP_DECL result<content, decode_error> read_content(json_view value, std::string_view path) {
    const std::string_view type = detail::content_type(value);
    if (type == "text") {
        return detail::widened<content>(detail::read_text(value, path));
    }
    if (type == "image") {
        return detail::widened<content>(detail::read_media<image>(value, path));
    }
    if (type == "audio") {
        return detail::widened<content>(detail::read_media<audio>(value, path));
    }
    if (type == "resource_link") {
        return detail::widened<content>(detail::read_resource_link(value, path));
    }
    if (type == "resource") {
        return detail::widened<content>(detail::read_embedded_resource(value, path));
    }
    return decode_error{std::string{path},
                        "expected content of type text, image, audio, resource_link or resource"};
}

} // namespace mcp
