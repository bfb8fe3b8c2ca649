// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL void write(json_writer& w, const form_elicitation& value, revision r) {
    w.begin_object();
    if (has_url_elicitation(r)) {
        w.member("mode", "form");
    }
    w.member("message", value.message);
    write_json_text(w, "requestedSchema", value.schema);
    w.end_object();
}

MCP_DECL void write(json_writer& w, const url_elicitation& value, revision r) {
    w.begin_object();
    w.member("mode", "url");
    w.member("message", value.message);
    if (has_elicitation_ids(r) || !value.id.empty()) {
        w.member("elicitationId", value.id);
    }
    w.member("url", value.url);
    w.end_object();
}

MCP_DECL void write_elicitation_complete(std::string& out, std::string_view elicitation_id) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    w.member("elicitationId", elicitation_id);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/elicitation/complete", params);
}

MCP_DECL jsonrpc::error url_elicitation_required(const std::vector<url_elicitation>& elicitations) {
    std::string data;
    json_writer w{data};
    w.begin_object();
    write_list(w, "elicitations", elicitations,
               [&w](const url_elicitation& one) { write(w, one, revision::v2025_11_25); });
    w.end_object();
    return {errc::url_elicitation_required, "URL elicitation required", std::move(data)};
}

namespace detail {

MCP_DECL result<elicited_answer, decode_error>
read_elicit_answer(json_view value, std::string_view path, bool as_object) {
    member_reader r{value, path};
    std::string action;
    elicited_answer read;
    r.need("action", action);
    if (action != "accept") {
        if (action == "decline") {
            read.action = elicit_action::decline;
        } else if (action != "cancel") {
            r.fail("action", "expected accept, decline or cancel");
        }
        return r.finish(std::move(read));
    }
    read.action = elicit_action::accept;
    read.content = json_object{};
    if (const json_view given = r.find_present("content"); given && find_members(given)) {
        read.content = find_members(given).to_json();
    } else if (given) {
        read.content = given.to_json();
    }
    if (as_object && !read.content.is_object()) {
        r.fail("content", member_reader::expected("object", read.content));
    }
    read.place.append(path).append(path.empty() ? "" : ".").append("content");
    return r.finish(std::move(read));
}

} // namespace detail

MCP_DECL void write_elicit_result(json_writer& w, elicit_action action, std::string_view content) {
    w.begin_object();
    w.member("action", to_string(action));
    if (action == elicit_action::accept) {
        write_present_raw(w, "content", content);
    }
    w.end_object();
}

MCP_DECL result<elicitation_params, decode_error> read_elicitation_params(json_view params) {
    member_reader r{params};
    elicitation_params read;
    std::string mode = "form";
    std::string message;
    r.take("mode", mode);
    r.need("message", message);
    if (mode == "url") {
        url_elicitation& url = read.url.emplace(std::move(message), "");
        r.need("url", url.url);
        r.take("elicitationId", url.id);
    } else if (mode == "form") {
        form_elicitation& form = read.form.emplace(std::move(message), "");
        json_view schema;
        r.need("requestedSchema", schema);
        if (schema) {
            json_writer{form.schema}.value(schema);
        }
    } else {
        r.fail("mode", "expected form or url");
    }
    return r.finish(std::move(read));
}

MCP_DECL json_object elicitation_defaults(json_view schema) {
    json_object defaults;
    for (const auto& [name, property] : schema.find("properties").members()) {
        if (const json_view preset = property.find("default")) {
            defaults.emplace(name, preset.to_json());
        }
    }
    return defaults;
}

} // namespace mcp
