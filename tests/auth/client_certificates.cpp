#include <mcp/auth/client_certificates.hpp>

#include <mcp/http/client_certificate.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/value.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>

namespace client_certificates_test {

using mcp::auth_failure;
using mcp::auth_result;
using mcp::client_certificates;

const mcp::http::client_certificate ann{
    .subject = "CN=ann,O=Example",
    .common_name = "ann",
    .dns = {"a.example"},
    .email = {"ann@example.com"},
    .uris = {"spiffe://example/ann"},
    .fingerprint = "00ff",
    .expires = std::chrono::sys_seconds(std::chrono::seconds(2'000'000'000))};

auth_result ask(const client_certificates& backend, const mcp::http::client_certificate* shown) {
    mcp::http::request request;
    request.certificate = shown;
    return backend.authenticate(request);
}

TEST(client_certificates, takes_the_subject_of_the_certificate) {
    const auth_result known = ask(client_certificates(), &ann);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->subject, "CN=ann,O=Example");
    EXPECT_EQ(known->expires, ann.expires);
    EXPECT_TRUE(known->scopes.empty());
    EXPECT_FALSE(known->anonymous);
    EXPECT_EQ(known->claims.at("common_name"), "ann");
    EXPECT_EQ(known->claims.at("uris"), mcp::json_array({"spiffe://example/ann"}));
}

TEST(client_certificates, refuses_who_has_none) {
    const auth_result nobody = ask(client_certificates(), nullptr);
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().why, auth_failure::reason::no_token);
    EXPECT_EQ(nobody.error().description, "A client certificate is required");
    const mcp::http::client_certificate nameless;
    EXPECT_FALSE(ask(client_certificates(), &nameless));
}

TEST(client_certificates, may_be_mapped_otherwise) {
    const client_certificates by_uri(
        [](const mcp::http::client_certificate& shown) -> std::optional<mcp::principal> {
            if (shown.uris.empty())
                return std::nullopt;
            return mcp::principal{.subject = shown.uris.front(), .scopes = {"read"}};
        });
    EXPECT_EQ(ask(by_uri, &ann)->subject, "spiffe://example/ann");
    const mcp::http::client_certificate other{.subject = "CN=other"};
    const auth_result refused = ask(by_uri, &other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, auth_failure::reason::invalid_token);
    EXPECT_THROW(client_certificates(nullptr), std::invalid_argument);
}

} // namespace client_certificates_test
