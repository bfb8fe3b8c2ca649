// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/completion.hpp>
#include <mcp/protocol/impl/string_members.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write(json_writer& w, const completion_result& value, revision r,
                    std::string_view server_info) {
    begin_result(w, r, server_info);
    w.key("completion");
    w.begin_object();
    w.key("values");
    w.begin_array();
    for (std::size_t i = 0; i < std::min(value.values.size(), max_completions); ++i) {
        w.value(value.values[i]);
    }
    w.end_array();
    write_present(w, "total", value.total);
    w.member("hasMore", value.has_more || value.values.size() > max_completions);
    w.end_object();
    w.end_object();
}

MCP_DECL void write(json_writer& w, const completion_params& value, revision r) {
    const bool prompt = value.kind == completion_params::target::prompt;
    w.begin_object();
    w.key("ref");
    w.begin_object();
    w.member("type", prompt ? "ref/prompt" : "ref/resource");
    w.member(prompt ? "name" : "uri", value.name);
    w.end_object();
    w.key("argument");
    w.begin_object();
    w.member("name", value.argument);
    w.member("value", value.value);
    w.end_object();
    if (!value.context.empty() && has_completion_context(r)) {
        w.key("context");
        w.begin_object();
        w.key("arguments");
        w.begin_object();
        for (const auto& [name, known] : value.context) {
            w.member(name, known);
        }
        w.end_object();
        w.end_object();
    }
    w.end_object();
}

MCP_DECL result<completion_params, decode_error> read_completion_params(json_view params) {
    member_reader r{params};
    completion_params read;
    json_view ref;
    json_view argument;
    json_view context;
    r.need("ref", ref);
    r.need("argument", argument);
    r.take("context", context);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_ref{ref, "ref"};
    std::string type;
    of_ref.need("type", type);
    if (type == "ref/resource") {
        read.kind = completion_params::target::resource;
        of_ref.need("uri", read.name);
    } else if (type == "ref/prompt") {
        of_ref.need("name", read.name);
    } else {
        of_ref.fail("type", "expected ref/prompt or ref/resource");
    }
    if (of_ref.failed()) {
        return of_ref.finish(std::move(read));
    }
    member_reader of_argument{argument, "argument"};
    of_argument.need("name", read.argument);
    of_argument.need("value", read.value);
    if (of_argument.failed()) {
        return of_argument.finish(std::move(read));
    }
    member_reader of_context{context, "context"};
    of_context.take("arguments", read.context, detail::read_string_members);
    return of_context.finish(std::move(read));
}

MCP_DECL result<completion_result, decode_error> read_completion_result(json_view value,
                                                                        std::string_view path) {
    member_reader r{value, path};
    json_view completion;
    r.need("completion", completion);
    completion_result read;
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader inner{completion, "completion"};
    inner.need("values", read.values);
    inner.take("total", read.total);
    inner.take("hasMore", read.has_more);
    return inner.finish(std::move(read));
}

} // namespace mcp
