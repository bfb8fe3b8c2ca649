// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/replay/event_envelope.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/catalog.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/impl/answer.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/topics.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/server/legacy/impl/methods.hpp>
#endif

#include <algorithm>
#include <concepts>

namespace mcp {

namespace detail {

/// Returns a method of the era; null if it has none of that name.
inline const method* find_method(std::string_view name, bool modern) noexcept {
    const auto in = [name](const auto& table) -> const method* {
        const auto found = std::find_if(table.begin(), table.end(),
                                        [&](const method& each) { return each.name == name; });
        return found == table.end() ? nullptr : &*found;
    };
    if (const method* shared = in(methods))
        return shared;
    if (modern)
        return in(modern_methods);
#ifndef MCP_NO_LEGACY
    return in(legacy::methods);
#else
    return nullptr;
#endif
}

template <class Entry>
constexpr list_kind kind_of(entry_list<Entry> catalog::*) noexcept {
    return std::same_as<Entry, tool_entry>     ? list_kind::tools
           : std::same_as<Entry, prompt_entry> ? list_kind::prompts
                                               : list_kind::resources;
}

template <class Entry>
void log_change(const any_server& server, std::string_view key, std::string_view change) {
    if (!server.environment().logs(log_level::debug))
        return;
    std::string line(std::same_as<Entry, tool_entry>     ? "tool "
                     : std::same_as<Entry, prompt_entry> ? "prompt "
                                                         : "resource ");
    server.environment().log(log_level::debug, line.append(key).append(" ").append(change));
}

template <class Entry>
void put_entry(any_server& server, registry& into, entry_list<Entry> catalog::* list,
               std::unique_ptr<Entry> entry, call_rules rules) {
    entry->permission = std::move(rules.permission);
    entry->around = std::move(rules.around);
    entry->limits = std::move(rules.limits);
    const std::shared_ptr<const Entry> made = std::move(entry);
    log_change<Entry>(server, made->key(), "registered");
    into.edit([&](catalog& all) { (all.*list).put(made); });
    server.notify_list_changed(kind_of(list));
}

template <class Entry>
bool remove_entry(any_server& server, registry& from, entry_list<Entry> catalog::* list,
                  std::string_view key) {
    const bool removed = from.edit([&](catalog& all) { return (all.*list).remove(key); });
    if (removed) {
        log_change<Entry>(server, key, "removed");
        server.notify_list_changed(kind_of(list));
    }
    return removed;
}

} // namespace detail

MCP_DECL any_server::any_server(server_info info) : server_core(std::move(info)) {}

MCP_DECL void any_server::put_around(std::shared_ptr<const detail::around_layer> layer) {
    environment().around.push_back(std::move(layer));
}

MCP_DECL void any_server::put(std::unique_ptr<detail::tool_entry> entry, detail::call_rules rules) {
    detail::put_entry(*this, *registry_, &catalog::tools, std::move(entry), std::move(rules));
}
MCP_DECL void any_server::put(std::unique_ptr<detail::resource_entry> entry,
                              detail::call_rules rules) {
    detail::put_entry(*this, *registry_, &catalog::resources, std::move(entry), std::move(rules));
}
MCP_DECL void any_server::put(std::unique_ptr<detail::template_entry> entry,
                              detail::call_rules rules) {
    detail::put_entry(*this, *registry_, &catalog::templates, std::move(entry), std::move(rules));
}
MCP_DECL void any_server::put(std::unique_ptr<detail::prompt_entry> entry,
                              detail::call_rules rules) {
    detail::put_entry(*this, *registry_, &catalog::prompts, std::move(entry), std::move(rules));
}
MCP_DECL void any_server::put(std::unique_ptr<detail::completion_entry> entry,
                              detail::call_rules rules) {
    entry->permission = std::move(rules.permission);
    const std::shared_ptr<const detail::completion_entry> made = std::move(entry);
    registry_->edit([&](catalog& all) { all.completions.put(made); });
}

MCP_DECL bool any_server::remove_tool(std::string_view name) {
    return detail::remove_entry(*this, *registry_, &catalog::tools, name);
}
MCP_DECL bool any_server::remove_prompt(std::string_view name) {
    return detail::remove_entry(*this, *registry_, &catalog::prompts, name);
}
MCP_DECL bool any_server::remove_resource(std::string_view uri) {
    return detail::remove_entry(*this, *registry_, &catalog::resources, normal_uri(uri)) ||
           detail::remove_entry(*this, *registry_, &catalog::templates, uri);
}

MCP_DECL std::optional<job> any_server::answer(context& ctx, server_response& out) {
    const request_view& request = detail::context_access::request(ctx);
    const bool modern = is_modern(request.revision);
    result_writer writer(out.text, request.id, request.revision, info_text(request.revision),
                         out.shared);
    const detail::method* const method = detail::find_method(request.method, modern);
    detail::call_span span;
    if (environment().observers->calls()) [[unlikely]]
        span = detail::observe(*this, ctx, method ? method->name : "");
    if (!method) {
        if (modern)
            out.status = reply_status::not_found;
        writer.fail(method_not_found(request.method));
        span.end(outcome::error, writer.error_code());
        return std::nullopt;
    }
    try {
        if (auto later = method->run(*this, ctx, writer)) {
            writer.discard();
            later->span = std::move(span);
            return later;
        }
        writer.finish();
    } catch (const forbidden& e) {
        detail::context_access::forbid(ctx, e.scopes());
        writer.fail(e.error());
        out.status = reply_status::forbidden;
    } catch (...) {
        out.status =
            detail::write_failure(environment(), writer, request, std::current_exception());
    }
    if (span)
        span.end(detail::outcome_of(writer, out.status), writer.error_code());
    return std::nullopt;
}

MCP_DECL std::shared_ptr<const permission> any_server::reading(std::string_view uri) const {
    return detail::reading(**offers(), uri);
}

MCP_DECL server_capabilities any_server::capabilities() const {
    return detail::capabilities_of(**offers(), options());
}

} // namespace mcp
