// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/errors.hpp>
#include <mcp/server/completion.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/result_writer.hpp>

#include <utility>

namespace mcp::detail {

MCP_DECL completion_entry::completion_entry(completion_params::target kind, std::string_view name,
                                            std::string_view argument)
    : key_(key_of(kind, name, argument)) {}

MCP_DECL std::string completion_entry::key_of(completion_params::target kind, std::string_view name,
                                              std::string_view argument) {
    std::string key(kind == completion_params::target::prompt ? "p\n" : "r\n");
    return key.append(name).append("\n").append(argument);
}

MCP_DECL std::string completion_entry::described() const {
    const std::size_t name = key_.find('\n') + 1, argument = key_.rfind('\n') + 1;
    return "completion of " + key_.substr(argument) + " of " +
           key_.substr(name, argument - 1 - name);
}

MCP_DECL completion_params read_completion(const context& ctx) {
    auto params = read_completion_params(ctx.params());
    if (!params)
        throw protocol_error(invalid_params("params." + params.error().what()));
    return std::move(*params);
}

MCP_DECL void write_completion(result_writer& out, const completion_result& value) {
    write(out.whole(), value, out.revision(), out.server_info());
}

} // namespace mcp::detail
