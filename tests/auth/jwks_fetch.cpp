#include <mcp/auth/jwks_fetch.hpp>

#include <mcp/auth/jwks_remote.hpp>
#include <mcp/testing/collaborator.hpp>

#include <gtest/gtest.h>

#include <auth/jwt_maker.hpp>
#include <gmock/gmock.h>
#include <http/scripted_peer.hpp>
#include <stdexcept>
#include <string>

namespace jwks_fetch_test {

using mcp::testing::settled;
using ::testing::HasSubstr;

TEST(jwks_fetch, gets_what_the_url_has) {
    std::string request;
    test::scripted_peer peer({[&](test::conversation& c) {
        request = c.read_request();
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}");
    }});
    const std::string url = peer.url("/keys.json");
    const mcp::jwks_fetch fetch;
    EXPECT_EQ(settled([&] { return fetch(url); }), R"({"keys":[]})");
    peer.finish();
    EXPECT_THAT(request, HasSubstr("GET /keys.json HTTP/1.1"));
    EXPECT_THAT(request, HasSubstr("Accept: application/jwk-set+json, application/json"));
}

TEST(jwks_fetch, takes_nothing_but_an_answer_that_is_ok) {
    for (const char* status : {"404 Not Found", "302 Found", "204 No Content", "500 Oops"}) {
        test::scripted_peer peer({[&](test::conversation& c) {
            c.read_request();
            c.send("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n");
        }});
        const std::string url = peer.url();
        const mcp::jwks_fetch fetch;
        EXPECT_THROW(settled([&] { return fetch(url); }), std::runtime_error) << status;
    }
}

TEST(jwks_fetch, takes_urls_that_nobody_on_the_way_can_change) {
    for (const char* url : {"https://login.example.com/keys", "http://localhost:8080/keys",
                            "http://127.0.0.1/keys", "http://[::1]:1/"})
        EXPECT_NO_THROW(mcp::jwks_remote<>{url}) << url;
    for (const char* url :
         {"", "keys", "http://login.example.com/keys", "ftp://localhost/keys", "file:///etc/keys",
          "http://127.0.0.1.example.com/", "https://user:pass@example.com/"})
        EXPECT_THROW(mcp::jwks_remote<>{url}, std::invalid_argument) << url;
}

TEST(jwks_fetch, brings_keys_to_those_who_look_for_them) {
    test::scripted_peer peer({[&](test::conversation& c) {
        c.answer("{\"keys\":[" + test::p256_key().jwk(R"("kid":"a")") + "]}");
    }});
    const mcp::jwks_remote keys(peer.url());
    const auto found = settled([&] { return keys.keys_for("a", mcp::jwt_algorithm::es256); });
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->has("a", mcp::jwt_algorithm::es256));
}

} // namespace jwks_fetch_test
