// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/discover.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL std::vector<std::string> modern_versions() {
    std::vector<std::string> versions;
    for (revision r : all_revisions) {
        if (is_modern(r)) {
            versions.emplace_back(to_string(r));
        }
    }
    return versions;
}

MCP_DECL void write(json_writer& w, const discover_result& value, revision r,
                    std::string_view server_info) {
    begin_result(w, r, server_info);
    write_list(w, "supportedVersions", value.supported_versions,
               [&w](const std::string& version) { w.value(version); });
    w.key("capabilities");
    write(w, value.capabilities, r);
    write_present(w, "instructions", value.instructions);
    write_members(w, value.caching, r);
    w.end_object();
}

MCP_DECL result<discover_result, decode_error> read_discover_result(json_view value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    discover_result read;
    json_view meta;
    r.need("supportedVersions", read.supported_versions);
    r.need("capabilities", read.capabilities, read_server_capabilities);
    r.take("instructions", read.instructions);
    r.take("_meta", meta);
    read.caching = read_cache_policy(value);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_meta{meta, "_meta"};
    of_meta.take(meta_key::server_info, read.server_info, read_implementation);
    return of_meta.finish(std::move(read));
}

} // namespace mcp
