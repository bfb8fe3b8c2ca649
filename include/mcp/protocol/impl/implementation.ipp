// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL void write(json_writer& w, const icon& value) {
    w.begin_object();
    w.member("src", value.src);
    write_present(w, "mimeType", value.mime_type);
    write_present_list(w, "sizes", value.sizes);
    if (value.theme != icon_theme::any) {
        w.member("theme", value.theme == icon_theme::light ? "light" : "dark");
    }
    w.end_object();
}

MCP_DECL void write_icons(json_writer& w, const std::vector<icon>& icons, revision r) {
    if (!icons.empty() && has_icons(r)) {
        write_list(w, "icons", icons, [&w](const icon& one) { write(w, one); });
    }
}

MCP_DECL void write(json_writer& w, const implementation& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    w.member("version", value.version);
    if (has_implementation_details(r)) {
        write_present(w, "description", value.description);
        write_present(w, "websiteUrl", value.website_url);
    }
    write_icons(w, value.icons, r);
    w.end_object();
}

MCP_DECL result<icon, decode_error> read_icon(json_view value, std::string_view path) {
    member_reader r{value, path};
    icon read;
    std::string theme;
    r.need("src", read.src);
    r.take("mimeType", read.mime_type);
    r.take("sizes", read.sizes);
    r.take("theme", theme);
    read.theme = theme == "light"  ? icon_theme::light
                 : theme == "dark" ? icon_theme::dark
                                   : icon_theme::any;
    return r.finish(std::move(read));
}

MCP_DECL result<implementation, decode_error> read_implementation(json_view value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    implementation read;
    r.need("name", read.name);
    r.need("version", read.version);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take("websiteUrl", read.website_url);
    r.take_list("icons", read.icons, read_icon);
    return r.finish(std::move(read));
}

} // namespace mcp
