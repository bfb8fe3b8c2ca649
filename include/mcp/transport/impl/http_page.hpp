// SPDX-License-Identifier: MIT
#pragma once

// The page for a person who opens the endpoint in a browser.

#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/options.hpp>

#include <string>
#include <string_view>

namespace mcp::detail {

/// Returns whether a browser asks for a page. A client of the protocol asks for an event stream.
inline bool wants_page(const http::request& q) noexcept {
    if ((q.method != http::verb::get && q.method != http::verb::head) ||
        q.headers.find("mcp-session-id"))
        return false;
    const std::string_view accept = q.headers.find("accept").value_or("");
    return accept.find("text/html") != accept.npos &&
           accept.find("text/event-stream") == accept.npos &&
           http::accepts_media(q.headers, "text/html");
}

inline void append_html(std::string& to, std::string_view text) {
    for (const char c : text)
        switch (c) {
        case '<':
            to += "&lt;";
            break;
        case '>':
            to += "&gt;";
            break;
        case '&':
            to += "&amp;";
            break;
        case '"':
            to += "&quot;";
            break;
        default:
            to += c;
        }
}

/// Writes the page: what the server is, and how clients connect. It names no tools, and no version
/// if clients authenticate. It has no scripts, and no addresses but that of the request.
inline void write_page(const server_environment& of, const http::request& q, http::response& r) {
    const server_info& info = of.info;
    const std::string_view title = info.title.empty() ? info.name : info.title;
    std::string address(q.host());
    address += q.path;
    std::string& html = r.body;
    const auto paragraph = [&](std::string_view before, std::string_view text) {
        append_html(html.append("<p>").append(before), text);
        html += "</p>\n";
    };
    html = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>";
    append_html(html, title);
    html += "</title>\n<h1>";
    append_html(html, title);
    html += "</h1>\n";
    if (!info.description.empty())
        paragraph("", info.description);
    paragraph("This is a server of the Model Context Protocol, for programs such as AI "
              "assistants: ",
              of.auth ? info.name : info.name + " " + info.version);
    paragraph("To connect, add this address to your client as a server over streamable HTTP: ",
              address);
    if (of.auth)
        paragraph("", "Clients must authenticate.");
    html += "</html>\n";
    r.content_type = "text/html; charset=utf-8";
    r.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    r.set("X-Content-Type-Options", "nosniff");
    r.set("Cache-Control", "no-store");
    r.set("Vary", "Accept");
}

} // namespace mcp::detail
