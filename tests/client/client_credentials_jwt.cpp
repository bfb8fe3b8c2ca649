// SPDX-License-Identifier: MIT
#include <mcp/client/client_credentials_jwt.hpp>

#include <mcp/auth/jwt.hpp>
#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <auth/jwt_maker.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

namespace {

TEST(client_credentials_jwt, makes_what_an_issuer_verifies) {
    const auto now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)); };
    for (const test::issuer_key& key :
         {test::issuer_key::rsa(), test::issuer_key::curve("P-256"),
          test::issuer_key::curve("P-384"), test::issuer_key::curve("P-521"),
          test::issuer_key::edwards()}) {
        const mcp::client_credentials_jwt make("nightly", key.private_pem(), "k", now);
        mcp::jwt_options options;
        options.issuer = "nightly";
        options.audience = {"https://a.example"};
        options.now = now;
        const mcp::jwt issuer(options, mcp::jwks("{\"keys\":[" + key.jwk("\"kid\":\"k\"") + "]}"));
        const std::string value = "Bearer " + make("https://a.example");
        mcp::http::request request;
        request.headers.add("Authorization", value);
        const auto who = issuer.authenticate(request);
        ASSERT_TRUE(who) << key.jwk();
        EXPECT_EQ(who->subject, "nightly");
        EXPECT_NE(make("https://a.example"), make("https://a.example"));
    }
}

TEST(client_credentials_jwt, refuses_keys_that_cannot_sign) {
    EXPECT_THROW(mcp::client_credentials_jwt("c", ""), std::invalid_argument);
    EXPECT_THROW(mcp::client_credentials_jwt("c", test::issuer_key::rsa().pem()),
                 std::invalid_argument);
    EXPECT_THROW(mcp::client_credentials_jwt("c", test::issuer_key::rsa(1024).private_pem()),
                 std::invalid_argument);
}

} // namespace
