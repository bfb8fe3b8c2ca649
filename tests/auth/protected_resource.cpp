#include <mcp/auth/protected_resource.hpp>

#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace protected_resource_test {

using mcp::protected_resource;
using mcp::detail::challenge;

protected_resource plain() {
    return {.resource = "https://example.com/mcp",
            .authorization_servers = {"https://as1.example.com", "https://as2.example.net/t"}};
}

TEST(protected_resource, path_parameters_fill_the_urls) {
    mcp::http::path_params path;
    path.add("tenant", "a c/d@é");
    path.add("n", "7");
    const struct {
        const char* pattern;
        const char* url;
    } rows[] = {
        {"https://example.com/mcp", "https://example.com/mcp"},
        {"https://example.com/{tenant}/mcp", "https://example.com/a%20c/d@%C3%A9/mcp"},
        {"https://example.com/{n:int}/{n}", "https://example.com/7/7"},
        {"https://example.com/{other}/{n}", "https://example.com/{other}/7"},
        {"https://example.com/{n", "https://example.com/{n"},
        {"{n}", "7"},
        {"", ""},
    };
    for (const auto& each : rows)
        EXPECT_EQ(mcp::detail::resource_at({.resource = each.pattern}, path).resource, each.url);
}

// [RFC 9728 §3.1]: the well-known part goes between the host and the path or query.
TEST(protected_resource, metadata_url_by_the_rfc) {
    const struct {
        const char* resource;
        const char* url;
    } rows[] = {
        {"https://resource.example.com",
         "https://resource.example.com/.well-known/oauth-protected-resource"},
        {"https://resource.example.com/",
         "https://resource.example.com/.well-known/oauth-protected-resource"},
        {"https://resource.example.com/resource1",
         "https://resource.example.com/.well-known/oauth-protected-resource/resource1"},
        {"https://example.com/public/mcp",
         "https://example.com/.well-known/oauth-protected-resource/public/mcp"},
        {"https://example.com:8443/mcp",
         "https://example.com:8443/.well-known/oauth-protected-resource/mcp"},
        {"http://[::1]:8000/mcp", "http://[::1]:8000/.well-known/oauth-protected-resource/mcp"},
        {"https://example.com/mcp?tenant=a/b",
         "https://example.com/.well-known/oauth-protected-resource/mcp?tenant=a/b"},
        {"https://example.com?tenant=a/b",
         "https://example.com/.well-known/oauth-protected-resource?tenant=a/b"},
        {"https://example.com/?tenant=a",
         "https://example.com/.well-known/oauth-protected-resource?tenant=a"},
    };
    for (const auto& each : rows)
        EXPECT_EQ(mcp::detail::metadata_url(each.resource), each.url) << each.resource;
}

TEST(protected_resource, metadata_document_leaves_out_what_is_not_known) {
    EXPECT_EQ(mcp::detail::metadata_document(plain()),
              R"({"resource":"https://example.com/mcp",)"
              R"("authorization_servers":["https://as1.example.com","https://as2.example.net/t"],)"
              R"("bearer_methods_supported":["header"]})");
}

// [MCP 2026-07-28 basic/authorization]: the document names at least one authorization server.
TEST(protected_resource, has_metadata_that_are_whole_or_none) {
    EXPECT_TRUE(plain().has_metadata());
    EXPECT_FALSE(protected_resource().has_metadata());
    protected_resource nobody = plain();
    nobody.authorization_servers.clear();
    EXPECT_FALSE(nobody.has_metadata());
    EXPECT_EQ(challenge(nobody), R"(Bearer realm="mcp")");
    protected_resource nameless = plain();
    nameless.resource.clear();
    EXPECT_FALSE(nameless.has_metadata());
}

TEST(protected_resource, metadata_document_with_all) {
    protected_resource of = plain();
    of.scopes_supported = {"read", "write"};
    of.documentation = "https://example.com/docs";
    of.name = "House \"7\"\n";
    of.realm = "not part of it";
    EXPECT_EQ(mcp::detail::metadata_document(of),
              R"({"resource":"https://example.com/mcp",)"
              R"("authorization_servers":["https://as1.example.com","https://as2.example.net/t"],)"
              R"("scopes_supported":["read","write"],"bearer_methods_supported":["header"],)"
              R"("resource_name":"House \"7\"\n",)"
              R"("resource_documentation":"https://example.com/docs"})");
}

TEST(protected_resource, challenges) {
    protected_resource of = plain();
    EXPECT_EQ(
        challenge(of),
        R"(Bearer realm="mcp", )"
        R"(resource_metadata="https://example.com/.well-known/oauth-protected-resource/mcp")");
    EXPECT_EQ(challenge({}), R"(Bearer realm="mcp")");
    EXPECT_EQ(challenge({}, "invalid_token", {}, "Expired"),
              R"(Bearer realm="mcp", error="invalid_token", error_description="Expired")");
    of.resource.clear();
    of.scopes_supported = {"a", "b"};
    EXPECT_EQ(challenge(of), R"(Bearer realm="mcp", scope="a b")");
    EXPECT_EQ(challenge(of, "insufficient_scope", {"c", "d"}),
              R"(Bearer realm="mcp", scope="c d", error="insufficient_scope")");
}

// [RFC 9110 §5.6.4]: a quoted-string stays one, whatever is put into it.
TEST(protected_resource, challenge_quotes_what_would_end_the_value) {
    const struct {
        std::string text;
        std::string quoted;
    } rows[] = {
        {R"(say "hi")", R"(say \"hi\")"},
        {R"(back\slash)", R"(back\\slash)"},
        {R"(\")", R"(\\\")"},
        {R"(x", error="none)", R"(x\", error=\"none)"},
        {"a, b=c;d", "a, b=c;d"},
        {"line\r\nSet-Cookie: a=b", "lineSet-Cookie: a=b"},
        {std::string("nul\0!", 5), "nul!"},
        {"tab\tdel\x7f", "tabdel"},
        {"caf\xc3\xa9", "caf"},
    };
    for (const auto& each : rows) {
        EXPECT_EQ(challenge({.realm = each.text}), "Bearer realm=\"" + each.quoted + "\"");
        EXPECT_EQ(challenge({}, "invalid_token", {}, each.text),
                  R"(Bearer realm="mcp", error="invalid_token", error_description=")" +
                      each.quoted + "\"");
        EXPECT_EQ(challenge({}, {}, {each.text}),
                  R"(Bearer realm="mcp", scope=")" + each.quoted + "\"");
    }
}

TEST(protected_resource, challenge_never_holds_what_a_header_must_not) {
    std::string all;
    for (int c = 0; c < 256; ++c)
        all += static_cast<char>(c);
    const std::string text = challenge({.resource = "https://h/" + all,
                                        .authorization_servers = {"https://a"},
                                        .scopes_supported = {all},
                                        .realm = all},
                                       all, {all, all}, all);
    for (const char c : text)
        EXPECT_TRUE(c >= 0x20 && c < 0x7f) << int(c);
}

TEST(protected_resource, realm_that_is_empty_does_not_spoil_the_list) {
    EXPECT_EQ(challenge({.realm = ""}, "invalid_token"),
              R"(Bearer realm="", error="invalid_token")");
    EXPECT_EQ(challenge({.realm = " "}, "invalid_token"),
              R"(Bearer realm=" ", error="invalid_token")");
}

} // namespace protected_resource_test
