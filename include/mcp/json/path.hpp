// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

/// A step of the path from a JSON value to a value inside it: a member if `key` has data, or else
/// an element. The steps are on the stack of the recursive functions, each with its parent. They
/// become text only in an error.
struct json_path {
    const json_path* parent = nullptr;
    std::string_view key;
    std::size_t index = 0;
};

/// Returns `text` from a peer in quotes, for a message. It is cut after 64 bytes; control
/// characters and ill-formed UTF-8 are replaced.
std::string quoted_excerpt(std::string_view text);

/// Returns a path such as "arguments.filter.tags[2]", where `root` is "arguments". Without steps it
/// is `root`.
std::string render_path(std::string_view root, const json_path* path);

/// Joins `path` to `root`: "arguments" and "[2].x" give "arguments[2].x".
std::string join_paths(std::string root, std::string_view path);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/json/impl/path.ipp>
#endif
