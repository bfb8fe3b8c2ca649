// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mcp::http {

/// Notes that handlers leave at `response::note` for the log. An HTTP server makes one if it has
/// `record_settings::on_end`. Texts may come from the client, so a log escapes them.
struct request_note {
    std::string method;   ///< of the MCP message, such as `tools/call`
    std::string name;     ///< of the tool or prompt, or the URI of the resource without its query
    std::string session;  ///< the `Mcp-Session-Id`: a secret, so a log shortens or hashes it
    std::string subject;  ///< of the principal
    std::string client;   ///< the address of the client, if trusted proxies tell it
    std::string reason;   ///< why the request was refused, and the setting that allows it
    bool detailed = true; ///< false: only `reason` is read; see `record_settings::detailed`

    void clear() noexcept {
        for (std::string* each : {&method, &name, &session, &subject, &client, &reason})
            each->clear();
    }
};

/// A request whose response has ended, for `record_settings::on_end`. Its views live as long as the
/// call. It has neither the query nor the header fields, which may hold secrets.
struct request_record {
    std::string_view id{};           ///< see `record_settings::request_ids`; empty if it is off
    verb method = verb::other;       ///< `other` also if the method could not be read
    std::string_view path{};         ///< percent-encoded; empty if it could not be read
    const asio::ip::address& remote; ///< the peer of the connection; may be a proxy
    /// The status of the response; 499 if the peer left before it.
    status code = status::ok;
    const request_note& note;
    std::uint64_t received = 0; ///< bytes of head and body
    std::uint64_t sent = 0;     ///< bytes of head and body, as made for the peer
    /// From the end of the request to the end of the response.
    std::chrono::nanoseconds duration{};
    bool stream = false;   ///< the body was produced over time
    bool complete = false; ///< false: the connection ended before the response did
};

/// What an HTTP server tells about each request, for a log and for metrics.
struct record_settings {
    /// Gets each request when its response has ended, also a request that the server refuses
    /// without a handler. A connection that gets 503 as soon as it is accepted counts as a request
    /// without method and path. Called on the thread of the connection, so it must not block.
    std::function<void(const request_record&)> on_end{};
    /// Gives each request an id: its `X-Request-Id` if that is an `is_request_id`, or else a new
    /// one. Handlers find it in `request::id`. The response names it.
    bool request_ids = false;
    /// Handlers note what they know about each request. If false, only why they refuse one.
    bool detailed = true;
};

/// Returns whether a client's `X-Request-Id` may be used as it is: up to 128 letters, digits and
/// characters of `-_.:/+=@`.
constexpr bool is_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of("-_.:/+=@0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos;
}

} // namespace mcp::http
