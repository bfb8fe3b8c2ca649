// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/client_options.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/status.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

/// A request of a `client`.
///
///     mcp::http::client_request order(mcp::http::verb::post, "http://localhost:9000/orders");
///     order.content("application/json", R"({"id": 7})");
///     order.set("Authorization", "Bearer " + token);
class client_request {
public:
    /// Makes a GET request.
    explicit client_request(std::string url_) : client_request(verb::get, std::move(url_)) {}
    client_request(verb method_, std::string url_);

    verb method;     ///< any except `connect` and `other`
    std::string url; ///< absolute, `http://` or `https://`; ASCII; without user and password
    std::string body{};

    /// Whether the server may safely get the request twice. If so, it is sent again when a kept
    /// connection turns out to be closed. True for all methods except POST and PATCH.
    /// [RFC 9110 §9.2.2]
    bool repeatable;

    /// Overrides the timeouts of the client.
    std::optional<client_timeouts> timeouts{};

    /// Sets the body and its Content-Type.
    client_request& content(std::string_view type, std::string text);

    /// Adds a field line. Throws `std::invalid_argument` if it is invalid, or if the client sets
    /// the field itself: Host, Content-Length, Transfer-Encoding, Connection, Upgrade and Expect.
    /// The exception does not contain the value.
    client_request& set(std::string_view name, std::string_view value);

    /// Returns the added field lines, each ending in CRLF.
    const std::string& headers() const noexcept { return headers_; }

private:
    std::string headers_;
};

/// The response of a server. Copies share the text of the head.
class client_response {
public:
    client_response() = default;

    status code{};      ///< 200 to 999; redirects are not followed
    fields headers{};   ///< valid while this response or a copy of it lives
    std::string body{}; ///< complete, chunks joined; empty for a `client_stream`
    int version = 11;   ///< 10 or 11

    /// Returns whether the status is a success, 200 to 299.
    bool ok() const noexcept {
        const auto number = static_cast<unsigned>(code);
        return number >= 200 && number < 300;
    }

    /// Returns the value of the first field with this name.
    std::optional<std::string_view> header(std::string_view name) const noexcept {
        return headers.find(name);
    }

    /// Keeps the text alive that `headers` points into.
    void keep(std::shared_ptr<const std::string> head) noexcept { head_ = std::move(head); }

private:
    std::shared_ptr<const std::string> head_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/client_message.ipp>
#endif
