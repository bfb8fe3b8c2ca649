#include <mcp/transport/resource_metadata.hpp>

#include <mcp/auth/protected_resource.hpp>
#include <mcp/http/router.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <support/mcp_http.hpp>

namespace resource_metadata_test {

constexpr const char* mount = "/.well-known/oauth-protected-resource";

mcp::protected_resource test_server() {
    return {.resource = "https://example.com/mcp",
            .authorization_servers = {"https://login.example.com"},
            .scopes_supported = {"read"}};
}

wire::answer ask(mcp::http::verb method, const std::string& path,
                 const mcp::protected_resource& of = test_server()) {
    mcp::http::router app;
    app.mount(mount, mcp::resource_metadata(of));
    const auto call = [&](mcp::http::request& q, mcp::http::response& r) { return app(q, r); };
    wire::request q;
    q.method = method;
    q.path = path;
    return wire::ask(call, q);
}

TEST(resource_metadata, is_at_the_mount_and_behind_it_at_the_path_of_the_resource) {
    using enum mcp::http::verb;
    const struct {
        mcp::http::verb method;
        const char* rest;
        int code;
    } rows[] = {
        {get, "", 200},         {get, "/", 200},       {get, "/mcp", 200},   {head, "/mcp", 200},
        {get, "/mcp/", 200},    {get, "/other", 404},  {get, "/mcp/x", 404}, {get, "x", 404},
        {get, "/mcp//", 404},   {post, "", 405},       {put, "/mcp", 405},   {delete_, "/mcp", 405},
        {options, "/mcp", 204}, {post, "/other", 404},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(std::string(mcp::http::to_string(each.method)) + " " + each.rest);
        const auto a = ask(each.method, std::string(mount) + each.rest);
        EXPECT_EQ(a.code, each.code);
        if (each.code == 200) {
            EXPECT_EQ(a.type, "application/json");
            EXPECT_EQ(a.body, mcp::detail::metadata_document(test_server()));
        } else {
            EXPECT_EQ(a.body.find("login.example.com"), std::string::npos);
        }
        if (each.code == 405) {
            EXPECT_EQ(a.header("Allow"), "GET, HEAD, OPTIONS");
        }
        if (each.code != 404) {
            EXPECT_EQ(a.header("Access-Control-Allow-Origin"), "*");
        }
    }
}

TEST(resource_metadata, lets_pages_of_other_origins_send_their_headers) {
    const auto a = ask(mcp::http::verb::options, mount);
    EXPECT_EQ(a.header("Access-Control-Allow-Methods"), "GET, HEAD");
    EXPECT_EQ(a.header("Access-Control-Allow-Headers"), "*");
}

TEST(resource_metadata, is_where_metadata_url_says) {
    for (const char* resource : {"https://example.com", "https://example.com/",
                                 "https://example.com/a/b", "http://[::1]:8000/mcp"}) {
        const mcp::protected_resource of{.resource = resource,
                                         .authorization_servers = {"https://login.example.com"}};
        const std::string url = mcp::detail::metadata_url(resource);
        const auto a = ask(mcp::http::verb::get, url.substr(url.find("/.well-known")), of);
        EXPECT_EQ(a.code, 200) << url;
        EXPECT_EQ(a["/resource"], '"' + std::string(resource) + '"');
    }
}

TEST(resource_metadata, has_a_document_for_each_tenant) {
    const mcp::protected_resource of{
        .resource = "https://example.com/t/{tenant}/mcp",
        .authorization_servers = {"https://login.example.com/{tenant}", "https://example.net"}};
    const struct {
        const char* rest;
        const char* resource; ///< null: there is none
        const char* issuer;
    } rows[] = {
        {"/t/acme/mcp", "https://example.com/t/acme/mcp", "https://login.example.com/acme"},
        {"/t/a%20b/mcp", "https://example.com/t/a%20b/mcp", "https://login.example.com/a%20b"},
        {"/t/%61@b/mcp", "https://example.com/t/%61@b/mcp", "https://login.example.com/a@b"},
        {"", nullptr, nullptr},
        {"/", nullptr, nullptr},
        {"/t//mcp", nullptr, nullptr},
        {"/t/../mcp", nullptr, nullptr},
        {"/t/a%2f..%2fb/mcp", nullptr, nullptr},
        {"/t/acme/mcp/", "https://example.com/t/acme/mcp", "https://login.example.com/acme"},
        {"/t/acme/mcp//", nullptr, nullptr},
        {"/t/acme", nullptr, nullptr},
        {"/t/{tenant}/mcp/x", nullptr, nullptr},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(each.rest);
        const auto a = ask(mcp::http::verb::get, std::string(mount) + each.rest, of);
        EXPECT_EQ(a.code, each.resource ? 200 : 404);
        if (!each.resource)
            continue;
        EXPECT_EQ(a["/resource"], '"' + std::string(each.resource) + '"');
        EXPECT_EQ(a["/authorization_servers/0"], '"' + std::string(each.issuer) + '"');
        EXPECT_EQ(a["/authorization_servers/1"], R"("https://example.net")");
    }
    EXPECT_THROW(mcp::resource_metadata({.resource = "https://example.com/{tenant:what}",
                                         .authorization_servers = {"https://example.net"}}),
                 std::invalid_argument);
}

TEST(resource_metadata, is_nowhere_without_authorization_servers) {
    mcp::protected_resource of = test_server();
    of.authorization_servers.clear();
    for (const auto method : {mcp::http::verb::get, mcp::http::verb::options}) {
        for (const char* rest : {"", "/", "/mcp"}) {
            const auto a = ask(method, std::string(mount) + rest, of);
            EXPECT_EQ(a.code, 404);
            EXPECT_EQ(a.body, "");
        }
    }
}

TEST(resource_metadata, answers_stacks_that_do_not_mount) {
    mcp::resource_metadata metadata(test_server());
    wire::request q;
    q.method = mcp::http::verb::get;
    q.path = "/anything";
    EXPECT_EQ(wire::ask(metadata, q).body, mcp::detail::metadata_document(test_server()));
}

} // namespace resource_metadata_test
