// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// A location that the client lets the server use [MCP 2026-07-28 client/roots].
struct root {
    root() = default;
    explicit root(std::string uri_, std::string name_ = {})
        : uri{std::move(uri_)}
        , name{std::move(name_)} {}

    /// A `file://` URI. It comes from the peer: check the path before use.
    std::string uri;
    std::string name;

    friend bool operator==(const root&, const root&) = default;
};

/// The method by which a server asks for the roots. Its params are optional, but some clients
/// reject a request without them, so `{}` is sent.
inline constexpr std::string_view roots_method = "roots/list";

result<root, decode_error> read_root(json_view value, std::string_view path = {});

/// Reads the result of a client.
result<std::vector<root>, decode_error> read_roots(json_view value, std::string_view path = {});

/// Writes the result of a client.
void write_roots(json_writer& w, const std::vector<root>& roots);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/roots.ipp>
#endif
