// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/schema/plain_schema.hpp>
#include <mcp/schema/refused_pattern.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/tool.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace mcp {

struct detail::tool_entry::derived {
    std::string legacy_output;
    std::vector<header_parameter> headers{};
    std::once_flag plain_made{};
    std::string plain_input{};
};

MCP_DECL detail::tool_entry::tool_entry(tool_definition definition, std::string_view legacy_output)
    : definition_(std::move(definition))
    , derived_(new derived{std::string(legacy_output)}) {
    if (!is_tool_name(definition_.name))
        throw std::invalid_argument("invalid tool name: " + definition_.name);
    const auto schema = parse_json(definition_.input_schema);
    auto found = schema ? find_header_parameters(*schema) : header_parameters{};
    if (!found.error.empty())
        throw std::invalid_argument("tool " + definition_.name + ": " + found.error);
    derived_->headers = std::move(found.list);
    const std::string refused = schema ? schema::refused_pattern(*schema) : "";
    if (!refused.empty())
        throw std::invalid_argument("tool " + definition_.name + ": " + refused);
    if (schema && schema->is_object() && !schema->get_object().contains("properties"))
        definition_.input_schema = encode(schema::with_properties(*schema));
}

MCP_DECL detail::tool_entry::~tool_entry() = default;

MCP_DECL const std::vector<header_parameter>& detail::tool_entry::mirrored() const noexcept {
    return derived_->headers;
}

MCP_DECL bool detail::tool_entry::wraps_result() const noexcept {
    return !derived_->legacy_output.empty();
}

MCP_DECL void detail::tool_entry::write_definition(json_writer& w, mcp::revision r,
                                                   bool plain) const {
    derived& more = *derived_;
    const bool legacy = !is_modern(r) && !more.legacy_output.empty();
    if (!legacy && !plain)
        return write(w, definition_, r);
    tool_definition shown = definition_;
    if (legacy)
        shown.output_schema = more.legacy_output;
    if (plain) {
        std::call_once(more.plain_made, [&] {
            const auto schema = parse_json(definition_.input_schema);
            more.plain_input =
                schema ? encode(schema::plain_schema(*schema)) : definition_.input_schema;
        });
        shown.input_schema = more.plain_input;
    }
    write(w, shown, r);
}

MCP_DECL json_view detail::tool_arguments(const context& ctx) {
    static const json_object none;
    const json_view given = find_member(ctx.params(), "arguments");
    if (!given)
        return none;
    const json_view members = find_members(given);
    return members ? members : given;
}

MCP_DECL std::optional<json>
detail::only_known(json_view arguments, const std::function<bool(std::string_view)>& known) {
    const auto members = arguments.members();
    if (std::all_of(members.begin(), members.end(),
                    [&](const json_member& each) { return known(each.name); }))
        return std::nullopt;
    json_object kept;
    for (const auto& [name, value] : members)
        if (known(name))
            kept.emplace(name, value.to_json());
    return kept;
}

MCP_DECL detail::given_arguments::given_arguments(const context& ctx) : all_(tool_arguments(ctx)) {}

MCP_DECL detail::given_arguments::given_arguments(const context& ctx,
                                                  std::span<const std::string_view> known)
    : all_(tool_arguments(ctx)) {
    if (detail::context_access::environment(ctx).options.unknown_arguments !=
        unknown_arguments::refuse)
        known_ = only_known(all_, [known](std::string_view name) {
            return std::ranges::find(known, name) != known.end();
        });
}

namespace detail {

inline void write_unexpected(const tool_entry& which, context& ctx, result_writer& out,
                             const std::exception_ptr& failure) {
    const std::string operation = "tool " + std::string(which.key());
    write_tool_error(out, public_text(ctx, operation, failure));
}

} // namespace detail

MCP_DECL void detail::tool_policy::failed(const detail::tool_entry& which, context& ctx,
                                          result_writer& out, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const protocol_error&) {
        throw;
    } catch (const tool_error& e) {
        try {
            out.restart();
            detail::write_tool_output(out, e.result());
        } catch (...) {
            write_unexpected(which, ctx, out, std::current_exception());
        }
    } catch (const handler_error& e) {
        write_tool_error(out, e.what());
    } catch (...) {
        if (ctx.cancelled())
            throw; // no client waits for the response
        write_unexpected(which, ctx, out, failure);
    }
}

MCP_DECL void detail::tool_policy::refuse_gap(result_writer& out, std::string_view name) {
    detail::write_tool_error(out, "arguments." + std::string(name) +
                                      ": expected a value, because a later parameter has one");
}

MCP_DECL void detail::tool_policy::refuse(result_writer& out, const decode_error& why) {
    detail::write_tool_error(out, why.what());
}

MCP_DECL tool_definition detail::with_schemas(tool_definition definition, std::string_view input,
                                              std::string_view output) {
    definition.input_schema = input;
    definition.output_schema = output;
    return definition;
}

} // namespace mcp
