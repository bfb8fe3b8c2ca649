#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

/// A resource as `resources/list` shows it [MCP 2026-07-28 server/resources].
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
    /// In bytes, before any encoding.
    std::optional<std::int64_t> size;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// A family of resources as `resources/templates/list` shows it.
struct resource_template_definition {
    resource_template_definition() = default;
    resource_template_definition(std::string uri_template_, std::string name_,
                                 std::string description_ = {}, std::string mime_type_ = {})
        : uri_template{std::move(uri_template_)}
        , name{std::move(name_)}
        , description{std::move(description_)}
        , mime_type{std::move(mime_type_)} {}

    /// [RFC 6570], see `mcp::uri_template`.
    std::string uri_template;
    std::string name;
    std::string title;
    std::string description;
    std::string mime_type;
    mcp::annotations annotations;
    std::vector<icon> icons;
    json_object meta;
};

/// What a resource holds: text, or bytes that travel as base64.
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

    /// nullptr if it holds bytes.
    const std::string* text() const { return std::get_if<std::string>(&body); }
    /// nullptr if it holds text.
    const bytes* blob() const { return std::get_if<bytes>(&body); }
};

/// The answer to `resources/read`: one or more contents, never none.
struct resource_result {
    resource_result() = default;
    explicit resource_result(resource_contents only) { contents.push_back(std::move(only)); }
    explicit resource_result(std::vector<resource_contents> all) : contents{std::move(all)} {}

    std::vector<resource_contents> contents;
    /// Replaces the server's own if given.
    std::optional<cache_policy> caching;
    json_object meta;
};

/// The params of `resources/read`, `resources/subscribe` and `resources/unsubscribe`: the URI.
result<std::string, decode_error> read_resource_params(const json_object* params);

void write(json_writer& w, const resource_definition& value, revision r);
void write(json_writer& w, const resource_template_definition& value, revision r);
void write(json_writer& w, const resource_contents& value, revision r);

/// A whole result. `server_info` as in `begin_result`; `caching` holds unless the result has its
/// own.
void write(json_writer& w, const resource_result& value, revision r,
           std::string_view server_info = {}, const cache_policy& caching = {});

result<resource_definition, decode_error> read_resource_definition(const json& value,
                                                                   std::string_view path = {});
result<resource_template_definition, decode_error>
read_resource_template_definition(const json& value, std::string_view path = {});
result<resource_contents, decode_error> read_resource_contents(const json& value,
                                                               std::string_view path = {});
result<resource_result, decode_error> read_resource_result(const json& value,
                                                           std::string_view path = {});

} // namespace mcp

#include <mcp/protocol/impl/resources.hpp>
