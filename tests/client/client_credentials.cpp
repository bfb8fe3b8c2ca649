// SPDX-License-Identifier: MIT
#include <mcp/client/client_credentials.hpp>

#include <client/oauth_world.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace {

using namespace oauth_test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

mcp::client_credentials_options options(world& w) {
    mcp::client_credentials_options out;
    out.client_id = "c";
    out.client_secret = "s";
    out.now = [&w] { return w.now.load(); };
    return out;
}

std::string call_once(mcp::authorizer& by, const world& w) {
    return result_of(call(by, w.endpoint()));
}

TEST(client_credentials, gets_and_replaces_tokens) {
    world w;
    w.change([](behaviour& b) {
        b.challenge_scope = "a";
        b.server_members = R"("x":1)"; // no user, no PKCE
    });
    auto how = options(w);
    how.scope = "b";
    mcp::client_credentials access(how);
    EXPECT_EQ(call_once(access, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp", "GET /.well-known/oauth-protected-resource/mcp",
                                     "GET /.well-known/oauth-authorization-server/as",
                                     "POST /as/token client_credentials", "GET /mcp"));
    EXPECT_EQ(w.last("/as/token", "basic"), "Yzpz"); // c:s
    EXPECT_EQ(w.last("/as/token", "scope"), "a b");
    EXPECT_EQ(w.last("/as/token", "resource"), w.endpoint());
    EXPECT_EQ(call_once(access, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("GET /mcp"));
    w.advance(3571s);
    EXPECT_EQ(call_once(access, w), "200");
    EXPECT_THAT(w.log(), ElementsAre("POST /as/token client_credentials", "GET /mcp"));
    w.forget_tokens();
    w.advance(60s);
    EXPECT_EQ(call_once(access, w), "200");
}

TEST(client_credentials, ways_to_authenticate) {
    world w;
    w.change([](behaviour& b) {
        b.server_members = R"("token_endpoint_auth_methods_supported":["client_secret_post"])";
    });
    mcp::client_credentials post(options(w));
    EXPECT_EQ(call_once(post, w), "200");
    EXPECT_EQ(w.last("/as/token", "client_secret"), "s");

    auto how = options(w);
    how.client_secret.clear();
    how.assertion = [](const std::string& issuer) { return "for " + issuer; };
    mcp::client_credentials signed_in(how);
    EXPECT_EQ(call_once(signed_in, w), "200");
    EXPECT_EQ(w.last("/as/token", "client_assertion"), "for " + w.issuer());
    EXPECT_EQ(w.last("/as/token", "client_assertion_type"),
              "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    EXPECT_EQ(w.last("/as/token", "client_secret"), "-");
}

TEST(client_credentials, ends_where_it_cannot_help) {
    world w;
    mcp::client_credentials access(options(w));
    w.change([](behaviour& b) { b.refuses_tokens = true; });
    EXPECT_EQ(call_once(access, w), "401");
    w.change([](behaviour& b) {
        b.refuses_tokens = false;
        b.needed_scope = "more";
    });
    EXPECT_EQ(call_once(access, w), "200"); // asks for the scope, once
    w.change([](behaviour& b) { b.needed_scope = "m\\ore"; });
    EXPECT_EQ(call_once(access, w), "403");
    auto how = options(w);
    how.issuer = "https://other.example";
    mcp::client_credentials elsewhere(how);
    EXPECT_THAT(call_once(elsewhere, w), HasSubstr("another authorization server"));
}

} // namespace
