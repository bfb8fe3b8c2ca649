#pragma once

#include <cstddef>

namespace mcp {

/// What a JSON text may cost. The size of the text itself is the transport's limit.
struct json_limits {
    /// How deep arrays and objects may nest; `[[1]]` is two deep.
    std::size_t depth = 64;

    /// How many members one object may have. Bounds the work that keys chosen to collide can cause.
    std::size_t object_members = 10'000;
};

} // namespace mcp
