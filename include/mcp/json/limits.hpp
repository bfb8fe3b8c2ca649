#pragma once

#include <cstddef>
#include <limits>

namespace mcp {

/// What a JSON text may cost. The size of the text itself is the transport's limit.
struct json_limits {
    /// How deep arrays and objects may nest; `[[1]]` is two deep.
    std::size_t depth = 64;

    /// How many members one object may have. Bounds the work that keys chosen to collide can cause.
    std::size_t object_members = 10'000;
};

/// For text that the program makes itself: it is as large as the program wants it.
inline constexpr json_limits own_json_limits{
    .depth = 512, .object_members = std::numeric_limits<std::size_t>::max()};

/// What becomes of an escape such as `\ud83d` without its other half: a text that was cut in the
/// middle of an emoji, which JavaScript and Python write like that.
enum class unpaired_surrogates {
    refuse, ///< the text is no JSON [RFC 7493 §2.1]
    replace ///< U+FFFD stands for it, as in a browser
};

} // namespace mcp
