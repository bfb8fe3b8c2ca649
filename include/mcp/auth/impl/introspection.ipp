// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/auth/impl/introspection_cache.hpp>
#include <mcp/auth/impl/whole_seconds.hpp>
#include <mcp/auth/introspection.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/sha256.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

struct introspection::core {
    using system_time = std::chrono::system_clock::time_point;

    core(introspection_options options_, http::client client_)
        : options(std::move(options_))
        , client(std::move(client_)) {}

    static asio::awaitable<auth_result> check(std::shared_ptr<core> self, std::string token);
    static asio::awaitable<auth_result> look_up(std::shared_ptr<core> self, std::string token,
                                                sha256_digest digest);
    auth_result unavailable_result(std::string_view reason) const;
    /// Derives the principal from the members of the response. [RFC 7662 §2.2]
    auth_result read_response(const json_object& members) const;

    /// Completes the lookup that this request has started, even if the request is cancelled.
    class lookup {
    public:
        lookup(detail::introspection_lookups& lookups, const sha256_digest& token)
            : lookups_(lookups)
            , token_(token) {}
        lookup(const lookup&) = delete;
        lookup& operator=(const lookup&) = delete;
        ~lookup() { lookups_.end(token_, std::move(result)); }

        std::optional<auth_result> result;

    private:
        detail::introspection_lookups& lookups_;
        const sha256_digest& token_;
    };

    introspection_options options;
    http::client client;
    detail::introspection_lookups lookups;
};

MCP_DECL introspection::introspection(introspection_options options)
    : introspection(std::move(options), http::client{}) {}

MCP_DECL introspection::introspection(introspection_options options, http::client client)
    : core_(std::make_shared<core>(std::move(options), std::move(client))) {
    const auto to = http::parse_web_url(core_->options.endpoint);
    if (!to || (to->site.scheme != "https" && !to->site.is_loopback()))
        throw std::invalid_argument("introspection: the endpoint must be an https URL");
}

MCP_DECL asio::awaitable<auth_result>
introspection::authenticate(const http::request& request) const {
    if (request.headers.count("authorization") > 1)
        return detail::ready_value<auth_result>(auth_failure{
            auth_failure::reason::bad_request, "The Authorization header is repeated"});
    const auto token = bearer_token(request);
    if (!token)
        return detail::ready_value<auth_result>(auth_failure{});
    return core::check(core_, std::string(*token));
}

MCP_DECL asio::awaitable<auth_result> introspection::core::check(std::shared_ptr<core> self,
                                                                 std::string token) {
    const sha256_digest digest = sha256(token);
    while (true) {
        auto next = self->lookups.begin(digest, self->options.now());
        if (next.result)
            co_return std::move(*next.result);
        if (!next.ended) {
            lookup started(self->lookups, digest);
            started.result = co_await look_up(self, std::move(token), digest);
            co_return *started.result;
        }
        co_await next.ended->wait();
        auto result = self->lookups.result_of(*next.lookup);
        if (result)
            co_return std::move(*result);
    }
}

MCP_DECL asio::awaitable<auth_result>
introspection::core::look_up(std::shared_ptr<core> self, std::string token, sha256_digest digest) {
    const introspection_options& options = self->options;
    http::client_request request(http::verb::post, options.endpoint);
    request.repeatable = true;
    request.timeouts = http::client_timeouts{
        .connect = options.timeout, .read = options.timeout, .total = options.timeout};
    request.set("Accept", "application/json");
    request.set("Authorization", "Basic " + to_base64(http::form_encode(options.client_id) + ":" +
                                                      http::form_encode(options.client_secret)));
    request.content("application/x-www-form-urlencoded",
                    "token=" + http::form_encode(token) + "&token_type_hint=access_token");
    http::client_response response;
    std::string failure;
    try {
        response = co_await self->client.send(std::move(request));
    } catch (const http::client_error& error) {
        failure = error.what();
    }
    if (!failure.empty())
        co_return self->unavailable_result(failure);
    if (response.code != http::status::ok)
        co_return self->unavailable_result("the response has status " +
                                           std::to_string(static_cast<unsigned>(response.code)));
    const auto members = parse_json(response.body);
    if (!members || !members->is_object() || !members->as_object().contains("active") ||
        !members->as_object().at("active").is_bool())
        co_return self->unavailable_result(
            "the response is not an introspection response of RFC 7662");
    auth_result result = self->read_response(members->as_object());
    const auto now = options.now();
    auto until = detail::later(now, result ? options.cache_time : options.refused_cache_time);
    if (result && result->expires)
        until = std::min(until, detail::later(system_time(*result->expires), options.leeway));
    self->lookups.keep(digest, result, until, options.cache_entries);
    co_return result;
}

MCP_DECL auth_result introspection::core::unavailable_result(std::string_view reason) const {
    if (options.on_failure)
        options.on_failure("introspection: " + std::string(reason));
    return auth_failure{auth_failure::reason::unavailable, "Tokens cannot be checked now"};
}

MCP_DECL auth_result introspection::core::read_response(const json_object& members) const {
    const auto refuse = [](std::string reason) {
        return auth_failure{auth_failure::reason::invalid_token, std::move(reason)};
    };
    const auto text = [&](std::string_view name) -> std::string_view {
        const json* value = members.if_contains(name);
        return value != nullptr && value->is_string() ? std::string_view(value->as_string())
                                                      : std::string_view();
    };
    if (!members.at("active").as_bool())
        return refuse("The token is not active");
    if (const auto type = text("token_type");
        !type.empty() && !http::iequals(type, "bearer") && !http::iequals(type, "access_token"))
        return refuse("The token is not a bearer token");

    principal identity;
    const auto now = options.now();
    for (const char* name : {"exp", "nbf"}) {
        const json* value = members.if_contains(name);
        if (value == nullptr)
            continue;
        constexpr double most = 253402300800.0; // the year 10000
        const double number = value->is_number() ? value->to_number<double>() : -1;
        if (!(number >= 0 && number < most))
            return refuse("The token has an invalid time");
        const bool end = name[0] == 'e';
        const auto time = detail::whole_seconds(end ? number : std::ceil(number));
        if (end && now >= detail::later(system_time(time), options.leeway))
            return refuse("The token has expired");
        if (!end && now < detail::later(system_time(time), -options.leeway))
            return refuse("The token is not valid yet");
        if (end)
            identity.expires = time;
    }
    if (!options.issuer.empty() && text("iss") != options.issuer)
        return refuse("The token is from another issuer");
    if (const json* audience = members.if_contains("aud")) {
        if (audience->is_string())
            identity.audience.emplace_back(audience->as_string());
        else if (audience->is_array())
            for (const json& each : audience->as_array())
                if (each.is_string())
                    identity.audience.emplace_back(each.as_string());
    }
    if (!options.audience.empty() && std::find(identity.audience.begin(), identity.audience.end(),
                                               options.audience) == identity.audience.end())
        return refuse("The token is for another audience");
    for (std::string_view scopes = text("scope"); !scopes.empty();) {
        const auto end = std::min(scopes.find(' '), scopes.size());
        if (end > 0)
            identity.scopes.emplace_back(scopes.substr(0, end));
        scopes.remove_prefix(std::min(end + 1, scopes.size()));
    }
    identity.subject = text("sub").empty() ? text("client_id") : text("sub");
    if (identity.subject.empty())
        return refuse("The token has no subject");
    identity.claims = members;
    return identity;
}

} // namespace mcp
