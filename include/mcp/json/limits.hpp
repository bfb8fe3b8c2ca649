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

/// What becomes of an escape such as `\ud83d` without its other half: a text that was cut in the
/// middle of an emoji, which JavaScript and Python write like that.
enum class unpaired_surrogates {
    refuse, ///< the text is no JSON [RFC 7493 §2.1]
    replace ///< U+FFFD stands for it, as in a browser
};

} // namespace mcp
