// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

class json_writer;

/// A resource as listed by `resources/list` [MCP 2026-07-28 server/resources].
struct resource_definition {
    resource_definition() = default;
    resource_definition(std::string uri_, std::string name_, std::string description_ = {},
                        std::string mime_type_ = {})
        : uri{std::move(uri_)}
        , name{std::move(name_)}
        , description{std::move(description_)}
        , mime_type{std::move(mime_type_)} {}

    std::string uri;
    std::string name;
    std::string title;
    std::string description;
    std::string mime_type;
    /// Size in bytes, before any encoding.
    std::optional<std::int64_t> size;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// A family of resources as listed by `resources/templates/list`.
struct resource_template_definition {
    resource_template_definition() = default;
    resource_template_definition(std::string uri_template_, std::string name_,
                                 std::string description_ = {}, std::string mime_type_ = {})
        : uri_template{std::move(uri_template_)}
        , name{std::move(name_)}
        , description{std::move(description_)}
        , mime_type{std::move(mime_type_)} {}

    /// A URI template [RFC 6570], see `mcp::uri_template`.
    std::string uri_template;
    std::string name;
    std::string title;
    std::string description;
    std::string mime_type;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// The contents of a resource: text, or bytes that are sent as base64.
struct resource_contents {
    resource_contents() = default;
    resource_contents(std::string uri_, std::string mime_type_, std::string text)
        : uri{std::move(uri_)}
        , mime_type{std::move(mime_type_)}
        , body{std::move(text)} {}
    resource_contents(std::string uri_, std::string mime_type_, bytes blob)
        : uri{std::move(uri_)}
        , mime_type{std::move(mime_type_)}
        , body{std::move(blob)} {}

    std::string uri;
    std::string mime_type;
    std::variant<std::string, bytes> body;
    json_object meta;

    /// Returns the text, or nullptr if the contents are bytes.
    const std::string* text() const { return std::get_if<std::string>(&body); }
    /// Returns the bytes, or nullptr if the contents are text.
    const bytes* blob() const { return std::get_if<bytes>(&body); }
};

/// The result of `resources/read`. It has at least one element.
struct resource_result {
    resource_result() = default;
    explicit resource_result(resource_contents only) { contents.push_back(std::move(only)); }
    explicit resource_result(std::vector<resource_contents> all) : contents{std::move(all)} {}

    std::vector<resource_contents> contents;
    /// Overrides the cache policy of the server if set.
    std::optional<cache_policy> caching;
    json_object meta;
};

/// Reads the URI in the params of `resources/read`, `resources/subscribe` and
/// `resources/unsubscribe`.
result<std::string, decode_error> read_resource_params(json_view params);

void write(json_writer& w, const resource_definition& value, revision r);
void write(json_writer& w, const resource_template_definition& value, revision r);
void write(json_writer& w, const resource_contents& value, revision r);

/// Writes a complete result. `server_info` is that of `begin_result`. `caching` applies unless the
/// result has a policy of its own.
void write(json_writer& w, const resource_result& value, revision r,
           std::string_view server_info = {}, const cache_policy& caching = {});

result<resource_definition, decode_error> read_resource_definition(json_view value,
                                                                   std::string_view path = {});
result<resource_template_definition, decode_error>
read_resource_template_definition(json_view value, std::string_view path = {});
result<resource_contents, decode_error> read_resource_contents(json_view value,
                                                               std::string_view path = {});
result<resource_result, decode_error> read_resource_result(json_view value,
                                                           std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/resources.ipp>
#endif
