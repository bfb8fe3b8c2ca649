// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/server/catalog.hpp>

namespace mcp {

MCP_DECL auto catalog::find_resource(std::string_view uri) const
    -> const entry_list<resource_entry>::pointer* {
    return resources.find(normal_uri(uri));
}

MCP_DECL std::shared_ptr<const catalog_snapshot> registry::read(list_format format) const {
    format.page_size = std::max<std::size_t>(format.page_size, 1);
    std::lock_guard lock(mutex_);
    if (!current_ || current_->format() != format)
        current_ = std::make_shared<catalog_snapshot>(catalog_, format);
    return current_;
}

} // namespace mcp
