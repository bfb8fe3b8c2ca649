// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/server/catalog.hpp>

namespace mcp {

MCP_DECL auto catalog::find_resource(std::string_view uri) const
    -> const entry_list<detail::resource_entry>::pointer* {
    return resources.find(normal_uri(uri));
}

} // namespace mcp
