// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL void write(json_writer& w, const input_required& value, std::string_view server_info) {
    begin_result(w, latest, server_info, {}, input_required_type);
    if (!value.requests.empty()) {
        w.key("inputRequests");
        w.begin_object();
        for (const input_request& one : value.requests) {
            w.key(one.key);
            w.begin_object();
            w.member("method", one.method);
            write_present_raw(w, "params", one.params);
            w.end_object();
        }
        w.end_object();
    }
    write_present(w, "requestState", value.request_state);
    if (value.of_tool) {
        w.member_raw("content", "[]");
    }
    w.end_object();
}

MCP_DECL result<input_retry, decode_error> read_input_retry(json_view params) {
    member_reader r{params};
    input_retry read;
    r.take("inputResponses", read.responses);
    r.take("requestState", read.request_state);
    return r.finish(read);
}

MCP_DECL bool is_input_required(json_view result_value) {
    return result_value.find("resultType").if_string() == input_required_type;
}

MCP_DECL result<input_required, decode_error> read_input_required(json_view value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    input_required read;
    json_view requests;
    r.take("inputRequests", requests);
    r.take("requestState", read.request_state);
    if (!requests && !read.request_state) {
        r.fail("inputRequests", "is missing");
    }
    if (r.failed() || !requests) {
        return r.finish(std::move(read));
    }
    for (const auto& [key, value_of] : requests.members()) {
        member_reader one{value_of, key};
        input_request& request = read.requests.emplace_back();
        json_view params;
        request.key = key;
        one.need("method", request.method);
        one.take("params", params);
        if (params) {
            json_writer{request.params}.value(params);
        }
        if (one.failed()) {
            return one.finish(std::move(read));
        }
    }
    return read;
}

} // namespace mcp
