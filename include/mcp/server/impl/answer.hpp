// SPDX-License-Identifier: MIT
#pragma once

// How any_server answers each method of the protocol.

#include <mcp/json/member.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/pagination.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/impl/guarded.hpp>
#include <mcp/server/impl/text_parameter.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/result_writer.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// Returns the snapshot that the request has pinned.
inline const catalog_snapshot& offers_of(const context& ctx) noexcept {
    return *context_access::request(ctx).offers;
}

inline std::optional<job> call_tool(any_server&, context& ctx, result_writer& out) {
    const std::string_view name = text_parameter(ctx, "name");
    const auto* found = offers_of(ctx)->tools.find(name);
    if (!found)
        throw protocol_error(unknown_tool(name));
    return perform(*found, ctx, out, admission_of(*found, ctx));
}

inline std::optional<job> get_prompt(any_server&, context& ctx, result_writer& out) {
    const std::string_view name = text_parameter(ctx, "name");
    const auto* found = offers_of(ctx)->prompts.find(name);
    if (!found)
        throw protocol_error(unknown_prompt(name));
    return perform(*found, ctx, out, admission_of(*found, ctx));
}

inline std::optional<job> read_resource(any_server&, context& ctx, result_writer& out) {
    const std::string_view uri = text_parameter(ctx, "uri");
    std::optional<job> later;
    const bool found = offers_of(ctx)->find_reader(uri, [&](const auto& entry) {
        auto admission = admission_of(guard_of(entry), ctx, [&] {
            if constexpr (requires { entry->pattern(); })
                refuse_dot_segments(uri);
            return reading_params(uri);
        });
        later = perform(entry, ctx, out, std::move(admission));
    });
    if (!found)
        throw protocol_error(resource_not_found(uri, ctx.revision()));
    return later;
}

inline std::optional<job> complete(any_server&, context& ctx, result_writer& out) {
    const completion_params params = read_completion(ctx);
    const catalog& offers = *offers_of(ctx);
    const auto target = find_target(offers, params);
    job::check admission;
    if (target)
        admission = admission_of(guard_of(target), ctx, [&] { return meant_by(params); });
    const std::string key = completion_entry::key_of(params.kind, params.name, params.argument);
    if (const auto* found = offers.completions.find(key))
        return perform(*found, ctx, out, std::move(admission));
    if (!target)
        throw protocol_error(invalid_params(
            "params.ref does not name a prompt or resource template of this server"));
    if (admission)
        return job(
            [](context&, result_writer& w) -> asio::awaitable<void> {
                write(w.whole(), completion_result(), w.revision(), w.server_info());
                co_return;
            },
            std::move(admission));
    write(out.whole(), completion_result(), out.revision(), out.server_info());
    return std::nullopt;
}

/// Writes the entries of a page that the principal may see.
template <class Pointer>
void write_allowed(json_writer& w, std::string_view name, const std::vector<Pointer>& entries,
                   std::size_t from, std::size_t count, const context& ctx) {
    w.key(name);
    w.begin_array();
    for (std::size_t i = from; i < std::min(from + count, entries.size()); ++i)
        if (entries[i]->permission.admits(ctx.principal(), context_access::request(ctx).path))
            write_entry(w, *entries[i], ctx.revision(),
                        context_access::environment(ctx).options.plain_schemas);
    w.end_array();
}

/// Answers a list from its cached pages.
template <class Entry>
std::optional<job> list(any_server& server, context& ctx, result_writer& out, std::string_view name,
                        entry_list<Entry> catalog::* which) {
    const catalog_snapshot& offers = offers_of(ctx);
    const auto& pages = offers.pages(which, ctx.revision());
    std::size_t page = 0;
    if (const json_view cursor = find_member(ctx.params(), "cursor")) {
        const auto text = cursor.if_string();
        const auto offset = text ? decode_cursor(*text) : std::nullopt;
        if (!offset || *offset % offers.page_size() != 0 ||
            *offset / offers.page_size() >= pages.size())
            throw protocol_error(invalid_cursor());
        page = *offset / offers.page_size();
    }
    json_writer& w = out.json();
    if (server.options().hide_forbidden)
        write_allowed(w, name, ((*offers).*which).entries(), page * offers.page_size(),
                      offers.page_size(), ctx);
    else
        out.share(name, pages[page].array);
    if (!pages[page].last)
        w.member("nextCursor", std::string_view(encode_cursor((page + 1) * offers.page_size())));
    write_members(w, server.options().caching, ctx.revision());
    return std::nullopt;
}

inline std::optional<job> list_tools(any_server& server, context& ctx, result_writer& out) {
    return list(server, ctx, out, "tools", &catalog::tools);
}
inline std::optional<job> list_resources(any_server& server, context& ctx, result_writer& out) {
    return list(server, ctx, out, "resources", &catalog::resources);
}
inline std::optional<job> list_templates(any_server& server, context& ctx, result_writer& out) {
    return list(server, ctx, out, "resourceTemplates", &catalog::templates);
}
inline std::optional<job> list_prompts(any_server& server, context& ctx, result_writer& out) {
    return list(server, ctx, out, "prompts", &catalog::prompts);
}

inline server_capabilities capabilities_of(const catalog& offers, const server_options& options) {
    server_capabilities has;
    has.tools = has.tools_list_changed = true;
    has.resources = has.resources_list_changed = has.resources_subscribe =
        !offers.resources.empty() || !offers.templates.empty();
    has.prompts = has.prompts_list_changed = !offers.prompts.empty();
    has.completions = !offers.completions.empty();
    has.logging = true;
    has.extensions = options.extensions;
    return has;
}

/// Answers server/discover. [MCP 2026-07-28 server/discover]
inline std::optional<job> discover(any_server& server, context& ctx, result_writer& out) {
    json_writer& w = out.json();
    w.key("supportedVersions");
    w.begin_array();
    for (const mcp::revision r : all_revisions)
        if (is_modern(r))
            w.value(to_string(r));
    w.end_array();
    w.key("capabilities");
    write(w, capabilities_of(*offers_of(ctx), server.options()), ctx.revision());
    write_present(w, "instructions", server.environment().info.instructions);
    write_members(w, server.options().caching, ctx.revision());
    return std::nullopt;
}

/// A method of the protocol.
struct method {
    std::string_view name;
    std::optional<job> (*run)(any_server&, context&, result_writer&);
};

/// The methods of both eras.
inline constexpr std::array methods{
    method{"tools/call", call_tool},
    method{"tools/list", list_tools},
    method{"resources/read", read_resource},
    method{"resources/list", list_resources},
    method{"resources/templates/list", list_templates},
    method{"prompts/get", get_prompt},
    method{"prompts/list", list_prompts},
    method{"completion/complete", complete},
};
inline constexpr std::array modern_methods{method{"server/discover", discover}};

/// Returns the name of the entry that a request uses; empty if there is none. Names that clients
/// make up are not shown to observers.
inline std::string offered_name(const catalog& offers, std::string_view method, json_view params) {
    const auto text = [&](std::string_view key) {
        return params.find(key).if_string().value_or("");
    };
    const auto known = [](const auto& list, std::string_view key) {
        const auto* found = list.find(key);
        return found ? std::string((*found)->key()) : std::string();
    };
    if (method == "tools/call")
        return known(offers.tools, text("name"));
    if (method == "prompts/get")
        return known(offers.prompts, text("name"));
    if (method == "completion/complete") {
        const auto read = read_completion_params(params);
        return !read ? std::string()
               : read->kind == completion_params::target::prompt
                   ? known(offers.prompts, read->name)
                   : known(offers.templates, read->name);
    }
    if (!method.starts_with("resources/") || method.ends_with("list"))
        return {};
    const std::string_view uri = text("uri");
    std::string name;
    offers.find_reader(uri, [&](const auto& entry) { name = entry->name(); });
    return name;
}

[[gnu::noinline, gnu::cold]] inline call_span observe(any_server& server, const context& ctx,
                                                      std::string_view method) {
    const std::string name = offered_name(*offers_of(ctx), method, ctx.params());
    call_info call{method, name, ctx.revision(), context_access::request(ctx).id.text(),
                   ctx.trace()};
    call.session = ctx.session_id().substr(0, 8);
    call.over_http = context_access::request(ctx).path != nullptr;
    call.http_id = context_access::request(ctx).http_id;
    if (server.options().log_arguments)
        call.arguments = ctx.params().find("arguments");
    return {server.environment().observers, call};
}

/// Returns the permission to read and subscribe to a URI; see `any_server::reading`.
inline std::shared_ptr<const permission> reading(const catalog& offers, std::string_view uri) {
    std::shared_ptr<const permission> guard;
    offers.find_reader(uri, [&](const auto& entry) { guard = guard_of(entry); });
    return guard;
}

} // namespace mcp::detail
