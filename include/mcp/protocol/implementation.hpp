// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// The background for which an icon is drawn.
enum class icon_theme : std::uint8_t { any, light, dark };

/// An icon for a user interface [MCP 2025-11-25 basic/index].
///
///     const mcp::icon sun{"https://example.com/sun.png", "image/png", {"48x48"}};
struct icon {
    icon() = default;
    explicit icon(std::string source, std::string mime = {}, std::vector<std::string> sizes_ = {},
                  icon_theme theme_ = icon_theme::any)
        : src{std::move(source)}
        , mime_type{std::move(mime)}
        , sizes{std::move(sizes_)}
        , theme{theme_} {}

    /// An `https:` or `data:` URI. A URI from a peer is untrusted: do not follow another scheme.
    std::string src;
    std::string mime_type;
    /// Such as `48x48`, or `any` for a scalable image.
    std::vector<std::string> sizes;
    icon_theme theme = icon_theme::any;

    friend bool operator==(const icon&, const icon&) = default;
};

/// The name and version of a server or a client. They are not verified; use them for display and
/// logs only [MCP 2026-07-28 basic/index].
struct implementation {
    implementation() = default;
    implementation(std::string name_, std::string version_)
        : name{std::move(name_)}
        , version{std::move(version_)} {}

    std::string name;
    std::string version;
    std::string title;
    std::string description;
    std::string website_url;
    std::vector<icon> icons;

    friend bool operator==(const implementation&, const implementation&) = default;
};

/// Writes the member `icons` if there are any and the revision knows them.
void write_icons(json_writer& w, const std::vector<icon>& icons, revision r);

void write(json_writer& w, const icon& value);
void write(json_writer& w, const implementation& value, revision r);

/// In an error, `path` precedes the name of the member.
result<icon, decode_error> read_icon(json_view value, std::string_view path = {});
result<implementation, decode_error> read_implementation(json_view value,
                                                         std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/implementation.ipp>
#endif
