#pragma once

#include <mcp/http/message.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::http {

/// The permissions for scripts of other origins. [WHATWG Fetch §3.2]
struct cors_options {
    /// Origins as browsers send them (`https://app.example.com`); `*` allows all origins.
    std::vector<std::string> origins{};
    /// Accepts further origins. The request has an Origin field. Called from all threads.
    std::function<bool(const request&)> accepts{};
    std::string methods = "GET, POST, DELETE, OPTIONS";
    /// The allowed request headers; if empty, those that the preflight names.
    std::string request_headers{};
    std::string exposed_headers = "Mcp-Session-Id, WWW-Authenticate, Retry-After, Allow";
    /// How long a browser may cache a preflight.
    std::chrono::seconds max_age = std::chrono::hours(1);
};

/// Wraps a handler with CORS. Responds to preflights and marks responses to allowed origins,
/// including those that the server makes when the handler throws or times out. Requests of other
/// origins pass unmarked; the endpoint decides whether to refuse them.
///
///     mcp::http::cors open(endpoint, {.origins = {"https://app.example.com"}});
///     router.mount("/mcp", open);
///     mcp::http::server server(router, {.on_refusal = open.marker()});
class cors {
public:
    cors(handler inner, cors_options options)
        : inner_(std::move(inner))
        , options_(std::make_shared<const cors_options>(std::move(options))) {}

    asio::awaitable<void> operator()(request& q, response& r) const {
        const bool allowed = mark(*options_, q, r);
        const auto asked = q.headers.find("Access-Control-Request-Headers");
        if (!allowed || q.method != verb::options ||
            !q.headers.find("Access-Control-Request-Method"))
            return inner_(q, r);
        r.code = status::no_content;
        r.set("Access-Control-Allow-Methods", options_->methods);
        const std::string_view fields =
            options_->request_headers.empty() ? asked.value_or("") : options_->request_headers;
        if (!fields.empty())
            r.set("Access-Control-Allow-Headers", fields);
        r.set("Access-Control-Max-Age", std::to_string(options_->max_age.count()));
        r.set("Vary", "Access-Control-Request-Headers");
        return nothing();
    }

    /// Returns a function that marks responses without a handler, for `server_options::on_refusal`.
    std::function<void(const request&, response&)> marker() const {
        return [options = options_](const request& q, response& r) { mark(*options, q, r); };
    }

private:
    static bool mark(const cors_options& options, const request& q, response& r) {
        r.keep("Vary", "Origin"); // for other origins too: a cache must not mix both
        const auto origin = q.headers.find("Origin");
        if (!origin || !allows(options, q, *origin))
            return false;
        r.keep("Access-Control-Allow-Origin", *origin);
        r.keep("Access-Control-Expose-Headers", options.exposed_headers);
        return true;
    }

    static bool allows(const cors_options& options, const request& q, std::string_view origin) {
        return q.headers.count("Origin") == 1 &&
               (std::any_of(options.origins.begin(), options.origins.end(),
                            [&](const std::string& o) { return o == "*" || iequals(o, origin); }) ||
                (options.accepts && options.accepts(q)));
    }

    static asio::awaitable<void> nothing() { co_return; }

    handler inner_;
    std::shared_ptr<const cors_options> options_;
};

} // namespace mcp::http
