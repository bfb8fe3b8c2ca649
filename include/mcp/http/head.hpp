// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/limits.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcp::http {

/// The properties of the connection and the body that a request head declares.
struct head_info {
    bool keep_alive = false;
    bool expect_continue = false;
    bool chunked = false;
    std::uint64_t content_length = 0;
};

/// Parses a complete request head, from the method to the blank line, into `out`. The views of
/// `out` point into `head`. [RFC 9112 §3-§6]
///
/// Returns `status::ok`, or the status of the refusal: 400, 413, 417, 431, 501 or 505. Refuses a
/// head that makes the length of the message ambiguous (Content-Length beside Transfer-Encoding,
/// more than one Content-Length, a coding other than chunked), and an invalid Host. The caller has
/// refused folded lines.
[[nodiscard]] status read_head(std::string_view head, const limits& limit, request& out,
                               head_info& info);

/// The parts of a response head.
struct response_head {
    status code{};
    int version = 11;
    fields headers; ///< views into the head
    bool keep_alive = false;
    bool chunked = false;
    std::optional<std::uint64_t> content_length;
};

/// Parses a complete response head, from the version to the blank line, into `out`.
/// [RFC 9112 §4-§6]
///
/// Returns a description of the error for a log; empty if the head is valid. Refuses a head that
/// makes the length of the message ambiguous, as for requests. The caller has refused bare LFs and
/// folded lines.
[[nodiscard]] std::string_view read_response_head(std::string_view head, std::size_t max_fields,
                                                  response_head& out);

/// Splits a request target into `target`, `authority`, `path` and `query` of `out`. Returns false
/// if it has none of the forms of [RFC 9112 §3.2], or a character that no URI has. The method must
/// be known.
[[nodiscard]] bool split_target(std::string_view target, request& out);

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/head.ipp>
#endif
