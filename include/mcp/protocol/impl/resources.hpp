// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/revision.hpp>

namespace mcp::detail {

/// Writes the members that resources, templates and resource links share after their URI.
template <class Definition>
void write_resource_members(json_writer& w, const Definition& value, revision r) {
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    write_present(w, "mimeType", value.mime_type);
    write_annotations(w, value.annotations, r);
    if constexpr (requires { value.size; }) {
        write_present(w, "size", value.size);
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
}

template <class Definition>
void read_resource_members(member_reader& r, Definition& into) {
    r.need("name", into.name);
    r.take("title", into.title);
    r.take("description", into.description);
    r.take("mimeType", into.mime_type);
    r.take("annotations", into.annotations, read_annotations);
    if constexpr (requires { into.size; }) {
        r.take("size", into.size);
    }
    r.take_list("icons", into.icons, read_icon);
    r.take("_meta", into.meta);
}

} // namespace mcp::detail
