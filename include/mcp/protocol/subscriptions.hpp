// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

class json_writer;

/// The lists whose changes a server can announce.
enum class list_kind : std::uint8_t { tools, resources, prompts };

/// Returns the method of the notification, such as `notifications/tools/list_changed`.
constexpr std::string_view list_changed_method(list_kind kind) noexcept {
    switch (kind) {
    case list_kind::tools:
        return "notifications/tools/list_changed";
    case list_kind::resources:
        return "notifications/resources/list_changed";
    case list_kind::prompts:
        return "notifications/prompts/list_changed";
    }
    return {};
}

/// The notifications that a `subscriptions/listen` stream carries
/// [MCP 2026-07-28 basic/patterns/subscriptions].
struct subscription_filter {
    subscription_filter() = default;

    bool tools_list_changed = false;
    bool prompts_list_changed = false;
    bool resources_list_changed = false;
    /// The URIs of the resources whose updates are wanted.
    std::vector<std::string> resource_subscriptions;
    /// Belongs to the tasks extension.
    std::vector<std::string> task_ids;

    bool wants(list_kind kind) const noexcept {
        return kind == list_kind::tools       ? tools_list_changed
               : kind == list_kind::resources ? resources_list_changed
                                              : prompts_list_changed;
    }
    bool wants_resource(std::string_view uri) const;

    friend bool operator==(const subscription_filter&, const subscription_filter&) = default;
};

/// Writes the members that are set.
void write(json_writer& w, const subscription_filter& filter);

result<subscription_filter, decode_error> read_subscription_filter(json_view value,
                                                                   std::string_view path = {});

/// Reads the filter in the params of `subscriptions/listen` or of its acknowledgement.
result<subscription_filter, decode_error> read_listen_params(json_view params);

/// Appends `notifications/subscriptions/acknowledged`, the first message of a listen stream.
/// `listen` is the id of the request. `honoured` is the part of its filter that the server
/// supports.
void write_acknowledged(std::string& out, const jsonrpc::id& listen,
                        const subscription_filter& honoured);

/// Appends a `list_changed` notification. `subscription` is the id of the listen request; absent
/// for a legacy client.
void write_list_changed(std::string& out, list_kind kind, const jsonrpc::id& subscription = {});

/// Appends `notifications/resources/updated`. `subscription` is that of `write_list_changed`.
void write_resource_updated(std::string& out, std::string_view uri,
                            const jsonrpc::id& subscription = {});

/// Appends the response that ends a listen stream gracefully. `server_info` is that of
/// `begin_result`.
void write_listen_end(std::string& out, const jsonrpc::id& listen,
                      std::string_view server_info = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/subscriptions.ipp>
#endif
