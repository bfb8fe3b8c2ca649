#include <mcp/auth/jwt_claims.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <utility>

namespace jwt_claims_test {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const std::chrono::system_clock::time_point now(1'000'000s);

std::string outcome(mcp::json_object claims, std::chrono::milliseconds later = 0ms) {
    const mcp::detail::jwt_claims_options options{
        .issuer = "https://login.example.com/",
        .audience = {"https://server.example.com/mcp", "server"},
        .leeway = 30s,
    };
    const auto outcome = mcp::detail::check_claims(std::move(claims), options, now + later);
    return outcome ? outcome->subject : std::string(outcome.error().sentence);
}

/// Claims that are good but for those that are given, which come instead or as well.
mcp::json_object with(const std::string& changes) {
    mcp::json_object claims = mcp::parse_json(R"({"iss":"https://login.example.com/","sub":"ann",
                            "aud":"https://server.example.com/mcp","exp":1000100})")
                                  .value()
                                  .as_object();
    const mcp::json parsed = mcp::parse_json(changes).value();
    for (const auto& [name, value] : parsed.as_object()) {
        if (value.is_null())
            claims.erase(name);
        else
            claims[name] = value;
    }
    return claims;
}

TEST(jwt_claims, must_be_of_the_issuer_to_the_letter) {
    EXPECT_EQ(outcome(with("{}")), "ann");
    for (const char* each :
         {R"({"iss":null})", R"({"iss":""})", R"({"iss":"https://login.example.com"})",
          R"({"iss":"https://login.example.com/x"})", R"({"iss":"https://login.example.COM/"})",
          R"({"iss":"https://login.example.com/ "})", R"({"iss":["https://login.example.com/"]})",
          R"({"iss":7})"})
        EXPECT_EQ(outcome(with(each)), "The token is from another issuer") << each;
}

TEST(jwt_claims, must_be_for_the_audience_to_the_letter) {
    for (const char* each :
         {R"({"aud":"https://server.example.com/mcp"})",
          R"({"aud":["https://server.example.com/mcp"]})", R"({"aud":["other","server"]})"})
        EXPECT_EQ(outcome(with(each)), "ann") << each;
    for (const char* each :
         {R"({"aud":null})", R"({"aud":""})", R"({"aud":[]})",
          R"({"aud":"https://server.example.com"})", R"({"aud":"https://server.example.com/"})",
          R"({"aud":"https://server.example.com/mcp/"})",
          R"({"aud":"https://server.example.com/mcp/other"})",
          R"({"aud":"https://server.example.com/mc"})", R"({"aud":"Server"})",
          R"({"aud":"server other"})", R"({"aud":"*"})", R"({"aud":["server",7]})",
          R"({"aud":[["server"]]})", R"({"aud":{"server":true}})", R"({"aud":7})"})
        EXPECT_EQ(outcome(with(each)), "The token is for another audience") << each;
}

TEST(jwt_claims, hold_for_their_time_and_a_leeway) {
    const struct {
        const char* claims;
        std::chrono::milliseconds later;
        const char* outcome;
    } rows[] = {
        {R"({"exp":1000100})", 129'999ms, "ann"},
        {R"({"exp":1000100})", 130s, "The token has expired"},
        {R"({"exp":1000100.5})", 130'499ms, "ann"},
        {R"({"exp":1000100.5})", 130'500ms, "The token has expired"},
        {R"({"exp":999970})", 0ms, "The token has expired"},
        {R"({"exp":999971})", 0ms, "ann"},
        {R"({"exp":0})", 0ms, "The token has expired"},
        {R"({"exp":-5})", 0ms, "The token has expired"},
        {R"({"exp":4000000000})", 0ms, "ann"},
        {R"({"exp":253402300799})", 0ms, "ann"},
        {R"({"exp":null})", 0ms, "The token has no expiry time"},
        {R"({"exp":"1000100"})", 0ms, "The token has an invalid time"},
        {R"({"exp":1e300})", 0ms, "The token has an invalid time"},
        {R"({"exp":18446744073709551615})", 0ms, "The token has an invalid time"},
        {R"({"exp":true})", 0ms, "The token has an invalid time"},
        {R"({"nbf":1000000})", 0ms, "ann"},
        {R"({"nbf":1000030})", 0ms, "ann"},
        {R"({"nbf":1000031})", 0ms, "The token is not valid yet"},
        {R"({"nbf":1000031})", 1s, "ann"},
        {R"({"nbf":"1000000"})", 0ms, "The token has an invalid time"},
        {R"({"iat":999000})", 0ms, "ann"},
        {R"({"iat":1000030})", 0ms, "ann"},
        {R"({"iat":1000030.5})", 0ms, "The token is not valid yet"},
        {R"({"iat":[]})", 0ms, "The token has an invalid time"},
    };
    for (const auto& each : rows)
        EXPECT_EQ(outcome(with(each.claims), each.later), each.outcome) << each.claims;
}

TEST(jwt_claims, must_name_somebody) {
    for (const char* each :
         {R"({"sub":null})", R"({"sub":""})", R"({"sub":7})", R"({"sub":["ann"]})"})
        EXPECT_EQ(outcome(with(each)), "The token has no subject") << each;
}

TEST(jwt_claims, grant_the_scopes_of_both_spellings) {
    const auto scopes = [](const std::string& changes) {
        const mcp::detail::jwt_claims_options options{
            .issuer = "https://login.example.com/", .audience = {"https://server.example.com/mcp"}};
        const auto outcome = mcp::detail::check_claims(with(changes), options, now);
        std::string all;
        EXPECT_TRUE(outcome) << changes;
        for (const std::string& each : outcome->scopes)
            all += "[" + each + "]";
        return all;
    };
    EXPECT_EQ(scopes("{}"), "");
    EXPECT_EQ(scopes(R"({"scope":"read write"})"), "[read][write]");
    EXPECT_EQ(scopes(R"({"scope":"  read   write "})"), "[read][write]");
    EXPECT_EQ(scopes(R"({"scope":""})"), "");
    EXPECT_EQ(scopes(R"({"scp":"read write"})"), "[read][write]");
    EXPECT_EQ(scopes(R"({"scp":["read","write"]})"), "[read][write]");
    EXPECT_EQ(scopes(R"({"scope":"a b","scp":["b","c"]})"), "[a][b][c]");
    for (const char* each : {R"({"scope":7})", R"({"scp":["read",7]})", R"({"scp":{}})"})
        EXPECT_EQ(outcome(with(each)), "The token has invalid scopes") << each;
}

TEST(jwt_claims, reach_the_principal) {
    const mcp::detail::jwt_claims_options options{.issuer = "https://login.example.com/",
                                                  .audience = {"server"}};
    const auto outcome =
        mcp::detail::check_claims(with(R"({"aud":["x","server"],"email":"a@b.c"})"), options, now);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->audience, ElementsAre("x", "server"));
    EXPECT_EQ(outcome->expires, std::chrono::sys_seconds(1'000'100s));
    EXPECT_EQ(outcome->claims.at("email").as_string(), "a@b.c");
    EXPECT_EQ(outcome->claims.at("sub").as_string(), "ann");
}

TEST(jwt_claims, that_hold_for_long_hold_as_long_as_the_clock_can_tell) {
    const mcp::detail::jwt_claims_options options{.issuer = "https://login.example.com/",
                                                  .audience = {"https://server.example.com/mcp"}};
    const auto outcome = mcp::detail::check_claims(with(R"({"exp":253402300799})"), options, now);
    ASSERT_TRUE(outcome);
    EXPECT_GT(*outcome->expires + 24h, now);
    EXPECT_GT(*outcome->expires, std::chrono::sys_seconds(9'000'000'000s)) << "the year 2255";
}

TEST(jwt_claims, are_refused_if_nobody_said_what_they_must_be) {
    const auto claims = mcp::parse_json(R"({"iss":"","aud":"","sub":"a","exp":1000100})").value();
    EXPECT_FALSE(mcp::detail::check_claims(claims.as_object(), {}, now));
    EXPECT_FALSE(mcp::detail::check_claims(claims.as_object(), {.issuer = "x"}, now));
}

TEST(jwt_claims, a_failure_is_thrown_by_value) {
    const auto nobody = mcp::detail::check_claims({}, {.issuer = "x", .audience = {"y"}}, now);
    EXPECT_THROW(nobody.value(), std::invalid_argument);
}

} // namespace jwt_claims_test
