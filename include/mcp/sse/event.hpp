// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::sse {

/// An event of a server-sent event stream. [WHATWG HTML §9.2]
///
/// An empty (or `nullopt`) field is not written, except `data`.
struct event {
    std::string_view data;   ///< may hold line breaks: each line becomes a `data` line
    std::string_view id{};   ///< CR, LF and NUL in it are dropped
    std::string_view name{}; ///< the event type; empty means "message"
    std::optional<std::chrono::milliseconds> retry{}; ///< delay before a client reconnects
};

/// Appends `data` as one or more `data` lines, without the blank line that ends the event.
void append_data(std::string& out, std::string_view data);

/// Appends an event and its closing blank line. No value can break out of its field.
void append_event(std::string& out, const event& e);

/// Appends a comment, which peers ignore, as a keep-alive. Drops line breaks in `text`.
void append_comment(std::string& out, std::string_view text = {});

} // namespace mcp::sse

#ifdef MCP_BODIES
#include <mcp/sse/impl/event.ipp>
#endif
