// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorizer.hpp>
#include <mcp/client/oauth_messages.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/server.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth_test {

/// How the servers of a test behave.
struct behaviour {
    bool resource_document = true;   ///< otherwise there is none
    std::string resource{};          ///< in it; that of the server if empty
    std::string issuer_path = "/as"; ///< of the authorization server
    std::string issuer{};            ///< in its metadata; the real one if empty
    bool server_document = true;
    std::string challenge_scope{};  ///< in 401
    std::string supported_scopes{}; ///< of the resource
    std::string server_members =
        R"("code_challenge_methods_supported":["S256"],
           "token_endpoint_auth_methods_supported":["none"])";
    bool registration = true;
    std::string registered = R"({"client_id":"registered"})";
    std::string redirect_extra{}; ///< after code and state
    std::string redirect_error{}; ///< in place of a code
    std::string needed_scope{};   ///< of the tool: else 403
    bool refuses_tokens = false;  ///< the MCP server
    std::string token_members = R"("expires_in":3600,"refresh_token":"refresh")";
    std::string refresh_answer{}; ///< in place of a token
    int token_status = 200;       ///< with `refresh_answer`
};

/// An MCP server at /mcp and an authorization server, in one process. It logs the requests.
class world {
public:
    explicit world(behaviour how_ = {})
        : how(std::move(how_))
        , server_([this](mcp::http::request& q, mcp::http::response& r) { return serve(q, r); },
                  {.port = 0}) {
        server_.start();
    }
    ~world() {
        server_.stop();
        server_.join();
    }

    std::string origin() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    std::string endpoint() const { return origin() + "/mcp"; }
    std::string issuer() const { return origin() + how.issuer_path; }

    /// The requests since the last call, as `METHOD path`, with parameters that matter.
    std::vector<std::string> log() {
        const std::lock_guard lock(mutex_);
        return std::exchange(log_, {});
    }
    /// The parameter of the last request to a path.
    std::string last(const std::string& path, const std::string& name) {
        const std::lock_guard lock(mutex_);
        const std::string& text = queries_[path];
        return name.empty() ? text : mcp::http::query_value(text, name).value_or("-");
    }
    /// Changes the behaviour between requests.
    template <class F>
    void change(F f) {
        const std::lock_guard lock(mutex_);
        f(how);
    }
    void forget_tokens() {
        const std::lock_guard lock(mutex_);
        tokens_.clear();
    }

    std::atomic<std::chrono::system_clock::time_point> now{
        std::chrono::sys_seconds{std::chrono::seconds{1'800'000'000}}};
    void advance(std::chrono::seconds by) { now = now.load() + by; }

    behaviour how;

private:
    asio::awaitable<void> serve(mcp::http::request& q, mcp::http::response& r) {
        const std::lock_guard lock(mutex_);
        const std::string path(q.path);
        const std::string as = how.issuer_path;
        queries_[path] = q.body.empty() ? std::string(q.query) : q.body;
        const auto authorization = std::string(q.headers.find("authorization").value_or(""));
        if (authorization.starts_with("Basic "))
            queries_[path] += "&basic=" + authorization.substr(6);
        std::string line = std::string(q.method_name) + " " + path;
        if (const auto grant = mcp::http::query_value(queries_[path], "grant_type"))
            line += " " + *grant;
        log_.push_back(line);
        r.content_type = "application/json";
        if (path == "/mcp")
            serve_mcp(r, authorization);
        else if (how.resource_document && path == "/.well-known/oauth-protected-resource/mcp")
            r.body = R"({"resource":")" + (how.resource.empty() ? endpoint() : how.resource) +
                     R"(","authorization_servers":[")" + issuer() + R"("],"scopes_supported":[)" +
                     quoted(how.supported_scopes) + "]}";
        else if (how.server_document && path == "/.well-known/oauth-authorization-server" + as)
            r.body = server_metadata();
        else if (path == as + "/authorize")
            serve_authorize(r, q.query);
        else if (path == as + "/token")
            serve_token(r);
        else if (path == as + "/register" && how.registration) {
            r.code = mcp::http::status::created;
            r.body = how.registered;
        } else
            r.code = mcp::http::status::not_found;
        co_return;
    }

    static std::string quoted(std::string_view scopes) {
        std::string out;
        for (std::string_view rest = scopes; !rest.empty();) {
            const auto end = std::min(rest.find(' '), rest.size());
            out.append(out.empty() ? "\"" : ",\"").append(rest.substr(0, end)).append("\"");
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return out;
    }

    std::string server_metadata() const {
        const std::string at = issuer();
        return R"({"issuer":")" + (how.issuer.empty() ? at : how.issuer) +
               R"(","authorization_endpoint":")" + at + R"(/authorize","token_endpoint":")" + at +
               R"(/token",)" +
               (how.registration ? R"("registration_endpoint":")" + at + R"(/register",)" : "") +
               how.server_members + "}";
    }

    void serve_mcp(mcp::http::response& r, const std::string& authorization) {
        const auto token = tokens_.find(authorization.substr(
            std::min<std::size_t>(authorization.size(), std::string_view("Bearer ").size())));
        if (token == tokens_.end() || how.refuses_tokens) {
            r.code = mcp::http::status::unauthorized;
            std::string challenge = "Bearer realm=\"x\"";
            if (!how.challenge_scope.empty())
                challenge += ", scope=\"" + how.challenge_scope + "\"";
            r.set("WWW-Authenticate", challenge);
            return;
        }
        if ((" " + token->second + " ").find(" " + how.needed_scope + " ") == std::string::npos &&
            !how.needed_scope.empty()) {
            r.code = mcp::http::status::forbidden;
            r.set("WWW-Authenticate",
                  "Bearer error=\"insufficient_scope\", scope=\"" + how.needed_scope + "\"");
            return;
        }
        r.body = "\"served\"";
    }

    void serve_authorize(mcp::http::response& r, std::string_view query) {
        const auto value = [&](std::string_view name) {
            return mcp::http::query_value(query, name).value_or("");
        };
        granted_ = value("scope");
        code_challenge_ = value("code_challenge");
        r.code = mcp::http::status::found;
        r.set("Location", value("redirect_uri") +
                              (how.redirect_error.empty() ? "?code=secret-code"
                                                          : "?error=" + how.redirect_error) +
                              "&state=" + mcp::http::form_encode(value("state")) +
                              how.redirect_extra);
    }

    void serve_token(mcp::http::response& r) {
        const auto value = [&](std::string_view name) {
            return mcp::http::query_value(queries_[how.issuer_path + "/token"], name).value_or("");
        };
        const std::string grant = value("grant_type");
        if (!how.refresh_answer.empty() && grant == "refresh_token") {
            r.code = static_cast<mcp::http::status>(how.token_status);
            r.body = how.refresh_answer;
            return;
        }
        if (grant == "authorization_code" &&
            mcp::detail::s256_challenge(value("code_verifier")) != code_challenge_) {
            r.code = mcp::http::status::bad_request;
            r.body = R"({"error":"invalid_grant"})";
            return;
        }
        if (grant == "client_credentials")
            granted_ = value("scope");
        const std::string token = "token-" + std::to_string(++made_);
        tokens_[token] = granted_;
        r.body = R"({"access_token":")" + token + R"(","token_type":"Bearer",)" +
                 how.token_members + "}";
    }

    std::mutex mutex_;
    std::vector<std::string> log_;
    std::map<std::string, std::string> queries_;
    std::map<std::string, std::string> tokens_;
    std::string granted_;
    std::string code_challenge_;
    int made_ = 0;
    mcp::http::server server_;
};

/// What a transport does with an authorizer. Returns the status of the last response, or the text
/// of the error.
inline asio::awaitable<std::string> call(mcp::authorizer& by, std::string url) {
    const mcp::http::client client;
    for (int attempt = 0; attempt < 10; ++attempt) {
        std::string failure;
        try {
            std::string used = co_await by.authorization(url);
            mcp::http::client_request request(url);
            if (!used.empty())
                request.set("Authorization", used);
            auto response = co_await client.send(std::move(request));
            const auto status = static_cast<int>(response.code);
            if (status != 401 && status != 403)
                co_return std::to_string(status);
            mcp::authorization_challenge challenge;
            challenge.url = url;
            challenge.status = status;
            challenge.authenticate.emplace_back(response.header("www-authenticate").value_or(""));
            challenge.used = std::move(used);
            const bool again = co_await by.challenged(std::move(challenge));
            if (!again)
                co_return std::to_string(status);
        } catch (const std::exception& error) {
            failure = error.what();
        }
        if (!failure.empty())
            co_return failure;
    }
    co_return "for ever";
}

template <class T>
T result_of(asio::awaitable<T> work) {
    asio::io_context loop;
    auto result = asio::co_spawn(loop, std::move(work), asio::use_future);
    loop.run();
    return result.get();
}

} // namespace oauth_test
