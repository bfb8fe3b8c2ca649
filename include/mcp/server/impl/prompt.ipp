// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/errors.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/result_writer.hpp>

#include <algorithm>
#include <stdexcept>

namespace mcp::detail {

MCP_DECL prompt_entry::prompt_entry(prompt_definition definition)
    : definition_(std::move(definition)) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    if (definition_.name.empty() || std::ranges::any_of(definition_.name, is_control))
        throw std::invalid_argument("invalid prompt name: " + definition_.name);
}

MCP_DECL void prompt_entry::write_definition(json_writer& w, mcp::revision r) const {
    write(w, definition_, r);
}

MCP_DECL prompt_params read_prompt(const context& ctx) {
    auto params = read_prompt_params(ctx.params());
    if (!params)
        throw protocol_error(invalid_params("params." + params.error().what()));
    return std::move(*params);
}

/// Says which arguments a prompt takes.
inline std::string taken_arguments(std::span<const std::string_view> known) {
    std::string text(known.empty() ? "none" : known.front());
    for (const std::string_view other : known.subspan(known.empty() ? 0 : 1))
        text.append(", ").append(other);
    return text;
}

MCP_DECL void refuse_missing_argument(const prompt_params& params, std::string_view name,
                                      std::span<const std::string_view> known) {
    throw protocol_error(invalid_params("params.arguments." + std::string(name) + " is missing; " +
                                        params.name + " takes " + taken_arguments(known)));
}

MCP_DECL void refuse_argument(std::string_view name, std::string_view expected) {
    throw protocol_error(invalid_params("params.arguments." + std::string(name) + ": expected " +
                                        std::string(expected)));
}

MCP_DECL void check_arguments(const context& ctx, const prompt_params& params,
                              std::span<const std::string_view> known) {
    if (context_access::environment(ctx).options.unknown_arguments != unknown_arguments::refuse)
        return;
    for (const auto& [name, value] : params.arguments) {
        if (std::ranges::find(known, name) != known.end())
            continue;
        throw protocol_error(invalid_params("params.arguments." + name + " is not an argument of " +
                                            params.name + ", which takes " +
                                            taken_arguments(known)));
    }
}

MCP_DECL void write_prompt(const prompt_entry& which, result_writer& out, prompt_result result) {
    if (result.description.empty())
        result.description = which.definition().description;
    if (out.capture()) {
        out.capture()->value = std::move(result);
        return;
    }
    write(out.whole(), result, out.revision(), out.server_info());
}

} // namespace mcp::detail
