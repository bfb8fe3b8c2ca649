// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/compression_options.hpp>
#include <mcp/http/message.hpp>

namespace mcp::http {

/// Wraps a handler: compresses its responses with gzip or deflate as clients accept them, and
/// unpacks compressed requests. [RFC 9110 §8.4, §12.5.3]
///
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     mcp::http::server{mcp::http::compressed(app), {.port = 8000}}.run();
///
/// A response is compressed if its type is text, JSON, JavaScript, XML or SVG, if it is large
/// enough, has no Content-Encoding, no Content-Range and no `no-transform`, and becomes smaller.
/// Each response of such a type has `Vary: Accept-Encoding`. An event stream is compressed only if
/// the options say so.
///
/// A request in another coding gets 415 with Accept-Encoding, one that cannot be unpacked 400, and
/// one that unpacks to too much 413; the inner handler does not see it. Work is done on the thread
/// of the connection.
///
/// A response that has a secret and text which an attacker chooses can be guessed by its compressed
/// length (BREACH). Do not compress such responses.
///
/// A file that includes this header also gives `mcp::run` its option `--compression`. Needs zlib
/// (CMake: `asio-mcp::zlib`).
handler compressed(handler inner, compression_options options = {});

namespace detail {

inline const bool compression_is_made = (make_compressed = compressed) != nullptr;

} // namespace detail

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/compression.ipp>
#endif
