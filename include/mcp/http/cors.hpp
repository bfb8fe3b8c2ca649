#pragma once

#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::http {

/// What scripts of other origins may do. [WHATWG Fetch §3.2]
struct cors_options {
    /// Origins as browsers send them (`https://app.example.com`); `*` stands for all of them.
    std::vector<std::string> origins{};
    std::string methods = "GET, POST, DELETE, OPTIONS";
    std::string request_headers = "Content-Type, Accept, Authorization, Last-Event-ID, "
                                  "Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name";
    std::string exposed_headers = "Mcp-Session-Id, WWW-Authenticate";
    std::chrono::seconds max_age = std::chrono::hours(1); ///< how long a preflight is remembered
};

/// Puts CORS around a handler: answers preflights and marks responses to origins that are allowed.
/// Requests of other origins go through unmarked; refusing them is the endpoint's own decision.
///
///     router.mount("/mcp", mcp::http::cors{endpoint, {.origins = {"https://app.example.com"}}});
class cors {
public:
    cors(handler inner, cors_options options)
        : inner_(std::move(inner))
        , options_(std::move(options)) {}

    asio::awaitable<void> operator()(request& q, response& r) const {
        const auto origin = q.headers.find("Origin");
        if (origin && allows(*origin)) {
            r.set("Access-Control-Allow-Origin", *origin);
            r.set("Access-Control-Expose-Headers", options_.exposed_headers);
            if (q.method == verb::options && q.headers.find("Access-Control-Request-Method")) {
                r.code = status::no_content;
                r.set("Access-Control-Allow-Methods", options_.methods);
                r.set("Access-Control-Allow-Headers", options_.request_headers);
                r.set("Access-Control-Max-Age", std::to_string(options_.max_age.count()));
                r.set("Vary", "Origin");
                return nothing();
            }
        }
        r.set("Vary", "Origin"); // also when it is not allowed: a cache must not mix the two
        return inner_(q, r);
    }

private:
    bool allows(std::string_view origin) const {
        return std::any_of(options_.origins.begin(), options_.origins.end(),
                           [&](const std::string& o) { return o == "*" || o == origin; });
    }

    static asio::awaitable<void> nothing() { co_return; }

    handler inner_;
    cors_options options_;
};

} // namespace mcp::http
