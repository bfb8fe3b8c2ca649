// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mcp {

class json_writer;

/// A text block: `mcp::text{"It rains."}`.
struct text {
    text() = default;
    explicit text(std::string value_, mcp::annotations annotations_ = {})
        : value{std::move(value_)}
        , annotations{std::move(annotations_)} {}

    std::string value;
    mcp::annotations annotations;
    json_object meta;
};

/// An image block: `mcp::image{png_bytes, "image/png"}`.
struct image {
    image() = default;
    image(bytes data_, std::string mime_type_, mcp::annotations annotations_ = {})
        : data{std::move(data_)}
        , mime_type{std::move(mime_type_)}
        , annotations{std::move(annotations_)} {}

    bytes data;
    std::string mime_type;
    mcp::annotations annotations;
    json_object meta;
};

/// An audio block: `mcp::audio{wav_bytes, "audio/wav"}`. Peers of 2024-11-05 get a text instead.
struct audio {
    audio() = default;
    audio(bytes data_, std::string mime_type_, mcp::annotations annotations_ = {})
        : data{std::move(data_)}
        , mime_type{std::move(mime_type_)}
        , annotations{std::move(annotations_)} {}

    bytes data;
    std::string mime_type;
    mcp::annotations annotations;
    json_object meta;
};

/// A link to a resource that the client may read or subscribe to: `mcp::resource_link{uri, name}`.
/// Peers older than 2025-06-18 get a text with the URI instead.
struct resource_link : resource_definition {
    using resource_definition::resource_definition;
};

/// A resource with its contents: `mcp::embedded_resource{{uri, "text/plain", "…"}}`.
struct embedded_resource {
    embedded_resource() = default;
    explicit embedded_resource(resource_contents resource_, mcp::annotations annotations_ = {})
        : resource{std::move(resource_)}
        , annotations{std::move(annotations_)} {}

    resource_contents resource;
    mcp::annotations annotations;
    json_object meta;
};

/// One block of a tool result or of a prompt message [MCP 2026-07-28 server/tools]. A string
/// converts to a text block: `std::vector<mcp::content>{"Here:", mcp::image{png, "image/png"}}`.
struct content {
    using variant = std::variant<text, image, audio, resource_link, embedded_resource>;

    content();
    content(text block);
    content(image block);
    content(audio block);
    content(resource_link block);
    content(embedded_resource block);
    content(std::string words);
    content(const char* words);

    // Are compiled once, since the code for a variant is long.
    content(const content&);
    content(content&&) noexcept;
    content& operator=(const content&);
    content& operator=(content&&);
    ~content();

    /// Returns the string of a text block, or nullptr for another block.
    const std::string* if_text() const;

    variant value;
};

/// Writes a block. If the revision does not know its type, writes a text that describes it.
void write(json_writer& w, const text& block, revision r);
void write(json_writer& w, const image& block, revision r);
void write(json_writer& w, const audio& block, revision r);
void write(json_writer& w, const resource_link& block, revision r);
void write(json_writer& w, const embedded_resource& block, revision r);
void write(json_writer& w, const content& block, revision r);

result<content, decode_error> read_content(json_view value, std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/content.ipp>
#endif
