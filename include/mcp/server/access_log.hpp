// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <cstdint>
#include <memory>

namespace mcp::http {
struct record_settings;
struct request_record;
} // namespace mcp::http

namespace mcp {

/// Which requests an `access_log` writes.
enum class access_lines : std::uint8_t {
    none,
    refused, ///< those that the server refuses, with the reason; ten lines a second
    all,
};

/// Writes a line of the server's log for each request of an HTTP server:
///
/// `weather [info] 192.0.2.7 POST /mcp 200 412 bytes 1.3 ms tools/call forecast for ann`
///
/// A line has the peer (or the client that trusted proxies tell), the method, the path, the status,
/// the size of the response, its duration, the method and the name of the MCP message, the begin of
/// the session's id, the subject of the principal, and the id of the request. Lines of refused
/// requests have the reason. With `log_format::json_lines` these are members. No line has a query
/// or a header field, which may hold secrets.
///
///     mcp::access_log log(server, mcp::access_lines::all);
///     mcp::http::server http{app, {.records = log.settings()}};
///
/// Copies share their count of lines. The server must outlive it. Thread-safe.
class access_log {
public:
    access_log(const any_server& server, access_lines lines);

    /// Writes the line of a request, if it has one.
    void record(const http::request_record& request) const;

    /// Returns the settings with which an HTTP server calls `record`. Requests get ids if all have
    /// lines.
    http::record_settings settings() const;

private:
    struct shared;
    std::shared_ptr<shared> data_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/access_log.ipp>
#endif
