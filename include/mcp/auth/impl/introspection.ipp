// SPDX-License-Identifier: MIT
#pragma once

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

namespace detail {

inline std::string form_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '*';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return out;
}

} // namespace detail

struct introspection::core {
    core(introspection_options o, http::client c) : options(std::move(o)), client(std::move(c)) {}

    static asio::awaitable<auth_result> check(std::shared_ptr<core> of, std::string token);
    static asio::awaitable<auth_result> ask(std::shared_ptr<core> of, std::string token,
                                            sha256_digest digest);
    auth_result no_answer(std::string_view why) const;
    /// Derives the principal from the members of the response. [RFC 7662 §2.2]
    auth_result judge(const json_object& about) const;

    /// Completes the lookup of the asking request, even if the request is cancelled.
    class pilot {
    public:
        pilot(detail::introspection_desk& desk, const sha256_digest& token)
            : desk_(desk)
            , token_(token) {}
        pilot(const pilot&) = delete;
        pilot& operator=(const pilot&) = delete;
        ~pilot() { desk_.land(token_, std::move(answer)); }

        std::optional<auth_result> answer;

    private:
        detail::introspection_desk& desk_;
        const sha256_digest& token_;
    };

    introspection_options options;
    http::client client;
    detail::introspection_desk desk;
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

MCP_DECL asio::awaitable<auth_result> introspection::core::check(std::shared_ptr<core> of,
                                                                 std::string token) {
    const sha256_digest digest = sha256(token);
    while (true) {
        auto task = of->desk.begin(digest, of->options.now());
        if (task.answer)
            co_return std::move(*task.answer);
        if (!task.box) {
            pilot flying(of->desk, digest);
            flying.answer = co_await ask(of, std::move(token), digest);
            co_return *flying.answer;
        }
        co_await task.box->wait();
        auto answer = of->desk.answer_of(*task.flight);
        if (answer)
            co_return std::move(*answer);
    }
}

MCP_DECL asio::awaitable<auth_result>
introspection::core::ask(std::shared_ptr<core> of, std::string token, sha256_digest digest) {
    const introspection_options& options = of->options;
    http::client_request question(http::verb::post, options.endpoint);
    question.repeatable = true;
    question.timeouts = http::client_timeouts{
        .connect = options.timeout, .read = options.timeout, .total = options.timeout};
    question.set("Accept", "application/json");
    question.set("Authorization",
                 "Basic " + to_base64(detail::form_encoded(options.client_id) + ":" +
                                      detail::form_encoded(options.client_secret)));
    question.content("application/x-www-form-urlencoded",
                     "token=" + detail::form_encoded(token) + "&token_type_hint=access_token");
    http::client_response response;
    std::string failure;
    try {
        response = co_await of->client.send(std::move(question));
    } catch (const http::client_error& error) {
        failure = error.what();
    }
    if (!failure.empty())
        co_return of->no_answer(failure);
    if (response.code != http::status::ok)
        co_return of->no_answer("the response has status " +
                                std::to_string(static_cast<unsigned>(response.code)));
    const auto about = parse_json(response.body);
    if (!about || !about->is_object() || !about->as_object().contains("active") ||
        !about->as_object().at("active").is_bool())
        co_return of->no_answer("the response is not an introspection response of RFC 7662");
    auth_result answer = of->judge(about->as_object());
    const auto now = options.now();
    auto until = now + (answer ? options.cache_time : options.refused_cache_time);
    if (answer && answer->expires)
        until = std::min<std::chrono::system_clock::time_point>(until,
                                                                *answer->expires + options.leeway);
    of->desk.keep(digest, answer, until, options.cache_entries);
    co_return answer;
}

MCP_DECL auth_result introspection::core::no_answer(std::string_view why) const {
    if (options.on_failure)
        options.on_failure("introspection: " + std::string(why));
    return auth_failure{auth_failure::reason::unavailable, "Tokens cannot be checked now"};
}

MCP_DECL auth_result introspection::core::judge(const json_object& about) const {
    const auto refuse = [](std::string why) {
        return auth_failure{auth_failure::reason::invalid_token, std::move(why)};
    };
    const auto text = [&](std::string_view name) -> std::string_view {
        const json* value = about.if_contains(name);
        return value != nullptr && value->is_string() ? std::string_view(value->as_string())
                                                      : std::string_view();
    };
    if (!about.at("active").as_bool())
        return refuse("The token is not active");
    if (const auto type = text("token_type");
        !type.empty() && !http::iequals(type, "bearer") && !http::iequals(type, "access_token"))
        return refuse("The token is not a bearer token");

    principal who;
    const auto now = options.now();
    for (const char* name : {"exp", "nbf"}) {
        const json* value = about.if_contains(name);
        if (value == nullptr)
            continue;
        constexpr double most = 253402300800.0; // the year 10000
        const double number = value->is_number() ? value->to_number<double>() : -1;
        if (!(number >= 0 && number < most))
            return refuse("The token has an invalid time");
        const bool end = name[0] == 'e';
        const auto time = detail::whole_seconds(end ? number : std::ceil(number));
        if (end && now >= time + options.leeway)
            return refuse("The token has expired");
        if (!end && now < time - options.leeway)
            return refuse("The token is not valid yet");
        if (end)
            who.expires = time;
    }
    if (!options.issuer.empty() && text("iss") != options.issuer)
        return refuse("The token is from another issuer");
    if (const json* whom = about.if_contains("aud")) {
        if (whom->is_string())
            who.audience.emplace_back(whom->as_string());
        else if (whom->is_array())
            for (const json& each : whom->as_array())
                if (each.is_string())
                    who.audience.emplace_back(each.as_string());
    }
    if (!options.audience.empty() &&
        std::find(who.audience.begin(), who.audience.end(), options.audience) == who.audience.end())
        return refuse("The token is for another audience");
    for (std::string_view scopes = text("scope"); !scopes.empty();) {
        const auto end = std::min(scopes.find(' '), scopes.size());
        if (end > 0)
            who.scopes.emplace_back(scopes.substr(0, end));
        scopes.remove_prefix(std::min(end + 1, scopes.size()));
    }
    who.subject = text("sub").empty() ? text("client_id") : text("sub");
    if (who.subject.empty())
        return refuse("The token has no subject");
    who.claims = about;
    return who;
}

} // namespace mcp
