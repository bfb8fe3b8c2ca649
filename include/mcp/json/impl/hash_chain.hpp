// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>

namespace mcp::detail {

/// Returns the number of keys that collide with `key` in a hash table, or 0.
template <class Table>
std::size_t chain_of([[maybe_unused]] const Table& table,
                     [[maybe_unused]] const typename Table::key_type& key) {
    if constexpr (requires { table.bucket_size(table.bucket(key)); }) {
        return table.empty() ? 0 : table.bucket_size(table.bucket(key));
    } else {
        return 0;
    }
}

} // namespace mcp::detail
