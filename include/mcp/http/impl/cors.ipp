// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/cors.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

MCP_DECL cors::cors(handler inner, cors_options options)
    : inner_(std::move(inner))
    , options_(std::make_shared<const cors_options>(std::move(options))) {}

MCP_DECL asio::awaitable<void> cors::operator()(request& q, response& r) const {
    const bool allowed = mark(*options_, q, r);
    const auto requested_headers = q.headers.find("Access-Control-Request-Headers");
    if (!allowed || q.method != verb::options || !q.headers.find("Access-Control-Request-Method"))
        return inner_(q, r);
    r.code = status::no_content;
    r.set("Access-Control-Allow-Methods", options_->methods);
    const std::string_view fields = options_->request_headers.empty()
                                        ? requested_headers.value_or("")
                                        : options_->request_headers;
    if (!fields.empty())
        r.set("Access-Control-Allow-Headers", fields);
    r.set("Access-Control-Max-Age", std::to_string(options_->max_age.count()));
    r.set("Vary", "Access-Control-Request-Headers");
    return nothing();
}

MCP_DECL std::function<void(const request&, response&)> cors::marker() const {
    return [options = options_](const request& q, response& r) { mark(*options, q, r); };
}

MCP_DECL bool cors::mark(const cors_options& options, const request& q, response& r) {
    r.keep("Vary", "Origin"); // for other origins too: a cache must not mix both
    const auto origin = q.headers.find("Origin");
    if (!origin || !allows(options, q, *origin))
        return false;
    r.keep("Access-Control-Allow-Origin", *origin);
    r.keep("Access-Control-Expose-Headers", options.exposed_headers);
    return true;
}

MCP_DECL bool cors::allows(const cors_options& options, const request& q, std::string_view origin) {
    return q.headers.count("Origin") == 1 &&
           (std::any_of(options.origins.begin(), options.origins.end(),
                        [&](const std::string& o) { return o == "*" || iequals(o, origin); }) ||
            (options.accepts && options.accepts(q)));
}

MCP_DECL asio::awaitable<void> cors::nothing() {
    co_return;
}

} // namespace mcp::http
