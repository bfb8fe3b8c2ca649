#include <mcp/auth/jwt.hpp>

#include <mcp/encoding/base64.hpp>
#include <mcp/http/message.hpp>
#include <mcp/testing/auth_backend_suite.hpp>

#include <gtest/gtest.h>

#include <auth/jwt_maker.hpp>
#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace jwt_test {

using namespace std::chrono_literals;
using mcp::jwt_algorithm;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using reason = mcp::auth_failure::reason;

const std::string good_claims =
    R"({"iss":"https://login.example.com/","aud":"https://server.example.com/mcp","sub":"ann",)"
    R"("exp":4000000000,"scope":"read write","email":"ann@example.com"})";
const std::string secret(32, 's');

mcp::jwt_options settings() {
    return {.issuer = "https://login.example.com/", .audience = {"https://server.example.com/mcp"}};
}

mcp::jwks public_keys() {
    return mcp::jwks("{\"keys\":[" + test::rsa_key().jwk(R"("kid":"r")") + "," +
                     test::p256_key().jwk(R"("kid":"e")") + "]}");
}

template <class Backend>
mcp::auth_result authenticated(const Backend& backend, const std::string& token) {
    mcp::http::request q;
    const std::string value = "Bearer " + token;
    q.headers.add("Authorization", value);
    return backend.authenticate(q);
}

/// Whose it is, or the sentence that refuses it.
template <class Backend>
std::string outcome(const Backend& backend, const std::string& token) {
    const mcp::auth_result outcome = authenticated(backend, token);
    if (outcome)
        return outcome->subject;
    EXPECT_EQ(outcome.error().why, reason::invalid_token);
    return outcome.error().description;
}

std::string rs256(const std::string& header, const std::string& claims = good_claims) {
    return test::make_token(test::rsa_key(), "RS256", header, claims);
}

TEST(jwt, keeps_the_contract) {
    const std::string good = rs256(R"({"alg":"RS256","kid":"r"})");
    mcp::testing::auth_samples samples;
    samples.good = "Bearer " + good;
    samples.subject = "ann";
    samples.bad = {"Bearer x", "Bearer a.b.c", "Bearer ..", "Bearer " + good + "."};
    const auto make = [](std::size_t cached) {
        return [cached] {
            mcp::jwt_options options = settings();
            options.cache_entries = cached;
            return std::make_shared<mcp::jwt<mcp::jwks>>(options, public_keys());
        };
    };
    EXPECT_THAT(mcp::testing::check_auth_backend(make(0), samples), IsEmpty());
    EXPECT_THAT(mcp::testing::check_auth_backend(make(100), samples), IsEmpty());
    samples.good = "Bearer " + test::make_token(secret, "HS256", R"({"alg":"HS256"})", good_claims);
    EXPECT_THAT(mcp::testing::check_auth_backend(
                    [] {
                        return std::make_shared<mcp::jwt<mcp::jwks>>(settings(),
                                                                     mcp::jwks::secret(secret));
                    },
                    samples),
                IsEmpty());
}

TEST(jwt, tells_whose_a_token_is_and_all_its_claims) {
    const mcp::jwt auth(settings(), public_keys());
    for (int i = 0; i < 2; ++i) { // checked, and remembered
        const auto outcome = authenticated(auth, rs256(R"({"alg":"RS256","kid":"r","typ":"JWT"})"));
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->subject, "ann");
        EXPECT_THAT(outcome->scopes, ElementsAre("read", "write"));
        EXPECT_THAT(outcome->audience, ElementsAre("https://server.example.com/mcp"));
        EXPECT_EQ(outcome->expires, std::chrono::sys_seconds(4'000'000'000s));
        EXPECT_EQ(outcome->claims.at("email").as_string(), "ann@example.com");
    }
    EXPECT_EQ(outcome(auth, test::make_token(test::p256_key(), "ES256",
                                             R"({"alg":"ES256","kid":"e"})", good_claims)),
              "ann");
    EXPECT_EQ(outcome(auth, test::make_token(test::rsa_key(), "PS384", R"({"alg":"PS384"})",
                                             good_claims)),
              "ann");
}

TEST(jwt, never_takes_a_token_that_is_not_signed) {
    const mcp::jwt auth(settings(), public_keys());
    const mcp::jwt shared(settings(), mcp::jwks::secret(secret));
    const std::string signature = mcp::to_base64url(std::string(256, 'x'));
    for (const char* name : {"none", "None", "NONE", "nOnE", "none ", "", "null"}) {
        const std::string header = std::string(R"({"kid":"r","alg":")") + name + "\"}";
        for (const std::string& end : {std::string(), signature}) {
            const std::string token = test::signing_input(header, good_claims) + "." + end;
            EXPECT_EQ(outcome(auth, token), "The signature algorithm of the token is not accepted");
            EXPECT_EQ(outcome(shared, token),
                      "The signature algorithm of the token is not accepted");
        }
    }
    // And none without the dot behind, nor with the name of an algorithm and no signature.
    EXPECT_EQ(outcome(auth, test::signing_input(R"({"alg":"none"})", good_claims)),
              "The token is not a signed JWT");
    EXPECT_EQ(outcome(auth, test::signing_input(R"({"alg":"RS256"})", good_claims) + "."),
              "The signature of the token is invalid");
    EXPECT_EQ(outcome(shared, test::signing_input(R"({"alg":"HS256"})", good_claims) + "."),
              "The signature of the token is invalid");
}

TEST(jwt, never_takes_a_public_key_for_a_secret) {
    const mcp::jwt auth(settings(), public_keys());
    mcp::jwt_options with_secrets = settings();
    with_secrets.algorithms = {jwt_algorithm::rs256, jwt_algorithm::hs256};
    const mcp::jwt wider(with_secrets, public_keys());
    const std::string pem = test::rsa_key().pem();
    for (const std::string& guess : {pem, pem.substr(0, pem.size() - 1), test::rsa_key().jwk(),
                                     test::rsa_key().jwk(R"("kid":"r")")})
        for (const char* header : {R"({"alg":"HS256","kid":"r"})", R"({"alg":"HS256"})",
                                   R"({"alg":"HS256","kid":"?"})"}) {
            const std::string token = test::make_token(guess, "HS256", header, good_claims);
            EXPECT_EQ(outcome(auth, token), "The signing key of the token is unknown");
            EXPECT_EQ(outcome(wider, token), "The signing key of the token is unknown");
        }
    // Nor the other way round.
    const mcp::jwt shared(settings(), mcp::jwks::secret(secret));
    EXPECT_EQ(outcome(shared, rs256(R"({"alg":"RS256"})")),
              "The signing key of the token is unknown");
}

TEST(jwt, takes_an_algorithm_only_with_the_key_and_the_setting_that_allow_it) {
    mcp::jwt_options options = settings();
    options.algorithms = {jwt_algorithm::es256};
    const mcp::jwt only(options, public_keys());
    EXPECT_EQ(outcome(only, rs256(R"({"alg":"RS256","kid":"r"})")),
              "The signature algorithm of the token is not accepted");
    const mcp::jwt auth(settings(), public_keys());
    // Signed well, but not by what the header says.
    EXPECT_EQ(outcome(auth, rs256(R"({"alg":"PS256","kid":"r"})")),
              "The signature of the token is invalid");
    EXPECT_EQ(outcome(auth, rs256(R"({"alg":"RS512","kid":"r"})")),
              "The signature of the token is invalid");
    EXPECT_EQ(outcome(auth, rs256(R"({"alg":"ES256","kid":"r"})")),
              "The signing key of the token is unknown");
    EXPECT_EQ(outcome(auth, rs256(R"({"alg":"RS256","kid":"e"})")),
              "The signing key of the token is unknown");
}

TEST(jwt, refuses_what_it_must_not_ignore) {
    const mcp::jwt auth(settings(), public_keys());
    for (const char* header :
         {R"({"alg":"RS256","kid":"r","crit":["exp"],"exp":1})", R"({"alg":"RS256","crit":[]})",
          R"({"alg":"RS256","crit":["b64"],"b64":false})", R"({"alg":"RS256","crit":"exp"})",
          R"({"alg":"RS256","crit":null})", R"({"alg":"RS256","enc":"A256GCM"})"})
        EXPECT_EQ(outcome(auth, rs256(header)),
                  "The token requires an extension that is not supported")
            << header;
    // Five parts are an encrypted token. [RFC 7516 §3.1]
    EXPECT_EQ(outcome(auth, rs256(R"({"alg":"RS256"})") + ".AAAA.AAAA"),
              "The token is not a signed JWT");
    EXPECT_EQ(outcome(auth, test::signing_input(R"({"alg":"dir","enc":"A256GCM"})", "") + ".AA"),
              "The signature algorithm of the token is not accepted");
}

TEST(jwt, does_not_look_at_keys_that_a_token_brings) {
    const mcp::jwt auth(settings(), public_keys());
    const auto mallory = test::issuer_key::rsa();
    for (const std::string& more :
         {R"("jwk":)" + mallory.jwk(), std::string(R"("jku":"http://127.0.0.1:1/keys")"),
          std::string(R"("x5u":"http://127.0.0.1:1/keys")"), std::string(R"("x5c":["MIIB"])")}) {
        const std::string header = R"({"alg":"RS256","kid":"r",)" + more + "}";
        EXPECT_EQ(outcome(auth, test::make_token(mallory, "RS256", header, good_claims)),
                  "The signature of the token is invalid");
        EXPECT_EQ(outcome(auth, rs256(header)), "ann") << "they are of no consequence";
    }
}

TEST(jwt, reads_each_text_strictly) {
    const mcp::jwt auth(settings(), public_keys());
    const std::string good = rs256(R"({"alg":"RS256","kid":"r"})");
    const auto first = good.find('.');
    const auto last = good.rfind('.');
    const std::string rows[] = {
        good.substr(0, first),
        good.substr(0, last),
        good.substr(1),
        "." + good,
        good + "=",
        good + ".",
        good.substr(0, first) + "=" + good.substr(first),
        good.substr(0, first + 3) + "\n" + good.substr(first + 3),
        good.substr(0, first + 3) + "%" + good.substr(first + 4),
        good.substr(0, last + 3) + "+" + good.substr(last + 4),
        good.substr(0, last + 3) + " " + good.substr(last + 3),
        "e30" + good.substr(first),
        "W10" + good.substr(first),
        "!!!" + good.substr(first),
        "..",
        "...",
        "a.b.c",
        std::string(200, '.'),
        rs256("[]"),
        rs256(R"("RS256")"),
        rs256(R"({"alg":["RS256"]})"),
        rs256(R"({"alg":"RS256","alg":"RS256"})"),
        rs256(R"({"alg":"RS256","kid":7})"),
        rs256(R"({"alg":"RS256"} x)"),
        rs256(R"({"alg":"RS256"})", "[]"),
        rs256(R"({"alg":"RS256"})", "not json"),
        rs256(R"({"alg":"RS256"})", ""),
        rs256(R"({"alg":"RS256"})", R"({"sub":"ann","sub":"eve"})"),
        rs256(R"({"alg":"RS256"})", good), // a token within a token
    };
    for (const std::string& each : rows) {
        const mcp::auth_result outcome = authenticated(auth, each);
        ASSERT_FALSE(outcome) << each;
        EXPECT_EQ(outcome.error().why, reason::invalid_token) << each;
    }
    EXPECT_EQ(outcome(auth, good), "ann");
}

TEST(jwt, finds_every_change_of_a_byte) {
    const mcp::jwt auth(settings(), mcp::jwks::secret(secret));
    const std::string good = test::make_token(secret, "HS256", R"({"alg":"HS256"})", good_claims);
    ASSERT_EQ(outcome(auth, good), "ann");
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const char c : {'A', 'B', '.', '='}) {
            std::string other = good;
            if (other[i] == c)
                continue;
            other[i] = c;
            ASSERT_FALSE(authenticated(auth, other)) << "byte " << i << " is " << c;
        }
        ASSERT_FALSE(authenticated(auth, good.substr(0, i))) << "of length " << i;
    }
}

TEST(jwt, checks_the_claims_also_of_tokens_that_it_remembers) {
    mcp::jwt_options options = settings();
    auto now = std::make_shared<std::chrono::system_clock::time_point>(1'000s);
    options.now = [now] { return *now; };
    const mcp::jwt auth(options, public_keys());
    const std::string token = rs256(
        R"({"alg":"RS256"})",
        R"({"iss":"https://login.example.com/","aud":"https://server.example.com/mcp","sub":"ann","exp":2000.5,"nbf":1100})");
    EXPECT_EQ(outcome(auth, token), "The token is not valid yet");
    *now += 70s;
    EXPECT_EQ(outcome(auth, token), "ann");
    EXPECT_EQ(outcome(auth, token), "ann");
    *now = std::chrono::system_clock::time_point(2'030'499ms);
    EXPECT_EQ(outcome(auth, token), "ann") << "within the leeway";
    *now += 1ms;
    EXPECT_EQ(outcome(auth, token), "The token has expired");
    for (
        const char* claims :
        {R"({"iss":"https://evil.example.com/","aud":"https://server.example.com/mcp","sub":"a","exp":4000000000})",
         R"({"iss":"https://login.example.com/","aud":"https://server.example.com","sub":"a","exp":4000000000})",
         R"({"iss":"https://login.example.com/","aud":"https://server.example.com/mcp","exp":4000000000})"})
        for (int i = 0; i < 2; ++i)
            EXPECT_FALSE(authenticated(auth, rs256(R"({"alg":"RS256"})", claims))) << claims;
}

TEST(jwt, tries_each_of_several_keys_of_a_name) {
    const auto other = test::issuer_key::curve("P-256");
    const mcp::jwt auth(settings(), mcp::jwks("{\"keys\":[" + other.jwk(R"("kid":"e")") + "," +
                                              test::p256_key().jwk(R"("kid":"e")") + "]}"));
    for (const auto* key : {&other, &test::p256_key()})
        EXPECT_EQ(outcome(auth, test::make_token(*key, "ES256", R"({"alg":"ES256","kid":"e"})",
                                                 good_claims)),
                  "ann");
    EXPECT_EQ(outcome(auth, test::make_token(test::issuer_key::curve("P-256"), "ES256",
                                             R"({"alg":"ES256","kid":"e"})", good_claims)),
              "The signature of the token is invalid");
    EXPECT_EQ(outcome(auth, test::make_token(other, "ES256", R"({"alg":"ES256","kid":"x"})",
                                             good_claims)),
              "The signing key of the token is unknown");
}

TEST(jwt, refuses_large_tokens_unread) {
    mcp::jwt_options options = settings();
    const std::string token = rs256(R"({"alg":"RS256"})");
    options.token_bytes = token.size();
    EXPECT_EQ(outcome(mcp::jwt(options, public_keys()), token), "ann");
    --options.token_bytes;
    EXPECT_EQ(outcome(mcp::jwt(options, public_keys()), token), "The token is too large");
    EXPECT_EQ(outcome(mcp::jwt(settings(), public_keys()), std::string(1'000'000, 'e')),
              "The token is too large");
}

TEST(jwt, takes_one_type_of_tokens_if_told_so) {
    mcp::jwt_options options = settings();
    options.type = "at+jwt";
    const mcp::jwt auth(options, public_keys());
    for (const char* type : {"at+jwt", "AT+JWT", "application/at+jwt"})
        EXPECT_EQ(outcome(auth, rs256(std::string(R"({"alg":"RS256","typ":")") + type + "\"}")),
                  "ann");
    for (const char* header :
         {R"({"alg":"RS256"})", R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"RS256","typ":""})",
          R"({"alg":"RS256","typ":7})", R"({"alg":"RS256","typ":"application/"})"})
        EXPECT_EQ(outcome(auth, rs256(header)), "The type of the token is not accepted") << header;
}

TEST(jwt, needs_an_issuer_and_an_audience) {
    EXPECT_THROW(mcp::jwt({.audience = {"a"}}, public_keys()), std::invalid_argument);
    EXPECT_THROW(mcp::jwt({.issuer = "i"}, public_keys()), std::invalid_argument);
    EXPECT_THROW(mcp::jwt({.issuer = "i", .audience = {"a", ""}}, public_keys()),
                 std::invalid_argument);
}

TEST(jwt, says_of_failures_no_more_than_a_sentence_of_its_own) {
    const mcp::jwt auth(settings(), public_keys());
    const auto outcome = authenticated(auth, rs256(R"({"alg":"RS256","kid":"\u0000<script>"})"));
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().description, Not(HasSubstr("script")));
    mcp::http::request two;
    two.headers.add("Authorization", "Bearer x");
    two.headers.add("Authorization", "Bearer y");
    EXPECT_EQ(auth.authenticate(two).error().why, reason::bad_request);
    EXPECT_EQ(auth.authenticate(mcp::http::request()).error().why, reason::no_token);
}

/// Keys that are not there at once, or not at all.
struct slow_keys {
    std::optional<mcp::jwks> keys;
    asio::awaitable<std::optional<mcp::jwks>> keys_for(std::string, jwt_algorithm) const {
        co_return keys;
    }
};

TEST(jwt, waits_for_keys_and_tells_when_there_are_none) {
    mcp::http::request q;
    const std::string value = "Bearer " + rs256(R"({"alg":"RS256","kid":"r"})");
    q.headers.add("Authorization", value);
    const mcp::jwt there(settings(), slow_keys{public_keys()});
    const auto outcome = mcp::testing::settled([&] { return there.authenticate(q); });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->subject, "ann");
    const mcp::jwt away(settings(), slow_keys{});
    const auto nobody = mcp::testing::settled([&] { return away.authenticate(q); });
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().why, reason::unavailable);
    const mcp::http::request empty;
    const auto none = mcp::testing::settled([&] { return away.authenticate(empty); });
    EXPECT_EQ(none.error().why, reason::no_token) << "without a token no key is asked for";
}

} // namespace jwt_test
