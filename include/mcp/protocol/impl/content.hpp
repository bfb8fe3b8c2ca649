#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/protocol/content.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mcp {

namespace detail {

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
result<Block, decode_error> read_media(const json& value, std::string_view path) {
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

inline result<text, decode_error> read_text(const json& value, std::string_view path) {
    member_reader r{value, path};
    text read;
    r.need("text", read.value);
    r.take("annotations", read.annotations, read_annotations);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<resource_link, decode_error> read_resource_link(const json& value,
                                                              std::string_view path) {
    member_reader r{value, path};
    resource_link read;
    r.need("uri", read.uri);
    read_resource_members(r, read);
    return r.finish(std::move(read));
}

inline result<embedded_resource, decode_error> read_embedded_resource(const json& value,
                                                                      std::string_view path) {
    member_reader r{value, path};
    embedded_resource read;
    r.need("resource", read.resource, read_resource_contents);
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
inline std::string_view content_type(const json& value) {
    const json_object* object = value.if_object();
    const json* type = object ? object->if_contains("type") : nullptr;
    return type && type->is_string() ? std::string_view{type->get_string()} : std::string_view{};
}

} // namespace detail

inline void write(json_writer& w, const text& block, revision r) {
    w.begin_object();
    w.member("type", "text");
    w.member("text", block.value);
    detail::end_content(w, block, r);
}

inline void write(json_writer& w, const image& block, revision r) {
    detail::write_media(w, "image", block, r);
}

inline void write(json_writer& w, const audio& block, revision r) {
    if (has_audio(r)) {
        return detail::write_media(w, "audio", block, r);
    }
    write(w,
          text{"[audio: " + block.mime_type + ", " + std::to_string(block.data.size()) + " bytes]",
               block.annotations},
          r);
}

inline void write(json_writer& w, const resource_link& block, revision r) {
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

inline void write(json_writer& w, const embedded_resource& block, revision r) {
    w.begin_object();
    w.member("type", "resource");
    w.key("resource");
    write(w, block.resource, r);
    detail::end_content(w, block, r);
}

inline void write(json_writer& w, const content& block, revision r) {
    std::visit([&w, r](const auto& one) { write(w, one, r); }, block.value);
}

inline result<content, decode_error> read_content(const json& value, std::string_view path) {
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
