#include <mcp/http/url.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace url_test {

using namespace mcp::http;

TEST(url, percent_decode) {
    EXPECT_EQ(percent_decode("plain+text"), "plain+text");
    EXPECT_EQ(percent_decode("a%20b%2Fc%C3%A9"), "a b/c\xc3\xa9");
    EXPECT_EQ(percent_decode(""), "");
    for (const auto* bad : {"%", "%2", "%zz", "a%2", "%00", "a%00b"}) {
        EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(percent_decode("a%00b", nul_rule::keep), std::string("a\0b", 3));
    EXPECT_EQ(percent_decode("%zz", nul_rule::keep), std::nullopt);
}

TEST(url, query_value) {
    constexpr std::string_view query = "a=1&b=x%20y+z&a=2&c&d=&e%3D=f";
    EXPECT_EQ(query_value(query, "a"), "1");
    EXPECT_EQ(query_value(query, "b"), "x y z");
    EXPECT_EQ(query_value(query, "c"), "");
    EXPECT_EQ(query_value(query, "d"), "");
    EXPECT_EQ(query_value(query, "e="), "f");
    EXPECT_EQ(query_value(query, "g"), std::nullopt);
    EXPECT_EQ(query_value("", "a"), std::nullopt);
    EXPECT_EQ(query_value("a=%", "a"), std::nullopt);
    EXPECT_EQ(query_value("a=x%00y", "a"), std::nullopt);
    EXPECT_EQ(query_value("&&a=1&&a=2", "a"), "1");
    EXPECT_EQ(query_value("a==1", "a"), "=1");
    EXPECT_EQ(query_value("=1", ""), "1");
    EXPECT_EQ(query_value({}, "a"), std::nullopt);
}

TEST(url, form_encode_is_what_query_value_reads) {
    EXPECT_EQ(mcp::http::form_encode("a b&c=d/~\xc3\xa9-._*"), "a%20b%26c%3Dd%2F%7E%C3%A9-._*");
    EXPECT_EQ(query_value("q=" + mcp::http::form_encode("a+b% \xc3\xa9"), "q"), "a+b% \xc3\xa9");
}

// The query is a part of the head: nothing behind it is read.
TEST(url, query_value_ends_with_the_query) {
    constexpr std::string_view head = "a=1&b=2&c HTTP/1.1";
    EXPECT_EQ(query_value(head.substr(0, 3), "a"), "1");
    EXPECT_EQ(query_value(head.substr(0, 7), "b"), "2");
    EXPECT_EQ(query_value(head.substr(0, 9), "c"), "");
}

struct row {
    std::string_view text;
    std::string_view scheme, host;
    int port;
    bool loopback;
};

TEST(url, parse_origin) {
    constexpr row good[] = {
        {"http://localhost", "http", "localhost", 0, true},
        {"http://localhost:6274", "http", "localhost", 6274, true},
        {"HTTPS://App.Example.COM:8443", "https", "app.example.com", 8443, false},
        {"http://127.0.0.1:1", "http", "127.0.0.1", 1, true},
        {"http://127.9.9.9", "http", "127.9.9.9", 0, true},
        {"http://[::1]:80", "http", "::1", 80, true},
        {"http://127.0.0.1.evil.example", "http", "127.0.0.1.evil.example", 0, false},
        {"http://localhost.evil.example", "http", "localhost.evil.example", 0, false},
        {"http://app.localhost", "http", "app.localhost", 0, true},
        {"http://192.168.0.1", "http", "192.168.0.1", 0, false},
        {"http://a_b.example", "http", "a_b.example", 0, false},
        {"vscode-webview://abc", "vscode-webview", "abc", 0, false},
    };
    for (const row& r : good) {
        const auto o = parse_origin(r.text);
        ASSERT_TRUE(o) << r.text;
        EXPECT_EQ(o->scheme, r.scheme) << r.text;
        EXPECT_EQ(o->host, r.host) << r.text;
        EXPECT_EQ(o->port, r.port) << r.text;
        EXPECT_EQ(o->is_loopback(), r.loopback) << r.text;
    }
    for (const auto* bad : {"",
                            "null",
                            "localhost",
                            "http://",
                            "http://a/",
                            "http://a/b",
                            "http://a?b",
                            "http://a#b",
                            "http://user@a",
                            "http://a b",
                            "http://a:99999",
                            "http://a:",
                            "http://a:+1",
                            "//a",
                            "://a",
                            "1x://a",
                            "http://[::1",
                            "http://[a]",
                            "http://[]",
                            "http://[::1]x",
                            "http://a%20b"}) {
        EXPECT_FALSE(parse_origin(bad)) << bad;
    }
}

TEST(url, parse_host) {
    constexpr row good[] = {
        {"localhost:8000", "", "localhost", 8000, true},
        {"Example.com", "", "example.com", 0, false},
        {"[::1]:8000", "", "::1", 8000, true},
        {"127.0.0.1", "", "127.0.0.1", 0, true},
    };
    for (const row& r : good) {
        const auto o = parse_host(r.text);
        ASSERT_TRUE(o) << r.text;
        EXPECT_EQ(o->host, r.host) << r.text;
        EXPECT_EQ(o->port, r.port) << r.text;
        EXPECT_EQ(o->is_loopback(), r.loopback) << r.text;
    }
    for (const auto* bad : {"",
                            "a b",
                            "user@a",
                            "a:b",
                            "a/b",
                            ":80",
                            "localhost:80@evil",
                            "localhost:abc",
                            "localhost:",
                            "localhost:80:80",
                            "localhost:65536",
                            "localhost:-1",
                            "localhost:8 0",
                            "[::1]evil",
                            "[::1]80",
                            "[::1",
                            "::1",
                            "[::1%eth0]",
                            "[127.0.0.1]",
                            "a,b",
                            "a?b",
                            "a#b",
                            "\\a",
                            "a\x7f",
                            "\xc3\xa4",
                            "a%2e",
                            "localhost\t"}) {
        EXPECT_FALSE(parse_host(bad)) << bad;
        EXPECT_FALSE(split_authority(bad)) << bad;
    }
}

TEST(url, actual_port) {
    EXPECT_EQ(parse_origin("http://a")->actual_port(), 80);
    EXPECT_EQ(parse_origin("https://a")->actual_port(), 443);
    EXPECT_EQ(parse_origin("https://a:80")->actual_port(), 80);
    EXPECT_EQ(parse_origin("x://a")->actual_port(), 0);
}

TEST(url, is_origin_form) {
    for (const auto* good : {"/", "//a", "/a/b%20c?d=e&f=/?", "/?", "/;a=b,c:d@e!$'()*+~"})
        EXPECT_TRUE(is_origin_form(good)) << good;
    for (const auto* bad : {"", "a", "?a", "/a b", "/a#b", "/%", "/%zz", "/a?%4", "/\xc3\xa4",
                            "/a?\xc3\xa4", "/a\x7f", "/a\\b", "/a\"b", "/<a>", "/a\tb"})
        EXPECT_FALSE(is_origin_form(bad)) << bad;
}

TEST(url, parse_web_url) {
    using mcp::http::parse_web_url;
    constexpr struct {
        const char* text;
        const char* host;
        std::uint16_t port;
        const char* field;
        const char* target;
    } good[] = {
        {"http://Example.com", "example.com", 80, "example.com", "/"},
        {"HTTPS://example.com/", "example.com", 443, "example.com", "/"},
        {"https://example.com:443/a", "example.com", 443, "example.com", "/a"},
        {"http://a:8080/b/c?d=e%20f&g#h", "a", 8080, "a:8080", "/b/c?d=e%20f&g"},
        {"http://a?b", "a", 80, "a", "/?b"},
        {"http://a#b", "a", 80, "a", "/"},
        {"http://[::1]:90/x", "::1", 90, "[::1]:90", "/x"},
        {"http://127.0.0.1.nip.io/", "127.0.0.1.nip.io", 80, "127.0.0.1.nip.io", "/"},
    };
    for (const auto& r : good) {
        const auto u = parse_web_url(r.text);
        ASSERT_TRUE(u) << r.text;
        EXPECT_EQ(u->site.host, r.host) << r.text;
        EXPECT_EQ(u->site.port, r.port) << r.text;
        EXPECT_EQ(u->host, r.field) << r.text;
        EXPECT_EQ(u->target, r.target) << r.text;
    }
    for (const auto* bad :
         {"", "a", "/a", "//a/b", "ftp://a/", "http:/a", "http:///a", "http://user:secret@a/",
          "http://a b/", "http://a/b c", "http://a/b\r\nHost: c", "http://a/%zz", "http://a/\x7f",
          "http://a/\xc3\xa4", "http://\xc3\xa4/", "http://a/<", "http://a:99999/", "http://a:0/",
          "http://[::1]:0"}) {
        EXPECT_FALSE(parse_web_url(bad)) << bad;
    }
}

TEST(url, resolve_url) {
    constexpr struct {
        const char* reference;
        const char* url;
    } rows[] = {
        {"", "http://a:8080/b/c?d=e"},
        {"#f", "http://a:8080/b/c?d=e"},
        {"?x=y", "http://a:8080/b/c?x=y"},
        {"g", "http://a:8080/b/g"},
        {"./g?x#f", "http://a:8080/b/g?x"},
        {"../g", "http://a:8080/g"},
        {"../../..", "http://a:8080/"},
        {"/m?id=a/../b", "http://a:8080/m?id=a/../b"},
        {"/a/%2E/b", "http://a:8080/a/%2E/b"},
        {"//b/c", "http://b/c"},
        {"https://b/c", "https://b/c"},
        {"mailto:a", "mailto:a"},
        {"a b", nullptr},
        {"/%zz", nullptr},
        {"/a\r\nb", nullptr},
        {"http://[", nullptr},
    };
    for (const auto& row : rows) {
        const auto url = mcp::http::resolve_url("http://A:8080/b/c?d=e#f", row.reference);
        ASSERT_EQ(url.has_value(), row.url != nullptr) << row.reference;
        if (url) {
            EXPECT_EQ(*url, row.url) << row.reference;
        }
    }
    EXPECT_FALSE(mcp::http::resolve_url("no", "/a"));
}

} // namespace url_test
