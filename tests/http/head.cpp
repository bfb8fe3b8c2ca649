#include <mcp/http/head.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace {

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
        std::string_view target, path, query;
    };
    constexpr row good[] = {
        {verb::get, "/", "/", ""},
        {verb::get, "/a?b?c", "/a", "b?c"},
        {verb::get, "/?", "/", ""},
        {verb::get, "//a", "//a", ""},
        {verb::get, "https://h/p?q", "/p", "q"},
        {verb::get, "HTTP://h", "/", ""},
        {verb::options, "*", "*", ""},
        {verb::connect, "h:80", "h:80", ""},
    };
    for (const row& g : good) {
        request r;
        r.method = g.method;
        ASSERT_TRUE(split_target(g.target, r)) << g.target;
        EXPECT_EQ(r.path, g.path) << g.target;
        EXPECT_EQ(r.query, g.query) << g.target;
        EXPECT_EQ(r.target, g.target);
    }
    for (const auto* bad : {"a", "*", "h:80", "ftp://h/", "://h", "/a#b", "?q"}) {
        request r;
        EXPECT_FALSE(split_target(bad, r)) << bad;
    }
}

} // namespace
