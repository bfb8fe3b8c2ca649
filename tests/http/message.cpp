#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace mcp::http;

TEST(message, verbs) {
    for (const auto v : {verb::get, verb::head, verb::post, verb::put, verb::delete_, verb::options,
                         verb::patch, verb::trace, verb::connect}) {
        EXPECT_EQ(to_verb(to_string(v)), v);
    }
    EXPECT_EQ(to_verb("get"), verb::other); // methods are case-sensitive [RFC 9110 §9.1]
    EXPECT_EQ(to_verb("BREW"), verb::other);
    EXPECT_EQ(to_string(verb::delete_), "DELETE");
}

TEST(message, names_compare_without_case) {
    EXPECT_TRUE(iequals("Content-Type", "content-TYPE"));
    EXPECT_TRUE(iequals("", ""));
    EXPECT_FALSE(iequals("a", "ab"));
    EXPECT_FALSE(iequals("[", "{"));
    EXPECT_FALSE(iequals("@", "`"));
}

TEST(message, fields) {
    fields f;
    EXPECT_TRUE(f.empty());
    f.add("Accept", "a");
    f.add("accept", "b");
    f.add("Host", "");
    EXPECT_EQ(f.find("ACCEPT"), "a");
    EXPECT_EQ(f.find("host"), "");
    EXPECT_EQ(f.find("x"), std::nullopt);
    EXPECT_EQ(f.count("Accept"), 2U);
    EXPECT_EQ(f.size(), 3U);
    f.clear();
    EXPECT_EQ(f.count("Accept"), 0U);
}

TEST(message, path_params) {
    path_params p;
    p.add("user", std::string(40, 'u'));
    p.add("id", "7");
    p.add("rest", "");
    EXPECT_EQ(p.find("user"), std::string(40, 'u'));
    EXPECT_EQ(p.find("id"), "7");
    EXPECT_EQ(p.find("rest"), "");
    EXPECT_EQ(p.find("ID"), std::nullopt);
    p.clear();
    EXPECT_TRUE(p.empty());
}

TEST(message, a_header_cannot_be_smuggled_into_a_response) {
    response r;
    r.set("X-Ok", "any text, \xc3\xa9");
    EXPECT_EQ(r.headers, "X-Ok: any text, \xc3\xa9\r\n");
    EXPECT_THROW(r.set("X", "a\r\nSet-Cookie: b"), std::invalid_argument);
    EXPECT_THROW(r.set("X", "a\nb"), std::invalid_argument);
    EXPECT_THROW(r.set("X", std::string("a\0b", 3)), std::invalid_argument);
    EXPECT_THROW(r.set("X\r\nY", "a"), std::invalid_argument);
    EXPECT_THROW(r.set("X: a", "b"), std::invalid_argument);
    EXPECT_THROW(r.set("", "b"), std::invalid_argument);
    EXPECT_EQ(r.headers, "X-Ok: any text, \xc3\xa9\r\n");
}

TEST(message, clear_leaves_nothing_of_the_answer_before) {
    response r;
    r.code = status::forbidden;
    r.content_type = "text/plain";
    r.set("X", "y");
    r.body = "no";
    r.close = true;
    r.clear();
    EXPECT_EQ(r.code, status::ok);
    EXPECT_EQ(r.content_type + r.headers + r.body, "");
    EXPECT_EQ(r.stream, nullptr);
    EXPECT_FALSE(r.close);
}

TEST(message, a_request_says_whom_it_is_for) {
    mcp::http::request q;
    EXPECT_EQ(q.host(), "");
    q.headers.add("host", "a:80");
    EXPECT_EQ(q.host(), "a:80");
    q.authority = "b";
    EXPECT_EQ(q.host(), "b");
    q.authority = {};
    q.headers.add("Host", "a:80");
    EXPECT_EQ(q.host(), "");
}

} // namespace
