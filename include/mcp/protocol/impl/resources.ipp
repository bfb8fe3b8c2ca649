// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/impl/resources.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL result<std::string, decode_error> read_resource_params(json_view params) {
    member_reader r{params};
    std::string uri;
    r.need("uri", uri);
    return r.finish(std::move(uri));
}

MCP_DECL void write(json_writer& w, const resource_definition& value, revision r) {
    w.begin_object();
    w.member("uri", value.uri);
    detail::write_resource_members(w, value, r);
    w.end_object();
}

MCP_DECL void write(json_writer& w, const resource_template_definition& value, revision r) {
    w.begin_object();
    w.member("uriTemplate", value.uri_template);
    detail::write_resource_members(w, value, r);
    w.end_object();
}

MCP_DECL void write(json_writer& w, const resource_contents& value, revision r) {
    w.begin_object();
    w.member("uri", value.uri);
    write_present(w, "mimeType", value.mime_type);
    if (const std::string* text = value.text()) {
        w.member("text", *text);
    } else {
        w.member("blob", to_base64(value.blob()->view()));
    }
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

MCP_DECL void write(json_writer& w, const resource_result& value, revision r,
                    std::string_view server_info, const cache_policy& caching) {
    begin_result(w, r, server_info, value.meta);
    write_list(w, "contents", value.contents,
               [&w, r](const resource_contents& one) { write(w, one, r); });
    write_members(w, value.caching.value_or(caching), r);
    w.end_object();
}

MCP_DECL result<resource_definition, decode_error> read_resource_definition(json_view value,
                                                                            std::string_view path) {
    member_reader r{value, path};
    resource_definition read;
    r.need("uri", read.uri);
    detail::read_resource_members(r, read);
    return r.finish(std::move(read));
}

MCP_DECL result<resource_template_definition, decode_error>
read_resource_template_definition(json_view value, std::string_view path) {
    member_reader r{value, path};
    resource_template_definition read;
    r.need("uriTemplate", read.uri_template);
    detail::read_resource_members(r, read);
    return r.finish(std::move(read));
}

MCP_DECL result<resource_contents, decode_error> read_resource_contents(json_view value,
                                                                        std::string_view path) {
    member_reader r{value, path};
    resource_contents read;
    std::optional<std::string> text;
    std::string blob;
    r.need("uri", read.uri);
    r.take("mimeType", read.mime_type);
    r.take("text", text);
    r.take("_meta", read.meta);
    if (text) {
        read.body = *std::move(text);
    } else {
        r.need("blob", blob);
        if (const auto decoded = from_base64(blob)) {
            read.body = bytes{std::string_view{*decoded}};
        } else {
            r.fail("blob", "is not base64");
        }
    }
    return r.finish(std::move(read));
}

MCP_DECL result<resource_result, decode_error> read_resource_result(json_view value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    resource_result read;
    r.need_list("contents", read.contents, read_resource_contents);
    r.take("_meta", read.meta);
    if (r.find_present("ttlMs")) {
        read.caching = read_cache_policy(value);
    }
    return r.finish(std::move(read));
}

} // namespace mcp
