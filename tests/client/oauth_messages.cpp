// SPDX-License-Identifier: MIT
#include <mcp/client/oauth_messages.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace mcp::detail;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using list = std::vector<std::string>;

TEST(oauth_messages, token_method) {
    struct row {
        list supported;
        std::string_view registered;
        bool secret;
        std::string_view expected;
    };
    const list basic{"client_secret_basic"};
    const list post{"client_secret_post"};
    const list both{"client_secret_post", "client_secret_basic"};
    const row rows[] = {
        {{}, "", false, "none"},
        {{}, "", true, "client_secret_basic"},
        {basic, "", true, "client_secret_basic"},
        {post, "", true, "client_secret_post"},
        {both, "", true, "client_secret_basic"},
        {{"none"}, "", true, "client_secret_basic"},
        {basic, "client_secret_post", true, "client_secret_post"},
        {basic, "none", true, "none"},
        {basic, "client_secret_basic", false, "none"},
        {{"private_key_jwt"}, "tls_client_auth", true, "client_secret_basic"},
    };
    for (const row& each : rows)
        EXPECT_EQ(token_method(each.supported, each.registered, each.secret), each.expected);
}

TEST(oauth_messages, forms_and_queries) {
    form_body form;
    form.add("a", "x y&").add("b", "").add("c", "https://m.example/mcp");
    EXPECT_EQ(form.text(), "a=x%20y%26&c=https%3A%2F%2Fm.example%2Fmcp");
    EXPECT_EQ(with_query("https://a.example/auth", "b=1"), "https://a.example/auth?b=1");
    EXPECT_EQ(with_query("https://a.example/auth?t=2", "b=1"), "https://a.example/auth?t=2&b=1");
    EXPECT_EQ(with_query("https://a.example/auth?#x", "b=1"), "https://a.example/auth?b=1");
}

// [RFC 7636 appendix B]
TEST(oauth_messages, s256_challenge) {
    EXPECT_EQ(s256_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(oauth_messages, registration) {
    client_description client;
    client.name = "desk";
    client.redirect_uri = "http://127.0.0.1:7/callback";
    client.method = "none";
    EXPECT_EQ(registration_body(client),
              R"({"client_name":"desk","redirect_uris":["http://127.0.0.1:7/callback"],)"
              R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],)"
              R"("token_endpoint_auth_method":"none","application_type":"native"})");
    client.redirect_uri = "https://desk.example/callback";
    EXPECT_THAT(registration_body(client), HasSubstr(R"("application_type":"web")"));

    const auto good = read_registration(
        R"({"client_id": "c", "client_secret": "s", "client_secret_expires_at": 1800000000,
            "token_endpoint_auth_method": "client_secret_post"})");
    ASSERT_TRUE(good.value);
    EXPECT_EQ(good.value->id, "c");
    EXPECT_EQ(good.value->secret, "s");
    EXPECT_EQ(good.value->method, "client_secret_post");
    EXPECT_EQ(good.value->expires, std::chrono::sys_seconds(1800000000s));
    const auto lasting = read_registration(R"({"client_id": "c", "client_secret_expires_at": 0})");
    ASSERT_TRUE(lasting.value);
    EXPECT_FALSE(lasting.value->expires);
    for (const std::string_view each : {"", "[]", "{}", R"({"client_id": 7})"})
        EXPECT_FALSE(read_registration(each).value) << each;
}

TEST(oauth_messages, read_redirect) {
    authorization_server plain;
    plain.issuer = "https://a.example";
    authorization_server named = plain;
    named.sends_issuer = true;
    constexpr std::string_view iss = "&iss=https%3A%2F%2Fa.example";
    struct row {
        bool sends_issuer;
        std::string query;
        std::string_view expected; ///< `code`, `error …` or a part of the fault
    };
    const row rows[] = {
        {false, "code=c%2B1&state=s", "c+1"},
        {false, "code=c&state=s" + std::string(iss), "c"},
        {true, "state=s&code=c" + std::string(iss), "c"},
        {true, "code=c&state=s", "does not name its issuer"},
        {true, "error=access_denied&state=s", "does not name its issuer"},
        {true, "code=c&state=s&iss=https://a.example/", "another issuer"},
        {false, "code=c&state=s&iss=https://evil.example", "another issuer"},
        {false, "error=access_denied&state=s&iss=https://evil.example", "another issuer"},
        {false, "code=c&state=s&iss=HTTPS://a.example", "another issuer"},
        {false, "code=c&state=s&iss=", "another issuer"},
        {false, "error=access_denied&state=s", "error access_denied"},
        {false, "error=%3Cscript%3E&state=s", "error an error of its own"},
        {false, "error=&state=s", "error an error"},
        {false, "code=c&state=t", "its state is another"},
        {false, "code=c", "its state is another"},
        {false, "state=s", "has no code"},
        {false, "", "its state is another"},
    };
    for (const row& each : rows) {
        const auto reply = read_redirect(each.query, "s", each.sends_issuer ? named : plain);
        const std::string got = !reply.code.empty()    ? reply.code
                                : !reply.error.empty() ? "error " + reply.error
                                                       : reply.fault;
        EXPECT_THAT(got, HasSubstr(std::string(each.expected))) << each.query;
        EXPECT_EQ(reply.fault.empty(), !reply.code.empty() || !reply.error.empty());
    }
}

TEST(oauth_messages, read_token_reply) {
    const auto good = read_token_reply(
        true, R"({"access_token": "t", "token_type": "bearer", "refresh_token": "r",
                  "expires_in": "3600"})");
    EXPECT_EQ(good.access_token, "t");
    EXPECT_EQ(good.refresh_token, "r");
    EXPECT_EQ(good.lifetime, 3600s);
    EXPECT_EQ(good.error + good.fault, "");
    EXPECT_EQ(read_token_reply(true, R"({"access_token": "t", "expires_in": -1})").lifetime,
              std::nullopt);
    constexpr std::string_view rows[][2] = {
        {R"({"access_token": "t", "token_type": "DPoP"})", "not a bearer token"},
        {R"({"access_token": "a\r\nX: y"})", "no access_token"},
        {R"({})", "no access_token"},
        {"<html>", "not a JSON object"},
        {R"({"error": "invalid_grant", "access_token": "t"})", "invalid_grant"},
    };
    for (const auto& [text, expected] : rows) {
        const auto bad = read_token_reply(true, text);
        EXPECT_EQ(bad.access_token.empty() || !bad.fault.empty(), true);
        EXPECT_THAT(bad.error + bad.fault, HasSubstr(std::string(expected))) << text;
    }
    EXPECT_EQ(read_token_reply(false, R"({"error": "invalid_client"})").error, "invalid_client");
    EXPECT_THAT(read_token_reply(false, "{}").fault, HasSubstr("without a code"));
    EXPECT_EQ(error_code(R"({"error": "invalid_redirect_uri"})"), "invalid_redirect_uri");
    EXPECT_EQ(error_code("nonsense"), "");
}

TEST(oauth_messages, renewal_time) {
    constexpr std::chrono::seconds rows[][3] = {
        // life, early, renewed after
        {3600s, 30s, 3570s}, {120s, 30s, 90s}, {60s, 30s, 45s}, {20s, 30s, 15s},
        {1s, 30s, 1s},       {0s, 30s, 0s},    {60s, 0s, 60s},
    };
    const std::chrono::sys_seconds start{1'800'000'000s};
    for (const auto& [life, early, expected] : rows)
        EXPECT_EQ(renewal_time(start, start + life, early) - start, expected) << life.count();
    EXPECT_EQ(renewal_time({}, start, 30s), start - 30s); // it is not known when the token came
}

} // namespace
