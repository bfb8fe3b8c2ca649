// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/result.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL result<root, decode_error> read_root(json_view value, std::string_view path) {
    member_reader r{value, path};
    root read;
    r.need("uri", read.uri);
    r.take("name", read.name);
    return r.finish(std::move(read));
}

MCP_DECL result<std::vector<root>, decode_error> read_roots(json_view value,
                                                            std::string_view path) {
    member_reader r{value, path};
    std::vector<root> read;
    r.need_list("roots", read, read_root);
    return r.finish(std::move(read));
}

MCP_DECL void write_roots(json_writer& w, const std::vector<root>& roots) {
    w.begin_object();
    write_list(w, "roots", roots, [&w](const root& one) {
        w.begin_object();
        w.member("uri", one.uri);
        write_present(w, "name", one.name);
        w.end_object();
    });
    w.end_object();
}

} // namespace mcp
