// SPDX-License-Identifier: MIT
#include <mcp/client/oauth_challenge.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using mcp::detail::find_bearer_challenge;
using mcp::detail::http_challenge;
using mcp::detail::read_challenges;

/// Writes challenges as `scheme(name=value;…)`, or `scheme[token68]`.
std::string shown(std::string_view field) {
    std::string out;
    for (const http_challenge& each : read_challenges(field)) {
        out += each.scheme;
        if (!each.token68.empty())
            out.append("[").append(each.token68).append("]");
        out += "(";
        for (const auto& [name, value] : each.parameters)
            out.append(name).append("=").append(value).append(";");
        out += ")";
    }
    return out;
}

TEST(oauth_challenge, reads_the_grammar_of_http) {
    constexpr std::string_view rows[][2] = {
        {"", ""},
        {"Bearer", "bearer()"},
        {" , Bearer ,, ", "bearer()"},
        {"Bearer realm=\"a, b\"", "bearer(realm=a, b;)"},
        {"Bearer realm=\"a \\\"b\\\" \\\\\", Scope = x", "bearer(realm=a \"b\" \\;scope=x;)"},
        {"Negotiate, Bearer error=e", "negotiate()bearer(error=e;)"},
        {"Negotiate YWJj==, Basic realm=\"x\", charset=\"UTF-8\"",
         "negotiate[YWJj==]()basic(realm=x;charset=UTF-8;)"},
        {"NTLM TlRMTVNTUAAC", "ntlm[TlRMTVNTUAAC]()"},
        {"Basic realm=simple, DPoP algs=\"ES256 RS256\", Bearer scope=\"a b\"",
         "basic(realm=simple;)dpop(algs=ES256 RS256;)bearer(scope=a b;)"},
        {"Bearer scope=\"a\" error=\"b\"", "bearer(scope=a;error=b;)"}, // a comma is missing
        {"Bearer scope=\"a", "bearer()"},                               // no end
        {"Bearer scope=\"a\\", "bearer()"},
        {"Bearer scope=", "bearer[scope=]()"}, // that is a token68
        {"Bearer scope=,error=x", "bearer[scope=](error=x;)"},
        {"scope=\"a\"", "scope()"},
        {"\"Bearer\"", ""},
        {"Bearer scope=a, ;;", "bearer(scope=a;)"},
    };
    for (const auto& [field, expected] : rows)
        EXPECT_EQ(shown(field), expected) << field;
}

TEST(oauth_challenge, finds_the_bearer_challenge) {
    const auto found = find_bearer_challenge(
        {"Basic realm=\"x\"", "DPoP, bearer resource_metadata=\"https://m.example/.well-known/x\", "
                              "scope=\"a  b a\", error=insufficient_scope"});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->resource_metadata, "https://m.example/.well-known/x");
    EXPECT_EQ(found->scope, "a b");
    EXPECT_EQ(found->error, "insufficient_scope");
    EXPECT_FALSE(find_bearer_challenge({}));
    EXPECT_FALSE(find_bearer_challenge({"Basic realm=x", ""}));
}

TEST(oauth_challenge, joins_scopes) {
    using mcp::detail::join_scopes;
    constexpr std::string_view rows[][3] = {
        {"", "", ""},
        {"a", "", "a"},
        {"", "b", "b"},
        {"a b", "b c", "a b c"},
        {" a\tb ",
         "\x01"
         "a",
         "a b"},
        {"a\"b", "\xc3\xa9", "a b"},
    };
    for (const auto& [first, second, expected] : rows)
        EXPECT_EQ(join_scopes(first, second), expected);
}

} // namespace
