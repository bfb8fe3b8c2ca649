// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::jsonrpc {

/// Reads only the members that identify a message whose text the parser refuses: it is too long or
/// too deep, repeats a key or has a number that is too large. So its sender learns which request
/// was refused, and does not wait for a timeout.
///
/// It accepts the text in pieces of any size and stores little of it. It looks only at the members
/// of the outermost object, and skips their contents by brackets and quotes.
class outline_scanner {
public:
    void feed(std::string_view bytes);

    /// Returns an object for `is_answered`, `readable_id` and `failed_response`. It has the members
    /// `id` and `method` of the message, and `result` if the message is a response. A repeated or
    /// malformed `id` is null. Returns null if the kind of the message is unknown: the text is not
    /// an object, or it is cut off before the kind is clear.
    json take() const;

private:
    enum class place : std::uint8_t {
        start,
        before_key,
        key,
        colon,
        before_value,
        value,
        end,
        lost
    };

    void step(char c);
    void step_key(char c);
    void step_value(char c);
    void begin_value(char c);
    void end_member();

    void keep(char c);

    place at_ = place::start;
    std::string key_;
    std::string token_;
    std::size_t depth_ = 0; ///< inside the value
    bool quoted_ = false;
    bool escaped_ = false;
    std::size_t ids_ = 0;
    bool answers_ = false; ///< a member `result` or `error` was found
    json id_;
    json method_;
};

/// Returns the outline of a text that is in one piece.
json read_outline(std::string_view text);

} // namespace mcp::jsonrpc

#ifdef MCP_BODIES
#include <mcp/jsonrpc/impl/outline.ipp>
#endif
