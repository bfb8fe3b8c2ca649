// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL bool subscription_filter::wants_resource(std::string_view uri) const {
    return std::find(resource_subscriptions.begin(), resource_subscriptions.end(), uri) !=
           resource_subscriptions.end();
}

MCP_DECL void write(json_writer& w, const subscription_filter& filter) {
    w.begin_object();
    if (filter.tools_list_changed) {
        w.member("toolsListChanged", true);
    }
    if (filter.prompts_list_changed) {
        w.member("promptsListChanged", true);
    }
    if (filter.resources_list_changed) {
        w.member("resourcesListChanged", true);
    }
    write_present_list(w, "resourceSubscriptions", filter.resource_subscriptions);
    write_present_list(w, "taskIds", filter.task_ids);
    w.end_object();
}

MCP_DECL result<subscription_filter, decode_error> read_subscription_filter(json_view value,
                                                                            std::string_view path) {
    member_reader r{value, path};
    subscription_filter read;
    r.take("toolsListChanged", read.tools_list_changed);
    r.take("promptsListChanged", read.prompts_list_changed);
    r.take("resourcesListChanged", read.resources_list_changed);
    r.take("resourceSubscriptions", read.resource_subscriptions);
    r.take("taskIds", read.task_ids);
    return r.finish(std::move(read));
}

MCP_DECL result<subscription_filter, decode_error> read_listen_params(json_view params) {
    member_reader r{params};
    subscription_filter read;
    r.need("notifications", read, read_subscription_filter);
    return r.finish(std::move(read));
}

namespace detail {

inline void write_subscription_meta(json_writer& w, const jsonrpc::id& subscription) {
    w.key("_meta");
    w.begin_object();
    w.member_raw(meta_key::subscription_id, subscription.text());
    w.end_object();
}

} // namespace detail

MCP_DECL void write_acknowledged(std::string& out, const jsonrpc::id& listen,
                                 const subscription_filter& honoured) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    detail::write_subscription_meta(w, listen);
    w.key("notifications");
    write(w, honoured);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/subscriptions/acknowledged", params);
}

MCP_DECL void write_list_changed(std::string& out, list_kind kind,
                                 const jsonrpc::id& subscription) {
    std::string params;
    if (subscription) {
        json_writer w{params};
        w.begin_object();
        detail::write_subscription_meta(w, subscription);
        w.end_object();
    }
    jsonrpc::write_notification(out, list_changed_method(kind), params);
}

MCP_DECL void write_resource_updated(std::string& out, std::string_view uri,
                                     const jsonrpc::id& subscription) {
    std::string params;
    json_writer w{params};
    w.begin_object();
    if (subscription) {
        detail::write_subscription_meta(w, subscription);
    }
    w.member("uri", uri);
    w.end_object();
    jsonrpc::write_notification(out, "notifications/resources/updated", params);
}

MCP_DECL void write_listen_end(std::string& out, const jsonrpc::id& listen,
                               std::string_view server_info) {
    jsonrpc::begin_response(out, listen);
    json_writer w{out};
    w.begin_object();
    w.member("resultType", "complete");
    w.key("_meta");
    w.begin_object();
    w.member_raw(meta_key::subscription_id, listen.text());
    write_present_raw(w, meta_key::server_info, server_info);
    w.end_object();
    w.end_object();
    jsonrpc::end_response(out);
}

} // namespace mcp
