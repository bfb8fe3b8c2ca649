#include <mcp/auth/jwks.hpp>

#include <mcp/auth/jwt_key.hpp>

#include <gtest/gtest.h>

#include <auth/jwt_maker.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace jwks_test {

using mcp::jwks;
using mcp::jwt_algorithm;

std::string set_of(std::initializer_list<std::string> keys) {
    std::string text = R"({"keys":[)";
    for (const std::string& each : keys)
        text += (text.back() == '[' ? "" : ",") + each;
    return text + "]}";
}

TEST(jwks, keep_the_keys_that_can_be_used_and_skip_the_others) {
    const jwks keys(set_of({
        test::rsa_key().jwk(R"("kid":"a")"),
        R"({"kty":"XYZ","kid":"b"})",
        "7",
        R"({"kty":"oct","kid":"c","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
        test::rsa_key().jwk(R"("kid":"d","use":"enc")"),
        test::p256_key().jwk(R"("kid":"e","use":"sig","alg":"ES256")"),
    }));
    EXPECT_EQ(keys.size(), 2u);
    EXPECT_TRUE(keys.has("a", jwt_algorithm::rs256));
    EXPECT_TRUE(keys.has("a", jwt_algorithm::ps512));
    EXPECT_TRUE(keys.has("e", jwt_algorithm::es256));
    EXPECT_TRUE(keys.has("", jwt_algorithm::es256));
    EXPECT_FALSE(keys.has("a", jwt_algorithm::es256));
    EXPECT_FALSE(keys.has("e", jwt_algorithm::rs256));
    EXPECT_FALSE(keys.has("c", jwt_algorithm::hs256)) << "a secret in a JWKS is none";
    EXPECT_FALSE(keys.has("d", jwt_algorithm::rs256));
    EXPECT_FALSE(keys.has("A", jwt_algorithm::rs256));
    EXPECT_FALSE(keys.has("x", jwt_algorithm::rs256));
}

TEST(jwks, give_the_keys_of_a_name_first_and_those_without_one_to_all) {
    const jwks keys(set_of({
        test::p256_key().jwk(),
        test::p256_key().jwk(R"("kid":"a")"),
        test::rsa_key().jwk(R"("kid":"a")"),
        test::p256_key().jwk(R"("kid":"a")"),
        test::p256_key().jwk(R"("kid":"b")"),
    }));
    const auto names = [&](std::string_view kid, jwt_algorithm algorithm) {
        std::string all;
        for (const mcp::detail::jwt_key* each : keys.candidates(kid, algorithm))
            all += each->kid().empty() ? "-" : each->kid();
        return all;
    };
    EXPECT_EQ(names("a", jwt_algorithm::es256), "aa-");
    EXPECT_EQ(names("a", jwt_algorithm::rs256), "a");
    EXPECT_EQ(names("b", jwt_algorithm::es256), "b-");
    EXPECT_EQ(names("x", jwt_algorithm::es256), "-");
    EXPECT_EQ(names("", jwt_algorithm::es256), "aab-");
    EXPECT_EQ(names("b", jwt_algorithm::rs256), "");
}

TEST(jwks, give_no_token_more_than_four_keys) {
    const std::string key = test::p256_key().jwk();
    const jwks keys(set_of({key, key, key, key, key, key}));
    EXPECT_EQ(keys.size(), 6u);
    EXPECT_EQ(keys.candidates("", jwt_algorithm::es256).size(), 4u);
}

TEST(jwks, of_a_secret_hold_that_alone) {
    const jwks keys = jwks::secret(std::string(32, 'k'));
    EXPECT_TRUE(keys.has("", jwt_algorithm::hs256));
    EXPECT_TRUE(keys.has("whatever", jwt_algorithm::hs256));
    EXPECT_FALSE(keys.has("", jwt_algorithm::hs512)) << "too short for that";
    EXPECT_FALSE(keys.has("", jwt_algorithm::rs256));
    EXPECT_THROW(jwks::secret("short"), std::invalid_argument);
}

TEST(jwks, that_are_none_are_said_to_be_so) {
    const std::string many = [] {
        std::string text = R"({"keys":[1)";
        for (int i = 0; i < 100; ++i)
            text += ",1";
        return text + "]}";
    }();
    for (const std::string& each :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
          std::string(R"({"keys":{}})"), std::string(R"({"keys":[],"keys":[]})"), many}) {
        EXPECT_FALSE(jwks::parse(each)) << each;
        EXPECT_THROW((void)jwks(each), std::invalid_argument) << each;
    }
    const auto none = jwks::parse(R"({"keys":[]})");
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->empty());
    EXPECT_THROW((void)jwks(R"({"keys":[{"kty":"oct"}]})"), std::invalid_argument)
        << "a server that can let in nobody is a mistake";
}

TEST(jwks, are_handles_of_a_set) {
    const std::string text = set_of({test::p256_key().jwk()});
    const jwks one(text);
    const jwks same = one;
    EXPECT_TRUE(one == same);
    EXPECT_TRUE(one == *one.keys_for("", jwt_algorithm::es256));
    EXPECT_FALSE(one == jwks(text));
    EXPECT_TRUE(jwks().empty());
}

} // namespace jwks_test
