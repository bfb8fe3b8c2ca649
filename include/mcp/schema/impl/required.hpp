// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/schema/impl/text_sink.hpp>

#include <cstddef>
#include <string_view>

namespace mcp::schema::detail {

/// Writes `required` from lists that have an entry for each member of the object.
constexpr void emit_required(text_sink& out, const std::string_view* names, const bool* optional,
                             std::size_t count) {
    bool begun = false;
    for (std::size_t at = 0; at < count; ++at) {
        if (optional[at])
            continue;
        if (!begun) {
            out.key("required");
            out.begin_array();
            begun = true;
        }
        out.string(names[at]);
    }
    if (begun)
        out.end_array();
}

/// Writes the keywords that follow the properties of an object.
constexpr void end_properties(text_sink& out, const std::string_view* names, const bool* optional,
                              std::size_t count) {
    out.end_object();
    emit_required(out, names, optional, count);
    out.key("additionalProperties");
    out.boolean(false);
}

} // namespace mcp::schema::detail
