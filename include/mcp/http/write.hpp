// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::http {

struct response;

/// How the body of a response is delimited. [RFC 9112 §6]
enum class framing : std::uint8_t {
    length, ///< Content-Length
    chunked,
    until_close, ///< HTTP/1.0: by the end of the connection
    none         ///< no body: 1xx, 204, 304
};

/// The parameters of `append_head` besides the response.
struct head_context {
    int version = 11;
    bool keep_alive = true;
    std::string_view date{}; ///< an IMF-fixdate; no Date field if empty
};

/// Returns how to delimit the body of `r` for a peer with HTTP version `version`.
framing framing_of(const response& r, int version) noexcept;

/// Appends the status line and all fields of `r`, with the final blank line.
void append_head(std::string& out, const response& r, const head_context& context);

/// Appends one chunk. Appends nothing for empty `data`, since an empty chunk would end the body.
void append_chunk(std::string& out, std::string_view data);

/// The chunk that ends a body, without trailer fields.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The interim response to `Expect: 100-continue`.
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// Returns a time in the form `Sun, 06 Nov 1994 08:49:37 GMT`. [RFC 9110 §5.6.7]
std::string http_date(std::chrono::sys_seconds time);

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/write.ipp>
#endif
