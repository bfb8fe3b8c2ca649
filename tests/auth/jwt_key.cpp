#include <mcp/auth/jwt_key.hpp>

#include <mcp/encoding/base64.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <auth/jwt_maker.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace jwt_key_test {

using mcp::jwt_algorithm;
using mcp::detail::jwt_key;
using mcp::detail::jwt_key_kind;

std::optional<jwt_key> key_of(const std::string& jwk) {
    return jwt_key::from_jwk(mcp::parse_json(jwk).value().as_object());
}

/// As `jwt` calls it: false as well if the third part is not base64url.
bool good(const jwt_key& key, const std::string& token, jwt_algorithm algorithm) {
    const auto signature = mcp::from_base64url(token.substr(token.rfind('.') + 1));
    return signature && key.signed_by_this(token, algorithm, *signature);
}

TEST(jwt_key, checks_the_examples_of_the_specifications) {
    // [RFC 7515 §A.1]
    const std::string hs256 =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        "cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const auto secret = mcp::from_base64url(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    ASSERT_TRUE(secret);
    EXPECT_TRUE(good(jwt_key::secret(*secret), hs256, jwt_algorithm::hs256));
    EXPECT_FALSE(good(jwt_key::secret(std::string(32, 'k')), hs256, jwt_algorithm::hs256));

    // [RFC 7515 §A.3]
    const std::string es256 =
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
        "Kg6NU1Q";
    const auto curve = key_of(R"({"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})");
    ASSERT_TRUE(curve);
    EXPECT_TRUE(good(*curve, es256, jwt_algorithm::es256));

    // [RFC 8037 §A.4]
    const std::string eddsa =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    const auto edwards = key_of(
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    ASSERT_TRUE(edwards);
    EXPECT_TRUE(good(*edwards, eddsa, jwt_algorithm::eddsa));
}

TEST(jwt_key, checks_each_algorithm_and_finds_each_change) {
    const auto p384 = test::issuer_key::curve("P-384");
    const auto p521 = test::issuer_key::curve("P-521");
    const auto edwards = test::issuer_key::edwards();
    const struct {
        const char* name;
        const test::issuer_key& key;
    } rows[] = {
        {"RS256", test::rsa_key()},
        {"RS384", test::rsa_key()},
        {"RS512", test::rsa_key()},
        {"PS256", test::rsa_key()},
        {"PS384", test::rsa_key()},
        {"PS512", test::rsa_key()},
        {"ES256", test::p256_key()},
        {"ES384", p384},
        {"ES512", p521},
        {"EdDSA", edwards},
    };
    for (const auto& each : rows) {
        const auto algorithm = mcp::detail::parse_jwt_algorithm(each.name);
        ASSERT_TRUE(algorithm) << each.name;
        const auto key = key_of(each.key.jwk());
        ASSERT_TRUE(key) << each.name;
        const std::string header = std::string(R"({"alg":")") + each.name + "\"}";
        const std::string token = test::make_token(each.key, each.name, header, R"({"sub":"a"})");
        EXPECT_TRUE(good(*key, token, *algorithm)) << each.name;
        const auto dot = token.rfind('.');
        for (const std::size_t at :
             {std::size_t(3), dot - 2, dot + 1, dot + 20, token.size() - 3}) {
            std::string other = token;
            other[at] = other[at] == 'A' ? 'B' : 'A';
            EXPECT_FALSE(good(*key, other, *algorithm)) << each.name << " byte " << at;
        }
        EXPECT_FALSE(good(*key, token.substr(0, token.size() - 4), *algorithm)) << each.name;
        EXPECT_FALSE(good(*key, token + "AAAA", *algorithm)) << each.name;
        EXPECT_FALSE(good(*key, token.substr(0, dot + 1), *algorithm)) << each.name;
        // A signature of zeros: r = s = 0 has opened other libraries' doors.
        const std::string zeros(mcp::from_base64url(token.substr(dot + 1))->size(), '\0');
        EXPECT_FALSE(good(*key, token.substr(0, dot + 1) + mcp::to_base64url(zeros), *algorithm))
            << each.name;
    }
}

TEST(jwt_key, of_a_secret_is_as_strong_as_the_hash) {
    for (const char* name : {"HS256", "HS384", "HS512"}) {
        const auto algorithm = *mcp::detail::parse_jwt_algorithm(name);
        const std::string enough(mcp::detail::signature_size(algorithm), 'k');
        const std::string header = std::string(R"({"alg":")") + name + "\"}";
        const std::string token = test::make_token(enough, name, header, "{}");
        EXPECT_TRUE(good(jwt_key::secret(enough), token, algorithm)) << name;
        EXPECT_FALSE(good(jwt_key::secret(enough + "x"), token, algorithm)) << name;
    }
    EXPECT_FALSE(jwt_key::secret(std::string(47, 'k')).fits(jwt_algorithm::hs384));
    EXPECT_TRUE(jwt_key::secret(std::string(48, 'k')).fits(jwt_algorithm::hs384));
    EXPECT_FALSE(jwt_key::secret(std::string(63, 'k')).fits(jwt_algorithm::hs512));
    EXPECT_THROW(jwt_key::secret(std::string(31, 'k')), std::invalid_argument);
    EXPECT_THROW(jwt_key::secret(""), std::invalid_argument);
}

TEST(jwt_key, fits_algorithms_of_its_kind_only) {
    const auto rsa = key_of(test::rsa_key().jwk());
    const auto curve = key_of(test::p256_key().jwk());
    const auto bound = key_of(test::rsa_key().jwk(R"("alg":"PS256","use":"sig","kid":"k")"));
    ASSERT_TRUE(rsa && curve && bound);
    EXPECT_EQ(bound->kid(), "k");
    EXPECT_EQ(rsa->kind(), jwt_key_kind::rsa);
    for (std::size_t i = 0; i < 13; ++i) {
        const auto each = static_cast<jwt_algorithm>(i);
        EXPECT_EQ(rsa->fits(each), mcp::detail::key_kind(each) == jwt_key_kind::rsa)
            << to_string(each);
        EXPECT_EQ(curve->fits(each), each == jwt_algorithm::es256) << to_string(each);
        EXPECT_EQ(bound->fits(each), each == jwt_algorithm::ps256) << to_string(each);
    }
    // The algorithm is asked for again where the signature is checked.
    const std::string token =
        test::make_token(test::rsa_key(), "RS256", R"({"alg":"RS256"})", "{}");
    EXPECT_TRUE(good(*rsa, token, jwt_algorithm::rs256));
    EXPECT_FALSE(good(*bound, token, jwt_algorithm::rs256));
    EXPECT_FALSE(good(*rsa, token, jwt_algorithm::es256));
}

TEST(jwt_key, that_cannot_or_must_not_check_signatures_is_none) {
    const std::string rsa = test::rsa_key().jwk();
    const std::string n = "\"n\":\"" + std::string(342, 'A') + "\"";
    const std::string rows[] = {
        "{}",
        R"({"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
        R"({"kty":"RSA"})",
        R"({"kty":"RSA","e":"AQAB"})",
        R"({"kty":"RSA","e":"AQAB","n":5})",
        R"({"kty":"RSA","e":"AQAB",)" + n + "}",
        R"({"kty":"RSA","e":"AQAB","n":"not base64"})",
        test::rsa_key().jwk(R"("use":"enc")"),
        test::rsa_key().jwk(R"("use":7)"),
        test::rsa_key().jwk(R"("key_ops":["encrypt"])"),
        test::rsa_key().jwk(R"("key_ops":"verify")"),
        test::rsa_key().jwk(R"("alg":"none")"),
        test::rsa_key().jwk(R"("alg":"RSA-OAEP")"),
        test::rsa_key().jwk(R"("alg":"HS256")"),
        test::rsa_key().jwk(R"("alg":"ES256")"),
        test::rsa_key().jwk(R"("alg":null)"),
        test::issuer_key::rsa(1024).jwk(),
        test::p256_key().jwk(R"("alg":"ES384")"),
        R"({"kty":"EC","crv":"P-256"})",
        R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})",
        R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})",
        R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})",
        R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
    };
    for (const std::string& each : rows)
        EXPECT_FALSE(key_of(each)) << each;
    EXPECT_TRUE(key_of(test::rsa_key().jwk(R"("key_ops":["verify"],"x5c":["?"],"more":{})")));
}

TEST(jwt_key, may_be_used_from_many_threads_at_once) {
    const auto key = key_of(test::rsa_key().jwk());
    const auto curve = key_of(test::p256_key().jwk());
    const auto secret = jwt_key::secret(std::string(32, 'k'));
    const auto rs = test::make_token(test::rsa_key(), "RS256", R"({"alg":"RS256"})", "{}");
    const auto es = test::make_token(test::p256_key(), "ES256", R"({"alg":"ES256"})", "{}");
    const auto hs = test::make_token(std::string(32, 'k'), "HS256", R"({"alg":"HS256"})", "{}");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                EXPECT_TRUE(good(*key, rs, jwt_algorithm::rs256));
                EXPECT_TRUE(good(*curve, es, jwt_algorithm::es256));
                EXPECT_TRUE(good(secret, hs, jwt_algorithm::hs256));
            }
        });
    for (auto& each : threads)
        each.join();
}

} // namespace jwt_key_test
