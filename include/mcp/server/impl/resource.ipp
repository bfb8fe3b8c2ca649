// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/relative_path.hpp>
#include <mcp/encoding/uri.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/impl/text_parameter.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/result_writer.hpp>

namespace mcp::detail {

MCP_DECL resource_entry::resource_entry(resource_definition definition)
    : definition_(std::move(definition))
    , key_(normal_uri(definition_.uri)) {}

MCP_DECL void resource_entry::write_definition(json_writer& w, mcp::revision r) const {
    write(w, definition_, r);
}

MCP_DECL template_entry::template_entry(resource_template_definition definition)
    : definition_(std::move(definition))
    , pattern_(definition_.uri_template) {}

MCP_DECL void template_entry::write_definition(json_writer& w, mcp::revision r) const {
    write(w, definition_, r);
}

MCP_DECL void resource_policy::write_result(const context& ctx, result_writer& out,
                                            const resource_result& made) {
    if (made.contents.empty())
        refuse(ctx);
    if (out.capture()) {
        out.capture()->value = made;
        return;
    }
    write(out.whole(), made, out.revision(), out.server_info(),
          context_access::environment(ctx).options.caching);
}

MCP_DECL void resource_policy::write_bytes(const context& ctx, result_writer& out,
                                           std::string_view mime_type, const bytes& value) {
    write_result(
        ctx, out,
        resource_result(resource_contents(
            std::string(text_parameter(ctx, "uri")),
            std::string(mime_type.empty() ? "application/octet-stream" : mime_type), value)));
}

MCP_DECL void resource_policy::write_text(const context& ctx, result_writer& out,
                                          std::string_view mime_type, std::string_view otherwise,
                                          std::string_view value) {
    write_result(ctx, out,
                 resource_result(resource_contents(
                     std::string(text_parameter(ctx, "uri")),
                     std::string(mime_type.empty() ? otherwise : mime_type), std::string(value))));
}

MCP_DECL void resource_policy::refuse(const context& ctx, std::string_view why) {
    auto error = resource_not_found(text_parameter(ctx, "uri"), ctx.revision());
    if (!why.empty())
        error.message = why;
    throw protocol_error(std::move(error));
}

MCP_DECL void resource_policy::fail(const context& ctx, std::string_view name,
                                    const std::exception_ptr& failure) {
    try {
        rethrow_failure(ctx, "resource " + std::string(name), failure);
    } catch (const not_found& e) {
        refuse(ctx, e.what());
    }
}

MCP_DECL auto template_policy::read_variables(const template_entry& which, const context& ctx)
    -> std::vector<variable> {
    const std::string_view uri = text_parameter(ctx, "uri");
    const auto found = which.pattern().match(uri);
    if (!found)
        throw protocol_error(resource_not_found(uri, ctx.revision()));
    std::vector<variable> values;
    for (const std::string_view name : which.pattern().variables()) {
        const std::string* text = found->find(name);
        values.push_back({name, text ? std::optional(*text) : std::nullopt});
    }
    return values;
}

MCP_DECL void template_policy::check_path(std::string_view name, std::string_view text) {
    if (!is_relative_path(text))
        throw protocol_error(invalid_params(
            "params.uri: " + std::string(name) +
            " must not begin with a slash, and must have no '.' or '..' between slashes and no "
            "NUL"));
}

MCP_DECL void template_policy::refuse_value(std::string_view name, std::string_view wanted) {
    throw protocol_error(
        invalid_params("params.uri: " + std::string(name) + " must be " + std::string(wanted)));
}

} // namespace mcp::detail
