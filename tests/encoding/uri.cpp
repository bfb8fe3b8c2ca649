#include <mcp/encoding/uri.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using mcp::normal_escapes;
using mcp::normal_uri;

struct row {
    std::string_view text;
    std::string_view expected;
};

TEST(uri, is_uri) {
    for (const std::string_view good :
         {"https://example.com", "https://example.com:8080/a/b?c=d&e#f", "a:", "urn:isbn:x",
          "mailto:a@b.c", "file:///etc/hosts", "http://[::1]/", "http://[::1]:80/",
          "http://user:p%40ss@host:1/", "x-y+z.1:rest", "a:b?c?d", "http://host:/"}) {
        EXPECT_TRUE(mcp::is_uri(good)) << good;
    }
    for (const std::string_view bad : {"",
                                       "example.com",
                                       "//example.com",
                                       ":a",
                                       "1a:b",
                                       "a b:c",
                                       "a:b c",
                                       "a:b#c#d",
                                       "a:%4",
                                       "a:%zz",
                                       "a:\"",
                                       "a:<b>",
                                       "a:\xc3\xa4",
                                       "a:\n",
                                       "http://[::1",
                                       "http://[::1]x/",
                                       "http://ho[st]/",
                                       "a:[b]",
                                       "http://a/[b]",
                                       "http://host:8o/",
                                       "http://a@b@c/"}) {
        EXPECT_FALSE(mcp::is_uri(bad)) << bad;
    }
}

TEST(uri, normal_uri) {
    constexpr row table[] = {
        // The example of RFC 3986 §6.2.2.
        {"eXAMPLE://a/./b/../b/%63/%7bfoo%7d", "example://a/b/c/%7Bfoo%7D"},
        {"example://a/b/c/%7Bfoo%7D", "example://a/b/c/%7Bfoo%7D"},
        // Case.
        {"DOCS://Host/Path?Query#Fragment", "docs://host/Path?Query#Fragment"},
        {"HTTP://User:Pass@Host:80/A", "http://User:Pass@host:80/A"},
        {"Urn:Isbn:X", "urn:Isbn:X"},
        {"a://H%c3%84", "a://h%C3%84"},
        {"a://H?Q@R", "a://h?Q@R"},
        {"a:///Etc", "a:///Etc"},
        {"No/Scheme:X", "No/Scheme:X"},
        {"1a://X", "1a://X"},
        {":x", ":x"},
        // Percent-encoding.
        {"%44ocs://a", "docs://a"},
        {"a://b/%7e%41%2d%5F%2E", "a://b/~A-_."},
        {"a://b/%2f%3a%20", "a://b/%2F%3A%20"},
        {"a://b/%2541", "a://b/%2541"},
        {"a://b/%%41%4", "a://b/%A%4"},
        {"a://b/%%41%42", "a://b/%A%42"},
        {"a://b/%%41B", "a://b/%A%42"},
        {"a://b/%%32e%%32e/c", "a://b/%2%65%2%65/c"},
        // IRIs.
        {"a://caf\xc3\xa9/\xc3\xbc b", "a://caf%C3%A9/%C3%BC%20b"},
        {"a://b/<x>\"{|}\\^`", "a://b/%3Cx%3E%22%7B%7C%7D%5C%5E%60"},
        // Dots.
        {"a://b/..", "a://b/"},
        {"a://b/../../c", "a://b/c"},
        {"a://b/c/..", "a://b/"},
        {"a://b/c/../", "a://b/"},
        {"a://b/c/.", "a://b/c/"},
        {"a://b/c/%2e%2E/d", "a://b/d"},
        {"a://b/c/..%2fd", "a://b/c/..%2Fd"},
        {"a://b/...", "a://b/..."},
        {"a://b//c//../d", "a://b//c/d"},
        {"a://../b", "a://../b"},
        {"a:/b/../c", "a:/c"},
        {"a:b/../c", "a:b/../c"},
        {"a:/..//b", "a:/.//b"},
        {"a:/./b/..//c", "a:/.//c"},
        {"a://b/..//c", "a://b//c"},
        {"a://b/c?d/../e#/./f", "a://b/c?d/../e#/./f"},
        {"/a/../b", "/a/../b"},
        {"", ""},
    };
    for (const row& r : table) {
        EXPECT_EQ(normal_uri(r.text), r.expected) << r.text;
        EXPECT_EQ(normal_uri(r.expected), r.expected) << "once is enough";
    }
}

TEST(uri, normal_escapes_leaves_case_and_dots) {
    EXPECT_EQ(normal_escapes("A://B/../%7e%c3\xa9"), "A://B/../~%C3%A9");
}

TEST(uri, front) {
    const mcp::uri_front f("http://U@H:80/p");
    EXPECT_EQ(f.scheme, 4U);
    EXPECT_EQ(f.host, 9U);
    EXPECT_EQ(f.path, 13U);
    EXPECT_TRUE(f.is_caseless(0) && f.is_caseless(9) && f.is_caseless(12));
    EXPECT_FALSE(f.is_caseless(4) || f.is_caseless(7) || f.is_caseless(13));
    for (const std::string_view none : {"", "x", "/a:b", "a b:c", ":", "%41:b"})
        EXPECT_EQ(mcp::uri_front(none).path, 0U) << none;
}

} // namespace
