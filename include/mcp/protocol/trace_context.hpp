// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>

#include <cstddef>
#include <string_view>

namespace mcp {

/// The position of a request in a distributed trace. The views point into the request.
///
/// The values are checked. A malformed `traceparent` counts as absent, and so does the `tracestate`
/// beside it. Both are therefore short printable ASCII. [W3C Trace Context §3] [SEP-414]
struct trace_context {
    std::string_view parent; ///< `traceparent`, as `00-<trace>-<span>-01`; empty if absent
    std::string_view state;  ///< `tracestate`; empty if absent

    bool empty() const noexcept { return parent.empty(); }

    /// Returns the trace id as 32 hexadecimal digits; empty if absent.
    std::string_view trace_id() const noexcept {
        return parent.empty() ? parent : parent.substr(3, 32);
    }
    /// Returns the parent span id as 16 hexadecimal digits; empty if absent.
    std::string_view span_id() const noexcept {
        return parent.empty() ? parent : parent.substr(36, 16);
    }
};

/// Returns whether the text is a `traceparent` of this version or a later one.
/// [W3C Trace Context §3.2.2]
constexpr bool is_trace_parent(std::string_view text) noexcept;

/// Returns the trace context for values from a peer.
constexpr trace_context make_trace_context(std::string_view parent,
                                           std::string_view state) noexcept;

/// Returns the trace context in the `_meta` of a request; `meta` may be null. [SEP-414]
trace_context read_trace_context(json_view meta) noexcept;

constexpr bool is_trace_parent(std::string_view text) noexcept {
    // version "-" trace-id "-" parent-id "-" trace-flags; a later version may append "-" and more
    constexpr std::size_t size = 55;
    constexpr std::size_t most = 512;
    if (text.size() < size || text.size() > most)
        return false;
    const auto hex = [&](std::size_t at, std::size_t count) {
        for (const char c : text.substr(at, count))
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
                return false;
        return true;
    };
    const auto zero = [&](std::size_t at, std::size_t count) {
        return text.substr(at, count).find_first_not_of('0') == text.npos;
    };
    if (!hex(0, 2) || !hex(3, 32) || !hex(36, 16) || !hex(53, 2) || text[2] != '-' ||
        text[35] != '-' || text[52] != '-')
        return false;
    if (text.starts_with("ff") || zero(3, 32) || zero(36, 16))
        return false;
    if (text.size() == size)
        return true;
    for (const char c : text)
        if (c < '!' || c > '~')
            return false;
    return !text.starts_with("00") && text[size] == '-';
}

constexpr trace_context make_trace_context(std::string_view parent,
                                           std::string_view state) noexcept {
    if (!is_trace_parent(parent))
        return {};
    constexpr std::size_t most = 512;
    bool printable = state.size() <= most;
    for (const char c : state)
        printable = printable && c >= ' ' && c <= '~';
    return {parent, printable ? state : std::string_view()};
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/trace_context.ipp>
#endif
