// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <limits>

namespace mcp {

/// The limits of a JSON text. The transport limits the size of the text itself.
struct json_limits {
    /// The maximum nesting depth of arrays and objects; the depth of `[[1]]` is 2.
    std::size_t depth = 64;

    /// The maximum number of members of an object. It limits the work that colliding keys cause.
    std::size_t object_members = 10'000;
};

/// The limits for text that the program itself makes. Objects may have any number of members.
inline constexpr json_limits own_json_limits{
    .depth = 512, .object_members = std::numeric_limits<std::size_t>::max()};

/// How to read an unpaired surrogate escape such as `\ud83d`. JavaScript and Python write it for a
/// text that was cut in the middle of an emoji.
enum class unpaired_surrogates {
    refuse, ///< reject the text as invalid JSON [RFC 7493 §2.1]
    replace ///< read it as U+FFFD, like a browser
};

} // namespace mcp
