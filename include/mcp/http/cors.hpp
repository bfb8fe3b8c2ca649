// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::http {

/// The permissions for scripts of other origins. [WHATWG Fetch §3.2]
struct cors_options {
    /// Origins as browsers send them (`https://app.example.com`); `*` allows all origins.
    std::vector<std::string> origins{};
    /// Accepts further origins. The request has an Origin field. Called from all threads.
    std::function<bool(const request&)> accepts{};
    /// The allowed methods.
    std::string methods = "GET, POST, DELETE, OPTIONS";
    /// The allowed request headers; if empty, those that the preflight names.
    std::string request_headers{};
    /// The response headers that scripts may read.
    std::string exposed_headers = "Mcp-Session-Id, WWW-Authenticate, Retry-After, Allow";
    /// How long a browser may cache a preflight.
    std::chrono::seconds max_age = std::chrono::hours(1);
};

/// Wraps a handler with CORS. Responds to preflights and marks responses to allowed origins,
/// including those that the server makes when the handler throws or times out. Requests of other
/// origins pass unmarked; the endpoint decides whether to refuse them.
///
///     mcp::http::cors open(endpoint, {.origins = {"https://app.example.com"}});
///     app.mount("/mcp", open);
///     mcp::http::server server(app, {.on_refusal = open.marker()});
class cors {
public:
    cors(handler inner, cors_options options);

    asio::awaitable<void> operator()(request& q, response& r) const;

    /// Returns a function that marks responses without a handler, for `server_options::on_refusal`.
    std::function<void(const request&, response&)> marker() const;

private:
    static bool mark(const cors_options& options, const request& q, response& r);

    static bool allows(const cors_options& options, const request& q, std::string_view origin);

    static asio::awaitable<void> nothing();

    handler inner_;
    std::shared_ptr<const cors_options> options_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/cors.ipp>
#endif
