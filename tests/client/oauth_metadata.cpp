// SPDX-License-Identifier: MIT
#include <mcp/client/oauth_metadata.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace mcp::detail;
using list = std::vector<std::string>;

TEST(oauth_metadata, where_that_of_a_resource_may_be) {
    EXPECT_EQ(resource_metadata_urls("https://M.example/public/mcp?x=1", "https://m.example/here"),
              (list{"https://m.example/here",
                    "https://m.example/.well-known/oauth-protected-resource/public/mcp?x=1",
                    "https://m.example/.well-known/oauth-protected-resource"}));
    EXPECT_EQ(resource_metadata_urls("http://localhost:8000/", ""),
              (list{"http://localhost:8000/.well-known/oauth-protected-resource"}));
    EXPECT_EQ(resource_metadata_urls("not a URL", ""), list{});
}

TEST(oauth_metadata, where_that_of_an_issuer_may_be) {
    EXPECT_EQ(server_metadata_urls("https://a.example"),
              (list{"https://a.example/.well-known/oauth-authorization-server",
                    "https://a.example/.well-known/openid-configuration"}));
    EXPECT_EQ(server_metadata_urls("https://a.example/"),
              server_metadata_urls("https://a.example"));
    EXPECT_EQ(server_metadata_urls("https://a.example/t/1"),
              (list{"https://a.example/.well-known/oauth-authorization-server/t/1",
                    "https://a.example/.well-known/openid-configuration/t/1",
                    "https://a.example/t/1/.well-known/openid-configuration"}));
    EXPECT_EQ(server_metadata_urls("https://a.example/?t=1"), list{});
    EXPECT_EQ(server_metadata_urls("ftp://a.example"), list{});
}

TEST(oauth_metadata, resource_identifier) {
    constexpr std::string_view rows[][2] = {
        {"HTTPS://MCP.Example.com", "https://mcp.example.com"},
        {"https://mcp.example.com:443/", "https://mcp.example.com"},
        {"https://mcp.example.com:8443/mcp#part", "https://mcp.example.com:8443/mcp"},
        {"https://mcp.example.com/mcp/", "https://mcp.example.com/mcp/"},
        {"mcp.example.com", ""},
    };
    for (const auto& [url, expected] : rows)
        EXPECT_EQ(resource_identifier(url), expected);
}

TEST(oauth_metadata, which_resources_cover_an_endpoint) {
    constexpr std::string_view endpoint = "https://m.example/a/mcp?t=1";
    for (const std::string_view each :
         {"https://m.example/a/mcp?t=1", "https://m.example/a/mcp", "https://m.example/a/mcp/",
          "https://m.example/a", "https://M.example:443/", "https://m.example"})
        EXPECT_TRUE(covers_endpoint(each, endpoint)) << each;
    for (const std::string_view each :
         {"https://m.example/a/mcp?t=2", "https://m.example/a/mc", "https://m.example/a/mcp/x",
          "https://m.example/b", "https://evil.example/a/mcp", "http://m.example/a/mcp",
          "https://m.example:8443", "https://m.example?t=1", "https://m.example#", ""})
        EXPECT_FALSE(covers_endpoint(each, endpoint)) << each;
}

TEST(oauth_metadata, reads_that_of_a_resource) {
    constexpr std::string_view endpoint = "https://m.example/mcp";
    const auto good = read_resource_metadata(
        R"({"resource": "https://m.example/mcp", "authorization_servers": ["https://a.example", 7],
            "scopes_supported": ["read", "write", "read"], "other": {}})",
        endpoint);
    ASSERT_TRUE(good.value);
    EXPECT_EQ(good.value->authorization_servers, list{"https://a.example"});
    EXPECT_EQ(good.value->scopes, "read write");
    for (const std::string_view each :
         {"", "[]", "{}", R"({"resource": 1})", R"({"resource": "https://evil.example/mcp"})"}) {
        const auto bad = read_resource_metadata(each, endpoint);
        EXPECT_FALSE(bad.value) << each;
        EXPECT_FALSE(bad.fault.empty()) << each;
    }
}

TEST(oauth_metadata, reads_that_of_an_issuer) {
    const auto good = read_server_metadata(
        R"({"issuer": "https://a.example", "authorization_endpoint": "https://a.example/authorize",
            "token_endpoint": "https://a.example/token", "registration_endpoint": null,
            "scopes_supported": ["offline_access"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true})",
        "https://a.example");
    ASSERT_TRUE(good.value);
    EXPECT_EQ(good.value->authorization_endpoint, "https://a.example/authorize");
    EXPECT_EQ(good.value->token_endpoint, "https://a.example/token");
    EXPECT_EQ(good.value->registration_endpoint, "");
    EXPECT_EQ(good.value->scopes, "offline_access");
    EXPECT_EQ(good.value->token_methods, (list{"none", "client_secret_post"}));
    EXPECT_TRUE(good.value->has_s256);
    EXPECT_TRUE(good.value->sends_issuer);
    EXPECT_TRUE(good.value->takes_client_documents);

    const auto least = read_server_metadata(
        R"({"issuer": "i", "token_endpoint": "t", "code_challenge_methods_supported": ["plain"]})",
        "i");
    ASSERT_TRUE(least.value);
    EXPECT_FALSE(least.value->has_s256);
    EXPECT_FALSE(least.value->sends_issuer);
    for (const std::string_view each :
         {"<html>", "{}", R"({"issuer": "https://a.example/", "token_endpoint": "t"})",
          R"({"issuer": "https://a.example"})"})
        EXPECT_FALSE(read_server_metadata(each, "https://a.example").value) << each;
}

TEST(oauth_metadata, the_server_itself_is_the_last_resort) {
    const auto found = default_server("https://m.example/v1/mcp");
    EXPECT_EQ(found.issuer, "https://m.example");
    EXPECT_EQ(found.authorization_endpoint, "https://m.example/authorize");
    EXPECT_EQ(found.token_endpoint, "https://m.example/token");
    EXPECT_EQ(found.registration_endpoint, "https://m.example/register");
    EXPECT_TRUE(found.has_s256);
}

} // namespace
