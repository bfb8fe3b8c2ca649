// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write_annotations(json_writer& w, const annotations& value, revision r) {
    const bool dated = has_last_modified(r) && !value.last_modified.empty();
    if (value.audience.empty() && !value.priority && !dated) {
        return;
    }
    w.key("annotations");
    w.begin_object();
    if (!value.audience.empty()) {
        write_list(w, "audience", value.audience, [&w](role who) { w.value(to_string(who)); });
    }
    write_present(w, "priority", value.priority);
    if (dated) {
        w.member("lastModified", value.last_modified);
    }
    w.end_object();
}

MCP_DECL result<role, decode_error> read_role(json_view value, std::string_view path) {
    if (const auto text = value.if_string()) {
        if (*text == "user") {
            return role::user;
        }
        if (*text == "assistant") {
            return role::assistant;
        }
    }
    return decode_error{std::string{path}, "expected user or assistant"};
}

MCP_DECL result<annotations, decode_error> read_annotations(json_view value,
                                                            std::string_view path) {
    member_reader r{value, path};
    annotations read;
    r.take_list("audience", read.audience, read_role);
    r.take("priority", read.priority);
    r.take("lastModified", read.last_modified);
    return r.finish(std::move(read));
}

} // namespace mcp
