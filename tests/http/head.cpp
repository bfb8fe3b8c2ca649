#include <mcp/http/head.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace head_test {

using namespace mcp::http;

TEST(head, tells_about_connection_and_body) {
    const limits limit;
    request r;
    head_info about;
    EXPECT_EQ(read_head("POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n"
                        "Expect: 100-continue\r\n\r\n",
                        limit, r, about),
              status::ok);
    EXPECT_EQ(r.method, verb::post);
    EXPECT_EQ(r.path, "/a");
    EXPECT_EQ(r.query, "b");
    EXPECT_TRUE(about.keep_alive);
    EXPECT_TRUE(about.expect_continue);
    EXPECT_FALSE(about.chunked);
    EXPECT_EQ(about.content_length, 12U);

    EXPECT_EQ(read_head("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", limit, r, about),
              status::ok);
    EXPECT_FALSE(about.keep_alive);
    EXPECT_FALSE(about.expect_continue); // an HTTP/1.0 peer knows no interim response
    EXPECT_EQ(about.content_length, 0U);
    EXPECT_EQ(r.headers.size(), 1U);
}

TEST(head, split_target) {
    struct row {
        verb method;
        std::string_view target, authority, path, query;
    };
    constexpr row good[] = {
        {verb::get, "/", "", "/", ""},
        {verb::get, "/a?b?c", "", "/a", "b?c"},
        {verb::get, "/?", "", "/", ""},
        {verb::get, "//a", "", "//a", ""},
        {verb::get, "/http://a:b@c", "", "/http://a:b@c", ""},
        {verb::get, "https://h/p?q", "h", "/p", "q"},
        {verb::get, "HTTP://h", "h", "/", ""},
        {verb::get, "http://h:80?q", "h:80", "/", "q"},
        {verb::post, "http://[::1]:80/", "[::1]:80", "/", ""},
        {verb::options, "*", "", "*", ""},
        {verb::options, "http://h", "h", "/", ""},
        {verb::connect, "h:80", "h:80", "h:80", ""},
    };
    for (const row& g : good) {
        request r;
        r.method = g.method;
        r.authority = r.query = "stale";
        ASSERT_TRUE(split_target(g.target, r)) << g.target;
        EXPECT_EQ(r.authority, g.authority) << g.target;
        EXPECT_EQ(r.path, g.path) << g.target;
        EXPECT_EQ(r.query, g.query) << g.target;
        EXPECT_EQ(r.target, g.target);
    }
    for (const auto* bad : {"",
                            "a",
                            "*",
                            "h:80",
                            "ftp://h/",
                            "://h",
                            "/a#b",
                            "?q",
                            "http:///a",
                            "http://",
                            "http://?a",
                            "http://u@h/",
                            "http://h:80@evil/",
                            "http://h:a/",
                            "http://[::1]evil/",
                            "http://h#a",
                            "http://h/a#b",
                            "http://h?\xc3\xa4",
                            "/\xc3\xa4",
                            "/a?\xc3\xa4",
                            "/%zz",
                            "/a|b",
                            "http:/a",
                            "/a\\b"}) {
        request r;
        EXPECT_FALSE(split_target(bad, r)) << bad;
    }
    for (const auto* bad : {"/", "*", "h", "http://h:80/", "u@h:80", "h:x"}) {
        request r;
        r.method = verb::connect;
        EXPECT_FALSE(split_target(bad, r)) << bad;
    }
}

TEST(head, refuses_a_host_that_is_none) {
    const limits limit;
    request r;
    head_info about;
    const auto read = [&](std::string_view host, std::string_view target = "/") {
        const std::string head =
            "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
        return read_head(head, limit, r, about);
    };
    for (const auto* good : {"a", "a:80", "[::1]", "[::1]:80", "127.0.0.1", "a_b.c-d", ""})
        EXPECT_EQ(read(good), status::ok) << good;
    for (const auto* bad : {"localhost:80@evil", "localhost:abc", "[::1]evil", "[::1", "u@h", "a b",
                            "a/b", "a,b", "http://a", ":80", "a:", "\xc3\xa4"}) {
        EXPECT_EQ(read(bad), status::bad_request) << bad;
        EXPECT_EQ(read(bad, "http://h/"), status::bad_request) << bad;
    }
}

TEST(head, read_response_head) {
    mcp::http::response_head into;
    EXPECT_EQ(mcp::http::read_response_head(
                  "HTTP/1.1 404 Not here\r\nServer: x\r\nContent-Length: 12\r\n\r\n", 2, into),
              "");
    EXPECT_EQ(into.code, status::not_found);
    EXPECT_EQ(into.version, 11);
    EXPECT_TRUE(into.keep_alive);
    EXPECT_FALSE(into.chunked);
    EXPECT_EQ(into.content_length, 12U);
    EXPECT_EQ(into.headers.find("server"), "x");

    EXPECT_EQ(mcp::http::read_response_head("HTTP/1.0 200 OK\r\n\r\n", 2, into), "");
    EXPECT_FALSE(into.keep_alive);
    EXPECT_FALSE(into.content_length);
    EXPECT_TRUE(into.headers.empty());

    // More of what is refused is in client_parser.cpp.
    for (const auto* bad : {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n",
                            "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", ""}) {
        EXPECT_NE(mcp::http::read_response_head(bad, 2, into), "") << bad;
    }
}

} // namespace head_test
