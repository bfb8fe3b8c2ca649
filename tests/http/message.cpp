#include <mcp/http/message.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace message_test {

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
    EXPECT_THROW(r.set("X Y", "b"), std::invalid_argument);
    EXPECT_THROW(r.set("X\xc3\xa9", "b"), std::invalid_argument);
    EXPECT_THROW(r.set("X", "a\x1b[0m"), std::invalid_argument);
    EXPECT_THROW(r.set("X", "a\x7f"), std::invalid_argument);
    EXPECT_THROW(r.keep("X", "a\rb"), std::invalid_argument);
    for (const auto* ours :
         {"Connection", "content-length", "Content-Type", "Transfer-Encoding", "DATE"})
        EXPECT_THROW(r.set(ours, "1"), std::invalid_argument) << ours;
    EXPECT_EQ(r.headers, "X-Ok: any text, \xc3\xa9\r\n");
}

TEST(message, what_can_be_sent) {
    struct row {
        unsigned code;
        std::string_view type;
        std::string_view headers;
    };
    using namespace std::string_view_literals;
    for (const row& good : {row{200, "", ""},
                            {204, "text/plain; charset=utf-8", "A: b\r\n"},
                            {999, "a\tb", "A: b\r\nC:\r\nd: \xc3\xa9 :\r\n"}}) {
        response r;
        r.code = static_cast<status>(good.code);
        r.content_type = good.type;
        r.headers = good.headers;
        EXPECT_TRUE(r.is_sendable()) << good.type << good.headers;
    }
    for (const row& bad : {row{0, "", ""},
                           {100, "", ""},
                           {199, "", ""},
                           {1000, "", ""},
                           {200, "text/plain\r\nSet-Cookie: a", ""},
                           {200, "a\nb", ""},
                           {200, "a\rb", ""},
                           {200, "a\0b"sv, ""},
                           {200, "a\x7f", ""},
                           {200, "", "A: b"},
                           {200, "", "A: b\n"},
                           {200, "", "A: b\r\n\r\n"},
                           {200, "", "\r\n"},
                           {200, "", "A\r\n"},
                           {200, "", "A: b\nC: d\r\n"},
                           {200, "", "A: b\rC: d\r\n"},
                           {200, "", ": b\r\n"},
                           {200, "", "A b: c\r\n"},
                           {200, "", " A: c\r\n"},
                           {200, "", "A: b\r\nB: \0\r\n"sv},
                           {200, "", "A\r\nB: c\r\n"}}) {
        response r;
        r.code = static_cast<status>(bad.code);
        r.content_type = bad.type;
        r.headers = bad.headers;
        EXPECT_FALSE(r.is_sendable()) << bad.type << bad.headers;
    }
}

TEST(message, what_is_kept_stays_when_the_rest_is_cleared) {
    response r;
    r.keep("A", "1");
    r.set("B", "2");
    r.keep("C", "3");
    EXPECT_EQ(r.headers, "A: 1\r\nC: 3\r\nB: 2\r\n");
    r.clear();
    EXPECT_EQ(r.headers, "A: 1\r\nC: 3\r\n");
    r.headers = {};
    r.clear();
    EXPECT_EQ(r.headers, "");
    r.keep("D", "4");
    r.reset();
    EXPECT_EQ(r.headers, "");
    EXPECT_EQ(r.kept, 0U);
}

TEST(message, clear_leaves_nothing_of_the_answer_before) {
    response r;
    r.code = status::forbidden;
    r.content_type = "text/plain";
    r.set("X", "y");
    r.body = "no";
    r.shared = {std::make_shared<const std::string>("text"), 1};
    r.close = true;
    r.clear();
    EXPECT_EQ(r.code, status::ok);
    EXPECT_EQ(r.content_type + r.headers + r.body, "");
    EXPECT_EQ(r.shared.text, nullptr);
    EXPECT_EQ(r.shared.at, 0U);
    EXPECT_EQ(r.stream, nullptr);
    EXPECT_FALSE(r.close);
}

TEST(message, a_shared_text_becomes_part_of_the_body) {
    response r;
    r.body = "<>";
    r.complete_body();
    EXPECT_EQ(r.body, "<>");
    r.shared = {std::make_shared<const std::string>("text"), 1};
    EXPECT_EQ(r.body_size(), 6U);
    EXPECT_TRUE(r.is_sendable());
    r.complete_body();
    EXPECT_EQ(r.body, "<text>");
    EXPECT_EQ(r.body_size(), 6U);
    EXPECT_EQ(r.shared.text, nullptr);
    r.shared.at = 7;
    EXPECT_FALSE(r.is_sendable());
    r.takes_shared = true;
    r.clear();
    EXPECT_TRUE(r.takes_shared);
    r.reset();
    EXPECT_FALSE(r.takes_shared);
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

} // namespace message_test
