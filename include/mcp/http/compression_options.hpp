// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>

#include <cstddef>

namespace mcp::http {

/// The settings of `compressed`.
struct compression_options {
    std::size_t least_bytes = 1024; ///< A smaller body is sent as it is.
    int level = 5;                  ///< From 1, which is fast, to 9, which is small.
    /// Compresses event streams too, and flushes each event. Off by default: events are small, each
    /// stream keeps some 260 KiB, and proxies may hold compressed streams back.
    bool streams = false;
    /// The most bytes that the compressed body of a request may unpack to. A larger one is refused
    /// with 413.
    std::size_t request_bytes = 10 * 1024 * 1024;
};

namespace detail {

using compression_maker = handler (*)(handler inner, compression_options options);

/// Compresses for programs that set it by options, such as `mcp::run`; null if no file includes
/// <mcp/http/compression.hpp>.
inline compression_maker make_compressed = nullptr;

} // namespace detail

} // namespace mcp::http
